//! `[oolong]`: what Gitea does not have. Gitea ignores these sections.

use crate::schema::section;
use crate::value::choice;

choice! {
    /// The form of log lines.
    pub enum LogFormat {
        /// For people.
        #[default]
        Text = "text",
        /// For programs: one JSON object a line.
        Json = "json",
    }
}

section! {
    /// What Gitea does not have; Gitea ignores these sections.
    pub struct Oolong in "oolong" {
    }
    sections {
        /// `[oolong.log]`.
        log: OolongLog,
        /// `[oolong.token]`.
        token: OolongToken,
    }
}

section! {
    /// Log lines.
    pub struct OolongLog in "oolong.log" {
        /// text for people, or json for programs.
        format: LogFormat = "text",
    }
}

section! {
    /// Access tokens.
    pub struct OolongToken in "oolong.token" {
        /// Whether a fast keyed digest is kept beside the slow hash of a token, so that requests need microseconds.
        digests: bool = "true",
    }
}
