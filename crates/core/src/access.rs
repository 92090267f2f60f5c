//! How much somebody may do (`AccessMode`), with which part of a repository (`Unit`), and who may see an owner
//! (`Visibility`). The numbers are Gitea's, as stored.

use serde::{Deserialize, Serialize};

/// How much a person may do with a repository or one of its units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccessMode {
    /// Nothing.
    #[default]
    None = 0,
    /// Look.
    Read = 1,
    /// Change content.
    Write = 2,
    /// Change settings.
    Admin = 3,
    /// Everything, transfer and deletion included.
    Owner = 4,
}

impl AccessMode {
    /// The mode stored as `number`; anything unknown is no access.
    pub fn from_number(number: i32) -> Self {
        match number {
            1 => Self::Read,
            2 => Self::Write,
            3 => Self::Admin,
            n if n >= 4 => Self::Owner,
            _ => Self::None,
        }
    }

    /// The number Gitea stores.
    pub fn number(self) -> i32 {
        self as i32
    }

    /// Gitea's word for it in API answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// The mode called `name` in API requests.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "none" => Self::None,
            "read" => Self::Read,
            "write" => Self::Write,
            "admin" => Self::Admin,
            "owner" => Self::Owner,
            _ => return None,
        })
    }
}

/// A part of a repository that can be switched off or granted on its own (`repo_unit.type`, `team_unit.type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Unit {
    Code = 1,
    Issues = 2,
    Pulls = 3,
    Releases = 4,
    Wiki = 5,
    ExternalWiki = 6,
    ExternalTracker = 7,
    Projects = 8,
    Packages = 9,
    Actions = 10,
}

impl Unit {
    /// Every unit, in the order of their numbers.
    pub const ALL: [Self; 10] = [
        Self::Code,
        Self::Issues,
        Self::Pulls,
        Self::Releases,
        Self::Wiki,
        Self::ExternalWiki,
        Self::ExternalTracker,
        Self::Projects,
        Self::Packages,
        Self::Actions,
    ];

    /// The unit stored as `number`.
    pub fn from_number(number: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.number() == number)
    }

    /// The number Gitea stores.
    pub fn number(self) -> i32 {
        self as i32
    }

    /// The key used in configuration and team permissions (`repo.code`).
    pub fn key(self) -> &'static str {
        match self {
            Self::Code => "repo.code",
            Self::Issues => "repo.issues",
            Self::Pulls => "repo.pulls",
            Self::Releases => "repo.releases",
            Self::Wiki => "repo.wiki",
            Self::ExternalWiki => "repo.ext_wiki",
            Self::ExternalTracker => "repo.ext_issues",
            Self::Projects => "repo.projects",
            Self::Packages => "repo.packages",
            Self::Actions => "repo.actions",
        }
    }

    /// The unit with this key.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.key() == key)
    }

    /// The most that can be granted: the external units are links, there is nothing to write in them.
    pub fn highest_mode(self) -> AccessMode {
        match self {
            Self::ExternalWiki | Self::ExternalTracker => AccessMode::Read,
            _ => AccessMode::Owner,
        }
    }
}

/// Who may see a user or an organisation (`user.visibility`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Visibility {
    /// Everyone.
    #[default]
    Public = 0,
    /// Everyone signed in.
    Limited = 1,
    /// Members and site administrators.
    Private = 2,
}

impl Visibility {
    /// The visibility stored as `number`; anything unknown is private.
    pub fn from_number(number: i32) -> Self {
        match number {
            0 => Self::Public,
            1 => Self::Limited,
            _ => Self::Private,
        }
    }

    /// The number Gitea stores.
    pub fn number(self) -> i32 {
        self as i32
    }

    /// Gitea's word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Limited => "limited",
            Self::Private => "private",
        }
    }

    /// The visibility called `name`.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Public, Self::Limited, Self::Private].into_iter().find(|v| v.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_round_trip() {
        for unit in Unit::ALL {
            assert_eq!(Unit::from_number(unit.number()), Some(unit));
            assert_eq!(Unit::parse(unit.key()), Some(unit));
        }
        for number in 0..=4 {
            let mode = AccessMode::from_number(number);
            assert_eq!(mode.number(), number);
            assert_eq!(AccessMode::parse(mode.name()), Some(mode));
        }
        assert_eq!(AccessMode::from_number(-1), AccessMode::None);
        assert_eq!(Visibility::from_number(7), Visibility::Private);
    }
}
