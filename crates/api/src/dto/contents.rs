//! `ContentsResponse`, and the answers around it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use oolong_forge::contents::{At, ContentsView, EntryView, Include};
use oolong_forge::git::rfc3339;
use oolong_git::{CommitOutcome, EntryKind, ResolvedKind};
use serde::Serialize;

use super::commit::{FileCommit, Verification};
use super::links::{self, RepoLinks};

/// Gitea's `FileLinksResponse`.
#[derive(Clone, Debug, Serialize)]
struct FileLinks {
    #[serde(rename = "self")]
    this: String,
    git: Option<String>,
    html: Option<String>,
}

/// Gitea's `ContentsResponse`.
#[derive(Clone, Debug, Serialize)]
pub struct ContentsResponse {
    name: String,
    path: String,
    sha: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_commit_sha: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_committer_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_author_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_commit_message: Option<String>,
    #[serde(rename = "type")]
    kind: &'static str,
    size: u64,
    encoding: Option<&'static str>,
    content: Option<String>,
    target: Option<String>,
    url: String,
    html_url: Option<String>,
    git_url: Option<String>,
    download_url: Option<String>,
    submodule_git_url: Option<String>,
    #[serde(rename = "_links")]
    links: FileLinks,
    #[serde(skip_serializing_if = "Option::is_none")]
    lfs_oid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lfs_size: Option<u64>,
}

/// The part of page addresses that names a revision: `branch/main`.
fn revision_path(at: &At) -> String {
    match &at.kind {
        ResolvedKind::Branch(name) => format!("branch/{}", links::path(name)),
        ResolvedKind::Tag(name) => format!("tag/{}", links::path(name)),
        ResolvedKind::Commit => format!("commit/{}", at.commit),
    }
}

impl ContentsResponse {
    /// An entry of a revision, with as much as was asked for.
    pub fn new(repo: &RepoLinks, at: &At, view: &EntryView, include: Include) -> Self {
        let entry = &view.entry;
        let path = links::path(&entry.path);
        let revision = revision_path(at);
        let url = format!("{}/contents/{path}?ref={}", repo.api, links::query(&at.text));
        let is_submodule = entry.kind == EntryKind::Submodule;
        let has_bytes = matches!(entry.kind, EntryKind::File | EntryKind::Symlink);
        let html_url = (!is_submodule).then(|| format!("{}/src/{revision}/{path}", repo.page));
        let git_url = (!is_submodule).then(|| repo.blob(entry.id));
        let metadata = entry.last_commit.as_ref().filter(|_| include.commit_metadata);
        let content = view.content.as_ref().map(|content| STANDARD.encode(content));
        Self {
            name: entry.name.clone(),
            path: entry.path.clone(),
            sha: entry.id.to_string(),
            last_commit_sha: metadata.map(|commit| commit.id.to_string()),
            last_committer_date: metadata.map(|commit| rfc3339(commit.committer_date)),
            last_author_date: metadata.map(|commit| rfc3339(commit.author_date)),
            last_commit_message: entry
                .last_commit
                .as_ref()
                .filter(|_| include.commit_message)
                .map(|commit| commit.message.clone()),
            kind: entry.kind.name(),
            size: entry.size,
            encoding: content.as_ref().map(|_| "base64"),
            content,
            target: entry.target.clone(),
            links: FileLinks { this: url.clone(), git: git_url.clone(), html: html_url.clone() },
            url,
            html_url,
            git_url,
            download_url: has_bytes.then(|| format!("{}/raw/{revision}/{path}", repo.page)),
            submodule_git_url: entry.submodule_url.clone().filter(|_| is_submodule),
            lfs_oid: view.lfs.as_ref().map(|pointer| pointer.oid.clone()),
            lfs_size: view.lfs.as_ref().map(|pointer| pointer.size),
        }
    }
}

/// A folder's list, or one entry.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Contents {
    /// A folder.
    Folder(Vec<ContentsResponse>),
    /// A file, link or submodule.
    Entry(Box<ContentsResponse>),
}

impl Contents {
    /// What lies at a path.
    pub fn new(repo: &RepoLinks, at: &At, view: &ContentsView, include: Include) -> Self {
        match view {
            ContentsView::Folder(entries) => Self::Folder(
                entries.iter().map(|entry| ContentsResponse::new(repo, at, entry, include)).collect(),
            ),
            ContentsView::Entry(entry) => {
                Self::Entry(Box::new(ContentsResponse::new(repo, at, entry, include)))
            }
        }
    }

    /// The same as Gitea's `ContentsExtResponse`.
    pub fn extended(self) -> ContentsExt {
        match self {
            Self::Folder(entries) => ContentsExt { file_contents: None, dir_contents: Some(entries) },
            Self::Entry(entry) => ContentsExt { file_contents: Some(entry), dir_contents: None },
        }
    }
}

/// Gitea's `ContentsExtResponse`.
#[derive(Clone, Debug, Serialize)]
pub struct ContentsExt {
    #[serde(skip_serializing_if = "Option::is_none")]
    file_contents: Option<Box<ContentsResponse>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dir_contents: Option<Vec<ContentsResponse>>,
}

/// Gitea's `FileResponse` and `FileDeleteResponse`.
#[derive(Clone, Debug, Serialize)]
pub struct FileResponse {
    content: Option<ContentsResponse>,
    commit: FileCommit,
    verification: Verification,
}

impl FileResponse {
    /// A commit just made, with the file it was about.
    pub fn new(repo: &RepoLinks, outcome: &CommitOutcome, content: Option<ContentsResponse>) -> Self {
        Self {
            content,
            commit: FileCommit::new(repo, &outcome.commit),
            verification: Verification::new(None),
        }
    }
}

/// Gitea's `FilesResponse`.
#[derive(Clone, Debug, Serialize)]
pub struct FilesResponse {
    files: Option<Vec<Option<ContentsResponse>>>,
    commit: FileCommit,
    verification: Verification,
}

impl FilesResponse {
    /// A commit just made, with the files it was about; those deleted are `null`.
    pub fn new(repo: &RepoLinks, outcome: &CommitOutcome, files: Vec<Option<ContentsResponse>>) -> Self {
        let files = Some(files).filter(|files| !files.is_empty());
        Self { files, commit: FileCommit::new(repo, &outcome.commit), verification: Verification::new(None) }
    }
}
