//! `completion`: what a shell needs to complete our commands.

use clap::Args;
use clap_complete::Shell;

use super::output::say_bytes;

/// `completion`
#[derive(Debug, Args)]
pub(super) struct Completion {
    /// The shell.
    shell: Shell,
}

impl Completion {
    pub(super) fn run(self) {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut super::command(), "oolong", &mut script);
        say_bytes(&script);
    }
}
