//! What every use-case needs.

use std::sync::Arc;

use oolong_auth::permission::Rules;
use oolong_config::Settings;
use oolong_core::{Clock, Result, ResultExt as _, Rng};
use oolong_db::Db;
use oolong_git::{GitProgram, RepositoryPath, Root};
use oolong_identity::access_token::DigestKey;
use oolong_identity::password::Algorithm;
use oolong_identity::password_hasher::PasswordHasher;

use crate::git::GitResultExt as _;

/// What every use-case needs. Cheap to clone.
#[derive(Clone)]
pub struct Forge {
    /// The configuration.
    pub settings: Arc<Settings>,
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Randomness.
    pub rng: Rng,
    /// Hashes passwords beside the async threads.
    pub hasher: PasswordHasher,
    /// Where the repositories are.
    pub repositories: Root,
    /// The `git` program, with the environment and options that every call gets.
    pub git: GitProgram,
    /// The key of the fast digests of tokens.
    pub digests: Arc<DigestKey>,
}

impl Forge {
    /// Opens the database and brings it up to date.
    pub async fn open(settings: Arc<Settings>, clock: Clock, rng: Rng) -> Result<Self> {
        let db = Db::open(&settings.database).await?;
        let collation = &settings.database.charset_collation;
        let migration = oolong_migrations::Options {
            mysql_collation: (!collation.is_empty()).then(|| collation.clone()),
        };
        Box::pin(oolong_migrations::migrate_with(db.write(), &migration)).await.map_err(|error| {
            let message = error.to_string();
            oolong_core::Error::new(oolong_core::ErrorKind::Unavailable, message).with_source(error)
        })?;
        let algorithm = Algorithm::from_config(&settings.security.password_hash_algo).map_err(|error| {
            oolong_core::Error::invalid(format!("[security] PASSWORD_HASH_ALGO: {error}"))
        })?;
        let git = git_program(&settings).await?;
        Ok(Self {
            repositories: Root::new(settings.repository.root.clone()),
            git,
            hasher: PasswordHasher::new(algorithm, rng.clone()),
            digests: Arc::new(DigestKey::derive(settings.security.secret_key.expose())),
            settings,
            db,
            clock,
            rng,
        })
    }

    /// The folder of a repository.
    pub fn repository_path(&self, owner: &str, name: &str) -> Result<RepositoryPath> {
        self.repositories.repo(owner, name).or_git()
    }

    /// The folder of a repository's wiki.
    pub fn wiki_path(&self, owner: &str, name: &str) -> Result<RepositoryPath> {
        self.repositories.wiki(owner, name).or_git()
    }

    /// The switches that permissions depend on.
    pub fn rules(&self) -> Rules {
        Rules::new(&self.settings)
    }
}

/// Finds `git` and gives it one shared folder of hooks: a repository's own hook files stay as Gitea left them and
/// are not run (D11).
async fn git_program(settings: &Settings) -> Result<GitProgram> {
    let hooks = settings.server.app_data_path.join("oolong-hooks");
    tokio::fs::create_dir_all(&hooks).await.or_internal()?;
    tokio::fs::create_dir_all(&settings.git.home_path).await.or_internal()?;
    let program =
        if settings.git.path.as_os_str().is_empty() { "git".into() } else { settings.git.path.clone() };
    let git = GitProgram::detect(program, settings.git.home_path.clone()).await.or_git()?;
    Ok(git.with_hooks(hooks).with_config(settings.git_config.clone()))
}
