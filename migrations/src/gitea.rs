//! Gitea's own tables, as data: the schema of a fresh Gitea 1.27.0 for each kind of database.
//!
//! The statements in `schema/gitea-343` stand one to a line. `IF NOT EXISTS` lets an interrupted creation go on (SQLite
//! does not store those words, and Gitea reads the stored text back at each start, so nothing else in it may differ from
//! what Gitea wrote). The `version` table comes first because an empty one says that a creation is under way. On MySQL the
//! character set and collation are added when a statement is run.

use crate::{Options, error::MigrationError};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

/// The schema version of Gitea 1.27.
pub const VERSION: i64 = 343;

const SQLITE: &str = include_str!("../schema/gitea-343/sqlite.sql");
const POSTGRES: &str = include_str!("../schema/gitea-343/postgres.sql");
const MYSQL: &str = include_str!("../schema/gitea-343/mysql.sql");

/// The statements that create Gitea's tables and indexes, without the final semicolons.
pub fn statements(backend: DbBackend) -> impl Iterator<Item = &'static str> {
    let schema = match backend {
        DbBackend::Postgres => POSTGRES,
        DbBackend::MySql => MYSQL,
        _ => SQLITE,
    };
    schema.lines().map(|line| line.strip_suffix(';').unwrap_or(line))
}

/// The names of Gitea's tables.
pub fn tables() -> impl Iterator<Item = &'static str> {
    let created = |line: &'static str| line.strip_prefix("CREATE TABLE IF NOT EXISTS `")?.split('`').next();
    statements(DbBackend::Sqlite).filter_map(created)
}

/// Creates what is missing of Gitea's tables and indexes in a database known to hold nothing else.
pub(crate) async fn create(db: &impl ConnectionTrait, options: &Options) -> Result<(), MigrationError> {
    let backend = db.get_database_backend();
    let suffix = match backend {
        DbBackend::MySql => {
            let collation = mysql_collation(db, options).await?;
            prefer_collation(db, &collation).await;
            format!(" DEFAULT CHARSET=utf8mb4 COLLATE={collation}")
        }
        _ => String::new(),
    };
    for statement in statements(backend) {
        let creating = || MigrationError::while_trying(format!("run `{}…`", beginning(statement)));
        db.execute_unprepared(&format!("{statement}{suffix}")).await.map_err(creating())?;
    }
    Ok(())
}

/// Writes the row by which Gitea knows that the database is complete.
pub(crate) async fn record_version(db: &impl ConnectionTrait) -> Result<(), MigrationError> {
    let recording = || MigrationError::while_trying("record the schema version");
    let sql = format!("INSERT INTO version (id, version) VALUES (1, {VERSION})");
    db.execute_unprepared(&sql).await.map_err(recording())?;
    if db.get_database_backend() == DbBackend::Postgres {
        // A number given by hand does not move the sequence.
        db.execute_unprepared("SELECT setval('version_id_seq', 1)").await.map_err(recording())?;
    }
    Ok(())
}

/// The part of a statement that names what it makes.
fn beginning(statement: &str) -> &str {
    statement.split_once(" (").map_or(statement, |(start, _)| start)
}

/// The collation for a new database: the configured one, or the first case-sensitive one the server knows, or the
/// binary one, which every server knows. This is Gitea's own order of preference.
async fn mysql_collation(db: &impl ConnectionTrait, options: &Options) -> Result<String, MigrationError> {
    if let Some(name) = options.mysql_collation.as_deref().filter(|name| !name.is_empty()) {
        let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        return if plain { Ok(name.to_owned()) } else { Err(MigrationError::Collation(name.to_owned())) };
    }
    // MariaDB lists its own under a name without the character set, since it serves several.
    let sql = "SELECT CAST(collation_name AS CHAR) FROM information_schema.collations \
               WHERE collation_name IN ('uca1400_as_cs', 'utf8mb4_uca1400_as_cs', 'utf8mb4_0900_as_cs')";
    let listed: Result<Vec<String>, DbErr> = async {
        let rows = db.query_all_raw(Statement::from_string(DbBackend::MySql, sql)).await?;
        rows.iter().map(|row| row.try_get_by_index(0)).collect()
    }
    .await;
    let listed = listed.map_err(MigrationError::while_trying("list its collations"))?;
    let collation = if listed.iter().any(|name| name.ends_with("uca1400_as_cs")) {
        "utf8mb4_uca1400_as_cs"
    } else if listed.iter().any(|name| name == "utf8mb4_0900_as_cs") {
        "utf8mb4_0900_as_cs"
    } else {
        "utf8mb4_bin"
    };
    Ok(collation.to_owned())
}

/// Makes the collation the default of the database, for tables that are created later. The right to do so is often
/// missing and the tables made here do not need it, so a refusal is only reported.
async fn prefer_collation(db: &impl ConnectionTrait, collation: &str) {
    let sql = format!("ALTER DATABASE CHARACTER SET utf8mb4 COLLATE {collation}");
    if let Err(error) = db.execute_unprepared(&sql).await {
        tracing::warn!(%error, collation, "the default collation of the database could not be changed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const BACKENDS: [DbBackend; 3] = [DbBackend::Sqlite, DbBackend::Postgres, DbBackend::MySql];

    #[test]
    fn every_line_is_one_complete_statement() {
        for text in [SQLITE, POSTGRES, MYSQL] {
            assert!(text.lines().all(|line| line.ends_with(';')), "a statement is spread over lines");
        }
        for statement in BACKENDS.into_iter().flat_map(statements) {
            let object = ["TABLE", "INDEX", "UNIQUE INDEX"];
            let creates = |kind: &str| statement.starts_with(&format!("CREATE {kind} IF NOT EXISTS "));
            assert!(object.into_iter().any(creates), "{statement}");
            assert!(!statement.contains(';') && !statement.contains("--"), "{statement}");
            let (open, close) = (statement.matches('(').count(), statement.matches(')').count());
            assert_eq!(open, close, "{statement}");
        }
    }

    #[test]
    fn all_backends_create_the_same_tables_and_indexes() {
        assert_eq!(tables().count(), 116);
        assert_eq!(tables().next(), Some("version"));
        let named = |backend, kind: &'static str| -> BTreeSet<String> {
            let name = move |statement: &'static str| {
                let rest = statement.strip_prefix("CREATE ")?;
                let rest = rest.strip_prefix("UNIQUE ").unwrap_or(rest).strip_prefix(kind)?;
                let word = rest.strip_prefix(" IF NOT EXISTS ")?.split(' ').next()?;
                Some(word.trim_matches(['`', '"']).to_owned())
            };
            statements(backend).filter_map(name).collect()
        };
        for backend in BACKENDS {
            assert_eq!(named(backend, "TABLE").len(), 116);
            assert_eq!(named(backend, "TABLE"), named(DbBackend::Sqlite, "TABLE"));
        }
        let sqlite = named(DbBackend::Sqlite, "INDEX");
        assert_eq!(sqlite, named(DbBackend::Postgres, "INDEX"));
        let in_mysql = |name: &String| MYSQL.contains(&format!("KEY `{name}` ("));
        assert_eq!(sqlite.iter().filter(|name| !in_mysql(name)).count(), 0);
        let keys = MYSQL.matches(" KEY `").count() + MYSQL.matches(",KEY `").count();
        assert_eq!(sqlite.len(), keys);
    }

    #[test]
    fn an_error_names_the_statement_without_its_columns() {
        assert_eq!(
            beginning("CREATE TABLE IF NOT EXISTS `t` (`id` INTEGER)"),
            "CREATE TABLE IF NOT EXISTS `t`"
        );
    }
}
