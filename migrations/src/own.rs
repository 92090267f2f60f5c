//! Our own tables, one module per migration, in order. A migration that has been released is never edited again.
//!
//! Names start with `oolong_`. Gitea reads the stored text of *every* table and index in an SQLite database at each
//! start, ours included, with a simple reader: on SQLite a column's type must not have parentheses, and an index's name
//! must not contain capital `ON`.

mod m0001_token_digest;
mod m0002_push;

use crate::error::MigrationError;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, Statement};
use sea_orm_migration::{
    MigrationTrait, MigratorTrait, SchemaManager,
    sea_query::{Alias, DynIden, Index, IntoIden},
};
use std::collections::BTreeSet;

/// The table in which applied migrations are recorded.
pub const BOOKKEEPING_TABLE: &str = "oolong_migration";

struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(m0001_token_digest::Migration), Box::new(m0002_push::Migration)]
    }

    fn migration_table_name() -> DynIden {
        Alias::new(BOOKKEEPING_TABLE).into_iden()
    }
}

/// Whether all our migrations have been applied; `tables` are those the database has.
pub(crate) async fn is_current(
    db: &impl ConnectionTrait,
    tables: &BTreeSet<String>,
) -> Result<bool, MigrationError> {
    if !tables.contains(BOOKKEEPING_TABLE) {
        return Ok(false);
    }
    let applied = applied(db).await.map_err(MigrationError::while_trying("list the applied migrations"))?;
    let ours: BTreeSet<String> = Migrator::migrations().iter().map(|one| one.name().to_owned()).collect();
    match applied.difference(&ours).last() {
        Some(unknown) => Err(MigrationError::NewerOolong { migration: unknown.clone() }),
        None => Ok(applied == ours),
    }
}

async fn applied(db: &impl ConnectionTrait) -> Result<BTreeSet<String>, DbErr> {
    let sql = format!("SELECT version FROM {BOOKKEEPING_TABLE}");
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// Applies the migrations that are missing.
pub(crate) async fn apply(db: &DatabaseTransaction) -> Result<(), MigrationError> {
    Migrator::up(db, None).await.map_err(MigrationError::while_trying("create Oolong's own tables"))
}

/// Creates an index unless an interrupted run has done so: on MySQL a migration is not one transaction.
async fn create_index(
    manager: &SchemaManager<'_>,
    table: &str,
    name: &str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    if manager.has_index(table, name).await? {
        return Ok(());
    }
    let mut index = Index::create();
    index.name(name).table(Alias::new(table));
    for column in columns {
        index.col(Alias::new(*column));
    }
    manager.create_index(index).await
}

#[cfg(test)]
mod tests {
    use crate::{Outcome, State, gitea, migrate, state};
    use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};

    async fn database() -> DatabaseConnection {
        let mut options = ConnectOptions::new("sqlite::memory:");
        options.max_connections(1);
        Database::connect(options).await.unwrap()
    }

    async fn texts(db: &DatabaseConnection, sql: &str) -> Vec<String> {
        let rows = db.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    #[tokio::test]
    async fn gitea_can_read_back_the_text_of_our_tables() {
        let db = database().await;
        assert_eq!(migrate(&db).await.unwrap(), Outcome::Created);
        let of = "FROM sqlite_master WHERE tbl_name LIKE 'oolong%' AND sql IS NOT NULL AND type =";
        let tables = texts(&db, &format!("SELECT sql {of} 'table'")).await;
        assert_eq!(tables.len(), 3);
        for sql in tables {
            let (_, columns) = sql.split_once('(').unwrap();
            assert_eq!(columns.matches('(').count(), 0, "{sql}");
        }
        for sql in texts(&db, &format!("SELECT sql {of} 'index'")).await {
            assert_eq!(sql.matches("ON").count(), 1, "{sql}");
        }
    }

    #[tokio::test]
    async fn an_interrupted_creation_is_continued() {
        let db = database().await;
        for statement in gitea::statements(DbBackend::Sqlite).take(40) {
            db.execute_unprepared(statement).await.unwrap();
        }
        assert_eq!(state(&db).await.unwrap(), State::Empty);
        assert_eq!(migrate(&db).await.unwrap(), Outcome::Created);
        assert_eq!(state(&db).await.unwrap(), State::Gitea(gitea::VERSION));
        assert_eq!(migrate(&db).await.unwrap(), Outcome::Unchanged);
    }
}
