//! Repositories on disk, seen from the async side: reading runs beside the async threads, and errors become ours.

use oolong_core::{Error, ErrorKind, Result};
use oolong_git::{Repo, RepositoryPath};

/// `?` for the git crate's results.
pub trait GitResultExt<T> {
    /// The same result with our error: what the client asked for wrongly is theirs, the rest is ours.
    fn or_git(self) -> Result<T>;
}

impl<T> GitResultExt<T> for oolong_git::Result<T> {
    fn or_git(self) -> Result<T> {
        self.map_err(classify)
    }
}

/// What a git error means to the rest of us.
pub fn classify(error: oolong_git::Error) -> Error {
    use oolong_git::ErrorKind as Git;
    let kind = match error.kind() {
        Git::NotFound | Git::Empty => ErrorKind::NotFound,
        Git::Invalid => ErrorKind::Invalid,
        Git::AlreadyExists | Git::Stale | Git::Raced => ErrorKind::Conflict,
        Git::Unsupported => ErrorKind::Unsupported,
        Git::Internal => return Error::internal(error),
    };
    Error::new(kind, error.to_string()).with_source(error)
}

/// Opens a repository and reads it beside the async threads.
pub async fn read<T: Send + 'static>(
    path: RepositoryPath,
    work: impl FnOnce(&Repo) -> oolong_git::Result<T> + Send + 'static,
) -> Result<T> {
    blocking(move || work(&path.open()?)).await
}

/// Runs work on the disk beside the async threads.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> oolong_git::Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?.or_git()
}
