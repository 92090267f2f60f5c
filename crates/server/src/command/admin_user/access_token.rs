//! `admin user generate-access-token`, and the token that `create` makes.

use clap::Args;
use oolong_core::{Error, Result, ScopeSet};
use oolong_forge::tokens;

use crate::command::flag::boolean;
use crate::command::global::Global;
use crate::command::output::say;

/// The name of a token when nothing else is said.
pub(super) const NAME: &str = "gitea-admin";
/// Its scopes.
pub(super) const SCOPES: &str = "all";

#[derive(Debug, Args)]
pub(super) struct GenerateAccessToken {
    /// For whom.
    #[arg(long, short, default_value = "", hide_default_value = true)]
    username: String,
    /// What it is called.
    #[arg(long, short, default_value = NAME)]
    token_name: String,
    /// What it may be used for, joined by commas.
    #[arg(long, default_value = SCOPES)]
    scopes: String,
    /// Print nothing but the token.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", value_parser = boolean)]
    raw: bool,
}

impl GenerateAccessToken {
    pub(super) fn run(self, global: &Global) -> Result<()> {
        if self.username.is_empty() {
            return Err(Error::invalid("say for whom: --username"));
        }
        let scopes = parse_scopes(&self.scopes)?;
        global.with_forge(async |forge| {
            let user = super::find(&forge, &self.username).await?;
            let token = tokens::create(&forge, &user, &self.token_name, scopes).await?;
            let text = token.plain.expose();
            if self.raw {
                say(text);
            } else {
                say(&format!("Access token was successfully created: {text}"));
            }
            Ok(())
        })
    }
}

/// Scopes that permit something.
pub(super) fn parse_scopes(text: &str) -> Result<ScopeSet> {
    let scopes = ScopeSet::parse(text)
        .map_err(|error| Error::invalid(format!("invalid access token scope provided: {error}")))?;
    if scopes.permits_nothing() {
        return Err(Error::invalid("these scopes permit nothing"));
    }
    Ok(scopes)
}
