//! `[database]`.

use std::path::PathBuf;
use std::time::Duration;

use oolong_core::Secret;

use crate::load::Base;
use crate::schema::{Reader, section};
use crate::value::choice;

/// Below this a busy timeout makes ordinary writes fail; Gitea then takes its default as well.
const SHORTEST_SQLITE_TIMEOUT: Duration = Duration::from_millis(5000);
const DEFAULT_SQLITE_TIMEOUT: Duration = Duration::from_millis(20_000);

choice! {
    /// The kind of database.
    pub enum DbType {
        /// A file, no server needed.
        #[default]
        Sqlite = "sqlite3",
        /// PostgreSQL.
        Postgres = "postgres",
        /// MySQL or MariaDB.
        Mysql = "mysql",
    }
}

section! {
    /// Where accounts, repositories' records and everything else but files are kept.
    pub struct Database in "database" {
        /// sqlite3, postgres or mysql (which also means MariaDB).
        db_type: DbType = "sqlite3",
        /// The server as host:port, or the path of its socket.
        host: String = "",
        /// The name of the database; `?name=value` adds connection parameters.
        name: String = "",
        /// The user to connect as.
        user: String = "",
        /// The password to connect with.
        passwd: Secret = "",
        /// PostgreSQL: a schema to look in first.
        schema: String = "",
        /// disable, require, verify-ca or verify-full (PostgreSQL); disable, true, skip-verify or prefer (MySQL).
        ssl_mode: String = "disable",
        /// SQLite: the file.
        path: PathBuf = derived "APP_DATA_PATH/gitea.db",
        /// SQLite: how many milliseconds to wait for another writer, 5000 or more.
        sqlite_timeout: Duration = "20000" via milliseconds,
        /// SQLite: the journal mode; empty leaves the file as it is.
        sqlite_journal_mode: String = "",
        /// MySQL: the collation new tables get.
        charset_collation: String = "",
        /// How many idle connections are kept.
        max_idle_conns: u32 = "2",
        /// How many connections are opened at most; 0 leaves the choice to the program.
        max_open_conns: u32 = "0",
        /// How long a connection is used; 0 means for ever.
        conn_max_lifetime: Duration = derived "3s with mysql, else 0",
        /// How many rows long jobs read at once.
        iterate_buffer_size: u32 = "50",
        /// Whether every statement is logged.
        log_sql: bool = "false",
        /// Statements that take longer are logged.
        slow_query_threshold: Duration = "5s",
        /// How often connecting is tried at the start.
        db_retries: u32 = "10",
        /// How long to wait between two tries.
        db_retry_backoff: Duration = "3s",
        /// Whether the schema is brought up to date at the start; if not, another version refuses to start.
        auto_migration: bool = "true",
    }
}

impl Database {
    /// Completes what depends on other keys.
    pub(crate) fn finish(&mut self, reader: &mut Reader<'_>, base: &Base) {
        let section = Self::SPEC.name;
        if base.installed && !reader.has(section, "DB_TYPE") {
            reader.problem(section, "DB_TYPE", "missing; expected one of sqlite3, postgres, mysql");
        }
        if self.path.as_os_str().is_empty() {
            self.path = base.data_path.join("gitea.db");
        }
        if self.sqlite_timeout < SHORTEST_SQLITE_TIMEOUT {
            self.sqlite_timeout = DEFAULT_SQLITE_TIMEOUT;
        }
        if !reader.has(section, "CONN_MAX_LIFETIME") && self.db_type == DbType::Mysql {
            self.conn_max_lifetime = Duration::from_secs(3);
        }
        let known: &[&str] = match self.db_type {
            DbType::Sqlite => return,
            DbType::Postgres => &["disable", "allow", "prefer", "require", "verify-ca", "verify-full"],
            DbType::Mysql => &["disable", "false", "true", "skip-verify", "prefer", "preferred"],
        };
        // A misspelt mode must not end in an unprotected connection.
        if !known.contains(&self.ssl_mode.as_str()) {
            reader.problem(section, "SSL_MODE", format!("expected one of {}", known.join(", ")));
        }
    }
}
