//! Folders as `git/trees` shows them.

use crate::reference::ObjectKind;
use crate::{Error, ObjectId, Repo, Result, Slice};

/// A part of a folder's listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeListing {
    /// The object asked for: a commit or tag name stays what it was, as in Gitea.
    pub id: ObjectId,
    /// The part asked for.
    pub items: Vec<TreeItem>,
    /// How many entries there are in all.
    pub total: usize,
    /// Whether more follow this part.
    pub truncated: bool,
}

/// One entry of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeItem {
    /// Path from the folder listed.
    pub path: String,
    /// Git's mode, `0o100644`.
    pub mode: u32,
    /// Blob, tree, or commit for a submodule.
    pub kind: ObjectKind,
    /// Bytes of a blob, else 0.
    pub size: u64,
    /// The entry's object.
    pub id: ObjectId,
}

impl TreeItem {
    /// The mode as six octal digits.
    #[must_use]
    pub fn mode_text(&self) -> String {
        format!("{:06o}", self.mode)
    }
}

impl Repo {
    /// Lists a tree, or the tree of a commit or tag.
    pub fn tree(&self, id: ObjectId, recursive: bool, slice: Slice) -> Result<TreeListing> {
        let missing = || Error::missing("tree", id.to_string());
        let object = self.git.find_object(id.to_oid()?, None).map_err(missing())?;
        let tree = object.peel_to_tree().map_err(missing())?;
        let mut collected = Collected { slice, items: Vec::new(), total: 0 };
        collect(&self.git, &tree, "", recursive, &mut collected, 0)?;
        let Collected { mut items, total, .. } = collected;
        let odb = self.git.odb()?;
        for item in items.iter_mut().filter(|item| item.kind == ObjectKind::Blob) {
            item.size = odb.read_header(item.id.to_oid()?)?.0 as u64;
        }
        let truncated = slice.skip.saturating_add(items.len()) < total && !items.is_empty();
        Ok(TreeListing { id, items, total, truncated })
    }
}

struct Collected {
    slice: Slice,
    items: Vec<TreeItem>,
    total: usize,
}

/// Deeper than any real tree, and well within the stack.
const MAX_DEPTH: usize = 512;

fn collect(
    git: &git2::Repository,
    tree: &git2::Tree<'_>,
    prefix: &str,
    recursive: bool,
    into: &mut Collected,
    depth: usize,
) -> Result<()> {
    if depth > MAX_DEPTH {
        return Err(Error::Corrupt("folders are nested too deep".to_owned()));
    }
    for entry in tree {
        let path = format!("{prefix}{}", String::from_utf8_lossy(entry.name_bytes()));
        let kind = ObjectKind::from_git(entry.kind().unwrap_or(git2::ObjectType::Any))?;
        let below = (recursive && kind == ObjectKind::Tree).then(|| format!("{path}/"));
        if into.total >= into.slice.skip && into.items.len() < into.slice.limit {
            into.items.push(TreeItem {
                path,
                mode: u32::try_from(entry.filemode_raw()).unwrap_or(0),
                kind,
                size: 0,
                id: entry.id().into(),
            });
        }
        into.total += 1;
        if let Some(below) = below {
            collect(git, &git.find_tree(entry.id())?, &below, recursive, into, depth + 1)?;
        }
    }
    Ok(())
}
