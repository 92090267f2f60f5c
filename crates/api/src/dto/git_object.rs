//! `Reference`, `GitTreeResponse`, `GitBlobResponse`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use oolong_git::{Blob as GitBlob, ObjectKind, Reference as GitReference, TreeItem, TreeListing};
use serde::Serialize;

use super::links::{self, RepoLinks};

/// Gitea's `GitObject`.
#[derive(Clone, Debug, Serialize)]
struct GitObject {
    #[serde(rename = "type")]
    kind: &'static str,
    sha: String,
    url: String,
}

/// Gitea's `Reference`.
#[derive(Clone, Debug, Serialize)]
pub struct Reference {
    #[serde(rename = "ref")]
    name: String,
    url: String,
    object: GitObject,
}

impl Reference {
    /// A reference.
    pub fn new(repo: &RepoLinks, reference: &GitReference) -> Self {
        Self {
            name: reference.name.clone(),
            url: format!("{}/git/{}", repo.api, links::path(&reference.name)),
            object: GitObject {
                kind: reference.kind.name(),
                sha: reference.target.to_string(),
                url: repo.object(reference.kind, reference.target),
            },
        }
    }
}

/// Gitea's `GitEntry`.
#[derive(Clone, Debug, Serialize)]
struct GitEntry {
    path: String,
    mode: String,
    #[serde(rename = "type")]
    kind: &'static str,
    size: u64,
    sha: String,
    url: String,
}

impl GitEntry {
    fn new(repo: &RepoLinks, item: TreeItem) -> Self {
        Self {
            mode: item.mode_text(),
            kind: item.kind.name(),
            size: item.size,
            sha: item.id.to_string(),
            url: match item.kind {
                ObjectKind::Tree => repo.tree(item.id),
                ObjectKind::Blob => repo.blob(item.id),
                // A submodule's commit is elsewhere.
                ObjectKind::Commit | ObjectKind::Tag => String::new(),
            },
            path: item.path,
        }
    }
}

/// Gitea's `GitTreeResponse`.
#[derive(Clone, Debug, Serialize)]
pub struct Tree {
    sha: String,
    url: String,
    tree: Option<Vec<GitEntry>>,
    truncated: bool,
    page: u64,
    total_count: usize,
}

impl Tree {
    /// A part of a folder.
    pub fn new(repo: &RepoLinks, listing: TreeListing, page: u64) -> Self {
        let entries: Vec<GitEntry> =
            listing.items.into_iter().map(|item| GitEntry::new(repo, item)).collect();
        Self {
            sha: listing.id.to_string(),
            url: repo.tree(listing.id),
            tree: Some(entries).filter(|entries| !entries.is_empty()),
            truncated: listing.truncated,
            page,
            total_count: listing.total,
        }
    }
}

/// Gitea's `GitBlobResponse`.
#[derive(Clone, Debug, Serialize)]
pub struct Blob {
    content: Option<String>,
    encoding: Option<&'static str>,
    url: String,
    sha: String,
    size: u64,
}

impl Blob {
    /// A file's object, with its bytes where they are few enough.
    pub fn new(repo: &RepoLinks, id: oolong_git::ObjectId, size: u64, blob: Option<&GitBlob>) -> Self {
        Self {
            content: blob.map(|blob| STANDARD.encode(&blob.content)),
            encoding: blob.map(|_| "base64"),
            url: repo.blob(id),
            sha: id.to_string(),
            size,
        }
    }
}
