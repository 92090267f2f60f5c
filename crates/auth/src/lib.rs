//! The authentication pipeline: what a client presents becomes one [`Caller`], exactly once a request.
//!
//! Credentials are parsed into [`Presented`] (data, no framework type), the surface's chain of authenticators turns
//! it into an identity or a refusal, and [`standing`] is asked once for every surface. Permissions of people on
//! repositories are in [`permission`]. Nothing here writes a response.

mod authenticator;
mod caller;
mod chain;
pub mod permission;
mod presented;
mod standing;

pub use caller::Caller;
pub use chain::{Chain, Outcome, Rejection, Surface};
pub use presented::{Basic, Presented};
pub use standing::standing;
