//! What a database holds before anything is done to it. Only reads.

use crate::{error::MigrationError, gitea};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};
use std::collections::BTreeSet;

/// What a database holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// No tables, or only those of a creation that was interrupted and may be continued.
    Empty,
    /// A Gitea database with this schema version.
    Gitea(i64),
    /// Tables of something else.
    Foreign,
}

/// Tells what the database holds; changes nothing.
///
/// # Errors
/// The database could not be read.
pub async fn state(db: &DatabaseConnection) -> Result<State, MigrationError> {
    Ok(Inspection::of(db).await?.state)
}

/// The state together with the names of the tables it was judged by.
pub(crate) struct Inspection {
    pub(crate) state: State,
    pub(crate) tables: BTreeSet<String>,
}

impl Inspection {
    pub(crate) async fn of(db: &impl ConnectionTrait) -> Result<Self, MigrationError> {
        let tables = tables(db).await.map_err(MigrationError::while_trying("list its tables"))?;
        let state = judge(db, &tables).await.map_err(MigrationError::while_trying("tell its version"))?;
        Ok(Self { state, tables })
    }
}

async fn judge(db: &impl ConnectionTrait, tables: &BTreeSet<String>) -> Result<State, DbErr> {
    let known: BTreeSet<&str> = gitea::tables().collect();
    let theirs: Vec<&str> =
        tables.iter().map(String::as_str).filter(|name| !name.starts_with("oolong_")).collect();
    let only_gitea = theirs.iter().all(|name| known.contains(name));
    if theirs.is_empty() {
        return Ok(State::Empty);
    }
    let has_all = |names: &[&str]| names.iter().all(|name| tables.contains(*name));
    if has_all(&["version", "user", "repository"])
        && let Some(version) = recorded_version(db).await?
    {
        return Ok(State::Gitea(version));
    }
    // MySQL commits every CREATE TABLE by itself, so a creation can end half-way. It starts with an empty `version`
    // table and writes its row last; Gitea takes an empty `version` table for a new database, too.
    if only_gitea && tables.contains("version") && recorded_version(db).await?.is_none() {
        return Ok(State::Empty);
    }
    Ok(State::Foreign)
}

async fn recorded_version(db: &impl ConnectionTrait) -> Result<Option<i64>, DbErr> {
    let sql = "SELECT version FROM version WHERE id = 1";
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    row.map(|row| row.try_get_by_index::<Option<i64>>(0)).transpose().map(Option::flatten)
}

/// The names of all tables in the schema the connection works in.
async fn tables(db: &impl ConnectionTrait) -> Result<BTreeSet<String>, DbErr> {
    let backend = db.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => {
            "SELECT tablename::text FROM pg_catalog.pg_tables WHERE schemaname = current_schema()"
        }
        DbBackend::MySql => {
            "SELECT CAST(table_name AS CHAR) FROM information_schema.tables \
             WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'"
        }
        _ => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    };
    let rows = db.query_all_raw(Statement::from_string(backend, sql)).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}
