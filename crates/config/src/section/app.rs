//! The keys above the first section.

use crate::schema::section;
use crate::value::{IniValue, Read};

/// How the program runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RunMode {
    /// For users.
    #[default]
    Prod,
    /// For people who work on the program.
    Dev,
}

impl IniValue for RunMode {
    // Gitea takes every word but `dev` for production, and old files carry several.
    fn read(text: &str) -> Read<Self> {
        Ok(if text.eq_ignore_ascii_case("dev") { Self::Dev } else { Self::Prod })
    }
}

section! {
    /// General settings; they stand at the top of the file, before the first section.
    pub struct App in "" {
        /// The title of the site, also the sender's name in mails and the issuer of one-time passwords.
        app_name: String = "Oolong",
        /// The operating system user the server must run as.
        run_user: String = derived "the current user",
        /// `dev` switches development aids on; anything else is production.
        run_mode: RunMode = "prod",
        /// The absolute path that relative paths start from. It wins over the command line and the environment.
        work_path: String = "",
        /// Allows running as root.
        i_am_being_unsafe_running_as_root: bool = "false",
    }
}
