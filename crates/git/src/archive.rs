//! Archives and bundles, streamed from the `git` program.

use std::fs;
use std::path::{Path, absolute};

use crate::{Error, GitProgram, ObjectId, ProcessStream, Result, TreePath};

/// The kind of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ArchiveFormat {
    /// `.zip`
    Zip,
    /// `.tar.gz`
    TarGz,
    /// `.bundle`: history and all.
    Bundle,
}

impl ArchiveFormat {
    /// Splits `v1.0.tar.gz` into a reference and a format.
    #[must_use]
    pub fn split(name: &str) -> Option<(&str, Self)> {
        [Self::Zip, Self::TarGz, Self::Bundle]
            .into_iter()
            .find_map(|format| Some((name.strip_suffix(format.extension())?.strip_suffix('.')?, format)))
            .filter(|(reference, _)| !reference.is_empty())
    }

    /// The file name's end, without its dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Zip => "zip",
            Self::TarGz => "tar.gz",
            Self::Bundle => "bundle",
        }
    }
}

/// What to pack.
#[derive(Debug, Clone)]
pub struct ArchiveRequest<'a> {
    /// The commit.
    pub commit: ObjectId,
    /// How.
    pub format: ArchiveFormat,
    /// The folder everything lies in: the repository's name.
    pub folder: Option<&'a str>,
    /// Only these paths; empty for all. Bundles have none.
    pub paths: &'a [TreePath],
}

impl GitProgram {
    /// Streams an archive.
    pub fn archive(&self, repository: &Path, request: &ArchiveRequest<'_>) -> Result<ProcessStream> {
        if request.format == ArchiveFormat::Bundle {
            return self.bundle(repository, request.commit);
        }
        let mut arguments = vec!["archive".to_owned(), format!("--format={}", request.format.extension())];
        if let Some(folder) = request.folder {
            if folder.is_empty() || folder.contains(['/', '\0']) || folder == ".." {
                return Err(Error::invalid("folder", "an archive's folder is one plain name"));
            }
            arguments.push(format!("--prefix={folder}/"));
        }
        arguments.push(request.commit.to_string());
        if !request.paths.is_empty() {
            arguments.push("--".to_owned());
            arguments.extend(request.paths.iter().map(|path| format!(":(literal){path}")));
        }
        self.stream(repository, &arguments)
    }

    /// A bundle of one commit's history, as the branch `bundle`: what Gitea's bundles hold. The branch lives in a folder of
    /// its own that borrows the repository's objects, so that nobody ever sees it.
    fn bundle(&self, repository: &Path, commit: ObjectId) -> Result<ProcessStream> {
        let folder = tempfile::Builder::new().prefix("oolong-bundle").tempdir()?;
        let path = folder.path();
        fs::create_dir_all(path.join("objects/info"))?;
        fs::create_dir_all(path.join("refs/heads"))?;
        let objects = absolute(repository.join("objects"))?;
        fs::write(path.join("objects/info/alternates"), format!("{}\n", objects.display()))?;
        fs::copy(repository.join("config"), path.join("config"))?;
        fs::write(path.join("HEAD"), "ref: refs/heads/bundle\n")?;
        fs::write(path.join("refs/heads/bundle"), format!("{commit}\n"))?;
        let stream = self.stream(path, &["bundle", "create", "-", "refs/heads/bundle", "HEAD"])?;
        Ok(stream.keeping(folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_at_the_known_ends() {
        assert_eq!(ArchiveFormat::split("v1.0.tar.gz"), Some(("v1.0", ArchiveFormat::TarGz)));
        assert_eq!(ArchiveFormat::split("main.zip"), Some(("main", ArchiveFormat::Zip)));
        assert_eq!(ArchiveFormat::split("a/b.bundle"), Some(("a/b", ArchiveFormat::Bundle)));
        for bad in ["main.rar", "main", ".zip", "zip"] {
            assert_eq!(ArchiveFormat::split(bad), None, "{bad}");
        }
    }
}
