//! The async door to password hashing: off the async threads, and never more hashes at once than the
//! machine has cores, so that a flood of sign-ins can take neither all memory nor all threads.

use std::sync::Arc;

use oolong_core::{Rng, Secret};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::access_token::{PlainToken, TokenHash};
use crate::password::{Algorithm, HashError, PasswordHash, StoredPassword};

/// Hashes and verifies passwords with the configured algorithm. Cheap to clone; clones share the limit.
#[derive(Debug, Clone)]
pub struct PasswordHasher {
    configured: Algorithm,
    rng: Rng,
    permits: Arc<Semaphore>,
}

/// What became of a password check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verification {
    /// Not the password, or nobody to compare with: the two are meant to be indistinguishable.
    Refused,
    /// The password is right. If the stored hash is not of the configured kind, its replacement.
    Accepted {
        /// To be written back to the account.
        rehashed: Option<StoredPassword>,
    },
}

impl PasswordHasher {
    /// A hasher for the algorithm configured for this server.
    pub fn new(configured: Algorithm, rng: Rng) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { configured, rng, permits: Arc::new(Semaphore::new(cores)) }
    }

    /// The algorithm new passwords are hashed with.
    pub fn configured(&self) -> Algorithm {
        self.configured
    }

    /// Hashes a new password.
    pub async fn hash(&self, password: Secret) -> Result<StoredPassword, HashError> {
        let Self { configured, rng, .. } = self.clone();
        self.run(move || configured.hash(password.expose(), &rng)).await.unwrap_or(Err(HashError::Failed))
    }

    /// Checks `password` against the hash of the account named at sign-in. For an unknown account, or one
    /// without a usable password, a hash of the configured algorithm is computed and thrown away: the time
    /// an answer takes must not tell who exists.
    pub async fn verify_or_dummy(&self, hash: Option<PasswordHash>, password: Secret) -> Verification {
        let Self { configured, rng, .. } = self.clone();
        let verification = self.run(move || {
            let Some(hash) = hash.filter(PasswordHash::is_usable) else {
                let _ = configured.hash(password.expose(), &rng);
                return Verification::Refused;
            };
            if !hash.verify(password.expose()) {
                return Verification::Refused;
            }
            // A hash that cannot be renewed (bcrypt and a long password) stays: it is still right.
            let rehashed = hash
                .needs_rehash(&configured)
                .then(|| configured.hash(password.expose(), &rng).ok())
                .flatten();
            Verification::Accepted { rehashed }
        });
        verification.await.unwrap_or(Verification::Refused)
    }

    /// Checks a token against Gitea's slow hash, under the same limit.
    pub async fn token_matches(&self, hash: TokenHash, token: PlainToken) -> bool {
        self.run(move || hash.matches(&token)).await.unwrap_or(false)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let permit: OwnedSemaphorePermit = Arc::clone(&self.permits).acquire_owned().await.ok()?;
        // The permit goes along: a request given up halfway does not stop the hashing it began.
        let task = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(permit);
            result
        });
        task.await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text)
    }

    #[tokio::test]
    async fn a_verified_hash_of_another_algorithm_is_renewed() {
        let old = PasswordHasher::new(Algorithm::from_config("pbkdf2$10$50").unwrap(), Rng::System);
        let new = PasswordHasher::new(Algorithm::from_config("bcrypt$4").unwrap(), Rng::System);
        let hash = PasswordHash::from(old.hash(secret("open sesame")).await.unwrap());

        let accepted = old.verify_or_dummy(Some(hash.clone()), secret("open sesame")).await;
        assert_eq!(accepted, Verification::Accepted { rehashed: None });

        let accepted = new.verify_or_dummy(Some(hash.clone()), secret("open sesame")).await;
        let Verification::Accepted { rehashed: Some(stored) } = accepted else { panic!("{accepted:?}") };
        assert_eq!(stored.algorithm, "bcrypt$4");
        assert!(PasswordHash::from(stored).verify("open sesame"));

        assert_eq!(new.verify_or_dummy(Some(hash), secret("open")).await, Verification::Refused);
    }

    #[tokio::test]
    async fn nobody_is_refused() {
        let hasher = PasswordHasher::new(Algorithm::from_config("pbkdf2$10$50").unwrap(), Rng::System);
        assert_eq!(hasher.verify_or_dummy(None, secret("x")).await, Verification::Refused);
        let unset = PasswordHash::from(StoredPassword::none());
        assert_eq!(hasher.verify_or_dummy(Some(unset.clone()), secret("")).await, Verification::Refused);
        assert_eq!(hasher.verify_or_dummy(Some(unset), secret("x")).await, Verification::Refused);
        let broken = PasswordHash::from_columns("00", "", "rot13");
        assert_eq!(hasher.verify_or_dummy(Some(broken), secret("x")).await, Verification::Refused);
    }
}
