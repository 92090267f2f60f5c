//! A database of its own for each test, on every kind of server there is.

use crate::servers;
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbBackend};
use std::path::Path;
use tempfile::TempDir;

/// An empty database that nobody else uses.
pub struct TestDatabase {
    /// What kind of database it is.
    pub backend: DbBackend,
    /// Where it is, in the form `sea_orm::Database::connect` takes.
    pub url: String,
    /// Connections to it.
    pub connection: DatabaseConnection,
    _folder: Option<TempDir>,
}

impl TestDatabase {
    /// An empty SQLite database in a folder that goes when this value goes.
    ///
    /// # Panics
    /// The folder or the database cannot be made.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let url = sqlite_url(&folder.path().join("forge.db"));
        Self::open(DbBackend::Sqlite, url, Some(folder)).await
    }

    /// The SQLite database in this file, which is somebody else's to remove.
    ///
    /// # Panics
    /// It cannot be opened.
    pub async fn sqlite_at(path: &Path) -> Self {
        Self::open(DbBackend::Sqlite, sqlite_url(path), None).await
    }

    /// A copy of an SQLite database.
    ///
    /// # Panics
    /// The copy cannot be made or opened.
    pub async fn sqlite_copy(original: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = folder.path().join("forge.db");
        // Not `fs::copy`, which would carry over a read-only mode.
        let content = std::fs::read(original).expect("the original can be read");
        std::fs::write(&path, content).expect("the copy can be written");
        Self::open(DbBackend::Sqlite, sqlite_url(&path), Some(folder)).await
    }

    /// An empty PostgreSQL database, if there is a server.
    ///
    /// # Panics
    /// The database cannot be made.
    pub async fn postgres() -> Option<Self> {
        let url = servers::postgres().await?;
        Some(Self::open(DbBackend::Postgres, url.into(), None).await)
    }

    /// An empty MariaDB database, if there is a server.
    ///
    /// # Panics
    /// The database cannot be made.
    pub async fn mariadb() -> Option<Self> {
        let url = servers::mariadb().await?;
        Some(Self::open(DbBackend::MySql, url.into(), None).await)
    }

    /// An empty database of each kind there is.
    ///
    /// # Panics
    /// A database cannot be made.
    pub async fn each() -> Vec<Self> {
        let servers = [Self::postgres().await, Self::mariadb().await];
        [Self::sqlite().await].into_iter().chain(servers.into_iter().flatten()).collect()
    }

    /// Another, independent set of connections, as a second process would have.
    ///
    /// # Panics
    /// The database cannot be reached.
    pub async fn connect(&self) -> DatabaseConnection {
        connect(&self.url).await
    }

    /// The keys of app.ini's `[database]` that name it.
    ///
    /// # Panics
    /// Its address is none.
    pub fn ini_keys(&self) -> String {
        let kind = match self.backend {
            DbBackend::Postgres => "postgres",
            DbBackend::MySql => "mysql",
            _ => {
                let path = self.url.trim_start_matches("sqlite://").split('?').next().unwrap_or_default();
                return format!("DB_TYPE = sqlite3\nPATH = {path}\n");
            }
        };
        let url: url::Url = self.url.parse().expect("it is an address");
        let host = format!("{}:{}", url.host_str().unwrap_or_default(), url.port().unwrap_or_default());
        let (name, user, password) = (url.path().trim_start_matches('/'), url.username(), url.password());
        format!(
            "DB_TYPE = {kind}\nHOST = {host}\nNAME = {name}\nUSER = {user}\nPASSWD = {}\nSSL_MODE = disable\n",
            password.unwrap_or_default()
        )
    }

    /// Removes the database before the run ends. SQLite ones go by being dropped.
    ///
    /// # Panics
    /// The server does not answer.
    pub async fn remove(self) {
        let _ = self.connection.close().await;
        if self.backend != DbBackend::Sqlite {
            servers::remove(&self.url.parse().expect("it came from an address")).await;
        }
    }

    async fn open(backend: DbBackend, url: String, folder: Option<TempDir>) -> Self {
        let connection = connect(&url).await;
        Self { backend, url, connection, _folder: folder }
    }
}

/// Runs a test on an empty database of each kind, one after the other.
#[expect(clippy::print_stdout, reason = "the test runner shows it if the test fails")]
///
/// # Panics
/// The test does, or a database cannot be made.
pub async fn each_backend(test: impl AsyncFn(&TestDatabase)) {
    for database in TestDatabase::each().await {
        println!("on {:?}", database.backend);
        test(&database).await;
        database.remove().await;
    }
}

fn sqlite_url(path: &Path) -> String {
    format!("sqlite://{}?mode=rwc", path.display())
}

async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(4).sqlx_logging(false);
    // sqlx closes a statement that falls out of its cache by a packet of its own, without TCP_NODELAY: from then on each
    // new statement waits 40 ms for the other side's delayed acknowledgement. Reading all tables back needs hundreds.
    options.map_sqlx_mysql_opts(|options| options.statement_cache_capacity(2000));
    // A test's data need not survive a power cut.
    options.map_sqlx_sqlite_opts(|options| options.pragma("synchronous", "OFF"));
    Database::connect(options).await.expect("a test's own database answers")
}
