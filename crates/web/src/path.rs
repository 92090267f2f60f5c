//! The paths of raw files and archives, told apart from everything else by a pure parser.

use http::Method;
use percent_encoding::percent_decode_str;

/// A path to a file or an archive of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawPath {
    /// The owner's name as it stands in the path.
    pub owner: String,
    /// The repository's name as it stands in the path.
    pub repo: String,
    /// What is asked for.
    pub target: RawTarget,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RawTarget {
    /// A file: where the path starts, and the path. Where a branch's name ends in it, only the repository knows.
    File {
        /// What stands in front of the file's path.
        start: Start,
        /// Reference and path, or an object's name.
        rest: String,
    },
    /// `REFERENCE.tar.gz`, `.zip` or `.bundle`.
    Archive(String),
}

/// What stands in front of a file's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// A branch.
    Branch,
    /// A tag.
    Tag,
    /// A commit.
    Commit,
    /// Nothing: the rest is an object's name.
    Blob,
    /// Any of the first three, or nothing for the default branch.
    Guess,
}

impl RawPath {
    /// Reads a request's method and path (still percent-encoded). `None`: it is something else.
    pub fn parse(method: &Method, path: &str) -> Option<Self> {
        if !matches!(*method, Method::GET | Method::HEAD) {
            return None;
        }
        let mut segments = path.split('/').filter(|segment| !segment.is_empty());
        let owner = decode(segments.next()?)?;
        let repo = decode(segments.next()?)?;
        let kind = segments.next()?;
        let rest: Vec<String> = segments.map(decode).collect::<Option<_>>()?;
        let target = match kind {
            "raw" | "media" => file(&rest)?,
            "archive" if !rest.is_empty() => RawTarget::Archive(rest.join("/")),
            _ => return None,
        };
        Some(Self { owner, repo, target })
    }
}

fn decode(segment: &str) -> Option<String> {
    Some(percent_decode_str(segment).decode_utf8().ok()?.into_owned())
}

fn file(rest: &[String]) -> Option<RawTarget> {
    let (first, others) = rest.split_first()?;
    let start = match first.as_str() {
        "branch" => Start::Branch,
        "tag" => Start::Tag,
        "commit" => Start::Commit,
        "blob" => Start::Blob,
        _ => return Some(RawTarget::File { start: Start::Guess, rest: rest.join("/") }),
    };
    (!others.is_empty()).then(|| RawTarget::File { start, rest: others.join("/") })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn paths() {
        let file = |start, rest: &str| RawTarget::File { start, rest: rest.to_owned() };
        for (path, target) in [
            ("/o/r/raw/branch/main/a/b.txt", file(Start::Branch, "main/a/b.txt")),
            ("/o/r/media/tag/v1/x", file(Start::Tag, "v1/x")),
            ("/o/r/raw/commit/0123456/a%20b", file(Start::Commit, "0123456/a b")),
            ("/o/r/raw/blob/0123", file(Start::Blob, "0123")),
            ("/o/r/raw/main/x", file(Start::Guess, "main/x")),
            ("//o/r//raw/x/", file(Start::Guess, "x")),
            ("/o/r/archive/a/b.tar.gz", RawTarget::Archive("a/b.tar.gz".to_owned())),
        ] {
            let expected = RawPath { owner: "o".to_owned(), repo: "r".to_owned(), target };
            assert_eq!(RawPath::parse(&Method::GET, path), Some(expected), "{path}");
            assert_eq!(RawPath::parse(&Method::POST, path), None, "{path}");
        }
        for path in [
            "/",
            "/o/r",
            "/o/r/raw",
            "/o/r/raw/branch",
            "/o/r/archive",
            "/o/r/src/branch/main/x",
            "/o/r/raw/%ff",
        ] {
            assert_eq!(RawPath::parse(&Method::GET, path), None, "{path}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_not(path in "\\PC{0,80}") {
            let _ = RawPath::parse(&Method::GET, &path);
        }
    }
}
