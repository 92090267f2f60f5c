//! The open database.

use std::time::Duration;

use oolong_config::{Database, DbType};
use oolong_core::{ErrorKind, Result, ResultExt as _};
use sea_orm::sqlx::mysql::{MySqlConnectOptions, MySqlPoolOptions, MySqlSslMode};
use sea_orm::sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sea_orm::{
    DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, SqlxMySqlConnector,
    SqlxPostgresConnector, SqlxSqliteConnector, TransactionOptions, TransactionTrait,
};

use crate::{Classify, classify};

/// How many connections read a SQLite database at the same time; each is a thread and about a megabyte.
const SQLITE_READERS: u32 = 4;
/// How many connections a database server gets when the configuration sets no limit.
const SERVER_CONNECTIONS: u32 = 20;
/// How many prepared statements a connection keeps: more than the program has. Preparing one anew costs a round trip,
/// on MariaDB some 30 ms.
const STATEMENT_CACHE: usize = 1000;
/// How long a request waits for a connection before it is answered with 503.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// The open database. SQLite has one writing connection and several reading ones, so that readers never wait and
/// writers queue instead of failing with "busy"; on PostgreSQL and MySQL both are the same pool.
#[derive(Clone, Debug)]
pub struct Db {
    reader: DatabaseConnection,
    writer: DatabaseConnection,
}

impl Db {
    /// Opens the configured database, trying again for as long as `DB_RETRIES` says: after a reboot the database
    /// server may come up later than we do. A SQLite file is made if it is missing; no table is touched.
    pub async fn open(settings: &Database) -> Result<Self> {
        let mut attempt = 1;
        loop {
            // Connecting is a large future; boxed, it does not make every caller large.
            match Box::pin(Self::try_open(settings)).await {
                Err(error) if error.kind() == ErrorKind::Unavailable && attempt < settings.db_retries => {
                    tracing::warn!(attempt, ?error, "the database cannot be reached yet");
                    attempt += 1;
                    tokio::time::sleep(settings.db_retry_backoff).await;
                }
                result => return result,
            }
        }
    }

    async fn try_open(settings: &Database) -> Result<Self> {
        match settings.db_type {
            DbType::Sqlite => Self::open_sqlite(settings).await,
            DbType::Postgres => {
                let pool = PgPoolOptions::new()
                    .max_connections(pool_size(settings))
                    .acquire_timeout(ACQUIRE_TIMEOUT)
                    .connect_with(postgres_options(settings))
                    .await
                    .map_err(|error| {
                        classify(sea_orm::DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into())))
                    })?;
                Ok(Self::single(SqlxPostgresConnector::from_sqlx_postgres_pool(pool)))
            }
            DbType::Mysql => {
                let pool = MySqlPoolOptions::new()
                    .max_connections(pool_size(settings))
                    .acquire_timeout(ACQUIRE_TIMEOUT)
                    .connect_with(mysql_options(settings))
                    .await
                    .map_err(|error| {
                        classify(sea_orm::DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into())))
                    })?;
                Ok(Self::single(SqlxMySqlConnector::from_sqlx_mysql_pool(pool)))
            }
        }
    }

    /// A handle whose readers and writers share one connection or pool.
    pub fn single(connection: DatabaseConnection) -> Self {
        Self { reader: connection.clone(), writer: connection }
    }

    async fn open_sqlite(settings: &Database) -> Result<Self> {
        if let Some(folder) = settings.path.parent() {
            // A fresh instance has no data folder yet.
            tokio::fs::create_dir_all(folder).await.or_internal()?;
        }
        let options = SqliteConnectOptions::new()
            .filename(&settings.path)
            .create_if_missing(true)
            // Gitea declares no foreign keys; the pragma would only cost.
            .foreign_keys(false)
            .busy_timeout(settings.sqlite_timeout)
            .journal_mode(SqliteJournalMode::Wal)
            .pragma("cache_size", "-2000");
        let pool = |options: SqliteConnectOptions, size: u32, minimum: u32| async move {
            SqlitePoolOptions::new()
                .max_connections(size)
                .min_connections(minimum)
                .idle_timeout(None)
                .max_lifetime(None)
                // The file cannot go away like a server can: asking before each use would double the cost.
                .test_before_acquire(false)
                .acquire_timeout(settings.sqlite_timeout)
                .connect_with(options)
                .await
                .map_err(|error| classify(sea_orm::DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into()))))
        };
        let writer = pool(options.clone(), 1, 1).await?;
        let reader = pool(options.pragma("query_only", "ON"), SQLITE_READERS, 0).await?;
        Ok(Self {
            reader: SqlxSqliteConnector::from_sqlx_sqlite_pool(reader),
            writer: SqlxSqliteConnector::from_sqlx_sqlite_pool(writer),
        })
    }

    /// For queries outside a transaction.
    pub fn read(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// For single writing statements; several that belong together go through [`Db::begin`].
    pub fn write(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Begins a transaction that may write. Dropping it without a commit rolls it back.
    pub async fn begin(&self) -> Result<DatabaseTransaction> {
        let options = TransactionOptions {
            // A deferred transaction that turns into a writer fails with "busy" where another process wrote
            // meanwhile; an immediate one waits for its turn at the beginning.
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        self.writer.begin_with_options(options).await.classify()
    }

    /// Closes every connection, after the statements that run.
    pub async fn close(self) -> Result<()> {
        self.reader.close().await.classify()?;
        self.writer.close().await.classify()
    }
}

fn pool_size(settings: &Database) -> u32 {
    if settings.max_open_conns == 0 { SERVER_CONNECTIONS } else { settings.max_open_conns }
}

/// `HOST` is `host`, `host:port`, or the path of a unix socket.
fn host_and_port(host: &str, default_port: u16) -> (String, u16) {
    if host.starts_with('/') {
        return (host.to_owned(), default_port);
    }
    match host.rsplit_once(':') {
        Some((name, port)) if !name.is_empty() => match port.parse() {
            Ok(port) => (name.trim_matches(['[', ']']).to_owned(), port),
            Err(_) => (host.trim_matches(['[', ']']).to_owned(), default_port),
        },
        _ => (host.trim_matches(['[', ']']).to_owned(), default_port),
    }
}

fn postgres_options(settings: &Database) -> PgConnectOptions {
    let (host, port) = host_and_port(&settings.host, 5432);
    let options = PgConnectOptions::new_without_pgpass()
        .port(port)
        .username(&settings.user)
        .password(settings.passwd.expose())
        .database(&settings.name)
        .statement_cache_capacity(STATEMENT_CACHE)
        .application_name("oolong")
        .ssl_mode(match settings.ssl_mode.as_str() {
            "require" => PgSslMode::Require,
            "verify-ca" => PgSslMode::VerifyCa,
            "verify-full" => PgSslMode::VerifyFull,
            "prefer" => PgSslMode::Prefer,
            _ => PgSslMode::Disable,
        });
    let options = if host.starts_with('/') { options.socket(host) } else { options.host(&host) };
    if settings.schema.is_empty() {
        options
    } else {
        options.options([("search_path", settings.schema.as_str())])
    }
}

fn mysql_options(settings: &Database) -> MySqlConnectOptions {
    let (host, port) = host_and_port(&settings.host, 3306);
    let options = MySqlConnectOptions::new()
        .port(port)
        .username(&settings.user)
        .password(settings.passwd.expose())
        .database(&settings.name)
        .statement_cache_capacity(STATEMENT_CACHE)
        .charset("utf8mb4")
        .ssl_mode(match settings.ssl_mode.as_str() {
            "true" => MySqlSslMode::VerifyIdentity,
            "skip-verify" => MySqlSslMode::Required,
            "prefer" => MySqlSslMode::Preferred,
            _ => MySqlSslMode::Disabled,
        });
    if host.starts_with('/') { options.socket(host) } else { options.host(&host) }
}

#[cfg(test)]
mod tests {
    use super::host_and_port;

    #[test]
    fn hosts() {
        for (text, host, port) in [
            ("db", "db", 5432),
            ("db:6000", "db", 6000),
            ("127.0.0.1:1", "127.0.0.1", 1),
            ("[::1]:7", "::1", 7),
            ("/run/postgresql", "/run/postgresql", 5432),
        ] {
            assert_eq!(host_and_port(text, 5432), (host.to_owned(), port), "{text}");
        }
    }
}
