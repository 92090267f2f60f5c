//! Keeping repositories fit: what dumb HTTP clients read, packing, checking, copying.

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::{Error, GitProgram, GitVersion, ObjectKind, Repo, Result};

impl Repo {
    /// Writes `info/refs` and `objects/info/packs`, which dumb HTTP clients start from, as `git update-server-info` does.
    pub fn update_server_info(&self) -> Result<()> {
        let mut lines = String::new();
        for reference in self.references("refs/")? {
            lines.push_str(&format!("{}\t{}\n", reference.target, reference.name));
            if reference.kind == ObjectKind::Tag {
                let object = self.git.find_object(reference.target.to_oid()?, None)?;
                if let Ok(peeled) = object.peel(git2::ObjectType::Any) {
                    lines.push_str(&format!("{}\t{}^{{}}\n", peeled.id(), reference.name));
                }
            }
        }
        replace_file(&self.path().join("info/refs"), &lines)?;

        let mut packs = Vec::new();
        if let Ok(folder) = fs::read_dir(self.path().join("objects/pack")) {
            for entry in folder {
                let name = entry?.file_name().to_string_lossy().into_owned();
                if name.starts_with("pack-") && name.ends_with(".pack") {
                    packs.push(name);
                }
            }
        }
        packs.sort();
        let lines: String = packs.iter().map(|name| format!("P {name}\n")).chain(["\n".to_owned()]).collect();
        replace_file(&self.path().join("objects/info/packs"), &lines)
    }
}

/// Replaces a file in one step; a reader sees the old or the new one.
fn replace_file(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().ok_or_else(|| Error::invalid("path", "a file lies in a folder"))?;
    fs::create_dir_all(folder)?;
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    let mut file = tempfile::Builder::new().permissions(world_readable()).tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(path).map_err(|error| Error::Io(error.error))?;
    Ok(())
}

fn world_readable() -> fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(0o644)
}

impl GitProgram {
    /// Packs a repository up if it needs it.
    pub async fn collect_garbage(&self, repository: &Path) -> Result<()> {
        self.run(repository, &["gc", "--auto", "--quiet"]).await.map(drop)
    }

    /// Checks a repository; damage is an error that says what git found.
    pub async fn check(&self, repository: &Path) -> Result<()> {
        self.run(repository, &["fsck", "--no-progress"]).await.map(drop)
    }

    /// Brings commits of another local repository into this one, under the references named: `+refs/heads/x:refs/pull/1/head`.
    pub async fn fetch_local(&self, repository: &Path, source: &Path, refspecs: &[String]) -> Result<()> {
        let source = std::path::absolute(source)?;
        let mut arguments: Vec<&std::ffi::OsStr> =
            ["fetch", "--quiet", "--no-tags"].iter().map(std::ffi::OsStr::new).collect();
        if self.version() >= (GitVersion { major: 2, minor: 29, patch: 0 }) {
            arguments.push("--no-write-fetch-head".as_ref());
        }
        arguments.push("--".as_ref());
        arguments.push(source.as_os_str());
        arguments.extend(refspecs.iter().map(std::ffi::OsStr::new));
        self.run(repository, &arguments).await.map(drop)
    }

    /// Copies a repository, bare, with its branches and tags: a fork. The target must not exist.
    pub async fn copy_repository(&self, source: &Path, target: &Path, branch: Option<&str>) -> Result<()> {
        if target.exists() {
            return Err(Error::exists("repository folder", target.display().to_string()));
        }
        let folder =
            target.parent().ok_or_else(|| Error::invalid("path", "a repository lies in a folder"))?;
        tokio::fs::create_dir_all(folder).await?;
        let source = std::path::absolute(source)?;
        let target = std::path::absolute(target)?;
        let mut arguments =
            vec!["clone".as_ref(), "--quiet".as_ref(), "--bare".as_ref(), "--no-hardlinks".as_ref()];
        if let Some(branch) = branch {
            arguments.extend(["--single-branch".as_ref(), "--branch".as_ref(), std::ffi::OsStr::new(branch)]);
        }
        arguments.extend(["--".as_ref(), source.as_os_str(), target.as_os_str()]);
        self.run(folder, &arguments).await.map(drop)
    }
}
