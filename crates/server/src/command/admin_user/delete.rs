//! `admin user delete`.

use clap::Args;
use oolong_core::{Error, Result, UserId};
use oolong_db::entity::user;
use oolong_db::{email_addresses, users};
use oolong_forge::Forge;
use oolong_forge::accounts::deletion;

use crate::command::flag::boolean;
use crate::command::global::Global;

#[derive(Debug, Args)]
pub(super) struct Delete {
    /// By id.
    #[arg(long)]
    id: Option<i64>,
    /// By name.
    #[arg(long, short)]
    username: Option<String>,
    /// By primary address.
    #[arg(long, short)]
    email: Option<String>,
    /// With everything that the account owns.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", value_parser = boolean)]
    purge: bool,
}

impl Delete {
    pub(super) fn run(self, global: &Global) -> Result<()> {
        if self.id.is_none() && self.username.is_none() && self.email.is_none() {
            return Err(Error::invalid("say whom: --id, --username or --email"));
        }
        global.with_forge(async |forge| {
            let user = self.find(&forge).await?;
            self.check(&user)?;
            deletion::delete(&forge, &user, self.purge).await
        })
    }

    async fn find(&self, forge: &Forge) -> Result<user::Model> {
        if let Some(name) = &self.username {
            return super::find(forge, name).await;
        }
        let found = match (self.id, &self.email) {
            (Some(id), _) => users::find(forge.db.read(), UserId(id)).await?,
            (None, Some(email)) => match email_addresses::find(forge.db.read(), email).await? {
                Some(address) => users::find(forge.db.read(), UserId(address.uid)).await?,
                None => None,
            },
            (None, None) => None,
        };
        found.filter(|user| !user.is_organization()).ok_or_else(|| Error::not_found("there is no such user"))
    }

    /// Everything that was said about the account has to be true of it: a mistyped one must not take another.
    fn check(&self, user: &user::Model) -> Result<()> {
        let differs = if self.id.is_some_and(|id| id != user.id) {
            "id"
        } else if self.username.as_ref().is_some_and(|name| name.trim().to_lowercase() != user.lower_name) {
            "name"
        } else if self.email.as_ref().is_some_and(|email| !email.trim().eq_ignore_ascii_case(&user.email)) {
            "primary e-mail address"
        } else {
            return Ok(());
        };
        Err(Error::invalid(format!(
            "the {differs} is not that of the user {} with the id {}",
            user.name, user.id
        )))
    }
}
