//! Reading a database back: its objects as texts that can be compared, and all its rows.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use std::collections::{BTreeMap, BTreeSet};

async fn texts(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// The names of all tables.
pub(crate) async fn tables(db: &DatabaseConnection) -> BTreeSet<String> {
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'",
        DbBackend::MySql => {
            "SELECT CAST(table_name AS CHAR) FROM information_schema.tables WHERE table_schema = DATABASE()"
        }
        _ => "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'sqlite_sequence'",
    };
    texts(db, sql).await.into_iter().collect()
}

/// Every table, column, key and index, each in one text that holds the table's name.
pub(crate) async fn schema(db: &DatabaseConnection) -> BTreeSet<String> {
    match db.get_database_backend() {
        DbBackend::Postgres => postgres_schema(db).await,
        DbBackend::MySql => {
            let mut objects = BTreeSet::new();
            for table in tables(db).await {
                let statement =
                    Statement::from_string(DbBackend::MySql, format!("SHOW CREATE TABLE `{table}`"));
                let row = db.query_one_raw(statement).await.unwrap().unwrap();
                objects.extend(mysql_table(&row.try_get_by_index::<String>(1).unwrap()));
            }
            objects
        }
        _ => {
            let sql = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'sqlite_sequence'";
            texts(db, sql).await.into_iter().collect()
        }
    }
}

async fn postgres_schema(db: &DatabaseConnection) -> BTreeSet<String> {
    let queries = [
        "SELECT format('column %s.%s %s: %s null=%s default=%s collation=%s', c.relname, a.attnum, a.attname,
                format_type(a.atttypid, a.atttypmod), NOT a.attnotnull, pg_get_expr(d.adbin, d.adrelid),
                nullif(a.attcollation, t.typcollation))
         FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
         LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
         WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped",
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT format('constraint %s on %s: %s', conname, conrelid::regclass, pg_get_constraintdef(oid))
         FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
        "SELECT format('sequence %s: %s %s %s %s %s %s, owned by %s', s.sequencename, s.data_type, s.start_value,
                s.min_value, s.max_value, s.increment_by, s.cache_size,
                (SELECT format('%s.%s', refobjid::regclass, refobjsubid) FROM pg_depend
                 WHERE objid = format('public.%I', s.sequencename)::regclass AND deptype IN ('a', 'i')))
         FROM pg_sequences s WHERE s.schemaname = 'public'",
    ];
    let mut objects = BTreeSet::new();
    for query in queries {
        objects.extend(texts(db, query).await);
    }
    objects
}

/// The objects of `SHOW CREATE TABLE`, one for each line. Gitea makes indexes in random order, so keys have no position;
/// columns have one. The counter of a table is no part of its schema.
fn mysql_table(text: &str) -> BTreeSet<String> {
    let mut lines = text.trim().lines();
    let name = lines.next().unwrap().trim_start_matches("CREATE TABLE ").trim_end_matches(" (");
    let object = |(position, line): (usize, &str)| {
        let line = line.trim().trim_end_matches(';').trim_end_matches(',');
        let words = line.split(' ').filter(|word| !word.starts_with("AUTO_INCREMENT="));
        let line = words.collect::<Vec<_>>().join(" ");
        if line.starts_with('`') {
            format!("{name} column {position}: {line}")
        } else {
            format!("{name}: {line}")
        }
    };
    lines.enumerate().map(object).collect()
}

/// What [`schema`] should answer for a reference of `SHOW CREATE TABLE` texts.
pub(crate) fn mysql_text(reference: &str) -> BTreeSet<String> {
    statements(reference).iter().flat_map(|statement| mysql_table(statement)).collect()
}

/// What [`schema`] should answer for a reference of texts from `sqlite_master`.
pub(crate) fn sqlite_text(reference: &str) -> BTreeSet<String> {
    statements(reference).into_iter().collect()
}

fn statements(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("--")).collect();
    let text = lines.join("\n") + "\n";
    text.split(";\n").map(|statement| statement.trim().to_owned()).filter(|one| !one.is_empty()).collect()
}

/// The default collation of the database. Not the session's variable of that name, which knows only what it was when the
/// session began.
pub(crate) async fn mysql_collation(db: &DatabaseConnection) -> String {
    let sql = "SELECT CAST(default_collation_name AS CHAR) FROM information_schema.schemata
               WHERE schema_name = DATABASE()";
    texts(db, sql).await.remove(0)
}

/// Every row of every table, as texts in a fixed order.
pub(crate) async fn rows(db: &DatabaseConnection) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    for table in tables(db).await {
        let sql = match db.get_database_backend() {
            DbBackend::Postgres => format!("SELECT t::text FROM \"{table}\" t"),
            DbBackend::MySql => {
                let sql = format!(
                    "SELECT CAST(column_name AS CHAR) FROM information_schema.columns
                     WHERE table_schema = DATABASE() AND table_name = '{table}' ORDER BY ordinal_position"
                );
                let columns =
                    texts(db, &sql).await.into_iter().map(|name| format!("IFNULL(HEX(`{name}`), 'NULL')"));
                let columns = columns.collect::<Vec<_>>().join(", ");
                format!("SELECT CONCAT_WS('|', {columns}) FROM `{table}`")
            }
            _ => {
                let columns = texts(db, &format!("SELECT name FROM pragma_table_info('{table}')")).await;
                let columns = columns.into_iter().map(|name| format!("quote(`{name}`)"));
                format!("SELECT {} FROM `{table}`", columns.collect::<Vec<_>>().join(" || '|' || "))
            }
        };
        let mut rows = texts(db, &sql).await;
        rows.sort();
        all.insert(table, rows);
    }
    all
}
