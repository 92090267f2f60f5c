//! What `/api/v1/version` says: the Gitea we are compatible with, and ourselves.

/// `1.27.0+oolong-X.Y.Z`: clients that gate on Gitea's version go on working.
pub const VERSION: &str = concat!("1.27.0+oolong-", env!("CARGO_PKG_VERSION"));
