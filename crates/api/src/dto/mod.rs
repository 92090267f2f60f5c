//! Gitea's JSON. One file a noun; names and order of fields are Gitea's (`swagger-v1.json`).

mod json;
pub mod repository;
pub mod time;
pub mod token;
pub mod user;

pub use json::{Created, Json};
