//! Which commit last touched each entry of a folder, found in one walk for all of them.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;

use crate::cache::{LAST_COMMIT_OF, LAST_COMMITS, LastCommits};
use crate::{Error, ObjectId, Repo, Result, TreePath};

impl Repo {
    /// Last commits of all entries of a folder (`None` is the root), as of `commit`. Remembered across requests.
    pub(crate) fn last_commits(&self, commit: ObjectId, folder: Option<&TreePath>) -> Result<LastCommits> {
        let key = (commit, folder.map_or_else(String::new, |folder| folder.as_str().to_owned()));
        if let Some(known) = LAST_COMMITS.get(&key) {
            return Ok(known);
        }
        let found = Arc::new(self.walk_last_commits(commit, folder.map_or("", TreePath::as_str), None)?);
        LAST_COMMITS.insert(key, Arc::clone(&found));
        Ok(found)
    }

    /// The commit that last touched one path, as of `commit`.
    pub fn last_commit_of(&self, commit: ObjectId, path: &TreePath) -> Result<ObjectId> {
        let folder_key = (commit, path.folder().to_owned());
        if let Some(id) = LAST_COMMITS.get(&folder_key).and_then(|known| known.get(path.name()).copied()) {
            return Ok(id);
        }
        let key = (commit, path.as_str().to_owned());
        if let Some(known) = LAST_COMMIT_OF.get(&key) {
            return Ok(known);
        }
        let found = self.walk_last_commits(commit, path.folder(), Some(path.name()))?;
        let id = found.get(path.name()).copied().ok_or_else(|| Error::not_found("path", path.as_str()))?;
        LAST_COMMIT_OF.insert(key, id);
        Ok(id)
    }

    /// Every entry follows its own line through history: to the first parent that has the same thing under that name, and
    /// ends at the commit where no parent has. Entries that share a line share the work.
    fn walk_last_commits(
        &self,
        start: ObjectId,
        folder: &str,
        only: Option<&str>,
    ) -> Result<HashMap<String, ObjectId>> {
        let start = start.to_oid()?;
        let first = self.git.find_commit(start).map_err(Error::missing("commit", start.to_string()))?;
        let mut folders = Folders { repo: &self.git, folder, known: HashMap::new() };
        let Some(listing) = folders.of(&first)? else { return Ok(HashMap::new()) };
        let listing = self.git.find_tree(listing)?;
        let names: Vec<Vec<u8>> = listing
            .iter()
            .map(|entry| entry.name_bytes().to_vec())
            .filter(|name| only.is_none_or(|only| name == only.as_bytes()))
            .collect();

        let mut found = HashMap::with_capacity(names.len());
        let mut waiting: HashMap<git2::Oid, Vec<usize>> = HashMap::new();
        let mut heap = BinaryHeap::new();
        let mut pushed = 0_u64;
        waiting.insert(start, (0..names.len()).collect());
        heap.push((first.time().seconds(), Reverse(pushed), start));

        while let Some((_, _, id)) = heap.pop() {
            let Some(mut entries) = waiting.remove(&id) else { continue };
            let commit = self.git.find_commit(id)?;
            let here = folders.of(&commit)?;
            let here_tree = here.map(|here| self.git.find_tree(here)).transpose()?;
            for parent in commit.parents() {
                if entries.is_empty() {
                    break;
                }
                let there = folders.of(&parent)?;
                let there_tree = there.map(|there| self.git.find_tree(there)).transpose()?;
                let followed: Vec<usize> = if here == there {
                    std::mem::take(&mut entries)
                } else {
                    let (same, other) = entries.into_iter().partition(|at| {
                        held(here_tree.as_ref(), &names[*at]) == held(there_tree.as_ref(), &names[*at])
                    });
                    entries = other;
                    same
                };
                if followed.is_empty() {
                    continue;
                }
                waiting.entry(parent.id()).or_default().extend(followed);
                pushed += 1;
                heap.push((parent.time().seconds(), Reverse(pushed), parent.id()));
            }
            for at in entries {
                found.insert(String::from_utf8_lossy(&names[at]).into_owned(), id.into());
            }
        }
        Ok(found)
    }
}

fn held(tree: Option<&git2::Tree<'_>>, name: &[u8]) -> Option<(git2::Oid, i32)> {
    tree.and_then(|tree| tree.get_name_bytes(name)).map(|entry| (entry.id(), entry.filemode_raw()))
}

/// The folder's own tree in each root tree seen so far.
struct Folders<'a> {
    repo: &'a git2::Repository,
    folder: &'a str,
    known: HashMap<git2::Oid, Option<git2::Oid>>,
}

impl Folders<'_> {
    fn of(&mut self, commit: &git2::Commit<'_>) -> Result<Option<git2::Oid>> {
        let root = commit.tree_id();
        if self.folder.is_empty() {
            return Ok(Some(root));
        }
        if let Some(known) = self.known.get(&root) {
            return Ok(*known);
        }
        let found = match self.repo.find_tree(root)?.get_path(std::path::Path::new(self.folder)) {
            Ok(entry) if entry.kind() == Some(git2::ObjectType::Tree) => Some(entry.id()),
            Ok(_) => None,
            Err(error) if error.code() == git2::ErrorCode::NotFound => None,
            Err(error) => return Err(error.into()),
        };
        if self.known.len() > 50_000 {
            self.known.clear();
        }
        self.known.insert(root, found);
        Ok(found)
    }
}
