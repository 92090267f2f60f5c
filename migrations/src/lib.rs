//! The database schema and its ordered migrations, nothing else.
//!
//! Two layers, kept apart:
//!
//! * **Gitea's tables** ([`gitea`]). A new database gets exactly the tables, columns, types, defaults and indexes of a
//!   fresh Gitea 1.27.0, and its `version` row. A database that has them already is never altered here, so that Gitea
//!   can go back to it.
//! * **Our tables** ([`own`]), all named `oolong_*`, which Gitea ignores. They have their own history in
//!   `oolong_migration`.
//!
//! No entity, no query and no business rule may live here.

mod error;
pub mod gitea;
mod lock;
pub mod own;
mod state;

pub use error::MigrationError;
pub use state::{State, state};

use lock::Exclusive;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};
use state::Inspection;

/// What [`migrate`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The database was empty; all tables were made.
    Created,
    /// A Gitea database was found; tables of ours were added to it, or brought up to date.
    Extended,
    /// Nothing was left to do.
    Unchanged,
}

/// Choices for a database that is made anew.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Collation on MySQL and MariaDB (`[database] CHARSET_COLLATION`); without it the best case-sensitive one.
    pub mysql_collation: Option<String>,
}

/// Brings the database to the state this program works with; see [`migrate_with`].
///
/// # Errors
/// As [`migrate_with`].
pub async fn migrate(db: &DatabaseConnection) -> Result<Outcome, MigrationError> {
    migrate_with(db, &Options::default()).await
}

/// Brings the database to the state this program works with.
///
/// An empty database gets Gitea's tables and ours. A Gitea 1.27 database keeps its tables as they are and gets ours.
/// Several processes may call this at once; one works and the others wait. When nothing is to be done, this costs
/// three small queries and takes no lock.
///
/// # Errors
/// Refuses, without changing anything, a database of another Gitea version, one that holds something else, and one
/// that a newer Oolong has migrated.
pub async fn migrate_with(db: &DatabaseConnection, options: &Options) -> Result<Outcome, MigrationError> {
    if let Step::Nothing = next_step(db).await? {
        return Ok(Outcome::Unchanged);
    }
    let exclusive = Exclusive::begin(db).await?;
    let result = migrate_locked(&exclusive, options).await;
    exclusive.end(result.is_ok()).await?;
    result
}

/// What remains to be done, and the only place that decides it.
#[derive(Clone, Copy, Debug)]
enum Step {
    CreateAll,
    AddOwn,
    Nothing,
}

async fn next_step(db: &impl ConnectionTrait) -> Result<Step, MigrationError> {
    let inspection = Inspection::of(db).await?;
    match inspection.state {
        State::Empty => Ok(Step::CreateAll),
        State::Foreign => Err(MigrationError::Foreign),
        State::Gitea(found) if found < gitea::VERSION => Err(MigrationError::Older { found }),
        State::Gitea(found) if found > gitea::VERSION => Err(MigrationError::Newer { found }),
        State::Gitea(_) if own::is_current(db, &inspection.tables).await? => Ok(Step::Nothing),
        State::Gitea(_) => Ok(Step::AddOwn),
    }
}

async fn migrate_locked(exclusive: &Exclusive, options: &Options) -> Result<Outcome, MigrationError> {
    let db = exclusive.connection();
    // Asked again under the lock: another process may have done the work while this one waited.
    let outcome = match next_step(db).await? {
        Step::Nothing => return Ok(Outcome::Unchanged),
        Step::AddOwn => Outcome::Extended,
        Step::CreateAll => Outcome::Created,
    };
    if outcome == Outcome::Created {
        tracing::info!(backend = backend_name(db), "creating the tables of a new database");
        gitea::create(db, options).await?;
    }
    own::apply(db).await?;
    if outcome == Outcome::Created {
        // Last, so that an interrupted creation is recognised (see `state`) and continued.
        gitea::record_version(db).await?;
    }
    Ok(outcome)
}

fn backend_name(db: &impl ConnectionTrait) -> &'static str {
    match db.get_database_backend() {
        DbBackend::Sqlite => "SQLite",
        DbBackend::Postgres => "PostgreSQL",
        DbBackend::MySql => "MySQL",
        _ => "unknown",
    }
}
