//! Names of owners and repositories, as Gitea allows them.

use std::fmt;

use thiserror::Error;

/// Why a text cannot be a name.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum InvalidName {
    /// Nothing at all.
    #[error("a name must not be empty")]
    Empty,
    /// Longer than its column and its form field.
    #[error("a name may have at most {0} characters")]
    TooLong(usize),
    /// Characters outside the allowed set, or at a place where they may not stand.
    #[error(
        "a name consists of letters, digits, '-', '_' and '.'; it starts and ends with a letter or digit and has no two of '-', '_', '.' in a row"
    )]
    Characters,
    /// A word that is a path of the server itself.
    #[error("the name {0:?} is reserved")]
    Reserved(String),
    /// Ends like a file that the server serves under the owner's name.
    #[error("a name must not end in {0:?}")]
    ReservedEnding(&'static str),
}

/// The name of a user or organisation, as typed; compared by [`UserName::key`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserName(String);

impl UserName {
    /// Longest name of a user or organisation, in characters.
    pub const MAX_LENGTH: usize = 40;

    const RESERVED: [&'static str; 33] = [
        ".",
        "..",
        ".well-known",
        "api",
        "metrics",
        "v2",
        "assets",
        "attachments",
        "avatar",
        "avatars",
        "repo-avatars",
        "captcha",
        "login",
        "org",
        "repo",
        "user",
        "explore",
        "issues",
        "pulls",
        "milestones",
        "notifications",
        "favicon.ico",
        "manifest.json",
        "robots.txt",
        "sitemap.xml",
        "ssh_info",
        "swagger.v1.json",
        "openapi3.v1.json",
        "ghost",
        "gitea-actions",
        "admin",
        "-",
        "devtest",
    ];
    const RESERVED_ENDINGS: [&'static str; 5] = [".keys", ".gpg", ".rss", ".atom", ".png"];

    /// Checks a new name. Names that exist are looked up by their lower-case form and never checked again.
    pub fn new(text: &str) -> Result<Self, InvalidName> {
        if text.is_empty() {
            return Err(InvalidName::Empty);
        }
        if text.chars().count() > Self::MAX_LENGTH {
            return Err(InvalidName::TooLong(Self::MAX_LENGTH));
        }
        if !Self::has_valid_characters(text) {
            return Err(InvalidName::Characters);
        }
        let lower = text.to_lowercase();
        if Self::RESERVED.contains(&lower.as_str()) {
            return Err(InvalidName::Reserved(text.to_owned()));
        }
        match Self::RESERVED_ENDINGS.into_iter().find(|ending| lower.ends_with(ending)) {
            Some(ending) => Err(InvalidName::ReservedEnding(ending)),
            None => Ok(Self(text.to_owned())),
        }
    }

    /// `^[\da-zA-Z][-.\w]*$` without `[-._]{2,}|[-._]$`.
    fn has_valid_characters(text: &str) -> bool {
        let mark = |c: char| matches!(c, '-' | '.' | '_');
        let mut previous_is_mark = true;
        for c in text.chars() {
            if !(c.is_ascii_alphanumeric() || mark(c)) || mark(c) && previous_is_mark {
                return false;
            }
            previous_is_mark = mark(c);
        }
        !previous_is_mark
    }

    /// The form by which names are compared and looked up.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }

    /// The name as typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The name of a repository, as typed; compared by [`RepoName::key`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepoName(String);

impl RepoName {
    /// Longest name of a repository, in characters.
    pub const MAX_LENGTH: usize = 100;

    const RESERVED: [&'static str; 3] = [".", "..", "-"];
    const RESERVED_ENDINGS: [&'static str; 4] = [".wiki", ".git", ".rss", ".atom"];

    /// Checks a new name.
    pub fn new(text: &str) -> Result<Self, InvalidName> {
        if text.is_empty() {
            return Err(InvalidName::Empty);
        }
        if text.chars().count() > Self::MAX_LENGTH {
            return Err(InvalidName::TooLong(Self::MAX_LENGTH));
        }
        let lower = text.to_lowercase();
        if Self::RESERVED.contains(&lower.as_str()) {
            return Err(InvalidName::Reserved(text.to_owned()));
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        if text.contains("..") || !text.chars().all(allowed) {
            return Err(InvalidName::Characters);
        }
        match Self::RESERVED_ENDINGS.into_iter().find(|ending| lower.ends_with(ending)) {
            Some(ending) => Err(InvalidName::ReservedEnding(ending)),
            None => Ok(Self(text.to_owned())),
        }
    }

    /// The form by which names are compared and looked up.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }

    /// The name as typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RepoName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn user_names() {
        for good in ["a", "A1", "ann.smith", "x-y_z", "1st"] {
            assert!(UserName::new(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            ".",
            "..",
            "-a",
            "a-",
            "a--b",
            "a._b",
            "ä",
            "a b",
            "a/b",
            "Api",
            "x.keys",
            "a\0",
            &"x".repeat(41),
        ] {
            assert!(UserName::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn repository_names() {
        for good in ["a", ".github", "a--b", "_x", "-x", "x."] {
            assert!(RepoName::new(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            ".",
            "..",
            "-",
            "a..b",
            "a b",
            "a/b",
            "x.git",
            "x.WIKI",
            "x.atom",
            "\u{202e}x",
            &"x".repeat(101),
        ] {
            assert!(RepoName::new(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn accepted_names_are_safe_path_segments(text in "\\PC{0,60}") {
            for name in [UserName::new(&text).map(|n| n.key()), RepoName::new(&text).map(|n| n.key())].into_iter().flatten() {
                prop_assert!(!name.contains(['/', '\\', '\0']) && name != "." && name != "..");
            }
        }
    }
}
