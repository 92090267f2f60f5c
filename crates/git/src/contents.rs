//! Files and folders as the `contents` routes show them.

use crate::cache::LastCommits;
use crate::{Error, Moment, ObjectId, Repo, Result, TreePath};

/// What lies at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contents {
    /// A folder's entries.
    Folder(Vec<ContentsEntry>),
    /// A file, link or submodule.
    Entry(Box<ContentsEntry>),
}

/// One file, link, folder or submodule. Its bytes are read with [`Repo::blob`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentsEntry {
    /// Last segment.
    pub name: String,
    /// Whole path.
    pub path: String,
    /// Its object.
    pub id: ObjectId,
    /// What it is.
    pub kind: EntryKind,
    /// Whether it may be executed.
    pub executable: bool,
    /// Bytes of a file or link, else 0.
    pub size: u64,
    /// Where a link points.
    pub target: Option<String>,
    /// Where a submodule comes from, as `.gitmodules` says.
    pub submodule_url: Option<String>,
    /// The commit that last touched it, if asked for.
    pub last_commit: Option<LastCommit>,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Symlink,
    /// A submodule.
    Submodule,
}

impl EntryKind {
    /// The API's word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Folder => "dir",
            Self::Symlink => "symlink",
            Self::Submodule => "submodule",
        }
    }
}

/// The commit that last touched an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastCommit {
    /// Its name.
    pub id: ObjectId,
    /// When it was written.
    pub author_date: Moment,
    /// When it was made.
    pub committer_date: Moment,
    /// Its message.
    pub message: String,
}

/// The pointer file that stands for an LFS object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LfsPointer {
    /// SHA-256 of the object, 64 hex digits.
    pub oid: String,
    /// Its bytes.
    pub size: u64,
}

impl LfsPointer {
    /// Longest file that can be a pointer.
    pub const MAX_SIZE: u64 = 1024;

    /// Reads a pointer file; `None` for anything else.
    #[must_use]
    pub fn parse(content: &[u8]) -> Option<Self> {
        if content.len() as u64 > Self::MAX_SIZE {
            return None;
        }
        let text = std::str::from_utf8(content).ok()?;
        let mut lines = text.lines();
        if lines.next()? != "version https://git-lfs.github.com/spec/v1" {
            return None;
        }
        let (mut oid, mut size) = (None, None);
        for line in lines {
            match line.split_once(' ')? {
                ("oid", value) => oid = value.strip_prefix("sha256:"),
                ("size", value) => size = value.parse().ok(),
                _ => {}
            }
        }
        let oid = oid.filter(|oid| oid.len() == 64 && oid.bytes().all(|b| b.is_ascii_hexdigit()))?;
        Some(Self { oid: oid.to_ascii_lowercase(), size: size? })
    }
}

impl Repo {
    /// What lies at a path in a commit; `None` is the root. `last_commits` costs a walk through history (once).
    pub fn contents(
        &self,
        commit: ObjectId,
        path: Option<&TreePath>,
        last_commits: bool,
    ) -> Result<Contents> {
        let root = self
            .git
            .find_commit(commit.to_oid()?)
            .map_err(Error::missing("commit", commit.to_string()))?
            .tree()?;
        let modules = Modules::read(&self.git, &root)?;
        let folder = match path {
            None => root,
            Some(path) => {
                let entry = self.tree_entry(&root, path)?;
                if entry.kind() != Some(git2::ObjectType::Tree) {
                    let mut found = self.contents_entry(&entry, path.as_str().to_owned(), &modules)?;
                    if last_commits {
                        found.last_commit = Some(self.last_commit(self.last_commit_of(commit, path)?)?);
                    }
                    return Ok(Contents::Entry(Box::new(found)));
                }
                self.git.find_tree(entry.id())?
            }
        };
        let known: Option<LastCommits> =
            if last_commits { Some(self.last_commits(commit, path)?) } else { None };
        let mut entries = Vec::with_capacity(folder.len());
        for entry in &folder {
            let name = String::from_utf8_lossy(entry.name_bytes()).into_owned();
            let full = path.map_or_else(|| name.clone(), |path| format!("{path}/{name}"));
            let mut found = self.contents_entry(&entry, full, &modules)?;
            if let Some(id) = known.as_ref().and_then(|known| known.get(&name)) {
                found.last_commit = Some(self.last_commit(*id)?);
            }
            entries.push(found);
        }
        Ok(Contents::Folder(entries))
    }

    /// One entry by its path, folders included; without a look at history.
    pub fn entry(&self, commit: ObjectId, path: &TreePath) -> Result<ContentsEntry> {
        let root = self
            .git
            .find_commit(commit.to_oid()?)
            .map_err(Error::missing("commit", commit.to_string()))?
            .tree()?;
        let entry = self.tree_entry(&root, path)?;
        self.contents_entry(&entry, path.as_str().to_owned(), &Modules::read(&self.git, &root)?)
    }

    fn tree_entry(&self, root: &git2::Tree<'_>, path: &TreePath) -> Result<git2::TreeEntry<'static>> {
        root.get_path(std::path::Path::new(path.as_str())).map_err(Error::missing("path", path.as_str()))
    }

    /// A commit as the last that touched something.
    pub fn last_commit(&self, id: ObjectId) -> Result<LastCommit> {
        let missing = Error::missing("commit", id.to_string());
        let commit = self.git.find_commit(id.to_oid()?).map_err(missing)?;
        Ok(LastCommit {
            id,
            author_date: commit.author().when().into(),
            committer_date: commit.committer().when().into(),
            message: String::from_utf8_lossy(commit.message_raw_bytes()).into_owned(),
        })
    }

    fn contents_entry(
        &self,
        entry: &git2::TreeEntry<'_>,
        path: String,
        modules: &Modules,
    ) -> Result<ContentsEntry> {
        let kind = match (entry.kind(), entry.filemode_raw()) {
            (Some(git2::ObjectType::Tree), _) => EntryKind::Folder,
            (Some(git2::ObjectType::Commit), _) => EntryKind::Submodule,
            (_, 0o120_000) => EntryKind::Symlink,
            _ => EntryKind::File,
        };
        let mut found = ContentsEntry {
            name: String::from_utf8_lossy(entry.name_bytes()).into_owned(),
            submodule_url: if kind == EntryKind::Submodule { modules.url(&path) } else { None },
            path,
            id: entry.id().into(),
            kind,
            executable: entry.filemode_raw() == 0o100_755,
            size: 0,
            target: None,
            last_commit: None,
        };
        match kind {
            EntryKind::Symlink => {
                let blob = self.git.find_blob(entry.id())?;
                found.size = blob.size() as u64;
                found.target = Some(String::from_utf8_lossy(blob.content()).into_owned());
            }
            EntryKind::File => found.size = self.git.odb()?.read_header(entry.id())?.0 as u64,
            EntryKind::Folder | EntryKind::Submodule => {}
        }
        Ok(found)
    }
}

/// `.gitmodules`: path → URL.
struct Modules(Vec<(String, String)>);

impl Modules {
    fn read(git: &git2::Repository, root: &git2::Tree<'_>) -> Result<Self> {
        let Some(entry) = root.get_name(".gitmodules") else { return Ok(Self(Vec::new())) };
        if entry.kind() != Some(git2::ObjectType::Blob) {
            return Ok(Self(Vec::new()));
        }
        let blob = git.find_blob(entry.id())?;
        Ok(Self::parse(&String::from_utf8_lossy(blob.content())))
    }

    fn parse(text: &str) -> Self {
        let mut modules = Vec::new();
        let (mut path, mut url) = (None, None);
        for line in text.lines().chain(["[end]"]) {
            let line = line.trim();
            if line.starts_with('[') {
                if let (Some(path), Some(url)) = (path.take(), url.take()) {
                    modules.push((path, url));
                }
            } else if let Some((key, value)) = line.split_once('=') {
                let value = value.trim().trim_matches('"').to_owned();
                match key.trim().to_ascii_lowercase().as_str() {
                    "path" => path = Some(value),
                    "url" => url = Some(value),
                    _ => {}
                }
            }
        }
        Self(modules)
    }

    fn url(&self, path: &str) -> Option<String> {
        self.0.iter().find(|(known, _)| known == path).map(|(_, url)| url.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_and_pointers_are_read() {
        let modules = Modules::parse(
            "[submodule \"a\"]\n\tpath = vendor/lib\n\turl = https://e.com/l.git\n[x]\npath=q\n",
        );
        assert_eq!(modules.url("vendor/lib").as_deref(), Some("https://e.com/l.git"));
        assert_eq!(modules.url("q"), None);
        let pointer =
            format!("version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 11\n", "ab".repeat(32));
        assert_eq!(LfsPointer::parse(pointer.as_bytes()).unwrap().size, 11);
        assert!(
            LfsPointer::parse(b"version https://git-lfs.github.com/spec/v1\noid sha256:zz\nsize 1\n")
                .is_none()
        );
        assert!(LfsPointer::parse(b"# Tea\n").is_none());
    }
}
