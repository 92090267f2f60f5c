//! The application in this process, made by the functions that production uses, with a clock that stands still and
//! randomness that repeats.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::Request;
use oolong_config::Settings;
use oolong_core::{Clock, Rng, ScopeSet, UserName};
use oolong_db::entity::user;
use oolong_db::users;
use oolong_forge::accounts::{self, NewAccount};
use oolong_forge::{Forge, tokens};
use oolong_http::App;
use oolong_server::compose;
use sea_orm::DbBackend;
use serde_json::json;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tower::ServiceBuilder;

use crate::client::Client;
use crate::database::TestDatabase;

/// The password of everybody whom [`Server::user`] makes.
pub const PASSWORD: &str = "Pass-word-1";
/// The moment at which every server starts: 2026-01-02T03:04:05Z.
pub const START: i64 = 1_767_323_045;

/// A running server. Dropping it ends it and removes its folder.
pub struct Server {
    /// What the handlers have.
    pub app: App,
    /// Its clock; it moves only when a test moves it.
    pub clock: Clock,
    visitor: Client,
    serving: tokio::task::JoinHandle<()>,
    _folder: TempDir,
}

impl Server {
    /// A new server on SQLite.
    pub async fn start() -> Self {
        Self::with("").await
    }

    /// The same with more configuration.
    pub async fn with(ini: &str) -> Self {
        Self::on(None, ini).await
    }

    /// A server on this database.
    pub async fn on_database(database: &TestDatabase) -> Self {
        Self::at(database.backend, &database.url).await
    }

    /// A server on the database at this address.
    pub async fn at(backend: DbBackend, url: &str) -> Self {
        Self::on(Some(database_ini(backend, url)), "").await
    }

    async fn on(database: Option<String>, ini: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let database = database.unwrap_or_else(|| "[database]\nDB_TYPE = sqlite3\n".to_owned());
        let text = format!(
            "[server]\nROOT_URL = http://{address}/\nLFS_START_SERVER = true\n\
             [security]\nINSTALL_LOCK = true\nSECRET_KEY = a-key-for-tests\nPASSWORD_HASH_ALGO = pbkdf2$1000$50\n\
             {database}\n{ini}\n"
        );
        let settings = Settings::parse(&text, folder.path()).expect("the tests' configuration is valid");
        Self::serve(settings, listener, folder).await
    }

    async fn serve(settings: Settings, listener: TcpListener, folder: TempDir) -> Self {
        let clock = Clock::manual(START);
        let visitor = Client::anonymous(settings.server.root_url.trim_end_matches('/'));
        let forge =
            Forge::open(Arc::new(settings), clock.clone(), Rng::seeded(1)).await.expect("the instance opens");
        let app = App::new(forge).expect("the application can be put together");
        let service =
            ServiceBuilder::new().map_request(compose::tidy_path).service(compose::router(app.clone()));
        let make = axum::ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(service);
        let serving =
            tokio::spawn(async move { axum::serve(listener, make).await.expect("it never ends by itself") });
        Self { app, clock, visitor, serving, _folder: folder }
    }

    /// The use-cases' context.
    pub fn forge(&self) -> &Forge {
        &self.app.forge
    }

    /// A visitor.
    pub fn anonymous(&self) -> Client {
        self.visitor.clone()
    }

    /// Somebody with a password.
    pub fn basic(&self, user: &str, password: &str) -> Client {
        self.visitor.basic(user, password)
    }

    /// Somebody with a new token of these scopes (`read:user`, `all`, …).
    ///
    /// # Panics
    /// There is no such user or scope.
    pub async fn token(&self, user: &str, scopes: &[&str]) -> Client {
        self.visitor.token(&self.token_text(user, scopes).await)
    }

    /// The text of a new token.
    ///
    /// # Panics
    /// As [`Server::token`].
    pub async fn token_text(&self, user: &str, scopes: &[&str]) -> String {
        let owner = users::find_by_name(self.forge().db.read(), user).await.expect("the database answers");
        let owner = owner.unwrap_or_else(|| panic!("there is no {user}"));
        let scopes = ScopeSet::parse(&scopes.join(",")).expect("the scopes exist");
        let name = format!("token-{}", Rng::System.hex::<8>());
        let token = tokens::create(self.forge(), &owner, &name, scopes).await.expect("a token can be made");
        token.plain.expose().to_owned()
    }

    /// A new person, called so, with [`PASSWORD`].
    ///
    /// # Panics
    /// The name is taken or not allowed.
    pub async fn user(&self, name: &str) -> user::Model {
        self.account(name, |_| ()).await
    }

    /// A new site administrator with [`PASSWORD`].
    ///
    /// # Panics
    /// As [`Server::user`].
    pub async fn admin(&self, name: &str) -> user::Model {
        self.account(name, |new| new.is_admin = true).await
    }

    /// A new account, changed before it is made.
    ///
    /// # Panics
    /// As [`Server::user`].
    pub async fn account(&self, name: &str, change: impl FnOnce(&mut NewAccount)) -> user::Model {
        let user_name = UserName::new(name).expect("the name is allowed");
        let mut new = NewAccount::local(user_name, format!("{name}@example.com"), Some(PASSWORD.into()));
        change(&mut new);
        accounts::create(self.forge(), new).await.expect("the account can be made")
    }

    /// A new repository of a person, with a first commit.
    ///
    /// # Panics
    /// It cannot be made.
    pub async fn repo(&self, owner: &str, name: &str, private: bool) {
        let body = json!({"name": name, "private": private, "auto_init": true, "default_branch": "main"});
        self.basic(owner, PASSWORD).post("/api/v1/user/repos", body).await.expect(201);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// `[database]` for this address.
fn database_ini(backend: DbBackend, url: &str) -> String {
    let kind = match backend {
        DbBackend::Postgres => "postgres",
        DbBackend::MySql => "mysql",
        _ => {
            let path = url.trim_start_matches("sqlite://").split('?').next().unwrap_or_default();
            return format!("[database]\nDB_TYPE = sqlite3\nPATH = {path}\n");
        }
    };
    let url: url::Url = url.parse().expect("it is an address");
    let host = format!("{}:{}", url.host_str().unwrap_or_default(), url.port().unwrap_or_default());
    let (user, password) = (url.username(), url.password().unwrap_or_default());
    let name = url.path().trim_start_matches('/');
    format!(
        "[database]\nDB_TYPE = {kind}\nHOST = {host}\nNAME = {name}\nUSER = {user}\nPASSWD = {password}\nSSL_MODE = disable\n"
    )
}
