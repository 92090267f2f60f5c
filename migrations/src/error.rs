//! Why a database was refused or could not be migrated, in sentences that say what to do.

use crate::gitea;
use sea_orm::DbErr;

/// A refused or failed migration.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// An earlier Gitea wrote this database.
    #[error(
        "the database has schema version {found}, but version {} of Gitea 1.27 is needed: start Gitea 1.27 on it once, \
         so that Gitea upgrades it, then start Oolong again; nothing was changed",
        gitea::VERSION
    )]
    Older {
        /// The version the database has.
        found: i64,
    },
    /// A later Gitea wrote this database.
    #[error(
        "the database has schema version {found}, and this Oolong knows version {} of Gitea 1.27: use an Oolong made \
         for that newer Gitea, or restore a backup made with Gitea 1.27; nothing was changed",
        gitea::VERSION
    )]
    Newer {
        /// The version the database has.
        found: i64,
    },
    /// A later Oolong added tables this one does not know.
    #[error(
        "the database was migrated by a newer Oolong (migration {migration} is unknown here): use that Oolong or a later \
         one; nothing was changed"
    )]
    NewerOolong {
        /// The migration this program does not know.
        migration: String,
    },
    /// Tables are there, but not Gitea's.
    #[error(
        "the database holds tables, but it is not a Gitea database: name an empty database, or one of Gitea 1.27, in \
         section [database]; nothing was changed"
    )]
    Foreign,
    /// Another process kept the migration lock for too long.
    #[error("another process is migrating this database and has not ended: wait for it, then start again")]
    Busy,
    /// The configured collation cannot be a collation's name.
    #[error("[database] CHARSET_COLLATION {0:?} is not the name of a collation")]
    Collation(String),
    /// The database answered with an error.
    #[error("the database could not {action}: {source}")]
    Database {
        /// What was being done, to follow "could not".
        action: String,
        /// The database's answer.
        source: DbErr,
    },
}

impl MigrationError {
    /// For `map_err`: names what the database was asked to do.
    pub(crate) fn while_trying(action: impl Into<String>) -> impl FnOnce(DbErr) -> Self {
        let action = action.into();
        |source| Self::Database { action, source }
    }
}
