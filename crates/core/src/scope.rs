//! What a credential may be used for: nine categories, two levels, and the `public-only` restriction.
//!
//! Facts: Gitea 1.27's access token scopes. `all` is the union of every `write:` scope and does not contain
//! `public-only`, which takes away instead of giving.

use std::fmt;

use thiserror::Error;

/// A group of routes that a scope opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the scopes' own")]
pub enum Category {
    Activitypub,
    Admin,
    Misc,
    Notification,
    Organization,
    Package,
    Issue,
    Repository,
    User,
}

impl Category {
    /// Every category, in canonical order.
    pub const ALL: [Self; 9] = [
        Self::Activitypub,
        Self::Admin,
        Self::Misc,
        Self::Notification,
        Self::Organization,
        Self::Package,
        Self::Issue,
        Self::Repository,
        Self::User,
    ];

    /// The name after the colon.
    pub fn name(self) -> &'static str {
        match self {
            Self::Activitypub => "activitypub",
            Self::Admin => "admin",
            Self::Misc => "misc",
            Self::Notification => "notification",
            Self::Organization => "organization",
            Self::Package => "package",
            Self::Issue => "issue",
            Self::Repository => "repository",
            Self::User => "user",
        }
    }
}

/// Looking or changing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// GET and HEAD.
    Read,
    /// Every other method.
    Write,
}

/// One permission: a category at a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    /// The group of routes.
    pub category: Category,
    /// How much.
    pub level: Level,
}

impl Scope {
    /// `read:category`.
    pub const fn read(category: Category) -> Self {
        Self { category, level: Level::Read }
    }

    /// `write:category`.
    pub const fn write(category: Category) -> Self {
        Self { category, level: Level::Write }
    }

    fn bits(self) -> u32 {
        let read = 1 << (1 + 2 * self.category as u32);
        match self.level {
            Level::Read => read,
            // Writing contains reading.
            Level::Write => read | read << 1,
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            Level::Read => "read",
            Level::Write => "write",
        };
        write!(formatter, "{level}:{}", self.category.name())
    }
}

/// A scope that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0:?} is not an access token scope")]
pub struct InvalidScope(pub String);

/// What a credential may be used for. Every identity has one; a session or a password has [`ScopeSet::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ScopeSet(u32);

impl ScopeSet {
    const PUBLIC_ONLY: u32 = 1;

    /// Nothing at all.
    pub const NONE: Self = Self(0);
    /// Everything, without `public-only`.
    pub const ALL: Self = Self((1 << 19) - 2);

    /// Parses the stored or requested form: items joined by commas; empty items count for nothing.
    pub fn parse(text: &str) -> Result<Self, InvalidScope> {
        text.split(',')
            .filter(|item| !item.is_empty())
            .try_fold(Self::NONE, |set, item| Ok(set | Self::parse_item(item)?))
    }

    fn parse_item(item: &str) -> Result<Self, InvalidScope> {
        match item {
            "all" => return Ok(Self::ALL),
            "public-only" => return Ok(Self(Self::PUBLIC_ONLY)),
            _ => {}
        }
        let unknown = || InvalidScope(item.to_owned());
        let (level, name) = item.split_once(':').ok_or_else(unknown)?;
        let level = match level {
            "read" => Level::Read,
            "write" => Level::Write,
            _ => return Err(unknown()),
        };
        let category = Category::ALL.into_iter().find(|c| c.name() == name).ok_or_else(unknown)?;
        Ok(Scope { category, level }.into())
    }

    /// Whether this set allows `scope`.
    pub fn allows(self, scope: Scope) -> bool {
        let bits = scope.bits();
        self.0 & bits == bits
    }

    /// Whether everything that `other` permits is permitted here as well, `public-only` aside.
    pub fn covers(self, other: Self) -> bool {
        let wanted = other.0 & !Self::PUBLIC_ONLY;
        self.0 & wanted == wanted
    }

    /// Whether only public things may be reached.
    pub fn is_public_only(self) -> bool {
        self.0 & Self::PUBLIC_ONLY != 0
    }

    /// The same set, restricted to public things.
    #[must_use]
    pub fn public_only(self) -> Self {
        Self(self.0 | Self::PUBLIC_ONLY)
    }

    /// Whether no permission is in it (`public-only` alone permits nothing).
    pub fn permits_nothing(self) -> bool {
        self.0 & !Self::PUBLIC_ONLY == 0
    }

    /// Whether it is the empty set, without even `public-only`.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl From<Scope> for ScopeSet {
    fn from(scope: Scope) -> Self {
        Self(scope.bits())
    }
}

impl std::ops::BitOr for ScopeSet {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The normal form that is stored: `public-only` first, then each category's widest scope, `all` where every
/// category may be written.
impl fmt::Display for ScopeSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut items = Vec::new();
        if self.is_public_only() {
            items.push("public-only".to_owned());
        }
        if self.covers(Self::ALL) {
            items.push("all".to_owned());
        } else {
            for category in Category::ALL {
                let widest =
                    [Scope::write(category), Scope::read(category)].into_iter().find(|&s| self.allows(s));
                items.extend(widest.map(|scope| scope.to_string()));
            }
        }
        formatter.write_str(&items.join(","))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn normal_forms() {
        for (input, normal) in [
            ("", ""),
            ("write:repository,read:repository", "write:repository"),
            ("read:user,read:repository", "read:repository,read:user"),
            ("all,read:user", "all"),
            ("public-only,all", "public-only,all"),
            ("all,public-only", "public-only,all"),
            ("read:user,write:issue,public-only", "public-only,write:issue,read:user"),
            (",read:user,,", "read:user"),
        ] {
            assert_eq!(ScopeSet::parse(input).map(|s| s.to_string()), Ok(normal.to_owned()), "{input}");
        }
    }

    #[test]
    fn unknown_items_are_refused() {
        for bad in
            ["read:project", "Read:user", " read:user", "sudo", "delete:user", "read:", ":user", "all:user"]
        {
            assert!(ScopeSet::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn writing_contains_reading_and_nothing_else() {
        let set = ScopeSet::from(Scope::write(Category::Issue));
        assert!(set.allows(Scope::read(Category::Issue)));
        assert!(!set.allows(Scope::read(Category::Repository)));
        assert!(ScopeSet::ALL.covers(set) && !set.covers(ScopeSet::ALL));
        assert!(ScopeSet::NONE.public_only().permits_nothing());
    }

    proptest! {
        #[test]
        fn parsing_the_normal_form_gives_the_same_set(levels in proptest::array::uniform9(0u8..3), public_only: bool) {
            let mut set = if public_only { ScopeSet::NONE.public_only() } else { ScopeSet::NONE };
            for (category, level) in Category::ALL.into_iter().zip(levels) {
                match level {
                    1 => set = set | Scope::read(category).into(),
                    2 => set = set | Scope::write(category).into(),
                    _ => {}
                }
            }
            prop_assert_eq!(ScopeSet::parse(&set.to_string()), Ok(set));
        }

        #[test]
        fn never_panics(text in "\\PC{0,40}") {
            let _ = ScopeSet::parse(&text);
        }
    }
}
