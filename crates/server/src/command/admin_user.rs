//! `admin user`: looking after people and bots.

use clap::{ArgAction, Args, Subcommand};
use oolong_core::{Error, Result, UserName};
use oolong_db::users;
use oolong_forge::Forge;
use oolong_forge::accounts::{self, NewAccount};

use super::{Global, say};

/// `admin user`
#[derive(Debug, Args)]
pub(super) struct User {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make an account.
    Create(Create),
}

impl User {
    pub(super) fn run(self, global: &Global) -> Result<()> {
        match self.command {
            Command::Create(create) => global.with_forge(|forge| create.run(forge)),
        }
    }
}

#[derive(Debug, Args)]
struct Create {
    /// The name.
    #[arg(long)]
    username: String,
    /// The e-mail address.
    #[arg(long)]
    email: String,
    /// The password.
    #[arg(long)]
    password: Option<String>,
    /// Make a site administrator.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", action = ArgAction::Set, default_value = "false")]
    admin: bool,
    /// Whether the password has to be changed at the first sign-in; true unless this is the first account.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", action = ArgAction::Set)]
    must_change_password: Option<bool>,
}

impl Create {
    async fn run(self, forge: Forge) -> Result<()> {
        let name = UserName::new(&self.username).map_err(|error| Error::invalid(format!("username: {error}")))?;
        let is_first = users::count_all(forge.db.read()).await? == 0;
        let new = NewAccount {
            is_admin: self.admin,
            must_change_password: self.must_change_password.unwrap_or(!is_first),
            ..NewAccount::local(name, self.email, self.password.map(Into::into))
        };
        let user = accounts::create(&forge, new).await?;
        say(&format!("New user '{}' has been successfully created!", user.name));
        Ok(())
    }
}
