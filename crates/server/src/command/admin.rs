//! `admin`: looking after the instance.

use clap::{Args, Subcommand};
use oolong_core::Result;

use super::admin_user;
use super::global::Global;

/// `admin`
#[derive(Debug, Args)]
pub(super) struct Admin {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Look after people and bots.
    User(admin_user::User),
}

impl Admin {
    pub(super) fn run(self, global: &Global) -> Result<()> {
        match self.command {
            Command::User(user) => user.run(global),
        }
    }
}
