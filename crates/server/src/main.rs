//! The program's entry: parse the command line, run the command, turn its error into an exit code.

use std::process::ExitCode;

use clap::Parser;
use oolong_server::command::CommandLine;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    CommandLine::parse().run()
}
