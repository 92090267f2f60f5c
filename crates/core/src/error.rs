//! One error for everything that crosses a crate's border: what kind, what a stranger may read, what the log gets.

use std::borrow::Cow;
use std::fmt;

/// Any cause.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The usual result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, in terms every surface can render. Statuses are chosen by `oolong-http` alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The request cannot be understood (malformed body, bad query value).
    Malformed,
    /// The request is understood, but a value in it is not acceptable.
    Invalid,
    /// Nobody is signed in, and somebody has to be.
    Unauthenticated,
    /// Who asks may not do this.
    Forbidden,
    /// There is no such thing, or who asks may not know of it.
    NotFound,
    /// It is there already, or has changed meanwhile.
    Conflict,
    /// The thing is locked against changes (an archived repository).
    Locked,
    /// The body is larger than allowed.
    TooLarge,
    /// Too many attempts.
    Throttled,
    /// The server does not do this.
    Unsupported,
    /// The method is not offered here.
    MethodNotAllowed,
    /// Something we depend on is away for the moment (database, disk).
    Unavailable,
    /// Our fault.
    Internal,
}

/// An error with two messages: `message` may be read by a stranger, `source` is for the log.
pub struct Error {
    kind: ErrorKind,
    message: Cow<'static, str>,
    source: Option<BoxError>,
}

impl Error {
    /// An error of this kind, with the sentence a client may read.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, message: message.into(), source: None }
    }

    /// Our fault: the client learns nothing but that.
    pub fn internal(source: impl Into<BoxError>) -> Self {
        Self { kind: ErrorKind::Internal, message: "internal error".into(), source: Some(source.into()) }
    }

    /// Something we need is away; trying again later helps.
    pub fn unavailable(source: impl Into<BoxError>) -> Self {
        Self {
            kind: ErrorKind::Unavailable,
            message: "temporarily unavailable".into(),
            source: Some(source.into()),
        }
    }

    /// There is no such thing.
    pub fn not_found(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::NotFound, message)
    }

    /// A value is not acceptable; `message` names the field and the reason.
    pub fn invalid(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Invalid, message)
    }

    /// The request cannot be understood.
    pub fn malformed(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Malformed, message)
    }

    /// Who asks may not do this.
    pub fn forbidden(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Forbidden, message)
    }

    /// It exists already.
    pub fn conflict(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Conflict, message)
    }

    /// Somebody has to sign in.
    pub fn unauthenticated(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Unauthenticated, message)
    }

    /// Keeps the cause for the log.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The same error seen as another kind: some operations answer 409 where others answer 422.
    #[must_use]
    pub fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.kind = kind;
        self
    }

    /// What kind of error it is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The sentence a client may read.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Whether it is our fault rather than the client's.
    pub fn is_ours(&self) -> bool {
        matches!(self.kind, ErrorKind::Internal | ErrorKind::Unavailable)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}: {}", self.kind, self.message)?;
        let mut cause = self.source.as_deref().map(|source| source as &dyn std::error::Error);
        while let Some(error) = cause {
            write!(formatter, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}

/// Turns the errors of libraries into ours where no better kind is known.
pub trait ResultExt<T> {
    /// Any failure here is our fault.
    fn or_internal(self) -> Result<T>;
}

impl<T, E: Into<BoxError>> ResultExt<T> for std::result::Result<T, E> {
    fn or_internal(self) -> Result<T> {
        self.map_err(Error::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cause_is_for_the_log_alone() {
        let error = Error::internal("disk on fire");
        assert_eq!(error.to_string(), "internal error");
        assert!(format!("{error:?}").contains("disk on fire"));
    }
}
