//! The use-cases of a forge: what people do, each in one transaction, without HTTP.
//!
//! Functions take the [`Forge`] (settings, database, repositories, time) and the proof of what the caller may do
//! (an account, a loaded repository with its permission), never a bare id.

pub mod access_rows;
pub mod accounts;
pub mod addresses;
pub mod blocks;
pub mod branches;
pub mod collaborators;
pub mod commit_statuses;
pub mod commits;
pub mod contents;
mod context;
pub mod deploy_keys;
pub mod editor_config;
pub mod email_addresses;
pub mod feed;
pub mod file_edits;
pub mod follows;
pub mod forks;
pub mod generation;
pub mod git;
pub mod lost_access;
pub mod markup;
pub mod options;
pub mod organisations;
pub mod owner_names;
pub mod protection_teams;
pub mod push;
pub mod push_journal;
pub mod ref_rules;
pub mod repositories;
pub mod repository_deletion;
mod repository_rename;
pub mod repository_settings;
pub mod repository_units;
pub mod repository_views;
mod repository_visibility;
pub mod ssh_keys;
pub mod stars;
pub mod tags;
pub mod teams;
mod template_variables;
pub mod tokens;
pub mod topics;
pub mod transfer;
pub mod watching;

pub use context::Forge;
