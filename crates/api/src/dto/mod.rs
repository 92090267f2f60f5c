//! Gitea's JSON. One file a noun; names and order of fields are Gitea's (`swagger-v1.json`).

pub mod activity;
pub mod branch;
pub mod commit;
pub mod commit_status;
pub mod contents;
pub mod email;
pub mod git_object;
mod json;
pub mod links;
pub mod organization;
pub mod public_key;
pub mod repository;
pub mod tag;
pub mod team;
pub mod time;
pub mod token;
pub mod user;
pub mod user_settings;

pub use json::{Created, Json};
