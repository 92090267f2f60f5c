//! The vocabulary of a forge, without I/O: ids, names, scopes, access modes, identities, errors, time, pages.
//!
//! Nothing in here knows a database, a file, a socket or an HTTP status. Everything that could be invalid is
//! parsed into a type that cannot be.

mod access;
mod clock;
mod error;
mod id;
mod identity;
mod name;
mod page;
mod patch;
mod random;
mod scope;
mod secret;

pub use access::{AccessMode, Unit, Visibility};
pub use clock::{Clock, UnixSeconds};
pub use error::{BoxError, Error, ErrorKind, Result, ResultExt};
pub use id::{KeyId, OrgId, RepoId, TaskId, TeamId, TokenId, UserId};
pub use identity::{CredentialId, Identity, Method, Principal, ResourceLimit, Standing};
pub use name::{InvalidName, RepoName, UserName};
pub use page::Page;
pub use patch::Patch;
pub use random::Rng;
pub use scope::{Category, InvalidScope, Level, Scope, ScopeSet};
pub use secret::Secret;
