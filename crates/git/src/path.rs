//! Paths inside a commit's tree: parsed once, then known to be harmless.

use std::fmt;

use crate::{Error, Result};

/// A path of a file inside a repository: no leading slash, no empty, `.`, `..` or `.git` segment, no NUL.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TreePath(String);

impl TreePath {
    /// Parses a path that must name something below the root.
    pub fn parse(text: &str) -> Result<Self> {
        if text.is_empty() {
            return Err(Error::invalid("path", "a path is needed"));
        }
        for segment in text.split('/') {
            if let Some(reason) = refuse(segment) {
                return Err(Error::invalid("path", format!("`{text}` {reason}")));
            }
        }
        Ok(Self(text.to_owned()))
    }

    /// Parses a path someone reads by: slashes around it are dropped, and the root is `None`.
    pub fn parse_lenient(text: &str) -> Result<Option<Self>> {
        let trimmed = text.trim_matches('/');
        if trimmed.is_empty() { Ok(None) } else { Self::parse(trimmed).map(Some) }
    }

    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last segment.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// Everything before the last segment; empty for the root.
    #[must_use]
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    pub(crate) fn segments(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }
}

impl fmt::Display for TreePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn refuse(segment: &str) -> Option<&'static str> {
    if segment.is_empty() {
        return Some("has an empty segment");
    }
    if segment.contains('\0') {
        return Some("contains a NUL");
    }
    if segment == "." || segment == ".." {
        return Some("leaves the tree");
    }
    // What case-folding, HFS+ and NTFS would read as `.git` counts as `.git`: a clone on such a disk would run it.
    let folded: String = segment
        .chars()
        .filter(|c| !matches!(c, '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{206a}'..='\u{206f}' | '\u{feff}'))
        .flat_map(char::to_lowercase)
        .collect();
    let folded = folded.split(':').next().unwrap_or("").trim_end_matches([' ', '.']);
    if folded == ".git" || folded == "git~1" {
        return Some("touches git's own folder");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dangerous_paths_are_refused() {
        for bad in [
            "",
            "/",
            "/a",
            "a/",
            "a//b",
            ".",
            "..",
            "a/../b",
            "./a",
            ".git",
            ".git/config",
            "a/.GIT/x",
            ".git .",
            "git~1",
            ".g\u{200c}it",
            "a\0b",
            ".git::$INDEX_ALLOCATION",
        ] {
            assert!(TreePath::parse(bad).is_err(), "{bad:?}");
        }
        for good in ["a", "a/b", ".gitignore", ".github/x", "...", "a b", "ä/ö", "x.git"] {
            assert_eq!(TreePath::parse(good).unwrap().as_str(), good);
        }
        assert_eq!(TreePath::parse_lenient("/").unwrap(), None);
        let path = TreePath::parse_lenient("docs/guide/").unwrap().unwrap();
        assert_eq!((path.folder(), path.name()), ("docs", "guide"));
    }
}
