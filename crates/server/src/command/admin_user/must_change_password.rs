//! `admin user must-change-password`.

use clap::Args;
use oolong_core::{Error, Result};
use oolong_db::users::MustChange;
use oolong_forge::accounts::passwords;

use crate::command::flag::boolean;
use crate::command::global::Global;
use crate::command::output::say;

#[derive(Debug, Args)]
pub(super) struct MustChangePassword {
    /// Whose.
    names: Vec<String>,
    /// Everybody's.
    #[arg(long, short = 'A', num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", value_parser = boolean)]
    all: bool,
    /// But not theirs; may be given several times.
    #[arg(long, short, value_delimiter = ',', value_name = "NAME")]
    exclude: Vec<String>,
    /// They need not change it any more.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", value_parser = boolean)]
    unset: bool,
}

impl MustChangePassword {
    pub(super) fn run(self, global: &Global) -> Result<()> {
        if !self.all && self.names.is_empty() {
            return Err(Error::invalid("name the users, or say --all"));
        }
        let excluded = |name: &String| self.exclude.iter().any(|other| other.eq_ignore_ascii_case(name));
        let names: Vec<String> = self.names.iter().filter(|name| !excluded(name)).cloned().collect();
        let who = if self.all { MustChange::AllBut(&self.exclude) } else { MustChange::Only(&names) };
        global.with_forge(async |forge| {
            let changed = passwords::set_must_change(&forge, who, !self.unset).await?;
            say(&format!("Updated {changed} users setting MustChangePassword to {}", !self.unset));
            Ok(())
        })
    }
}
