//! A commit: its header, what it changed, how it is signed, what was noted about it.

use std::sync::Arc;

use crate::cache::DETAILS;
use crate::{Error, ObjectId, Repo, Result, Signature};

/// A commit's header and message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its name.
    pub id: ObjectId,
    /// Its root folder.
    pub tree: ObjectId,
    /// Its parents, first parent first.
    pub parents: Vec<ObjectId>,
    /// Who wrote the change.
    pub author: Signature,
    /// Who made the commit.
    pub committer: Signature,
    /// The whole message, with its line end.
    pub message: String,
    /// Whether the header carries a signature; [`Repo::commit_signature`] reads it.
    pub signed: bool,
}

impl Commit {
    /// The message's first line.
    #[must_use]
    pub fn summary(&self) -> &str {
        self.message.trim_start().lines().next().unwrap_or("")
    }
}

/// A detached signature and the bytes it is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedPayload {
    /// The armoured signature.
    pub signature: String,
    /// What was signed.
    pub payload: String,
}

/// What a commit did to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileStatus {
    /// It was not there before.
    Added,
    /// It has another content or mode.
    Modified,
    /// It is gone.
    Removed,
}

impl FileStatus {
    /// The API's word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Modified => "modified",
            Self::Removed => "removed",
        }
    }
}

/// One file of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitFile {
    /// Its path.
    pub filename: String,
    /// What happened; a rename is a removal and an addition.
    pub status: FileStatus,
}

/// Changed lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CommitStats {
    /// Lines added.
    pub additions: usize,
    /// Lines deleted.
    pub deletions: usize,
}

impl CommitStats {
    /// Both together.
    #[must_use]
    pub fn total(self) -> usize {
        self.additions + self.deletions
    }
}

/// What a commit changed against its first parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitDetails {
    /// The files, by path.
    pub files: Vec<CommitFile>,
    /// The lines, renames counted as such.
    pub stats: CommitStats,
}

/// A note on a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The note's text.
    pub message: String,
    /// The commit on `refs/notes/commits` that last wrote it.
    pub commit: Commit,
}

impl Repo {
    /// A commit by its full name.
    pub fn commit(&self, id: ObjectId) -> Result<Commit> {
        let missing = Error::missing("commit", id.to_string());
        Ok(describe(&self.git.find_commit(id.to_oid()?).map_err(missing)?))
    }

    /// Changed files and lines against the first parent (or nothing, for a root). Remembered across requests.
    pub fn commit_details(&self, id: ObjectId) -> Result<Arc<CommitDetails>> {
        if let Some(known) = DETAILS.get(&id) {
            return Ok(known);
        }
        let missing = Error::missing("commit", id.to_string());
        let commit = self.git.find_commit(id.to_oid()?).map_err(missing)?;
        let parent = if commit.parent_count() > 0 { Some(commit.parent(0)?.tree()?) } else { None };
        let details = Arc::new(self.diff_details(parent.as_ref(), &commit.tree()?)?);
        DETAILS.insert(id, Arc::clone(&details));
        Ok(details)
    }

    /// Changed files and lines between two commits' trees.
    pub fn details_between(&self, old: ObjectId, new: ObjectId) -> Result<CommitDetails> {
        let tree = |id: ObjectId| -> Result<git2::Tree<'_>> {
            let missing = Error::missing("commit", id.to_string());
            Ok(self.git.find_commit(id.to_oid()?).map_err(missing)?.tree()?)
        };
        self.diff_details(Some(&tree(old)?), &tree(new)?)
    }

    fn diff_details(&self, old: Option<&git2::Tree<'_>>, new: &git2::Tree<'_>) -> Result<CommitDetails> {
        let mut options = git2::DiffOptions::new();
        options.include_typechange(true).context_lines(0);
        let mut diff = self.git.diff_tree_to_tree(old, Some(new), Some(&mut options))?;
        let files = diff.deltas().map(|delta| changed_file(&delta)).collect();
        // The list has no renames, the line counts have: that is how the two numbers in Gitea's answers are made.
        diff.find_similar(Some(git2::DiffFindOptions::new().renames(true)))?;
        let stats = diff.stats()?;
        let stats = CommitStats { additions: stats.insertions(), deletions: stats.deletions() };
        Ok(CommitDetails { files, stats })
    }

    /// The signature of a commit, if it has one.
    pub fn commit_signature(&self, id: ObjectId) -> Result<Option<SignedPayload>> {
        match self.git.extract_signature(&id.to_oid()?, None) {
            Ok((signature, payload)) => Ok(Some(SignedPayload {
                signature: String::from_utf8_lossy(&signature).into_owned(),
                payload: String::from_utf8_lossy(&payload).into_owned(),
            })),
            // An unknown commit and an unsigned one are both "not found"; only the first is an error.
            Err(error) if error.code() == git2::ErrorCode::NotFound => self.commit(id).map(|_| None),
            Err(error) => Err(error.into()),
        }
    }

    /// The note on a commit in `refs/notes/commits`.
    pub fn note(&self, id: ObjectId) -> Result<Note> {
        let missing = || Error::missing("note", id.to_string());
        let note = self.git.find_note(Some("refs/notes/commits"), id.to_oid()?).map_err(missing())?;
        let message = String::from_utf8_lossy(note.message_bytes()).into_owned();
        let tip = self
            .reference_target("refs/notes/commits")?
            .ok_or_else(|| Error::not_found("note", id.to_string()))?;
        let hex = id.to_string();
        // Notes are fanned out into folders once there are many.
        let tree = self.git.find_commit(tip.to_oid()?)?.tree()?;
        let path = [
            hex.clone(),
            format!("{}/{}", &hex[..2], &hex[2..]),
            format!("{}/{}/{}", &hex[..2], &hex[2..4], &hex[4..]),
        ]
        .into_iter()
        .find(|path| tree.get_path(std::path::Path::new(path)).is_ok());
        let last = match path {
            Some(path) => self.last_commit_of(tip, &crate::TreePath::parse(&path)?)?,
            None => tip,
        };
        Ok(Note { message, commit: self.commit(last)? })
    }
}

pub(crate) fn describe(commit: &git2::Commit<'_>) -> Commit {
    Commit {
        id: commit.id().into(),
        tree: commit.tree_id().into(),
        parents: commit.parent_ids().map(ObjectId::from).collect(),
        author: commit.author().into(),
        committer: commit.committer().into(),
        message: String::from_utf8_lossy(commit.message_raw_bytes()).into_owned(),
        signed: has_signature(commit.raw_header_bytes()),
    }
}

fn has_signature(header: &[u8]) -> bool {
    header
        .split(|byte| *byte == b'\n')
        .any(|line| line.starts_with(b"gpgsig ") || line.starts_with(b"gpgsig-"))
}

fn changed_file(delta: &git2::DiffDelta<'_>) -> CommitFile {
    let (status, file) = match delta.status() {
        git2::Delta::Added => (FileStatus::Added, delta.new_file()),
        git2::Delta::Deleted => (FileStatus::Removed, delta.old_file()),
        _ => (FileStatus::Modified, delta.new_file()),
    };
    CommitFile {
        filename: String::from_utf8_lossy(file.path_bytes().unwrap_or_default()).into_owned(),
        status,
    }
}
