//! The two ways Gitea encrypts secrets at rest with `[security] SECRET_KEY`, both AES in CFB mode.
//!
//! Neither is authenticated: a wrong key or a changed text is noticed only because the plain text inside is
//! base64. New formats of our own should not copy this.

use std::fmt;

use aes::cipher::KeyIvInit;
use aes::{Aes128, Aes256};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use md5::Md5;
use oolong_core::{Rng, Secret};
use sha2::{Digest, Sha256};

const IV_LENGTH: usize = 16;

/// Encrypts and decrypts with the server's `SECRET_KEY`.
#[derive(Clone)]
pub struct SecretBox {
    general_key: [u8; 32],
    two_factor_key: [u8; 16],
}

/// Why a stored secret could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretBoxError {
    /// Not the outer encoding, or too short to hold anything.
    #[error("the stored secret is damaged")]
    Damaged,
    /// Decryption gave no plausible text.
    #[error("the stored secret was encrypted with another SECRET_KEY, or is damaged")]
    WrongKey,
}

impl SecretBox {
    /// A box locked with `SECRET_KEY`.
    pub fn new(secret_key: &Secret) -> Self {
        let secret_key = secret_key.expose().as_bytes();
        Self {
            general_key: Sha256::digest(secret_key).into(),
            two_factor_key: Md5::digest(secret_key).into(),
        }
    }

    /// Encrypts a general secret (Actions secrets, webhook authorization headers, LDAP bind passwords,
    /// migration credentials): hex(IV ‖ AES-256-CFB(base64(text))).
    pub fn encrypt(&self, text: &Secret, rng: &Rng) -> String {
        let (iv, mut body) = prepare(text, rng);
        cfb_mode::Encryptor::<Aes256>::new(&self.general_key.into(), &iv.into()).encrypt(&mut body);
        hex::encode([iv.as_slice(), &body].concat())
    }

    /// Decrypts what [`encrypt`](Self::encrypt) or Gitea wrote.
    pub fn decrypt(&self, stored: &str) -> Result<Secret, SecretBoxError> {
        let bytes = hex::decode(stored).map_err(|_| SecretBoxError::Damaged)?;
        let (iv, mut body) = split(&bytes)?;
        cfb_mode::Decryptor::<Aes256>::new(&self.general_key.into(), &iv.into()).decrypt(&mut body);
        finish(&body)
    }

    /// Encrypts a TOTP secret for `two_factor.secret`: base64(IV ‖ AES-128-CFB(base64(text))).
    pub fn encrypt_two_factor(&self, text: &Secret, rng: &Rng) -> String {
        let (iv, mut body) = prepare(text, rng);
        cfb_mode::Encryptor::<Aes128>::new(&self.two_factor_key.into(), &iv.into()).encrypt(&mut body);
        BASE64.encode([iv.as_slice(), &body].concat())
    }

    /// Decrypts `two_factor.secret`.
    pub fn decrypt_two_factor(&self, stored: &str) -> Result<Secret, SecretBoxError> {
        let bytes = BASE64.decode(stored).map_err(|_| SecretBoxError::Damaged)?;
        let (iv, mut body) = split(&bytes)?;
        cfb_mode::Decryptor::<Aes128>::new(&self.two_factor_key.into(), &iv.into()).decrypt(&mut body);
        finish(&body)
    }
}

impl fmt::Debug for SecretBox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretBox(…)")
    }
}

fn prepare(text: &Secret, rng: &Rng) -> ([u8; IV_LENGTH], Vec<u8>) {
    (rng.bytes(), BASE64.encode(text.expose()).into_bytes())
}

fn split(bytes: &[u8]) -> Result<([u8; IV_LENGTH], Vec<u8>), SecretBoxError> {
    let (iv, body) = bytes.split_first_chunk().ok_or(SecretBoxError::Damaged)?;
    Ok((*iv, body.to_vec()))
}

fn finish(body: &[u8]) -> Result<Secret, SecretBoxError> {
    let text = BASE64.decode(body).map_err(|_| SecretBoxError::WrongKey)?;
    String::from_utf8(text).map(Secret::new).map_err(|_| SecretBoxError::WrongKey)
}

#[cfg(test)]
mod tests {
    use oolong_core::{Rng, Secret};
    use proptest::prelude::proptest;

    use super::{SecretBox, SecretBoxError};

    const KEY: &str = "sample-secret-key-ABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789-abcdefghij";

    fn sample() -> SecretBox {
        SecretBox::new(&Secret::new(KEY))
    }

    #[test]
    fn what_gitea_encrypted_is_read() {
        for (stored, plain) in [
            (
                "42f346e4fc694f79e7915b2479e37cfc943dcd9ca67c89f322b3f871253d69f2103a09f73997eb9cc3715a8d",
                "actions-secret-value",
            ),
            (
                "cdf750deb40aee1203f1276ef06bdf4ceb0df4751d6678a2c9250c15c87bb3dc52c79bece9156bf269d371a4508001088e00bd66",
                "Bearer hook-authorization",
            ),
            (
                "0de39cf67fb80730e7c237e6a7215401c368dcf10538ea4cd00033f103fd891bba5843c88cfe718d",
                "Ldap-Bind-Passw0rd",
            ),
        ] {
            assert_eq!(sample().decrypt(stored), Ok(Secret::new(plain)));
        }
        let two_factor = "O+bbcbBXo5ZH+HWHmjtf1G4OXPuk0fenQskhNKohvSmhhKK3vaN8ciKPFyM2o3B8LATjFVXEtZiJ9Ob6Cd2dnC0rhqXMSZjqm9CkLgc6Nb6KMHZXpO7l691k5Z6QU2zfMbnlIBJwly0=";
        assert_eq!(
            sample().decrypt_two_factor(two_factor),
            Ok(Secret::new("AI55NHLEYZYKAHGNMYXXMPIEDIOQPC5SEWGPZJXGGOJEXVRYNCOIBUKFK7YT7I3P"))
        );
    }

    #[test]
    fn both_formats_go_there_and_back() {
        for text in ["", "x", "grün und länger als ein Block von sechzehn Bytes"] {
            let secret = Secret::new(text);
            let general = sample().encrypt(&secret, &Rng::System);
            assert_eq!(sample().decrypt(&general), Ok(secret.clone()));
            let two_factor = sample().encrypt_two_factor(&secret, &Rng::System);
            assert_eq!(sample().decrypt_two_factor(&two_factor), Ok(secret));
        }
    }

    #[test]
    fn damage_and_a_wrong_key_are_told_apart() {
        let stored = sample().encrypt(&Secret::new("a text long enough to notice"), &Rng::seeded(1));
        let other = SecretBox::new(&Secret::new("another"));
        assert_eq!(other.decrypt(&stored), Err(SecretBoxError::WrongKey));
        for damaged in ["", "zz", "00ff", "ünïcode"] {
            assert_eq!(sample().decrypt(damaged), Err(SecretBoxError::Damaged));
        }
        assert_eq!(sample().decrypt_two_factor("AAAA"), Err(SecretBoxError::Damaged));
    }

    proptest! {
        #[test]
        fn decrypting_never_panics(text in "\\PC*", hex in "([0-9a-f]{2})*") {
            let _ = sample().decrypt(&text);
            let _ = sample().decrypt(&hex);
            let _ = sample().decrypt_two_factor(&text);
        }
    }
}
