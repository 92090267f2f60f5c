//! Files and folders of a commit, with as much of them as is asked for.

use oolong_core::Result;
use oolong_git::{
    Contents, ContentsEntry, EntryKind, LfsPointer, ObjectId, Repo, RepositoryPath, Resolved, ResolvedKind,
    TreePath,
};

use crate::git;

/// What to show of an entry besides its name and object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Include {
    /// The bytes of a single file.
    pub content: bool,
    /// The commit that last touched it.
    pub commit_metadata: bool,
    /// That commit's message.
    pub commit_message: bool,
    /// What an LFS pointer points at.
    pub lfs: bool,
    /// Larger files come without their bytes.
    pub max_size: u64,
}

/// A revision and what it stood for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At {
    /// As the caller wrote it.
    pub text: String,
    /// The commit.
    pub commit: ObjectId,
    /// What the text was.
    pub kind: ResolvedKind,
}

impl At {
    /// What `text` stands for; nothing is the default branch.
    pub fn resolve(repo: &Repo, text: Option<&str>, default_branch: &str) -> oolong_git::Result<Self> {
        let text = text.unwrap_or(default_branch);
        let Resolved { commit, kind, .. } = repo.resolve_short(text)?;
        Ok(Self { text: text.to_owned(), commit, kind })
    }

    /// A branch at a commit that is known.
    pub fn branch(name: &str, commit: ObjectId) -> Self {
        Self { text: name.to_owned(), commit, kind: ResolvedKind::Branch(name.to_owned()) }
    }
}

/// An entry with what was asked for.
#[derive(Clone, Debug)]
pub struct EntryView {
    /// The entry.
    pub entry: ContentsEntry,
    /// A file's bytes.
    pub content: Option<Vec<u8>>,
    /// What its pointer points at.
    pub lfs: Option<LfsPointer>,
}

/// What lies at a path.
#[derive(Clone, Debug)]
pub enum ContentsView {
    /// A folder's entries.
    Folder(Vec<EntryView>),
    /// A file, link or submodule.
    Entry(Box<EntryView>),
}

/// Reads what lies at a path of a revision.
pub async fn read(
    path: RepositoryPath,
    at: Option<String>,
    default_branch: String,
    tree_path: String,
    include: Include,
) -> Result<(At, ContentsView)> {
    git::read(path, move |repo| {
        let at = At::resolve(repo, at.as_deref(), &default_branch)?;
        let view = view(repo, &at, TreePath::parse_lenient(&tree_path)?.as_ref(), include)?;
        Ok((at, view))
    })
    .await
}

/// Reads several paths of a revision; what is not there is `None`. Stops where `most_bytes` of content are reached, and
/// after `most_files`.
pub async fn read_many(
    path: RepositoryPath,
    at: Option<String>,
    default_branch: String,
    paths: Vec<String>,
    include: Include,
    limits: (u64, usize),
) -> Result<(At, Vec<Option<EntryView>>)> {
    let (most_bytes, most_files) = limits;
    git::read(path, move |repo| {
        let at = At::resolve(repo, at.as_deref(), &default_branch)?;
        let mut views = Vec::new();
        let mut bytes = 0_u64;
        for path in paths.iter().take(most_files) {
            let found = entry(repo, &at, path, include)?;
            bytes += found
                .as_ref()
                .and_then(|view| view.content.as_ref())
                .map_or(0, |content| content.len() as u64);
            if bytes > most_bytes {
                break;
            }
            views.push(found);
        }
        Ok((at, views))
    })
    .await
}

/// One entry, folders included, if it is there.
pub fn entry(repo: &Repo, at: &At, path: &str, include: Include) -> oolong_git::Result<Option<EntryView>> {
    let found = TreePath::parse(path).and_then(|path| {
        let mut entry = repo.entry(at.commit, &path)?;
        if include.commit_metadata || include.commit_message {
            entry.last_commit = Some(repo.last_commit(repo.last_commit_of(at.commit, &path)?)?);
        }
        single(repo, entry, include)
    });
    match found {
        Ok(view) => Ok(Some(view)),
        Err(oolong_git::Error::NotFound { .. } | oolong_git::Error::Invalid { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn view(repo: &Repo, at: &At, path: Option<&TreePath>, include: Include) -> oolong_git::Result<ContentsView> {
    match repo.contents(at.commit, path, include.commit_metadata || include.commit_message)? {
        Contents::Folder(entries) => entries
            .into_iter()
            .map(|entry| {
                let lfs = if include.lfs { pointer(repo, &entry)? } else { None };
                Ok(EntryView { entry, content: None, lfs })
            })
            .collect::<oolong_git::Result<_>>()
            .map(ContentsView::Folder),
        Contents::Entry(entry) => Ok(ContentsView::Entry(Box::new(single(repo, *entry, include)?))),
    }
}

fn single(repo: &Repo, entry: ContentsEntry, include: Include) -> oolong_git::Result<EntryView> {
    let wanted = include.content && entry.kind == EntryKind::File && entry.size <= include.max_size;
    let content = if wanted { Some(repo.object(entry.id)?.content) } else { None };
    let lfs = if include.lfs { pointer(repo, &entry)? } else { None };
    Ok(EntryView { entry, content, lfs })
}

fn pointer(repo: &Repo, entry: &ContentsEntry) -> oolong_git::Result<Option<LfsPointer>> {
    if entry.kind != EntryKind::File || entry.size > LfsPointer::MAX_SIZE {
        return Ok(None);
    }
    Ok(LfsPointer::parse(&repo.object(entry.id)?.content))
}

/// A reference and the path behind it, as `raw` addresses join them: `main/docs/a.txt`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefAndPath {
    /// The commit.
    pub commit: ObjectId,
    /// The rest of the path.
    pub path: String,
}

/// Splits `reference` and `path`, which Gitea reads as one text: the shortest branch it starts with, else the shortest
/// tag, else an object name; else all of `path` is a path of the default branch.
pub fn split_reference(
    repo: &Repo,
    reference: &str,
    path: &str,
    default_branch: &str,
) -> oolong_git::Result<RefAndPath> {
    let joined = if reference.is_empty() { path.to_owned() } else { format!("{reference}/{path}") };
    let joined = joined.trim_matches('/');
    let rest = |end: usize| joined[end..].trim_start_matches('/').to_owned();
    let ends = || joined.match_indices('/').map(|(at, _)| at).chain([joined.len()]);
    for prefix in ["refs/heads/", "refs/tags/"] {
        for end in ends() {
            if let Some(object) = repo.reference_target(&format!("{prefix}{}", &joined[..end]))? {
                return Ok(RefAndPath { commit: repo.peeled_commit(object)?, path: rest(end) });
            }
        }
    }
    let first = joined.find('/').unwrap_or(joined.len());
    if (7..=40).contains(&first) && joined[..first].bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(RefAndPath { commit: repo.resolve_short(&joined[..first])?.commit, path: rest(first) });
    }
    Ok(RefAndPath {
        commit: repo.resolve_short(default_branch)?.commit,
        path: path.trim_matches('/').to_owned(),
    })
}
