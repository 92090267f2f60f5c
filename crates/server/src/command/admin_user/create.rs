//! `admin user create`.

use clap::{ArgAction, Args};
use oolong_core::{Error, Result, ScopeSet, Secret, UserName};
use oolong_db::users::{self, Kind};
use oolong_forge::accounts::{self, NewAccount, passwords};
use oolong_forge::{Forge, tokens};

use super::access_token::{NAME, SCOPES, parse_scopes};
use crate::command::flag::boolean;
use crate::command::global::Global;
use crate::command::output::{complain, say};

#[derive(Debug, Args)]
pub(super) struct Create {
    /// The name.
    #[arg(long)]
    username: Option<String>,
    /// The old word for --username.
    #[arg(long, hide = true)]
    name: Option<String>,
    /// The e-mail address.
    #[arg(long)]
    email: String,
    /// individual or bot.
    #[arg(long, default_value = "individual")]
    user_type: String,
    /// The password.
    #[arg(long)]
    password: Option<String>,
    /// Make a password up, and print it.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", action = ArgAction::Set, value_parser = boolean)]
    random_password: Option<bool>,
    /// How long it is.
    #[arg(long, default_value_t = 12)]
    random_password_length: usize,
    /// Whether the password has to be changed at the first sign-in; true unless this is the first account.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", action = ArgAction::Set, value_parser = boolean)]
    must_change_password: Option<bool>,
    /// Make a site administrator.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", value_parser = boolean)]
    admin: bool,
    /// See only what was granted; the configured default unless said.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", action = ArgAction::Set, value_parser = boolean)]
    restricted: Option<bool>,
    /// The full name.
    #[arg(long, default_value = "", hide_default_value = true)]
    fullname: String,
    /// Make an access token, and print it.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", value_parser = boolean)]
    access_token: bool,
    /// What it is called.
    #[arg(long)]
    access_token_name: Option<String>,
    /// What it may be used for, joined by commas.
    #[arg(long)]
    access_token_scopes: Option<String>,
}

impl Create {
    pub(super) fn run(self, global: &Global) -> Result<()> {
        let name = self.checked_name()?;
        let kind = self.kind()?;
        let token = self.token()?;
        global.with_forge(async |forge| self.create(&forge, name, kind, token).await)
    }

    async fn create(
        self,
        forge: &Forge,
        name: UserName,
        kind: Kind,
        token: Option<(String, ScopeSet)>,
    ) -> Result<()> {
        let generated = self
            .random_password
            .map(|_| passwords::policy(forge).generate(self.random_password_length, &forge.rng));
        if let Some(password) = &generated {
            say(&format!("generated random password is '{}'", password.expose()));
        }
        let must_change = match self.must_change_password {
            Some(must_change) => must_change,
            None => kind == Kind::Individual && users::count_all(forge.db.read()).await? > 0,
        };
        let new = NewAccount {
            kind,
            full_name: self.fullname,
            is_admin: self.admin,
            is_restricted: self.restricted,
            must_change_password: must_change,
            ..NewAccount::local(name, self.email, generated.or_else(|| self.password.map(Secret::from)))
        };
        let user = accounts::create(forge, new).await?;
        say(&format!("New user '{}' has been successfully created!", user.name));
        if let Some((name, scopes)) = token {
            let token = tokens::create(forge, &user, &name, scopes).await?;
            say(&format!("Access token was successfully created... {}", token.plain.expose()));
        }
        Ok(())
    }

    fn checked_name(&self) -> Result<UserName> {
        let name = match (&self.username, &self.name) {
            (Some(name), None) => name,
            (None, Some(name)) => {
                complain("--name flag is deprecated. Use --username instead.");
                name
            }
            (Some(_), Some(_)) => {
                return Err(Error::invalid("--username and --name are the same: give one of them"));
            }
            (None, None) => return Err(Error::invalid("say what the account is called: --username")),
        };
        UserName::new(name).map_err(|error| Error::invalid(format!("username: {error}")))
    }

    /// The kind of account; whatever concerns passwords belongs to people alone.
    fn kind(&self) -> Result<Kind> {
        let has_password = self.password.is_some() || self.random_password.is_some();
        match self.user_type.as_str() {
            "individual" => match (&self.password, self.random_password) {
                (Some(_), Some(_)) => {
                    Err(Error::invalid("--password and --random-password exclude each other"))
                }
                (None, None) => Err(Error::invalid("say the password: --password or --random-password")),
                _ => Ok(Kind::Individual),
            },
            "bot" if has_password => Err(Error::invalid("only individual users have a password")),
            "bot" if self.must_change_password.is_some() => {
                Err(Error::invalid("only individual users can be made to change a password"))
            }
            "bot" => Ok(Kind::Bot),
            other => Err(Error::invalid(format!("user-type: {other:?} is neither individual nor bot"))),
        }
    }

    /// The token to make, by name and scopes.
    fn token(&self) -> Result<Option<(String, ScopeSet)>> {
        if !self.access_token {
            if self.access_token_name.is_some() || self.access_token_scopes.is_some() {
                return Err(Error::invalid(
                    "--access-token-name and --access-token-scopes go with --access-token",
                ));
            }
            return Ok(None);
        }
        let name = self.access_token_name.as_deref().unwrap_or(NAME);
        if name.is_empty() {
            return Err(Error::invalid("--access-token-name must not be empty"));
        }
        let scopes = parse_scopes(self.access_token_scopes.as_deref().unwrap_or(SCOPES))?;
        Ok(Some((name.to_owned(), scopes)))
    }
}
