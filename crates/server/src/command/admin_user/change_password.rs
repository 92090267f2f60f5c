//! `admin user change-password`.

use clap::Args;
use oolong_core::Result;
use oolong_forge::accounts::passwords;

use crate::command::flag::boolean;
use crate::command::global::Global;
use crate::command::output::say;

#[derive(Debug, Args)]
pub(super) struct ChangePassword {
    /// Whose.
    #[arg(long, short)]
    username: String,
    /// The new password.
    #[arg(long, short)]
    password: String,
    /// Whether it has to be changed again at the next sign-in.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "true", value_parser = boolean)]
    must_change_password: bool,
}

impl ChangePassword {
    pub(super) fn run(self, global: &Global) -> Result<()> {
        global.with_forge(async |forge| {
            let user = super::find(&forge, &self.username).await?;
            passwords::change_password(&forge, &user, self.password.into(), self.must_change_password)
                .await?;
            say(&format!("{}'s password has been successfully updated!", user.name));
            Ok(())
        })
    }
}
