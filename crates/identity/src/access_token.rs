//! Personal access tokens: the plain token, the salted hash Gitea stores, and the keyed digest by which we
//! find a token again without the slow hash. The rows and what a token may do are not decided here.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use oolong_core::{Rng, Secret};
use sha2::Sha256;
use subtle::ConstantTimeEq;

const MIN_LENGTH: usize = 8;
const MAX_LENGTH: usize = 255;

/// A token as its owner knows it. Never printed, never stored.
#[derive(Clone)]
pub struct PlainToken(Secret);

impl PlainToken {
    /// A new token: 20 random bytes as 40 hex digits.
    pub fn generate(rng: &Rng) -> Self {
        Self(Secret::new(rng.hex::<20>()))
    }

    /// Takes a token somebody presented. Nothing that cannot be a token: printable ASCII, 8 to 255 long.
    pub fn parse(text: &str) -> Option<Self> {
        let plausible = (MIN_LENGTH..=MAX_LENGTH).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_graphic());
        plausible.then(|| Self(Secret::new(text)))
    }

    /// The token itself, to be shown once to its owner.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// The last eight characters: the indexed column by which candidates are found.
    pub fn last_eight(&self) -> &str {
        &self.expose()[self.expose().len() - MIN_LENGTH..]
    }
}

impl fmt::Debug for PlainToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PlainToken(…)")
    }
}

/// The columns `token_salt`, `token_hash` and `token_last_eight`.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenHash {
    /// Ten alphanumeric characters.
    pub salt: String,
    /// 100 hex digits, see [`hash_token`].
    pub hash: String,
    /// The end of the plain token.
    pub last_eight: String,
}

impl TokenHash {
    /// Hashes a token with a fresh salt.
    pub fn new(token: &PlainToken, rng: &Rng) -> Self {
        let salt = rng.alphanumeric(10);
        let hash = hash_token(token.expose(), &salt);
        Self { salt, hash, last_eight: token.last_eight().to_owned() }
    }

    /// Whether this is the hash of `token`. Milliseconds long; call it off the async threads.
    pub fn matches(&self, token: &PlainToken) -> bool {
        self.last_eight == token.last_eight() && matches_hash(token.expose(), &self.salt, &self.hash)
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenHash").field("last_eight", &self.last_eight).finish_non_exhaustive()
    }
}

/// Gitea's hash of every random secret it keeps (access, task and runner tokens, scratch codes):
/// PBKDF2-HMAC-SHA256, 10000 iterations, 50 bytes, in hex.
pub fn hash_token(token: &str, salt: &str) -> String {
    let mut key = [0; 50];
    pbkdf2::pbkdf2_hmac::<Sha256>(token.as_bytes(), salt.as_bytes(), 10_000, &mut key);
    hex::encode(key)
}

/// Whether `hash` is [`hash_token`] of the two. An empty hash matches nothing. Constant time.
pub fn matches_hash(token: &str, salt: &str, hash: &str) -> bool {
    hash_token(token, salt).as_bytes().ct_eq(hash.as_bytes()).into()
}

/// The key of [`TokenDigest`]s, derived from `[security] SECRET_KEY`.
#[derive(Clone)]
pub struct DigestKey([u8; 32]);

impl DigestKey {
    /// Derives the key. Where no `SECRET_KEY` is configured it is public knowledge, which a digest of 160
    /// random bits survives.
    pub fn derive(secret_key: &str) -> Self {
        Self(hmac_sha256(secret_key.as_bytes(), b"oolong token digest v1"))
    }

    /// The digest by which `token` is looked up. Fast, so only for secrets too random to guess; never for
    /// passwords.
    pub fn digest(&self, token: &PlainToken) -> TokenDigest {
        TokenDigest(hmac_sha256(&self.0, token.expose().as_bytes()))
    }
}

impl fmt::Debug for DigestKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DigestKey(…)")
    }
}

/// A keyed digest of a token. Being keyed, it may be compared and indexed like any other column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenDigest([u8; 32]);

impl TokenDigest {
    /// The bytes to store.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The digest in hex.
    pub fn to_hex(&self) -> String {
        hex::encode(self.0)
    }
}

fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(message);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "f8afb580bf9c611df972ed96eaa32d8bbe7e096c";

    fn gitea_row() -> TokenHash {
        TokenHash {
            salt: "s43aAnCdSl".to_owned(),
            hash: "1ed7ff1ce88e80c7c33bab2c363164cc89737a0ff16f66a5d6ad50bdc41918f92d9303694e78fde5608292cf149e87df3207".to_owned(),
            last_eight: "be7e096c".to_owned(),
        }
    }

    #[test]
    fn a_row_of_gitea_matches_its_token_only() {
        let token = PlainToken::parse(TOKEN).unwrap();
        assert_eq!(token.last_eight(), "be7e096c");
        assert!(gitea_row().matches(&token));
        assert!(
            !gitea_row().matches(&PlainToken::parse("08afb580bf9c611df972ed96eaa32d8bbe7e096c").unwrap())
        );
        assert!(!gitea_row().matches(&PlainToken::parse("be7e096c").unwrap()));
        assert!(!TokenHash { hash: String::new(), ..gitea_row() }.matches(&token));
    }

    #[test]
    fn new_tokens_match_and_stay_secret() {
        let rng = &Rng::System;
        let token = PlainToken::generate(rng);
        assert_eq!(token.expose().len(), 40);
        assert!(token.expose().bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')));
        let hash = TokenHash::new(&token, rng);
        assert_eq!((hash.salt.len(), hash.hash.len(), hash.last_eight.len()), (10, 100, 8));
        assert!(hash.matches(&token));
        assert!(!format!("{token:?}").contains(token.expose()));
        assert!(!format!("{hash:?}").contains(&hash.hash));
    }

    #[test]
    fn what_cannot_be_a_token_is_none() {
        for text in ["", "1234567", "with space in it", "grüße-an-alle", &"x".repeat(256)] {
            assert!(PlainToken::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn digests_depend_on_key_and_token() {
        let token = PlainToken::parse(TOKEN).unwrap();
        let other = PlainToken::parse("1bb11703fda43d82edd66399ba378b86acce0f5b").unwrap();
        let key = DigestKey::derive("secret");
        assert_eq!(key.digest(&token), DigestKey::derive("secret").digest(&token));
        assert_ne!(key.digest(&token), key.digest(&other));
        assert_ne!(key.digest(&token), DigestKey::derive("another").digest(&token));
        assert_eq!(key.digest(&token).to_hex().len(), 64);
    }
}
