//! Commits made without a worktree: the API's file edits, patches, and a repository's first commit.
//!
//! A commit is built beside the branch and then the branch is moved, if it still is where the edit started: of two
//! writers one wins and the other is told.

use crate::reference::{branch_reference, write_error};
use crate::tree_editor::{Leaf, TreeEditor};
use crate::{Commit, Error, Expected, ObjectId, RefUpdate, Repo, Result, Signature, TreePath};

/// Some files to change in one commit.
#[derive(Debug, Clone)]
pub struct CommitFiles<'a> {
    /// The branch to start from.
    pub branch: &'a str,
    /// The branch to make and commit to, if another.
    pub new_branch: Option<&'a str>,
    /// Whether `new_branch` may exist, and then loses what it has.
    pub force: bool,
    /// The commit message.
    pub message: &'a str,
    /// Who wrote it.
    pub author: Signature,
    /// Who commits it.
    pub committer: Signature,
    /// Whether to add the committer's `Signed-off-by`.
    pub signoff: bool,
    /// The commit the caller has seen the files at: they must not have changed since.
    pub last_commit: Option<ObjectId>,
    /// What to do, in order.
    pub changes: Vec<FileChange>,
}

/// One file to change.
#[derive(Debug, Clone)]
pub struct FileChange {
    /// What to do.
    pub operation: FileOperation,
    /// The file.
    pub path: String,
    /// Where it was before, if it moves.
    pub from_path: Option<String>,
    /// The blob the caller has seen there (or at `from_path`).
    pub expected: Option<ObjectId>,
    /// The new bytes; `None` keeps them when moving, and is an empty file otherwise.
    pub content: Option<Vec<u8>>,
    /// Whether it may be executed; `None` keeps what it was.
    pub executable: Option<bool>,
}

/// What to do with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileOperation {
    /// It must not be there.
    Create,
    /// It must be there, as the caller has seen it; it may move.
    Update,
    /// It may or may not be there.
    Upload,
    /// It moves, and keeps its bytes unless new ones are given.
    Rename,
    /// It must be there, as the caller has seen it.
    Delete,
}

/// A commit that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitOutcome {
    /// The new commit.
    pub commit: Commit,
    /// The branch it is on.
    pub branch: String,
    /// Where the branch was; `None` when it is new.
    pub previous: Option<ObjectId>,
}

/// A patch to apply in one commit.
#[derive(Debug, Clone)]
pub struct ApplyPatch<'a> {
    /// The branch to start from.
    pub branch: &'a str,
    /// The branch to make and commit to, if another.
    pub new_branch: Option<&'a str>,
    /// Whether `new_branch` may exist, and then loses what it has.
    pub force: bool,
    /// The commit message.
    pub message: &'a str,
    /// Who wrote it.
    pub author: Signature,
    /// Who commits it.
    pub committer: Signature,
    /// Whether to add the committer's `Signed-off-by`.
    pub signoff: bool,
    /// A unified diff.
    pub patch: &'a [u8],
}

/// The first commit of a repository.
#[derive(Debug, Clone)]
pub struct InitialCommit<'a> {
    /// The branch to make.
    pub branch: &'a str,
    /// The commit message.
    pub message: &'a str,
    /// Who does it.
    pub author: Signature,
    /// Paths and bytes.
    pub files: Vec<(String, Vec<u8>)>,
}

/// Where a commit goes.
pub(crate) struct Target {
    pub(crate) branch: String,
    pub(crate) reference: String,
    pub(crate) parent: Option<git2::Oid>,
    pub(crate) expected: Expected,
}

impl Repo {
    /// Changes files in one commit. The branch may be unborn in an empty repository; then it is made.
    pub fn commit_files(&self, edit: &CommitFiles<'_>) -> Result<CommitOutcome> {
        let target = self.edit_target(edit.branch, edit.new_branch, edit.force)?;
        let parent = target.parent.map(|id| self.git.find_commit(id)).transpose()?;
        let base = parent.as_ref().map(git2::Commit::tree).transpose()?;
        let mut editor = TreeEditor::new(&self.git, base.as_ref());
        for change in &edit.changes {
            self.apply_change(&mut editor, change, edit.last_commit)?;
        }
        let tree = editor.write()?;
        let message = full_message(edit.message, edit.signoff.then_some(&edit.committer))?;
        self.commit_tree(&target, tree, &message, &edit.author, &edit.committer)
    }

    /// Applies a patch in one commit.
    pub fn apply_patch(&self, edit: &ApplyPatch<'_>) -> Result<CommitOutcome> {
        let target = self.edit_target(edit.branch, edit.new_branch, edit.force)?;
        let parent = target.parent.map(|id| self.git.find_commit(id)).transpose()?.ok_or(Error::Empty)?;
        let patch = git2::Diff::from_buffer(edit.patch).map_err(Error::PatchConflict)?;
        for delta in patch.deltas() {
            for path in [delta.old_file().path_bytes(), delta.new_file().path_bytes()].into_iter().flatten() {
                TreePath::parse(&String::from_utf8_lossy(path))?;
            }
        }
        let mut index =
            self.git.apply_to_tree(&parent.tree()?, &patch, None).map_err(Error::PatchConflict)?;
        let tree = index.write_tree_to(&self.git).map_err(Error::PatchConflict)?;
        let message = full_message(edit.message, edit.signoff.then_some(&edit.committer))?;
        self.commit_tree(&target, tree, &message, &edit.author, &edit.committer)
    }

    /// The files a patch touches.
    pub fn patch_paths(patch: &[u8]) -> Result<Vec<String>> {
        let patch = git2::Diff::from_buffer(patch).map_err(Error::PatchConflict)?;
        let mut paths: Vec<String> = patch
            .deltas()
            .flat_map(|delta| {
                [delta.old_file().path_bytes(), delta.new_file().path_bytes()]
                    .map(|path| path.map(|path| String::from_utf8_lossy(path).into_owned()))
            })
            .flatten()
            .collect();
        paths.sort_unstable();
        paths.dedup();
        Ok(paths)
    }

    /// Makes the first commit of a repository.
    pub fn initial_commit(&self, first: &InitialCommit<'_>) -> Result<CommitOutcome> {
        let changes = first
            .files
            .iter()
            .map(|(path, content)| FileChange {
                operation: FileOperation::Create,
                path: path.clone(),
                from_path: None,
                expected: None,
                content: Some(content.clone()),
                executable: None,
            })
            .collect();
        self.commit_files(&CommitFiles {
            branch: first.branch,
            new_branch: None,
            force: false,
            message: first.message,
            author: first.author.clone(),
            committer: first.author.clone(),
            signoff: false,
            last_commit: None,
            changes,
        })
    }

    fn edit_target(&self, branch: &str, new_branch: Option<&str>, force: bool) -> Result<Target> {
        let start = self.reference_target(&format!("refs/heads/{branch}"))?;
        if start.is_none() && !self.is_empty()? {
            return Err(Error::not_found("branch", branch));
        }
        let parent = start.map(ObjectId::to_oid).transpose()?;
        let (name, expected) = match new_branch.filter(|new| !new.is_empty() && *new != branch) {
            None => (branch, start.map_or(Expected::Absent, Expected::At)),
            Some(new) => match self.reference_target(&format!("refs/heads/{new}"))? {
                None => (new, Expected::Absent),
                Some(old) if force => (new, Expected::At(old)),
                Some(_) => return Err(Error::exists("branch", new)),
            },
        };
        let field = if name == branch { "branch" } else { "new_branch" };
        Ok(Target { branch: name.to_owned(), reference: branch_reference(field, name)?, parent, expected })
    }

    fn apply_change(
        &self,
        editor: &mut TreeEditor<'_>,
        change: &FileChange,
        seen: Option<ObjectId>,
    ) -> Result<()> {
        let path = TreePath::parse(&change.path)?;
        let from = match change.from_path.as_deref().filter(|from| !from.is_empty()) {
            Some(from) => TreePath::parse(from)?,
            None => path.clone(),
        };
        match change.operation {
            FileOperation::Create => {
                if editor.get(&path)?.is_some() {
                    return Err(Error::exists("file", path.as_str()));
                }
                let id = self.git.blob(change.content.as_deref().unwrap_or_default())?;
                editor.put(&path, Leaf { id, mode: file_mode(None, change.executable) })
            }
            FileOperation::Upload => {
                let old = editor.get(&path)?;
                let id = self.git.blob(change.content.as_deref().unwrap_or_default())?;
                editor.put(&path, Leaf { id, mode: file_mode(old, change.executable) })
            }
            FileOperation::Update | FileOperation::Rename => {
                let old = editor.get(&from)?.ok_or_else(|| Error::not_found("file", from.as_str()))?;
                if change.operation == FileOperation::Update || change.expected.is_some() {
                    self.check_seen(&from, old, change.expected, seen)?;
                }
                if from != path && editor.get(&path)?.is_some() {
                    return Err(Error::exists("file", path.as_str()));
                }
                let id = match &change.content {
                    Some(content) => self.git.blob(content)?,
                    None if change.operation == FileOperation::Rename => old.id,
                    None => self.git.blob(b"")?,
                };
                if old.mode == SUBMODULE && change.content.is_some() {
                    return Err(Error::invalid("path", format!("`{from}` is a submodule")));
                }
                if from != path {
                    editor.remove(&from)?;
                }
                editor.put(&path, Leaf { id, mode: file_mode(Some(old), change.executable) })
            }
            FileOperation::Delete => {
                let old = editor.get(&path)?.ok_or_else(|| Error::not_found("file", path.as_str()))?;
                self.check_seen(&path, old, change.expected, seen)?;
                editor.remove(&path).map(drop)
            }
        }
    }

    /// The caller must show that he knows what he replaces: by the blob's name, or by a commit that had the same blob.
    fn check_seen(
        &self,
        path: &TreePath,
        old: Leaf,
        expected: Option<ObjectId>,
        seen: Option<ObjectId>,
    ) -> Result<()> {
        let stale = |expected: ObjectId| Error::Stale {
            name: path.to_string(),
            expected: expected.to_string(),
            found: old.id.to_string(),
        };
        match (expected, seen) {
            (Some(expected), _) if expected == ObjectId::from(old.id) => Ok(()),
            (Some(expected), _) => Err(stale(expected)),
            (None, Some(commit)) => match self.entry(commit, path) {
                Ok(entry) if entry.id == ObjectId::from(old.id) => Ok(()),
                Ok(_) | Err(Error::NotFound { .. }) => Err(stale(commit)),
                Err(error) => Err(error),
            },
            (None, None) => Err(Error::invalid("sha", "the blob to replace has to be named")),
        }
    }

    pub(crate) fn commit_tree(
        &self,
        target: &Target,
        tree: git2::Oid,
        message: &str,
        author: &Signature,
        committer: &Signature,
    ) -> Result<CommitOutcome> {
        let tree = self.git.find_tree(tree)?;
        let parent = target.parent.map(|id| self.git.find_commit(id)).transpose()?;
        let parents: Vec<&git2::Commit<'_>> = parent.iter().collect();
        let id = self
            .git
            .commit(None, &author.to_git()?, &committer.to_git()?, message, &tree, &parents)
            .map_err(|error| write_error(error, "commit", &target.branch))?;
        let summary = message.lines().next().unwrap_or("");
        self.update_reference(&RefUpdate {
            name: &target.reference,
            target: id.into(),
            expected: target.expected,
            identity: committer,
            message: &format!("commit: {summary}"),
        })
        .map_err(|error| match (error, target.expected) {
            // Made by another writer since we looked.
            (Error::AlreadyExists { .. }, Expected::At(_)) => {
                Error::Raced { reference: target.reference.clone() }
            }
            (Error::AlreadyExists { .. }, _) => Error::exists("branch", &target.branch),
            (other, _) => other,
        })?;
        let previous = match target.expected {
            Expected::At(previous) => Some(previous),
            Expected::Absent | Expected::Any => None,
        };
        Ok(CommitOutcome { commit: self.commit(id.into())?, branch: target.branch.clone(), previous })
    }
}

const SUBMODULE: i32 = 0o160_000;

fn file_mode(old: Option<Leaf>, executable: Option<bool>) -> i32 {
    match (old.map(|old| old.mode), executable) {
        (Some(mode @ (SUBMODULE | 0o120_000)), _) => mode,
        (_, Some(true)) | (Some(0o100_755), None) => 0o100_755,
        _ => 0o100_644,
    }
}

fn full_message(message: &str, signoff: Option<&Signature>) -> Result<String> {
    if message.contains('\0') {
        return Err(Error::invalid("message", "it contains a NUL"));
    }
    let mut text = message.trim().to_owned();
    if let Some(signer) = signoff {
        let signer = signer.to_git()?;
        let line = format!(
            "Signed-off-by: {} <{}>",
            String::from_utf8_lossy(signer.name_bytes()),
            String::from_utf8_lossy(signer.email_bytes())
        );
        if !text.ends_with(&line) {
            let after_trailer = text.lines().last().is_some_and(|last| last.starts_with("Signed-off-by: "));
            text.push_str(if after_trailer { "\n" } else { "\n\n" });
            text.push_str(&line);
        }
        // Gitea ends a signed-off message without a line end, and every other one with one.
        return Ok(text);
    }
    text.push('\n');
    Ok(text)
}
