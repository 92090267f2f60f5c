//! The program's entry.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Arguments that are no text could only be paths; the characters that are not valid are replaced.
    oolong_server::command::run(std::env::args_os().map(|word| word.to_string_lossy().into_owned()))
}
