//! A tree being changed in memory: folders are read when they are entered, and only changed ones are written.

use std::collections::BTreeMap;

use crate::{Error, Result, TreePath};

/// A root folder and what was changed in it.
pub(crate) struct TreeEditor<'a> {
    git: &'a git2::Repository,
    root: Folder,
}

/// A file, link or submodule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Leaf {
    pub(crate) id: git2::Oid,
    pub(crate) mode: i32,
}

/// A folder that was entered.
#[derive(Default)]
struct Folder {
    entries: BTreeMap<Vec<u8>, Node>,
    changed: bool,
    original: Option<git2::Oid>,
}

enum Node {
    Leaf(Leaf),
    /// A folder nobody looked into yet.
    Closed(git2::Oid),
    Open(Folder),
}

impl Folder {
    fn read(tree: &git2::Tree<'_>) -> Self {
        let entries = tree
            .iter()
            .map(|entry| {
                let node = if entry.kind() == Some(git2::ObjectType::Tree) {
                    Node::Closed(entry.id())
                } else {
                    Node::Leaf(Leaf { id: entry.id(), mode: entry.filemode_raw() })
                };
                (entry.name_bytes().to_vec(), node)
            })
            .collect();
        Self { entries, changed: false, original: Some(tree.id()) }
    }
}

impl<'a> TreeEditor<'a> {
    /// Starts from a tree, or from nothing.
    pub(crate) fn new(git: &'a git2::Repository, base: Option<&git2::Tree<'_>>) -> Self {
        Self { git, root: base.map(Folder::read).unwrap_or_default() }
    }

    /// The file at a path; `None` if nothing is there. A folder there is an error.
    pub(crate) fn get(&mut self, path: &TreePath) -> Result<Option<Leaf>> {
        let Some((folder, name)) = self.enter(path, false)? else { return Ok(None) };
        match folder.entries.get(name.as_bytes()) {
            None => Ok(None),
            Some(Node::Leaf(leaf)) => Ok(Some(*leaf)),
            Some(_) => Err(Error::invalid("path", format!("`{path}` is a folder"))),
        }
    }

    /// Puts a file at a path, making folders as needed. A file cannot become a folder on the way, nor a folder a file.
    pub(crate) fn put(&mut self, path: &TreePath, leaf: Leaf) -> Result<()> {
        if let Some(old) = self.get(path)?
            && old == leaf
        {
            return Ok(());
        }
        let (folder, name) = self.enter(path, true)?.expect("folders were made");
        folder.entries.insert(name.into_bytes(), Node::Leaf(leaf));
        Ok(())
    }

    /// Takes a file away; folders left empty vanish, as git has none.
    pub(crate) fn remove(&mut self, path: &TreePath) -> Result<Leaf> {
        let missing = || Error::not_found("file", path.as_str());
        self.get(path)?.ok_or_else(missing)?;
        let (folder, name) = self.enter(path, true)?.ok_or_else(missing)?;
        match folder.entries.remove(name.as_bytes()) {
            Some(Node::Leaf(leaf)) => Ok(leaf),
            _ => Err(missing()),
        }
    }

    /// Walks to the folder a path lies in. With `change` the folders on the way are made and marked.
    fn enter(&mut self, path: &TreePath, change: bool) -> Result<Option<(&mut Folder, String)>> {
        let git = self.git;
        let mut folder = &mut self.root;
        folder.changed |= change;
        let segments: Vec<&str> = path.segments().collect();
        let (name, above) = segments.split_last().expect("a path has a segment");
        for segment in above {
            let key = segment.as_bytes().to_vec();
            if let Some(Node::Closed(id)) = folder.entries.get(&key) {
                let opened = Folder::read(&git.find_tree(*id)?);
                folder.entries.insert(key.clone(), Node::Open(opened));
            }
            if change {
                folder.entries.entry(key.clone()).or_insert_with(|| Node::Open(Folder::default()));
            }
            match folder.entries.get_mut(&key) {
                None => return Ok(None),
                Some(Node::Open(below)) => folder = below,
                Some(_) => {
                    return Err(Error::invalid("path", format!("`{segment}` in `{path}` is not a folder")));
                }
            }
            folder.changed |= change;
        }
        Ok(Some((folder, (*name).to_owned())))
    }

    /// Writes what changed and returns the root's name.
    pub(crate) fn write(&self) -> Result<git2::Oid> {
        match write_folder(self.git, &self.root)? {
            Some(id) => Ok(id),
            None => Ok(self.git.treebuilder(None)?.write()?),
        }
    }
}

fn write_folder(git: &git2::Repository, folder: &Folder) -> Result<Option<git2::Oid>> {
    if let (false, Some(original)) = (folder.changed, folder.original) {
        return Ok(Some(original));
    }
    let mut builder = git.treebuilder(None)?;
    for (name, node) in &folder.entries {
        match node {
            Node::Leaf(leaf) => drop(builder.insert(name.as_slice(), leaf.id, leaf.mode)?),
            Node::Closed(id) => drop(builder.insert(name.as_slice(), *id, 0o040_000)?),
            Node::Open(below) => {
                if let Some(id) = write_folder(git, below)? {
                    builder.insert(name.as_slice(), id, 0o040_000)?;
                }
            }
        }
    }
    if builder.is_empty() { Ok(None) } else { Ok(Some(builder.write()?)) }
}
