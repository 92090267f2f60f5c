//! What every use-case needs.

use std::sync::Arc;

use oolong_auth::permission::Rules;
use oolong_config::Settings;
use oolong_core::{Clock, Result, Rng};
use oolong_db::Db;
use oolong_identity::access_token::DigestKey;
use oolong_identity::password::Algorithm;
use oolong_identity::password_hasher::PasswordHasher;

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
    /// The key of the fast digests of tokens.
    pub digests: Arc<DigestKey>,
}

impl Forge {
    /// Opens the database and brings it up to date.
    pub async fn open(settings: Arc<Settings>, clock: Clock, rng: Rng) -> Result<Self> {
        let db = Db::open(&settings.database).await?;
        oolong_migrations::migrate(db.write()).await.map_err(|error| {
            let message = error.to_string();
            oolong_core::Error::new(oolong_core::ErrorKind::Unavailable, message).with_source(error)
        })?;
        let algorithm = Algorithm::from_config(&settings.security.password_hash_algo)
            .map_err(|error| oolong_core::Error::invalid(format!("[security] PASSWORD_HASH_ALGO: {error}")))?;
        Ok(Self {
            hasher: PasswordHasher::new(algorithm, rng.clone()),
            digests: Arc::new(DigestKey::derive(settings.security.secret_key.expose())),
            settings,
            db,
            clock,
            rng,
        })
    }

    /// The switches that permissions depend on.
    pub fn rules(&self) -> Rules {
        Rules::new(&self.settings)
    }
}
