//! Password hashes as Gitea stores them: the algorithm specification, hashing and verification.
//!
//! Everything here is synchronous and slow by design: async code goes through
//! [`PasswordHasher`](crate::password_hasher::PasswordHasher). The rules a new password must meet live in
//! [`password_policy`](crate::password_policy).

use std::fmt;

use oolong_core::Rng;
use subtle::ConstantTimeEq;

/// bcrypt looks at no byte beyond this one.
const BCRYPT_MAX_BYTES: usize = 72;
/// No stored or configured algorithm may need more memory than this for one hash.
const MAX_MEMORY_BYTES: u64 = 1 << 30;
const MAX_ITERATIONS: u32 = 10_000_000;
const MAX_BCRYPT_COST: u32 = 20;
/// Fewer bytes would be guessed by chance sooner than by trying passwords.
const MIN_KEY_LENGTH: usize = 8;
const MAX_KEY_LENGTH: usize = 1024;
/// Hex digits in a salt of today.
const SALT_HEX_LENGTH: usize = 32;
/// Rows of old Gitea releases have a salt of this many characters, used as it stands.
const LEGACY_SALT_LENGTH: usize = 10;

/// A password hashing algorithm with its parameters, known to be within bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Algorithm(Parameters);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parameters {
    /// PBKDF2 with HMAC-SHA256.
    Pbkdf2 { iterations: u32, key_length: usize },
    /// Argon2id, version 1.3.
    Argon2 { time: u32, memory_kib: u32, threads: u32, key_length: usize },
    /// scrypt.
    Scrypt { log_n: u8, block_size: u32, parallelism: u32, key_length: usize },
    /// bcrypt.
    Bcrypt { cost: u32 },
}

/// Why a password hashing algorithm was not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AlgorithmError {
    /// The name before the first `$` is none of ours.
    #[error("unknown password hashing algorithm \"{0}\"")]
    UnknownName(String),
    /// Missing, superfluous or unreadable parameters.
    #[error("the parameters of the password hashing algorithm \"{0}\" cannot be read")]
    BadParameters(String),
    /// The parameters ask for absurdly much (or so little that it protects nothing).
    #[error("the parameters of the password hashing algorithm \"{0}\" are out of bounds")]
    OutOfBounds(String),
}

impl Algorithm {
    /// Reads `[security] PASSWORD_HASH_ALGO`: an alias or a full specification.
    pub fn from_config(value: &str) -> Result<Self, AlgorithmError> {
        // The aliases are Gitea's. They mean something else than the same bare names in the database.
        match value {
            "" | "pbkdf2" | "pbkdf2_v2" => Self::parse("pbkdf2$50000$50"),
            "pbkdf2_v1" => Self::parse("pbkdf2$10000$50"),
            "pbkdf2_hi" => Self::parse("pbkdf2$320000$50"),
            other => Self::from_stored(other),
        }
    }

    /// Reads `user.passwd_hash_algo`, where a bare name stands for the parameters of its time.
    pub fn from_stored(value: &str) -> Result<Self, AlgorithmError> {
        match value {
            "" | "pbkdf2" => Self::parse("pbkdf2$10000$50"),
            "argon2" => Self::parse("argon2$2$65536$8$50"),
            "scrypt" => Self::parse("scrypt$65536$16$2$50"),
            "bcrypt" => Self::parse("bcrypt$10"),
            specification => Self::parse(specification),
        }
    }

    fn parse(specification: &str) -> Result<Self, AlgorithmError> {
        let (name, rest) = specification.split_once('$').unwrap_or((specification, ""));
        if !matches!(name, "pbkdf2" | "argon2" | "scrypt" | "bcrypt") {
            return Err(AlgorithmError::UnknownName(name.chars().take(64).collect()));
        }
        let numbers = rest
            .split('$')
            .map(str::parse::<u32>)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| AlgorithmError::BadParameters(name.to_owned()))?;
        let parameters = match (name, numbers.as_slice()) {
            ("pbkdf2", &[iterations, key_length]) => {
                Parameters::Pbkdf2 { iterations, key_length: key_length as usize }
            }
            ("argon2", &[time, memory_kib, threads, key_length]) => {
                Parameters::Argon2 { time, memory_kib, threads, key_length: key_length as usize }
            }
            ("scrypt", &[n, block_size, parallelism, key_length]) => {
                if !n.is_power_of_two() {
                    return Err(AlgorithmError::BadParameters(name.to_owned()));
                }
                let log_n = n.trailing_zeros() as u8;
                Parameters::Scrypt { log_n, block_size, parallelism, key_length: key_length as usize }
            }
            ("bcrypt", &[cost]) => Parameters::Bcrypt { cost },
            _ => return Err(AlgorithmError::BadParameters(name.to_owned())),
        };
        if parameters.within_bounds() {
            Ok(Self(parameters))
        } else {
            Err(AlgorithmError::OutOfBounds(name.to_owned()))
        }
    }

    /// Hashes a new password with a fresh salt.
    pub fn hash(&self, password: &str, rng: &Rng) -> Result<StoredPassword, HashError> {
        if password.is_empty() {
            return Err(HashError::Empty);
        }
        let salt: [u8; 16] = rng.bytes();
        let passwd = match self.0 {
            Parameters::Bcrypt { cost } => {
                if !bcrypt_can_tell(password) {
                    return Err(HashError::NotForBcrypt);
                }
                // `$2a$` is what Gitea writes; for passwords without NUL all variants agree. bcrypt keeps
                // its salt inside the hash, so it gets one of its own.
                bcrypt::hash_with_salt(password, cost, rng.bytes())
                    .map_err(|_| HashError::Failed)?
                    .format_for_version(bcrypt::Version::TwoA)
            }
            _ => hex::encode(self.0.derive(password.as_bytes(), &salt).ok_or(HashError::Failed)?),
        };
        Ok(StoredPassword { passwd, salt: hex::encode(salt), algorithm: self.to_string() })
    }
}

impl Parameters {
    fn within_bounds(&self) -> bool {
        let key_length_fits = |length: usize| (MIN_KEY_LENGTH..=MAX_KEY_LENGTH).contains(&length);
        match *self {
            Self::Pbkdf2 { iterations, key_length } => {
                (1..=MAX_ITERATIONS).contains(&iterations) && key_length_fits(key_length)
            }
            Self::Argon2 { time, memory_kib, threads, key_length } => {
                (1..=255).contains(&threads)
                    && memory_kib >= 8 * threads
                    && u64::from(memory_kib) * 1024 <= MAX_MEMORY_BYTES
                    && time >= 1
                    // Work, not only memory, is bounded: passes over a full GiB at most 64 times.
                    && u64::from(time) * u64::from(memory_kib) <= 64 << 20
                    && key_length_fits(key_length)
            }
            Self::Scrypt { log_n, block_size, parallelism, key_length } => {
                let block_bytes = 128 * u64::from(block_size);
                let work_bytes = block_bytes.checked_shl(u32::from(log_n)).unwrap_or(u64::MAX);
                (1..=30).contains(&log_n)
                    && (1..=1 << 16).contains(&block_size)
                    && (1..=1 << 10).contains(&parallelism)
                    && work_bytes <= MAX_MEMORY_BYTES
                    && block_bytes * u64::from(parallelism) <= MAX_MEMORY_BYTES
                    && work_bytes.saturating_mul(u64::from(parallelism)) <= 64 * MAX_MEMORY_BYTES
                    && key_length_fits(key_length)
            }
            Self::Bcrypt { cost } => (4..=MAX_BCRYPT_COST).contains(&cost),
        }
    }

    /// The derived key, or nothing where the library refuses the parameters. Not for bcrypt.
    fn derive(&self, password: &[u8], salt: &[u8]) -> Option<Vec<u8>> {
        match *self {
            Self::Pbkdf2 { iterations, key_length } => {
                let mut key = vec![0; key_length];
                pbkdf2::pbkdf2_hmac::<sha2::Sha256>(password, salt, iterations, &mut key);
                Some(key)
            }
            Self::Argon2 { time, memory_kib, threads, key_length } => {
                let parameters = argon2::Params::new(memory_kib, time, threads, Some(key_length)).ok()?;
                let mut key = vec![0; key_length];
                argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, parameters)
                    .hash_password_into(password, salt, &mut key)
                    .ok()?;
                Some(key)
            }
            Self::Scrypt { log_n, block_size, parallelism, key_length } => {
                let parameters = scrypt::Params::new(log_n, block_size, parallelism).ok()?;
                let mut key = vec![0; key_length];
                scrypt::scrypt(password, salt, &parameters, &mut key).ok()?;
                Some(key)
            }
            Self::Bcrypt { .. } => None,
        }
    }
}

impl fmt::Display for Algorithm {
    /// The specification as stored in `user.passwd_hash_algo`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Parameters::Pbkdf2 { iterations, key_length } => write!(f, "pbkdf2${iterations}${key_length}"),
            Parameters::Argon2 { time, memory_kib, threads, key_length } => {
                write!(f, "argon2${time}${memory_kib}${threads}${key_length}")
            }
            Parameters::Scrypt { log_n, block_size, parallelism, key_length } => {
                write!(f, "scrypt${}${block_size}${parallelism}${key_length}", 1u64 << log_n)
            }
            Parameters::Bcrypt { cost } => write!(f, "bcrypt${cost}"),
        }
    }
}

/// bcrypt ignores what follows byte 72, and repeats the password after its end so that a NUL inside it
/// can make two different passwords equal.
fn bcrypt_can_tell(password: &str) -> bool {
    password.len() <= BCRYPT_MAX_BYTES && !password.contains('\0')
}

/// Why a new password could not be hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// An empty password would read as "no password set".
    #[error("a password must not be empty")]
    Empty,
    /// Only with bcrypt.
    #[error("this server's password hashing takes at most {BCRYPT_MAX_BYTES} bytes, without NUL characters")]
    NotForBcrypt,
    /// The hashing library refused, or the hashing task was lost.
    #[error("the password could not be hashed")]
    Failed,
}

/// What goes into the three password columns of `user`.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredPassword {
    /// `user.passwd`
    pub passwd: String,
    /// `user.salt`
    pub salt: String,
    /// `user.passwd_hash_algo`
    pub algorithm: String,
}

impl StoredPassword {
    /// The columns of an account without a password.
    pub fn none() -> Self {
        Self { passwd: String::new(), salt: String::new(), algorithm: String::new() }
    }
}

impl fmt::Debug for StoredPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredPassword").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

/// A password hash read from the database.
#[derive(Clone)]
pub struct PasswordHash {
    stored: StoredPassword,
    algorithm: Option<Algorithm>,
}

impl PasswordHash {
    /// Takes the three columns `passwd`, `salt` and `passwd_hash_algo` of a `user` row. A row that makes no
    /// sense is kept, and never verifies.
    pub fn from_columns(
        passwd: impl Into<String>,
        salt: impl Into<String>,
        algorithm: impl Into<String>,
    ) -> Self {
        Self::from(StoredPassword { passwd: passwd.into(), salt: salt.into(), algorithm: algorithm.into() })
    }

    /// Whether the account has a password at all.
    pub fn is_set(&self) -> bool {
        !self.stored.passwd.is_empty()
    }

    /// Whether any password can match: one is set, and its algorithm is known.
    pub fn is_usable(&self) -> bool {
        self.is_set() && self.algorithm.is_some()
    }

    /// Whether `password` is the right one. Slow; compares in constant time.
    pub fn verify(&self, password: &str) -> bool {
        let (true, false, Some(algorithm)) = (self.is_set(), password.is_empty(), self.algorithm) else {
            return false;
        };
        if let Parameters::Bcrypt { .. } = algorithm.0 {
            // The cost that counts is the one inside the hash.
            let cost = self.stored.passwd.parse::<bcrypt::HashParts>().map(|parts| parts.get_cost());
            return bcrypt_can_tell(password)
                && cost.is_ok_and(|cost| cost <= MAX_BCRYPT_COST)
                && bcrypt::verify(password, &self.stored.passwd).unwrap_or(false);
        }
        let Some(salt) = self.salt_bytes() else { return false };
        let Some(key) = algorithm.0.derive(password.as_bytes(), &salt) else { return false };
        hex::encode(key).as_bytes().ct_eq(self.stored.passwd.as_bytes()).into()
    }

    /// Whether the hash should be renewed, with the password just verified, to what is configured now.
    pub fn needs_rehash(&self, configured: &Algorithm) -> bool {
        self.stored.algorithm != configured.to_string() || self.stored.salt.len() != SALT_HEX_LENGTH
    }

    fn salt_bytes(&self) -> Option<Vec<u8>> {
        if self.stored.salt.len() == LEGACY_SALT_LENGTH {
            Some(self.stored.salt.as_bytes().to_vec())
        } else {
            hex::decode(&self.stored.salt).ok()
        }
    }
}

impl From<StoredPassword> for PasswordHash {
    fn from(stored: StoredPassword) -> Self {
        let algorithm = Algorithm::from_stored(&stored.algorithm).ok();
        Self { stored, algorithm }
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordHash").field("algorithm", &self.stored.algorithm).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
