//! Diff and patch texts, streamed from the `git` program: byte for byte what git users know.

use std::path::Path;

use crate::{GitProgram, ObjectId, ProcessStream, Result};

/// What a comparison starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompareMode {
    /// `base..head`: from the base itself.
    Direct,
    /// `base...head`: from where the two parted.
    MergeBase,
}

impl GitProgram {
    /// A commit's change as a diff, against its first parent (or nothing, for a root).
    pub fn commit_diff(
        &self,
        repository: &Path,
        commit: ObjectId,
        parent: Option<ObjectId>,
    ) -> Result<ProcessStream> {
        let commit = commit.to_string();
        match parent {
            Some(parent) => self.stream(repository, &["diff", "-M", &parent.to_string(), &commit]),
            None => self.stream(repository, &["diff-tree", "--root", "--no-commit-id", "-p", "-M", &commit]),
        }
    }

    /// A commit as an e-mail that `git am` takes.
    pub fn commit_patch(
        &self,
        repository: &Path,
        commit: ObjectId,
        parent: Option<ObjectId>,
    ) -> Result<ProcessStream> {
        let what = parent.map_or_else(|| commit.to_string(), |parent| format!("{parent}..{commit}"));
        let mut arguments = vec!["format-patch", "--no-signature", "--stdout"];
        if parent.is_none() {
            arguments.push("--root");
        }
        arguments.push(&what);
        self.stream(repository, &arguments)
    }

    /// The difference between two commits.
    pub fn compare_diff(
        &self,
        repository: &Path,
        base: ObjectId,
        head: ObjectId,
        mode: CompareMode,
    ) -> Result<ProcessStream> {
        let dots = if mode == CompareMode::Direct { ".." } else { "..." };
        self.stream(repository, &["diff", "--binary", "-M", &format!("{base}{dots}{head}")])
    }

    /// The commits between two commits, as e-mails.
    pub fn compare_patch(&self, repository: &Path, base: ObjectId, head: ObjectId) -> Result<ProcessStream> {
        self.stream(repository, &["format-patch", "--binary", "--stdout", &format!("{base}...{head}")])
    }
}
