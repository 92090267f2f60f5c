//! An opened repository: what it is, and its raw objects.

use std::fs;
use std::path::{Path, PathBuf};

use crate::reference::ObjectKind;
use crate::{Error, ObjectFormat, ObjectId, Result};

/// An opened bare repository. Opening is cheap (a tenth of a millisecond): open per request, do not keep.
pub struct Repo {
    pub(crate) git: git2::Repository,
    path: PathBuf,
}

/// A file's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// Its name.
    pub id: ObjectId,
    /// Its bytes.
    pub content: Vec<u8>,
}

impl Repo {
    /// Opens the repository in exactly this folder.
    pub fn open(path: &Path) -> Result<Self> {
        let flags = git2::RepositoryOpenFlags::NO_SEARCH | git2::RepositoryOpenFlags::BARE;
        let none: [&str; 0] = [];
        match git2::Repository::open_ext(path, flags, none) {
            Ok(git) => {
                if git.config()?.get_string("extensions.objectformat").is_ok_and(|format| format != "sha1") {
                    return Err(sha256_unsupported());
                }
                Ok(Self { git, path: path.to_path_buf() })
            }
            Err(error) if error.code() == git2::ErrorCode::NotFound => {
                Err(Error::not_found("repository", path.display().to_string()))
            }
            Err(error) => match Self::format_of(path) {
                Ok(ObjectFormat::Sha256) => Err(sha256_unsupported()),
                _ => Err(Error::Git(error)),
            },
        }
    }

    /// Which hash a repository names its objects by, without opening it.
    pub fn format_of(path: &Path) -> Result<ObjectFormat> {
        let config = fs::read_to_string(path.join("config"))?;
        let sha256 = config
            .lines()
            .filter_map(|line| line.split_once('='))
            .any(|(key, value)| key.trim().eq_ignore_ascii_case("objectformat") && value.trim() == "sha256");
        Ok(if sha256 { ObjectFormat::Sha256 } else { ObjectFormat::Sha1 })
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether no branch has a commit: what Gitea calls an empty repository.
    pub fn is_empty(&self) -> Result<bool> {
        match self.git.references_glob("refs/heads/*")?.next() {
            None => Ok(true),
            Some(first) => first.map(|_| false).map_err(Error::Git),
        }
    }

    /// The branch `HEAD` points at, whether it has a commit or not. `None` when `HEAD` is detached.
    pub fn head_branch(&self) -> Result<Option<String>> {
        let head = self.git.find_reference("HEAD").map_err(Error::missing("reference", "HEAD"))?;
        Ok(head
            .symbolic_target_bytes()
            .and_then(|target| target.strip_prefix(b"refs/heads/"))
            .map(|name| String::from_utf8_lossy(name).into_owned()))
    }

    /// Lets this handle read another repository's objects as well: to compare with a fork, or to look at a push that is
    /// still in quarantine. `objects` is that repository's `objects` folder.
    pub fn borrow_objects(&self, objects: &Path) -> Result<()> {
        let text = objects
            .to_str()
            .filter(|text| !text.contains('\0'))
            .ok_or_else(|| Error::invalid("path", "an objects folder needs a plain name"))?;
        Ok(self.git.odb()?.add_disk_alternate(text)?)
    }

    /// Whether an object is there.
    pub fn has_object(&self, id: ObjectId) -> Result<bool> {
        Ok(self.git.odb()?.exists(id.to_oid()?))
    }

    /// Kind and size of an object, without reading it.
    pub fn object_header(&self, id: ObjectId) -> Result<(ObjectKind, u64)> {
        let missing = Error::missing("object", id.to_string());
        let (size, kind) = self.git.odb()?.read_header(id.to_oid()?).map_err(missing)?;
        Ok((ObjectKind::from_git(kind)?, size as u64))
    }

    /// An object's bytes, of whatever kind: Gitea's blob route answers for commits and trees as well.
    pub fn object(&self, id: ObjectId) -> Result<Blob> {
        let missing = Error::missing("object", id.to_string());
        let odb = self.git.odb()?;
        let object = odb.read(id.to_oid()?).map_err(missing)?;
        Ok(Blob { id, content: object.data().to_vec() })
    }

    /// A file's bytes; refused beyond `limit`, since big ones are to be streamed by the `git` program.
    pub fn blob(&self, id: ObjectId, limit: u64) -> Result<Blob> {
        let (kind, size) = self.object_header(id)?;
        if kind != ObjectKind::Blob {
            return Err(Error::not_found("blob", id.to_string()));
        }
        if size > limit {
            return Err(Error::invalid(
                "blob",
                format!("{size} bytes are more than the {limit} that may be read at once"),
            ));
        }
        self.object(id)
    }
}

fn sha256_unsupported() -> Error {
    Error::Unsupported(
        "libgit2 cannot read SHA-256 repositories; they can be cloned and pushed to".to_owned(),
    )
}
