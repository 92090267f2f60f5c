//! `generate`: secrets for app.ini.

use clap::{Args, Subcommand, ValueEnum};
use oolong_config::generate;
use oolong_core::{Clock, Rng};

use super::output::say_bare;

/// `generate`
#[derive(Debug, Args)]
pub(super) struct Generate {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print a new secret.
    Secret {
        /// Which key of app.ini it is for.
        kind: Kind,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "SCREAMING_SNAKE_CASE")]
enum Kind {
    /// What processes of one instance know each other by.
    InternalToken,
    /// Signs OAuth2 and LFS tokens.
    #[value(alias = "LFS_JWT_SECRET")]
    JwtSecret,
    /// Encrypts what is kept in the database.
    SecretKey,
}

impl Generate {
    pub(super) fn run(self) {
        let Command::Secret { kind } = self.command;
        let secret = match kind {
            Kind::InternalToken => generate::internal_token(&Rng::System, &Clock::System),
            Kind::JwtSecret => generate::jwt_secret(&Rng::System),
            Kind::SecretKey => generate::secret_key(&Rng::System),
        };
        say_bare(secret.expose());
    }
}
