//! Remember-me tokens: the cookie value and the hash in `auth_token`. The rows, their expiry and the
//! rotation on use (a wrong token for a known id means theft: delete the row) belong to the database part.

use std::fmt;

use oolong_core::{Rng, Secret};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

const ID_LENGTH: usize = 10;
const TOKEN_LENGTH: usize = 64;

/// What the remember-me cookie holds.
#[derive(Clone)]
pub struct RememberToken {
    id: String,
    token: Secret,
}

impl RememberToken {
    /// A token for a new row.
    pub fn generate(rng: &Rng) -> Self {
        Self { id: rng.alphanumeric(ID_LENGTH), token: Secret::new(rng.hex::<32>()) }
    }

    /// The next token of the same row.
    #[must_use]
    pub fn rotate(&self, rng: &Rng) -> Self {
        Self { id: self.id.clone(), token: Secret::new(rng.hex::<32>()) }
    }

    /// Reads a cookie value, `id:token`; Gitea percent-encodes the colon in its cookies.
    pub fn parse(cookie: &str) -> Option<Self> {
        let (id, token) = cookie
            .split_once(':')
            .or_else(|| cookie.split_once("%3A"))
            .or_else(|| cookie.split_once("%3a"))?;
        let plausible = id.len() == ID_LENGTH
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && token.len() == TOKEN_LENGTH
            && token.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        plausible.then(|| Self { id: id.to_owned(), token: Secret::new(token) })
    }

    /// `auth_token.id`
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The cookie value, not yet encoded for a header.
    pub fn cookie_value(&self) -> Secret {
        Secret::new(format!("{}:{}", self.id, self.token.expose()))
    }

    /// `auth_token.token_hash`: SHA-256 of the hex text, in hex. Fast is enough for 32 random bytes.
    pub fn hash(&self) -> String {
        hex::encode(Sha256::digest(self.token.expose()))
    }

    /// Whether the stored hash is of this token. Constant time.
    pub fn matches(&self, stored_hash: &str) -> bool {
        self.hash().as_bytes().ct_eq(stored_hash.as_bytes()).into()
    }
}

impl fmt::Debug for RememberToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RememberToken").field("id", &self.id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::proptest;

    use super::*;

    #[test]
    fn a_cookie_of_gitea_matches_its_row() {
        let cookie = "osPIGxM8Aa%3A2f32bc2052b53ad102a4944dada99bcddc950f56e527f237ae505d5b5191ab1f";
        for cookie in [cookie.to_owned(), cookie.replace("%3A", ":")] {
            let token = RememberToken::parse(&cookie).unwrap();
            assert_eq!(token.id(), "osPIGxM8Aa");
            assert!(token.matches("46630a7ce10cfb775fd7197f367c64516af8deda5814d9ff8f2960078d1ed619"));
            assert!(!token.matches(""));
        }
    }

    #[test]
    fn rotation_keeps_the_id_and_ends_the_old_token() {
        let first = RememberToken::generate(&Rng::System);
        let second = first.rotate(&Rng::System);
        assert_eq!(first.id(), second.id());
        assert!(second.matches(&second.hash()));
        assert!(!first.matches(&second.hash()));
        let read = RememberToken::parse(second.cookie_value().expose()).unwrap();
        assert!(read.matches(&second.hash()));
    }

    #[test]
    fn anything_else_is_no_token() {
        let token = "2f32bc2052b53ad102a4944dada99bcddc950f56e527f237ae505d5b5191ab1f";
        for cookie in
            ["", ":", "osPIGxM8Aa", "osPIGxM8Aa:", &format!("osPI:{token}"), &format!("osPIGxM8A/:{token}")]
        {
            assert!(RememberToken::parse(cookie).is_none(), "{cookie}");
        }
        assert!(RememberToken::parse(&format!("osPIGxM8Aa:{}", token.to_uppercase())).is_none());
    }

    proptest! {
        #[test]
        fn reading_never_panics(text in "\\PC*") {
            let _ = RememberToken::parse(&text);
        }
    }
}
