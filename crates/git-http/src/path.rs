//! The paths of git over HTTP, told apart from everything else by a pure parser: nothing is looked up here.

use http::Method;
use oolong_git::Service;
use percent_encoding::percent_decode_str;

/// A request that git's protocol over HTTP knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitPath {
    /// The owner's name as it stands in the path.
    pub owner: String,
    /// The repository's name, without `.git` and `.wiki`.
    pub repo: String,
    /// Whether the repository of the wiki is meant.
    pub is_wiki: bool,
    /// What is asked for.
    pub target: Target,
}

/// What a path below a repository asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// `info/refs`, with the query's service; without one a dumb client asks.
    References(Option<String>),
    /// A service to speak with.
    Service(Service),
    /// A file that dumb clients read.
    File(DumbFile),
    /// The path is git's, the method is not: these are.
    WrongMethod(&'static str),
    /// A browser asks whether its script may come here.
    Preflight,
}

/// A file that dumb clients read, by its place in the repository's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DumbFile {
    /// `HEAD`.
    Head,
    /// `objects/info/packs`.
    Packs,
    /// Another file in `objects/info`; none of them is handed out.
    Info,
    /// One object.
    Loose {
        /// The first two digits of its name.
        folder: String,
        /// The others.
        rest: String,
    },
    /// Many objects.
    Pack(String),
    /// The index of many objects.
    PackIndex(String),
}

const READ: &str = "GET, OPTIONS";
const SPEAK: &str = "POST, OPTIONS";

impl GitPath {
    /// Reads a request's method, path (still percent-encoded) and query. `None`: it is not git's.
    pub fn parse(method: &Method, path: &str, query: Option<&str>) -> Option<Self> {
        let mut segments = path.split('/').filter(|segment| !segment.is_empty());
        let owner = decode(segments.next()?)?;
        let name = decode(segments.next()?)?;
        let rest: Vec<&str> = segments.collect();
        let (target, allowed) = match rest.as_slice() {
            ["info", "refs"] => (Target::References(service(query)), READ),
            ["HEAD"] => (Target::File(DumbFile::Head), READ),
            ["objects", rest @ ..] => (Target::File(object(rest)?), READ),
            [name] => (Target::Service(Service::parse(name)?), SPEAK),
            _ => return None,
        };
        let fits = match allowed {
            READ => matches!(*method, Method::GET | Method::HEAD),
            _ => *method == Method::POST,
        };
        let target = match (fits, method) {
            (true, _) => target,
            (false, &Method::OPTIONS) => Target::Preflight,
            (false, _) => Target::WrongMethod(allowed),
        };
        let name = strip_ending(&name, ".git");
        let repo = strip_ending(name, ".wiki");
        let is_wiki = repo.len() != name.len();
        Some(Self { owner, repo: repo.to_owned(), is_wiki, target })
    }
}

fn decode(segment: &str) -> Option<String> {
    Some(percent_decode_str(segment).decode_utf8().ok()?.into_owned())
}

fn strip_ending<'a>(name: &'a str, ending: &str) -> &'a str {
    let at = name.len().saturating_sub(ending.len());
    match name.get(at..) {
        Some(last) if at > 0 && last.eq_ignore_ascii_case(ending) => &name[..at],
        _ => name,
    }
}

fn service(query: Option<&str>) -> Option<String> {
    let pair = query?.split('&').find_map(|pair| pair.strip_prefix("service="))?;
    let service = decode(pair)?;
    (!service.is_empty()).then_some(service)
}

fn object(rest: &[&str]) -> Option<DumbFile> {
    let hex = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    match rest {
        ["info", "packs"] => Some(DumbFile::Packs),
        ["info", _] => Some(DumbFile::Info),
        ["pack", file] => {
            let (hash, ending) = file.strip_prefix("pack-")?.split_once('.')?;
            let fits = (40..=64).contains(&hash.len()) && hex(hash);
            match ending {
                "pack" if fits => Some(DumbFile::Pack(hash.to_owned())),
                "idx" if fits => Some(DumbFile::PackIndex(hash.to_owned())),
                _ => None,
            }
        }
        [folder, file] if folder.len() == 2 && hex(folder) => {
            let fits = (38..=62).contains(&file.len()) && hex(file);
            fits.then(|| DumbFile::Loose { folder: (*folder).to_owned(), rest: (*file).to_owned() })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(method: Method, address: &str) -> Option<(String, String, bool, Target)> {
        let (path, query) =
            address.split_once('?').map_or((address, None), |(path, query)| (path, Some(query)));
        GitPath::parse(&method, path, query).map(|git| (git.owner, git.repo, git.is_wiki, git.target))
    }

    #[test]
    fn paths() {
        let refs = |service: &str| Target::References(Some(service.to_owned()));
        let file = Target::File;
        let sha = "0123456789abcdef0123456789abcdef01234567";
        let (folder, rest) = sha.split_at(2);
        let loose = DumbFile::Loose { folder: folder.to_owned(), rest: rest.to_owned() };
        for (method, address, repo, is_wiki, target) in [
            (
                Method::GET,
                "/o/r.git/info/refs?service=git-upload-pack".to_owned(),
                "r",
                false,
                refs("git-upload-pack"),
            ),
            (Method::HEAD, "/o/r/info/refs?a=b&service=x&service=y".to_owned(), "r", false, refs("x")),
            (Method::GET, "/o/r.wiki.git/info/refs".to_owned(), "r", true, Target::References(None)),
            (Method::GET, "/o/r.wiki/info/refs?service=".to_owned(), "r", true, Target::References(None)),
            (Method::GET, "//o//r.GIT//info/refs/".to_owned(), "r", false, Target::References(None)),
            (Method::GET, "/o/.git/info/refs".to_owned(), ".git", false, Target::References(None)),
            (
                Method::POST,
                "/o/r.git/git-upload-pack".to_owned(),
                "r",
                false,
                Target::Service(Service::UploadPack),
            ),
            (
                Method::POST,
                "/o/r/git-receive-pack".to_owned(),
                "r",
                false,
                Target::Service(Service::ReceivePack),
            ),
            (
                Method::POST,
                "/o/r/git-upload-archive".to_owned(),
                "r",
                false,
                Target::Service(Service::UploadArchive),
            ),
            (
                Method::GET,
                "/o/r/git-upload-pack".to_owned(),
                "r",
                false,
                Target::WrongMethod("POST, OPTIONS"),
            ),
            (Method::PUT, "/o/r/HEAD".to_owned(), "r", false, Target::WrongMethod("GET, OPTIONS")),
            (Method::OPTIONS, "/o/r/HEAD".to_owned(), "r", false, Target::Preflight),
            (Method::GET, "/o/sp%20ace.git/HEAD".to_owned(), "sp ace", false, file(DumbFile::Head)),
            (Method::GET, "/o/r/objects/info/packs".to_owned(), "r", false, file(DumbFile::Packs)),
            (Method::GET, "/o/r/objects/info/alternates".to_owned(), "r", false, file(DumbFile::Info)),
            (Method::GET, format!("/o/r/objects/{folder}/{rest}"), "r", false, file(loose)),
            (
                Method::GET,
                format!("/o/r/objects/pack/pack-{sha}.pack"),
                "r",
                false,
                file(DumbFile::Pack(sha.to_owned())),
            ),
            (
                Method::GET,
                format!("/o/r/objects/pack/pack-{sha}.idx"),
                "r",
                false,
                file(DumbFile::PackIndex(sha.to_owned())),
            ),
        ] {
            let expected = Some(("o".to_owned(), repo.to_owned(), is_wiki, target));
            assert_eq!(parse(method, &address), expected, "{address}");
        }
    }

    #[test]
    fn everything_else_is_not_git() {
        for address in [
            "/",
            "/o",
            "/o/r",
            "/o/r.git",
            "/o/r.git/config",
            "/o/r/refs/heads/main",
            "/o/r/info",
            "/o/r/info/refs/x",
            "/o/r/objects",
            "/o/r/objects/zz/00000000000000000000000000000000000000",
            "/o/r/objects/00/0000",
            "/o/r/objects/pack/pack-1.pack",
            "/o/r/objects/pack/x",
            "/o/r/objects/../config",
            "/o/%ff/HEAD",
            "/o/r/upload-pack",
            "/o/r/raw/branch/main/HEAD",
            "/o/r/objects/info/a/b",
        ] {
            assert_eq!(parse(Method::GET, address), None, "{address}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_not(path in "\\PC{0,80}", query in proptest::option::of("\\PC{0,40}")) {
            if let Some(git) = GitPath::parse(&Method::GET, &path, query.as_deref()) {
                prop_assert!(!git.owner.is_empty() && !git.repo.is_empty());
            }
        }

        #[test]
        fn names_come_out_as_they_went_in(owner in "[a-z0-9-]{1,12}", repo in "[a-z0-9-]{1,12}", wiki: bool, git: bool) {
            let endings = format!("{}{}", if wiki { ".wiki" } else { "" }, if git { ".git" } else { "" });
            let path = format!("/{owner}/{repo}{endings}/HEAD");
            let parsed = GitPath::parse(&Method::GET, &path, None).expect("a git path");
            prop_assert_eq!(parsed, GitPath { owner, repo, is_wiki: wiki, target: Target::File(DumbFile::Head) });
        }
    }
}
