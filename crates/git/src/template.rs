//! Starting a repository with the content of another one, without its history.

use crate::edit::Target;
use crate::reference::{Expected, ObjectKind, Slice, branch_reference};
use crate::tree_editor::{Leaf, TreeEditor};
use crate::{CommitOutcome, ObjectId, Repo, Result, Signature, TreePath};

/// What becomes of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateFile {
    /// It is taken over as it is.
    Keep,
    /// It is left out.
    Leave,
    /// It gets this path and these bytes.
    Replace {
        /// The path.
        path: String,
        /// The bytes.
        content: Vec<u8>,
    },
}

impl Repo {
    /// Makes the first commit from the files of another repository's commit. `decide` sees each path, and the bytes of
    /// the file if it asks for them; one file is in memory at a time.
    pub fn initial_commit_from(
        &self,
        source: &Self,
        commit: ObjectId,
        branch: &str,
        author: &Signature,
        mut decide: impl FnMut(&str, &dyn Fn() -> Result<Vec<u8>>) -> Result<TemplateFile>,
    ) -> Result<CommitOutcome> {
        let mut editor = TreeEditor::new(&self.git, None);
        for item in source.tree(commit, true, Slice::ALL)?.items {
            let mode = i32::try_from(item.mode).unwrap_or(0o100_644);
            match item.kind {
                ObjectKind::Tree => {}
                ObjectKind::Blob => {
                    let read = || source.object(item.id).map(|blob| blob.content);
                    let (path, content) = match decide(&item.path, &read)? {
                        TemplateFile::Leave => continue,
                        TemplateFile::Keep => (item.path.clone(), read()?),
                        TemplateFile::Replace { path, content } => (path, content),
                    };
                    let id = self.git.blob(&content)?;
                    editor.put(&TreePath::parse(&path)?, Leaf { id, mode })?;
                }
                // A submodule is only named; its content is elsewhere.
                _ => editor.put(&TreePath::parse(&item.path)?, Leaf { id: item.id.to_oid()?, mode })?,
            }
        }
        let tree = editor.write()?;
        let target = Target {
            branch: branch.to_owned(),
            reference: branch_reference("branch", branch)?,
            parent: None,
            expected: Expected::Absent,
        };
        self.commit_tree(&target, tree, "Initial commit\n", author, author)
    }
}
