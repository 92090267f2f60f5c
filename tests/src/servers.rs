//! Private PostgreSQL and MariaDB servers for the time of a test run.
//!
//! One server of each kind serves all tests of a process; each caller gets a database of its own in it. The servers listen
//! on loopback only, with a random password, keep their data in a temporary folder, do not care for crash safety, and end
//! with the test process however that ends.

mod process;

use process::{Program, Server};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use std::{
    env,
    path::{Path, PathBuf},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};
use url::Url;

static POSTGRES: OnceLock<Option<Server>> = OnceLock::new();
static MARIADB: OnceLock<Option<Server>> = OnceLock::new();
static DATABASES: AtomicU32 = AtomicU32::new(1);

/// The address of a new, empty database on a private PostgreSQL server; `None` where there is no such program.
///
/// # Panics
/// The server does not start, or the programs are missing though `OOLONG_TEST_DATABASES=all` asks for them.
pub async fn postgres() -> Option<Url> {
    new_database(&POSTGRES, start_postgres, "postgres").await
}

/// The address of a new, empty database on a private MariaDB server; `None` where there is no such program.
///
/// # Panics
/// As [`postgres`].
pub async fn mariadb() -> Option<Url> {
    new_database(&MARIADB, start_mariadb, "mysql").await
}

async fn new_database(
    server: &'static OnceLock<Option<Server>>,
    start: fn() -> Option<Server>,
    administrative: &str,
) -> Option<Url> {
    let server = tokio::task::spawn_blocking(move || server.get_or_init(start).as_ref());
    let server = server.await.expect("the server starts")?;
    let name = format!("test_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    let admin = connect_patiently(server, administrative).await;
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a database can be created");
    let _ = admin.close().await;
    Some(server.database(&name))
}

/// Removes a database that [`postgres`] or [`mariadb`] made, in the middle of a run, since many would fill the disk.
///
/// # Panics
/// The server does not answer.
pub async fn remove(database: &Url) {
    let name = database.path().trim_start_matches('/').to_owned();
    let (administrative, force) =
        if database.scheme() == "postgres" { ("postgres", " WITH (FORCE)") } else { ("mysql", "") };
    let mut address = database.clone();
    address.set_path(administrative);
    let mut options = ConnectOptions::new(address.as_str());
    options.max_connections(1).sqlx_logging(false);
    let admin = Database::connect(options).await.expect("the server answers");
    admin
        .execute_unprepared(&format!("DROP DATABASE {name}{force}"))
        .await
        .expect("a database can be removed");
    let _ = admin.close().await;
}

/// A server that listens may still refuse for a moment.
async fn connect_patiently(server: &Server, database: &str) -> DatabaseConnection {
    for attempt in 0.. {
        let mut options = ConnectOptions::new(server.database(database).as_str());
        options.max_connections(1).sqlx_logging(false);
        match Database::connect(options).await {
            Ok(connection) => return connection,
            Err(error) if attempt >= 100 => {
                panic!("the server does not let us in: {error}\n{}", server.log())
            }
            Err(_) => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
        }
    }
    unreachable!("the loop above ends only by returning")
}

/// The programs, or `None` if the servers are not to be used.
fn find(programs: &[&str], folders: &[PathBuf], package: &str) -> Option<Vec<PathBuf>> {
    let wanted = env::var("OOLONG_TEST_DATABASES").unwrap_or_default();
    if wanted == "sqlite" {
        return None;
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&path).chain(folders.iter().cloned()).collect();
    let locate = |name: &&str| folders.iter().map(|folder| folder.join(name)).find(|path| path.is_file());
    let found: Option<Vec<PathBuf>> = programs.iter().map(locate).collect();
    if found.is_none() {
        let sentence = format!(
            "{} not found: install the Debian package {package} to test on it",
            programs.join(" and ")
        );
        assert_ne!(wanted, "all", "{sentence}");
        crate::notice(&format!("{sentence}; left out"));
    }
    found
}

fn start_postgres() -> Option<Server> {
    // Debian keeps the server's programs out of PATH, in a folder for each major version.
    let mut folders: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|versions| versions.flatten().map(|version| version.path().join("bin")).collect())
        .unwrap_or_default();
    folders.sort();
    folders.reverse();
    let found = find(&["initdb", "postgres"], &folders, "postgresql")?;
    let [initdb, postgres] = found.as_slice() else { unreachable!("as many are found as are looked for") };

    Some(Server::start("postgres", "postgres", |place| {
        let data = place.folder.join("data");
        let password_file = place.write("password", place.password);
        place.run(
            &Program::new(initdb)
                .arg(option("--pgdata=", &data))
                .arg(option("--pwfile=", &password_file))
                .args([
                    "--username=oolong",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--no-sync",
                ]),
        );
        let settings = [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "max_connections=300",
            "client_min_messages=warning",
        ];
        let port = place.port.to_string();
        Program::new(postgres)
            .arg("-D")
            .arg(data)
            .args(["-p", &port])
            .args(settings.into_iter().flat_map(|setting| ["-c", setting]))
    }))
}

fn start_mariadb() -> Option<Server> {
    let folders = [PathBuf::from("/usr/sbin")];
    let found = find(&["mariadb-install-db", "mariadbd"], &folders, "mariadb-server")?;
    let [install, mariadbd] = found.as_slice() else { unreachable!("as many are found as are looked for") };

    Some(Server::start("mysql", "mysql", |place| {
        let data = option("--datadir=", &place.folder.join("data"));
        let install = Program::new(install).arg("--no-defaults").arg(&data);
        place.run(&install.args([
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            "--skip-name-resolve",
        ]));
        let account = format!(
            "CREATE USER 'oolong'@'%' IDENTIFIED BY '{}';\nGRANT ALL ON *.* TO 'oolong'@'%';\n",
            place.password
        );
        let account = place.write("account.sql", &account);
        Program::new(mariadbd)
            .arg("--no-defaults")
            .arg(&data)
            .arg(option("--init-file=", &account))
            .arg(option("--socket=", &place.folder.join("socket")))
            .arg(option("--pid-file=", &place.folder.join("pid")))
            .arg(format!("--port={}", place.port))
            .args([
                "--bind-address=127.0.0.1",
                "--skip-name-resolve",
                "--skip-log-bin",
                "--max-connections=300",
                "--innodb-flush-log-at-trx-commit=0",
                "--skip-innodb-doublewrite",
                "--innodb-buffer-pool-size=64M",
                "--innodb-log-file-size=16M",
            ])
    }))
}

fn option(name: &str, value: &Path) -> std::ffi::OsString {
    let mut option = std::ffi::OsString::from(name);
    option.push(value);
    option
}
