//! The schema: what is built equals what Gitea 1.27 builds, and what Gitea built is left alone.

pub(crate) mod introspect;

use introspect::{rows, schema, tables};
use oolong_migrations::{MigrationError, Outcome, State, gitea, migrate, state};
use oolong_tests::{
    database::{TestDatabase, each_backend},
    reference,
};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};
use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

const OWN_TABLES: [&str; 3] = ["oolong_migration", "oolong_push", "oolong_token_digest"];

fn is_theirs(object: &str) -> bool {
    !object.contains("oolong_")
}

fn without_own(objects: BTreeSet<String>) -> BTreeSet<String> {
    objects.into_iter().filter(|object| is_theirs(object)).collect()
}

/// Both directions, so that a failure names the few differing objects and not five hundred equal ones.
fn assert_same(ours: &BTreeSet<String>, theirs: &BTreeSet<String>, what: &str) {
    let extra: Vec<_> = ours.difference(theirs).collect();
    let missing: Vec<_> = theirs.difference(ours).collect();
    assert!(extra.is_empty() && missing.is_empty(), "{what}\nextra: {extra:#?}\nmissing: {missing:#?}");
}

/// A database as an instance with this version would leave it, without our tables.
async fn database_of_version(db: &DatabaseConnection, version: i64) {
    for statement in gitea::statements(db.get_database_backend()) {
        db.execute_unprepared(statement).await.unwrap();
    }
    let insert = format!("INSERT INTO version (id, version) VALUES (1, {version})");
    db.execute_unprepared(&insert).await.unwrap();
}

#[tokio::test]
async fn a_new_database_equals_one_of_gitea() {
    each_backend(async |database| {
        let db = &database.connection;
        assert_eq!(state(db).await.unwrap(), State::Empty);
        assert_eq!(migrate(db).await.unwrap(), Outcome::Created);
        assert_eq!(state(db).await.unwrap(), State::Gitea(343));
        let found = tables(db).await;
        assert_eq!(without_own(found.clone()).len(), 116);
        assert_eq!(found.iter().filter(|name| !is_theirs(name)).collect::<Vec<_>>(), OWN_TABLES);

        let name = match database.backend {
            DbBackend::Postgres => "postgres",
            DbBackend::MySql => "mysql",
            _ => "sqlite",
        };
        let file = format!("reference/gitea-1.27/schema-{name}.sql");
        let Some(path) = reference::shared(&file) else { return };
        let text = reference::read(&path);
        let theirs = match database.backend {
            DbBackend::Postgres => {
                // PostgreSQL describes equal things in many ways, so both are read back from a server.
                let other = TestDatabase::postgres().await.unwrap();
                other.connection.execute_unprepared(&text).await.unwrap();
                let schema = schema(&other.connection).await;
                other.remove().await;
                schema
            }
            DbBackend::MySql => introspect::mysql_text(&text),
            _ => introspect::sqlite_text(&text),
        };
        assert!(theirs.len() >= 498, "{file} was not understood");
        assert_same(&without_own(schema(db).await), &theirs, &file);
    })
    .await;
}

#[tokio::test]
async fn a_new_database_holds_the_version_row_only() {
    each_backend(async |database| {
        migrate(&database.connection).await.unwrap();
        let all = rows(&database.connection).await;
        let theirs: Vec<_> = all.iter().filter(|(table, _)| is_theirs(table)).collect();
        assert_eq!(theirs.iter().map(|(_, rows)| rows.len()).sum::<usize>(), 1);
        assert_eq!(all["version"].len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_new_mariadb_database_tells_upper_from_lower_case() {
    let Some(database) = TestDatabase::mariadb().await else { return };
    migrate(&database.connection).await.unwrap();
    assert_eq!(introspect::mysql_collation(&database.connection).await, "utf8mb4_uca1400_as_cs");
}

#[tokio::test]
async fn a_database_of_gitea_is_only_added_to() {
    let Some(sample) = reference::shared("oracle/sample-instance") else { return };
    let mut databases = vec![TestDatabase::sqlite_copy(&sample.join("data/forge.db")).await];
    let servers = [
        (TestDatabase::postgres().await, "db-postgres.sql"),
        (TestDatabase::mariadb().await, "db-mysql.sql"),
    ];
    for (database, dump) in servers {
        if let Some(database) = database {
            database.connection.execute_unprepared(&reference::read(&sample.join(dump))).await.unwrap();
            databases.push(database);
        }
    }
    for database in databases {
        println!("on {:?}", database.backend);
        let db = &database.connection;
        assert_eq!(state(db).await.unwrap(), State::Gitea(343));
        let (schema_before, rows_before) = (schema(db).await, rows(db).await);
        assert!(rows_before.values().map(Vec::len).sum::<usize>() > 500, "the sample was not loaded");
        assert_eq!(migrate(db).await.unwrap(), Outcome::Extended);
        assert_same(&without_own(schema(db).await), &schema_before, "schema");
        let mut rows_after = rows(db).await;
        rows_after.retain(|table, _| is_theirs(table));
        assert!(rows_after == rows_before, "rows of Gitea's tables have changed");
        let added: Vec<_> = tables(db).await.into_iter().filter(|name| !is_theirs(name)).collect();
        assert_eq!(added, OWN_TABLES);
        assert_eq!(migrate(db).await.unwrap(), Outcome::Unchanged);
        database.remove().await;
    }
}

#[tokio::test]
async fn other_versions_are_refused_untouched() {
    for (version, sentence) in [(342, "start Gitea 1.27 on it once"), (344, "newer Gitea")] {
        each_backend(async |database| {
            let db = &database.connection;
            database_of_version(db, version).await;
            let before = (schema(db).await, rows(db).await);
            assert_eq!(state(db).await.unwrap(), State::Gitea(version));
            let refusal = migrate(db).await.unwrap_err();
            assert!(matches!(refusal, MigrationError::Older { .. }) == (version == 342), "{refusal}");
            assert!(refusal.to_string().contains(sentence), "{refusal}");
            assert!(before == (schema(db).await, rows(db).await), "the refused database was changed");
        })
        .await;
    }
}

#[tokio::test]
async fn a_database_of_something_else_is_refused_untouched() {
    each_backend(async |database| {
        let db = &database.connection;
        db.execute_unprepared("CREATE TABLE customer (id INTEGER)").await.unwrap();
        for _ in 0..2 {
            let before = schema(db).await;
            assert_eq!(state(db).await.unwrap(), State::Foreign);
            assert!(matches!(migrate(db).await, Err(MigrationError::Foreign)));
            assert_same(&schema(db).await, &before, "the refused database");
            // Still not Gitea's with a table of that name in it.
            db.execute_unprepared("CREATE TABLE IF NOT EXISTS version (id INTEGER)").await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn a_database_of_a_newer_oolong_is_refused() {
    each_backend(async |database| {
        let db = &database.connection;
        migrate(db).await.unwrap();
        let future = "INSERT INTO oolong_migration (version, applied_at) VALUES ('m9999_future', 0)";
        db.execute_unprepared(future).await.unwrap();
        let refusal = migrate(db).await.unwrap_err();
        assert!(matches!(&refusal, MigrationError::NewerOolong { migration } if migration == "m9999_future"));
    })
    .await;
}

#[tokio::test]
async fn migrating_again_changes_nothing_and_is_quick() {
    each_backend(async |database| {
        let db = &database.connection;
        migrate(db).await.unwrap();
        let before = (schema(db).await, rows(db).await);
        let mut quickest = Duration::MAX;
        for _ in 0..20 {
            let start = Instant::now();
            assert_eq!(migrate(db).await.unwrap(), Outcome::Unchanged);
            quickest = quickest.min(start.elapsed());
        }
        assert!(before == (schema(db).await, rows(db).await));
        // The quickest of many, since the machine may be busy with other tests.
        assert!(quickest < Duration::from_millis(10), "{quickest:?}");
    })
    .await;
}

#[tokio::test]
async fn either_of_giteas_unstable_action_indexes_may_be_absent() {
    each_backend(async |database| {
        let db = &database.connection;
        database_of_version(db, gitea::VERSION).await;
        let drop = match database.backend {
            DbBackend::MySql => "DROP INDEX `IDX_action_c_u` ON `action`",
            _ => "DROP INDEX \"IDX_action_c_u\"",
        };
        db.execute_unprepared(drop).await.unwrap();
        let before = schema(db).await;
        assert_eq!(migrate(db).await.unwrap(), Outcome::Extended);
        assert_same(&without_own(schema(db).await), &before, "schema");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_start_together_migrate_once() {
    each_backend(async |database| {
        let mut starts = Vec::new();
        for _ in 0..4 {
            let db = database.connect().await;
            starts.push(tokio::spawn(async move { migrate(&db).await }));
        }
        let mut created = 0;
        for start in starts {
            created += usize::from(start.await.unwrap().unwrap() == Outcome::Created);
        }
        assert_eq!(created, 1);
        assert_eq!(without_own(tables(&database.connection).await).len(), 116);
    })
    .await;
}

#[tokio::test]
async fn an_interrupted_creation_is_continued() {
    each_backend(async |database| {
        let db = &database.connection;
        for statement in gitea::statements(database.backend).take(50) {
            db.execute_unprepared(statement).await.unwrap();
        }
        assert_eq!(migrate(db).await.unwrap(), Outcome::Created);
        let other = TestDatabase::sqlite().await;
        migrate(&other.connection).await.unwrap();
        assert_eq!(tables(db).await, tables(&other.connection).await);
        assert_eq!(state(db).await.unwrap(), State::Gitea(gitea::VERSION));
    })
    .await;
}
