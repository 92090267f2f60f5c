//! Gitea's JSON. One file a noun; names and order of fields are Gitea's (`swagger-v1.json`).

pub mod email;
mod json;
pub mod organization;
pub mod public_key;
pub mod repository;
pub mod team;
pub mod time;
pub mod token;
pub mod user;
pub mod user_settings;

pub use json::{Created, Json};
