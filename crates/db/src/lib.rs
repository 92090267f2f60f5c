//! The database: Gitea's tables as entities, finders and writers as functions over a connection, and [`Db`].
//!
//! `find_*` gives an `Option`, `get_*` a value or `NotFound`, `list_*` a page. Functions take a connection, so that
//! the caller decides which transaction they belong to; transactions are begun in use-cases (`oolong-forge`).
//! No HTTP, no files, no git.

pub mod accesses;
pub mod account_rows;
pub mod auth_tokens;
pub mod authors;
pub mod blocks;
pub mod branches;
pub mod collaborations;
pub mod commit_statuses;
pub mod deploy_keys;
pub mod email_addresses;
pub mod entity;
mod error;
pub mod feed_lists;
pub mod feeds;
pub mod follows;
mod handle;
pub mod heatmap;
pub mod issue_people;
pub mod login_sources;
pub mod organisations;
pub mod people;
pub mod permission_facts;
pub mod protections;
pub mod public_keys;
pub mod pushes;
pub mod repo_people;
pub mod repo_units;
pub mod repositories;
pub mod repository_facts;
pub mod repository_search;
pub mod rows;
pub mod second_factors;
pub mod star_changes;
pub mod stars;
pub mod tag_rows;
pub mod teams;
pub mod tokens;
pub mod topics;
pub mod unit_config;
pub mod users;
pub mod watch_changes;
pub mod watches;

pub use error::{Classify, classify, is_unique_violation};
pub use handle::Db;
pub use sea_orm;
