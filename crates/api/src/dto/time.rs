//! Times in answers.

/// The zero time of Go, which Gitea shows where it did not load a time.
pub const ZERO: &str = "0001-01-01T00:00:00Z";

/// A stored time, as shown.
pub fn time(unix: i64) -> String {
    oolong_core::UnixSeconds(unix).to_rfc3339()
}
