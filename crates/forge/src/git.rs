//! Repositories on disk, seen from the async side: reading runs beside the async threads, and errors become ours.

use oolong_config::Settings;
use oolong_core::{Error, ErrorKind, Result, UnixSeconds};
use oolong_db::entity::user;
use oolong_git::{Moment, Repo, RepositoryPath, Signature};

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

/// How commits that the server makes for a person name them; a private address is replaced.
pub fn signature(settings: &Settings, user: &user::Model, when: UnixSeconds) -> Signature {
    let full_name = user.full_name.trim();
    let name = if full_name.is_empty() { &user.name } else { full_name };
    let email = if user.keep_email_private || user.email.is_empty() {
        format!("{}+{}@{}", user.id, user.lower_name, settings.service.no_reply_address)
    } else {
        user.email.clone()
    };
    Signature::new(name, email, Moment::utc(when.0))
}

/// Opens a repository and reads it beside the async threads.
pub async fn read<T: Send + 'static>(
    path: RepositoryPath,
    work: impl FnOnce(&Repo) -> oolong_git::Result<T> + Send + 'static,
) -> Result<T> {
    blocking(move || work(&path.open()?)).await
}

/// Runs work on the disk beside the async threads.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> oolong_git::Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?.or_git()
}

/// A moment of git as RFC 3339, in the writer's own offset, as Gitea shows it.
pub fn rfc3339(moment: Moment) -> String {
    let offset = jiff::tz::Offset::from_seconds(moment.offset_minutes.saturating_mul(60))
        .unwrap_or(jiff::tz::Offset::UTC);
    let Ok(time) = jiff::Timestamp::from_second(moment.seconds) else {
        return "0001-01-01T00:00:00Z".to_owned();
    };
    if offset == jiff::tz::Offset::UTC {
        time.to_string()
    } else {
        time.display_with_offset(offset).to_string()
    }
}

/// The moment that an RFC 3339 text names, in the offset it is written in.
pub fn parse_rfc3339(text: &str) -> Option<Moment> {
    let time: jiff::Timestamp = text.parse().ok()?;
    let offset = jiff::fmt::temporal::Pieces::parse(text).ok()?.to_numeric_offset()?;
    Some(Moment { seconds: time.as_second(), offset_minutes: offset.seconds() / 60 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_keep_their_offset() {
        let at = |offset_minutes| rfc3339(Moment { seconds: 1_770_091_506, offset_minutes });
        assert_eq!(at(0), "2026-02-03T04:05:06Z");
        assert_eq!(at(60), "2026-02-03T05:05:06+01:00");
        assert_eq!(at(-210), "2026-02-03T00:35:06-03:30");
        for text in ["2026-02-03T05:05:06+01:00", "2026-02-03T04:05:06Z"] {
            assert_eq!(parse_rfc3339(text).map(rfc3339).as_deref(), Some(text));
        }
        assert_eq!(parse_rfc3339("yesterday"), None);
    }
}
