//! Time as an argument: production reads the system, tests set it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use serde::Serialize;

/// Seconds since 1970-01-01T00:00:00Z, the form in which Gitea stores times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixSeconds(pub i64);

impl UnixSeconds {
    /// Whether no time was stored (Gitea writes 0).
    pub fn is_unset(self) -> bool {
        self.0 == 0
    }

    /// RFC 3339 in UTC with whole seconds, as in API answers.
    pub fn to_rfc3339(self) -> String {
        jiff::Timestamp::from_second(self.0)
            .map_or_else(|_| "0001-01-01T00:00:00Z".to_owned(), |t| t.to_string())
    }

    /// The moment that `text` (RFC 3339) names.
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>().ok().map(|t| Self(t.as_second()))
    }
}

impl Serialize for UnixSeconds {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_rfc3339())
    }
}

/// Where the current time comes from.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// A clock that moves only when it is told to.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `seconds`.
    pub fn manual(seconds: i64) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(seconds)))
    }

    /// Now.
    pub fn now(&self) -> UnixSeconds {
        match self {
            Self::System => UnixSeconds(jiff::Timestamp::now().as_second()),
            Self::Manual(seconds) => UnixSeconds(seconds.load(Ordering::SeqCst)),
        }
    }

    /// Moves a manual clock; the system's clock stays as it is.
    pub fn advance(&self, seconds: i64) {
        if let Self::Manual(now) = self {
            now.fetch_add(seconds, Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_as_the_api_does() {
        assert_eq!(UnixSeconds(0).to_rfc3339(), "1970-01-01T00:00:00Z");
        assert_eq!(UnixSeconds(1_767_323_045).to_rfc3339(), "2026-01-02T03:04:05Z");
        assert_eq!(UnixSeconds::parse_rfc3339("2026-01-02T04:04:05+01:00"), Some(UnixSeconds(1_767_323_045)));
    }

    #[test]
    fn manual_clock_moves_when_told() {
        let clock = Clock::manual(10);
        let shared = clock.clone();
        shared.advance(5);
        assert_eq!(clock.now(), UnixSeconds(15));
    }
}
