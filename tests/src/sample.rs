//! Working copies of the sample instance: an app.ini, data folder and database that Gitea 1.27.0 itself has written.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use sea_orm::{ConnectionTrait as _, DbBackend};
use serde_json::Value;
use tempfile::TempDir;

use crate::database::TestDatabase;
use crate::program::{Instance, free_port};
use crate::reference;

const FOLDER: &str = "oracle/sample-instance";

/// A copy that a program can be started on.
pub struct Sample {
    /// The folder with its app.ini.
    pub instance: Instance,
    /// The database that app.ini names.
    pub database: TestDatabase,
    secrets: Value,
}

impl Sample {
    /// A copy with its own SQLite database; `None` where there is no sample.
    ///
    /// # Panics
    /// The copy cannot be made.
    pub async fn on_sqlite() -> Option<Self> {
        let original = reference::shared(FOLDER)?;
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = folder.path().join("data/forge.db");
        let database = TestDatabase::sqlite_at(&path);
        Some(Self::unpack(&original, folder, database).await)
    }

    /// A copy on each kind of database there is: the rows of the SQLite one, as Gitea's own dumps hold them.
    ///
    /// # Panics
    /// As [`Sample::on_sqlite`], or a dump cannot be loaded.
    pub async fn on_each() -> Vec<Self> {
        let (Some(sqlite), Some(original)) = (Self::on_sqlite().await, reference::shared(FOLDER)) else {
            return Vec::new();
        };
        let mut all = vec![sqlite];
        let servers = [
            (TestDatabase::postgres().await, "db-postgres.sql"),
            (TestDatabase::mariadb().await, "db-mysql.sql"),
        ];
        for (database, dump) in servers {
            let Some(database) = database else { continue };
            let dump = reference::read(&original.join(dump));
            database.connection.execute_unprepared(&dump).await.expect("the dump can be loaded");
            let folder = tempfile::tempdir().expect("a temporary folder can be made");
            all.push(Self::unpack(&original, folder, async { database }).await);
        }
        all
    }

    /// Copies the files first, since the database may be one of them.
    async fn unpack(original: &Path, folder: TempDir, database: impl Future<Output = TestDatabase>) -> Self {
        let place = folder.path();
        copy(&original.join("data"), &place.join("data"));
        let empty: Vec<String> = json(&original.join("empty-dirs.json"));
        for name in empty {
            fs::create_dir_all(place.join(name)).expect("a folder can be made");
        }
        let database = database.await;
        let port = free_port();
        let home = place.to_str().expect("temporary folders have plain names");
        let mut ini = reference::read(&original.join("app.ini"))
            .replace("{HOME}", home)
            .replace("{PORT}", &port.to_string())
            .replace("{SSH_PORT}", &free_port().to_string());
        if database.backend != DbBackend::Sqlite {
            let own = format!("DB_TYPE = sqlite3\nPATH = {home}/data/forge.db");
            assert!(ini.contains(&own), "the sample's app.ini is the one we know");
            ini = ini.replace(&own, database.ini_keys().trim_end());
        }
        let configuration = place.join("custom/conf");
        fs::create_dir_all(&configuration).expect("a folder can be made");
        fs::write(configuration.join("app.ini"), ini).expect("app.ini can be written");
        let secrets = json(&original.join("secrets.json"));
        Self { instance: Instance::at(folder, port), database, secrets }
    }

    /// The password of a person.
    ///
    /// # Panics
    /// They have none.
    pub fn password(&self, user: &str) -> &str {
        self.secrets["users"][user]["password"].as_str().unwrap_or_else(|| panic!("{user} has no password"))
    }

    /// The seed of somebody's one-time passwords.
    ///
    /// # Panics
    /// They have none.
    pub fn totp_secret(&self, user: &str) -> &str {
        self.secrets["users"][user]["totp_secret"].as_str().unwrap_or_else(|| panic!("{user} has no seed"))
    }

    /// A token by its key, such as `ben:all`.
    ///
    /// # Panics
    /// There is no such token.
    pub fn token(&self, key: &str) -> &str {
        self.secrets["tokens"][key]["token"].as_str().unwrap_or_else(|| panic!("there is no token {key}"))
    }

    /// The keys of all tokens.
    ///
    /// # Panics
    /// The sample has none.
    pub fn token_keys(&self) -> Vec<&str> {
        self.secrets["tokens"].as_object().expect("there are tokens").keys().map(String::as_str).collect()
    }

    /// Removes the copy before the run ends.
    ///
    /// # Panics
    /// The database server does not answer.
    pub async fn remove(self) {
        self.database.remove().await;
    }
}

/// Where the sample is, for tests of the files themselves.
pub fn folder() -> Option<std::path::PathBuf> {
    reference::shared(FOLDER)
}

fn json<T: serde::de::DeserializeOwned>(path: &Path) -> T {
    serde_json::from_str(&reference::read(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A folder with everything in it. The original is read-only, and git carries no modes but "executable".
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("the sample can be read").flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
            continue;
        }
        fs::write(&to, fs::read(&from).expect("the sample can be read")).expect("the copy can be written");
        let text = to.to_string_lossy();
        let private = text.ends_with("private.pem") || text.contains("/data/ssh/") && !text.ends_with(".pub");
        let mode = if private {
            0o600
        } else if text.contains("/hooks/") {
            0o755
        } else {
            0o644
        };
        fs::set_permissions(&to, fs::Permissions::from_mode(mode)).expect("a file of ours");
    }
}
