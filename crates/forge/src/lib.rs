//! The use-cases of a forge: what people do, each in one transaction, without HTTP.
//!
//! Functions take the [`Forge`] (settings, database, repositories, time) and the proof of what the caller may do
//! (an account, a loaded repository with its permission), never a bare id.

pub mod access_rows;
pub mod accounts;
mod context;
pub mod git;
pub mod push;
pub mod tokens;

pub use context::Forge;
