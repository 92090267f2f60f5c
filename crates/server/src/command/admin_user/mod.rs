//! `admin user`: looking after people and bots.

mod access_token;
mod change_password;
mod create;
mod delete;
mod list;
mod must_change_password;

use clap::{Args, Subcommand};
use oolong_core::{Error, Result};
use oolong_db::entity::user;
use oolong_db::users;
use oolong_forge::Forge;

use super::global::Global;

/// `admin user`
#[derive(Debug, Args)]
pub(super) struct User {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make an account.
    Create(create::Create),
    /// List the people.
    List(list::List),
    /// Set somebody's password.
    ChangePassword(change_password::ChangePassword),
    /// Delete an account.
    Delete(delete::Delete),
    /// Make an access token for somebody.
    GenerateAccessToken(access_token::GenerateAccessToken),
    /// Make people change their password at the next sign-in.
    MustChangePassword(must_change_password::MustChangePassword),
}

impl User {
    pub(super) fn run(self, global: &Global) -> Result<()> {
        match self.command {
            Command::Create(create) => create.run(global),
            Command::List(list) => list.run(global),
            Command::ChangePassword(change) => change.run(global),
            Command::Delete(delete) => delete.run(global),
            Command::GenerateAccessToken(generate) => generate.run(global),
            Command::MustChangePassword(must) => must.run(global),
        }
    }
}

/// The person or bot of this name.
async fn find(forge: &Forge, name: &str) -> Result<user::Model> {
    let found = users::find_by_name(forge.db.read(), name).await?.filter(|user| !user.is_organization());
    found.ok_or_else(|| Error::not_found(format!("there is no user called {name:?}")))
}
