//! Where repositories lie: `ROOT/owner/name.git`, all in lower case, as Gitea lays them out.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::{Error, Repo, Result};

/// The folder all repositories lie in.
#[derive(Debug, Clone)]
pub struct Root {
    path: PathBuf,
}

/// The folder of one repository, which may or may not exist.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RepositoryPath {
    path: PathBuf,
}

impl Root {
    /// A root at a folder, which need not exist yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The root folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder of a repository's code.
    pub fn repo(&self, owner: &str, name: &str) -> Result<RepositoryPath> {
        self.below(owner, name, ".git")
    }

    /// The folder of a repository's wiki.
    pub fn wiki(&self, owner: &str, name: &str) -> Result<RepositoryPath> {
        self.below(owner, name, ".wiki.git")
    }

    /// The folder of everything an owner has.
    pub fn owner(&self, owner: &str) -> Result<PathBuf> {
        Ok(self.path.join(folder_name("owner", owner)?))
    }

    fn below(&self, owner: &str, name: &str, suffix: &str) -> Result<RepositoryPath> {
        let name = folder_name("name", name)?;
        Ok(RepositoryPath { path: self.owner(owner)?.join(format!("{name}{suffix}")) })
    }

    /// Moves everything of an owner to a new name. Nothing to move is success.
    pub fn rename_owner(&self, from: &str, to: &str) -> Result<()> {
        let (from, to_path) = (self.owner(from)?, self.owner(to)?);
        if from == to_path || !from.exists() {
            return Ok(());
        }
        if to_path.exists() && fs::read_dir(&to_path)?.next().is_some() {
            return Err(Error::exists("folder", to));
        }
        fs::create_dir_all(&self.path)?;
        Ok(fs::rename(from, to_path)?)
    }

    /// Removes an owner's folder if nothing is left in it.
    pub fn remove_owner(&self, owner: &str) -> Result<()> {
        match fs::remove_dir(self.owner(owner)?) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }
}

fn folder_name(field: &'static str, name: &str) -> Result<String> {
    let lower = name.to_lowercase();
    if lower.is_empty()
        || lower == "."
        || lower == ".."
        || lower.contains(['/', '\\', '\0'])
        || lower.contains("..")
    {
        return Err(Error::invalid(field, format!("`{name}` cannot be a folder's name")));
    }
    Ok(lower)
}

impl RepositoryPath {
    /// A repository at any folder: for tests, and for folders outside the root.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The folder.
    #[must_use]
    pub fn as_path(&self) -> &Path {
        &self.path
    }

    /// Whether something lies there.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.path.is_dir()
    }

    /// Opens it for reading.
    pub fn open(&self) -> Result<Repo> {
        Repo::open(&self.path)
    }

    /// Moves it to another place. The target must be free.
    pub fn move_to(&self, target: &Self) -> Result<()> {
        if self == target {
            return Ok(());
        }
        if !self.exists() {
            return Err(Error::not_found("repository folder", self.path.display().to_string()));
        }
        if target.path.exists() {
            return Err(Error::exists("repository folder", target.path.display().to_string()));
        }
        if let Some(parent) = target.path.parent() {
            fs::create_dir_all(parent)?;
        }
        Ok(fs::rename(&self.path, &target.path)?)
    }

    /// Deletes it. It is first renamed, so that its name is free at once and nobody sees half of it.
    pub fn delete(&self) -> Result<()> {
        let Some(name) = self.path.file_name() else {
            return Err(Error::invalid("path", "not a repository folder"));
        };
        let aside = (0..u32::MAX)
            .map(|n| {
                self.path.with_file_name(format!(
                    ".deleted-{}-{n}-{}",
                    std::process::id(),
                    name.to_string_lossy()
                ))
            })
            .find(|aside| !aside.exists())
            .expect("a free name among four billion");
        match fs::rename(&self.path, &aside) {
            Ok(()) => Ok(fs::remove_dir_all(&aside)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Bytes of all files below: what Gitea stores as `git_size`. Files that vanish meanwhile count nothing.
    pub fn disk_size(&self) -> Result<u64> {
        folder_size(&self.path)
    }
}

fn folder_size(folder: &Path) -> Result<u64> {
    let mut total = 0;
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error.into()),
        };
        for entry in entries {
            let entry = entry?;
            match entry.metadata() {
                Ok(metadata) if metadata.is_dir() => folders.push(entry.path()),
                Ok(metadata) => total += metadata.len(),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_lower_case_folders() {
        let root = Root::new("/r");
        assert_eq!(root.repo("Ada", "Kit").unwrap().as_path(), Path::new("/r/ada/kit.git"));
        assert_eq!(root.wiki("Ada", "Kit").unwrap().as_path(), Path::new("/r/ada/kit.wiki.git"));
        for bad in ["", ".", "..", "a/b", "a\\b", "a\0", "a..b"] {
            assert!(root.repo(bad, "x").is_err() && root.repo("x", bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn moving_and_deleting() {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::new(folder.path());
        let (a, b) = (root.repo("x", "a").unwrap(), root.repo("y", "b").unwrap());
        fs::create_dir_all(a.as_path().join("objects")).unwrap();
        fs::write(a.as_path().join("objects/f"), "12345").unwrap();
        assert_eq!(a.disk_size().unwrap(), 5);
        a.move_to(&b).unwrap();
        assert!(!a.exists() && b.exists());
        assert!(matches!(a.move_to(&b), Err(Error::NotFound { .. })));
        root.rename_owner("y", "Z").unwrap();
        let moved = root.repo("z", "b").unwrap();
        assert!(moved.exists());
        moved.delete().unwrap();
        moved.delete().unwrap();
        assert!(!moved.exists());
        assert_eq!(fs::read_dir(root.owner("z").unwrap()).unwrap().count(), 0);
    }
}
