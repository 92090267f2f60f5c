//! What can go wrong with a repository. One enum; the surfaces ask [`Error::kind`] and choose a status themselves.

use std::io;

/// This crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failed operation on a repository.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The thing asked for is not there.
    #[error("{what} `{name}` does not exist")]
    NotFound {
        /// What kind of thing.
        what: &'static str,
        /// Its name as it was asked for.
        name: String,
    },
    /// The caller's value cannot be used.
    #[error("{field}: {reason}")]
    Invalid {
        /// The field the value came in.
        field: &'static str,
        /// Why it cannot be used.
        reason: String,
    },
    /// Something of that name is there already.
    #[error("{what} `{name}` exists already")]
    AlreadyExists {
        /// What kind of thing.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// The caller expected another version of the file or branch than the one there is.
    #[error("`{name}` is at {found}, not at {expected}")]
    Stale {
        /// The file or reference.
        name: String,
        /// What the caller named.
        expected: String,
        /// What is there.
        found: String,
    },
    /// A patch that cannot be applied to the branch.
    #[error("the patch does not apply")]
    PatchConflict(#[source] git2::Error),
    /// Another writer moved the reference between reading and writing it.
    #[error("`{reference}` was changed by another writer")]
    Raced {
        /// The reference's full name.
        reference: String,
    },
    /// The repository has no commit yet.
    #[error("the repository is empty")]
    Empty,
    /// Neither libgit2 nor the installed git can do this.
    #[error("not supported: {0}")]
    Unsupported(String),
    /// The repository's files contradict themselves.
    #[error("the repository is damaged: {0}")]
    Corrupt(String),
    /// The `git` program failed.
    #[error("git {command} ended with {status}: {stderr}")]
    Program {
        /// The subcommand.
        command: String,
        /// Exit status in words.
        status: String,
        /// The end of what it said.
        stderr: String,
    },
    /// libgit2 failed.
    #[error("libgit2: {0}")]
    Git(#[from] git2::Error),
    /// The file system failed.
    #[error("file system: {0}")]
    Io(#[from] io::Error),
}

/// The coarse kind of an [`Error`]: what a surface needs to choose its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// Not there.
    NotFound,
    /// The request is at fault.
    Invalid,
    /// There already.
    AlreadyExists,
    /// Based on an outdated state.
    Stale,
    /// Lost against another writer; trying again may help.
    Raced,
    /// No commit yet.
    Empty,
    /// Cannot be done here.
    Unsupported,
    /// Our fault, or the disk's.
    Internal,
}

impl Error {
    /// The coarse kind.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound { .. } => ErrorKind::NotFound,
            Self::Invalid { .. } | Self::PatchConflict(_) => ErrorKind::Invalid,
            Self::AlreadyExists { .. } => ErrorKind::AlreadyExists,
            Self::Stale { .. } => ErrorKind::Stale,
            Self::Raced { .. } => ErrorKind::Raced,
            Self::Empty => ErrorKind::Empty,
            Self::Unsupported(_) => ErrorKind::Unsupported,
            Self::Corrupt(_) | Self::Program { .. } | Self::Git(_) | Self::Io(_) => ErrorKind::Internal,
        }
    }

    /// There is no such thing, or none that may be named.
    pub fn not_found(what: &'static str, name: impl Into<String>) -> Self {
        Self::NotFound { what, name: name.into() }
    }

    pub(crate) fn invalid(field: &'static str, reason: impl Into<String>) -> Self {
        Self::Invalid { field, reason: reason.into() }
    }

    pub(crate) fn exists(what: &'static str, name: impl Into<String>) -> Self {
        Self::AlreadyExists { what, name: name.into() }
    }

    /// Turns libgit2's "not found" (and its cousins about unusable names) into ours, and keeps everything else.
    pub(crate) fn missing(what: &'static str, name: impl Into<String>) -> impl FnOnce(git2::Error) -> Self {
        move |error| match error.code() {
            git2::ErrorCode::NotFound
            | git2::ErrorCode::InvalidSpec
            | git2::ErrorCode::Ambiguous
            | git2::ErrorCode::Peel
            | git2::ErrorCode::UnbornBranch => Self::not_found(what, name),
            // Asking for an object as a type it is not is reported as an invalid argument.
            git2::ErrorCode::GenericError if error.class() == git2::ErrorClass::Invalid => {
                Self::not_found(what, name)
            }
            _ => Self::Git(error),
        }
    }
}
