//! Time-based one-time passwords (RFC 6238: SHA-1, six digits, 30 seconds) and scratch tokens.
//!
//! A code that matched must still be recorded as used, atomically, before it counts: that is the database's
//! part, as is the encryption of the secret (see [`secret_box`](crate::secret_box)).

use std::fmt;

use data_encoding::{BASE32_NOPAD, Encoding, Specification};
use hmac::{Hmac, KeyInit, Mac};
use oolong_core::{Rng, Secret, UnixSeconds};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::Sha1;
use subtle::ConstantTimeEq;

use crate::access_token::{hash_token, matches_hash};

const STEP_SECONDS: u64 = 30;
const DIGITS: usize = 6;
/// 40 bytes make 64 base32 characters, as Gitea's secrets have.
const SECRET_BYTES: usize = 40;
/// RFC 3986 unreserved characters stay.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A shared TOTP secret.
#[derive(Clone)]
pub struct TotpSecret {
    text: Secret,
    key: Vec<u8>,
}

/// The text is no base32, or too short to be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a TOTP secret in base32")]
pub struct InvalidTotpSecret;

impl TotpSecret {
    /// A new secret for an enrolment.
    pub fn generate(rng: &Rng) -> Self {
        let key = rng.bytes::<SECRET_BYTES>().to_vec();
        Self { text: Secret::new(BASE32_NOPAD.encode(&key)), key }
    }

    /// Reads base32, in either case, with or without padding and spaces.
    pub fn parse(text: &str) -> Result<Self, InvalidTotpSecret> {
        let mut text = text.replace(' ', "").to_ascii_uppercase();
        text.truncate(text.trim_end_matches('=').len());
        let key = BASE32_NOPAD.decode(text.as_bytes()).map_err(|_| InvalidTotpSecret)?;
        if key.is_empty() { Err(InvalidTotpSecret) } else { Ok(Self { text: text.into(), key }) }
    }

    /// The secret in base32: what is shown once, and stored encrypted.
    pub fn text(&self) -> &Secret {
        &self.text
    }

    /// The time step in which `code` is valid, if it is: the current one, the one before or the one after.
    /// Of two checks with the same code only one may be accepted; the step lets callers refuse every code
    /// not newer than the last.
    pub fn matching_step(&self, code: &str, now: UnixSeconds) -> Option<u64> {
        let current = u64::try_from(now.0).ok()? / STEP_SECONDS;
        let code = code.trim();
        // All three are computed, whichever matches: nothing is to be learned from the time it takes.
        let steps = [current.checked_sub(1), Some(current), current.checked_add(1)];
        let matches = steps.map(|step| {
            step.filter(|step| bool::from(self.code_of_step(*step).as_bytes().ct_eq(code.as_bytes())))
        });
        matches.into_iter().flatten().next()
    }

    /// The code at a moment.
    pub fn code_at(&self, now: UnixSeconds) -> String {
        self.code_of_step(u64::try_from(now.0).unwrap_or(0) / STEP_SECONDS)
    }

    fn code_of_step(&self, step: u64) -> String {
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.key).expect("HMAC takes keys of any length");
        mac.update(&step.to_be_bytes());
        let digest: [u8; 20] = mac.finalize().into_bytes().into();
        // Dynamic truncation, RFC 4226 §5.3: the low four bits of the last byte choose four bytes.
        let offset = usize::from(digest[19] & 0x0f);
        let number = u32::from_be_bytes([
            digest[offset] & 0x7f,
            digest[offset + 1],
            digest[offset + 2],
            digest[offset + 3],
        ]);
        format!("{:0DIGITS$}", number % 1_000_000)
    }

    /// The `otpauth://` URI for authenticator apps. The issuer is named `APP_NAME (DOMAIN)`; a colon would
    /// end it early, so it loses its colons.
    pub fn otpauth_uri(&self, app_name: &str, domain: &str, account: &str) -> Secret {
        let issuer = format!("{app_name} ({domain})").replace(':', "");
        let issuer = utf8_percent_encode(&issuer, QUERY);
        let account = utf8_percent_encode(account, QUERY);
        Secret::new(format!(
            "otpauth://totp/{issuer}:{account}?algorithm=SHA1&digits={DIGITS}&issuer={issuer}&period={STEP_SECONDS}&secret={}",
            self.text.expose()
        ))
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}

/// The columns `scratch_salt` and `scratch_hash` of `two_factor`: one code for the day the device is lost.
#[derive(Clone, PartialEq, Eq)]
pub struct ScratchHash {
    /// Ten alphanumeric characters.
    pub salt: String,
    /// Hashed like an access token.
    pub hash: String,
}

impl ScratchHash {
    /// A new scratch token, to be shown once, and what to store of it.
    pub fn generate(rng: &Rng) -> (Secret, Self) {
        let token = scratch_alphabet().encode(&rng.bytes::<6>());
        let salt = rng.alphanumeric(10);
        let hash = hash_token(&token, &salt);
        (Secret::new(token), Self { salt, hash })
    }

    /// Whether `token` is the scratch token. It is good for one use: replace the row in the same transaction.
    pub fn matches(&self, token: &str) -> bool {
        let token = token.trim().to_ascii_uppercase();
        // Bounded before it is hashed.
        (1..=64).contains(&token.len()) && matches_hash(&token, &self.salt, &self.hash)
    }
}

impl fmt::Debug for ScratchHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ScratchHash(…)")
    }
}

/// Without the characters people mistake for one another.
fn scratch_alphabet() -> Encoding {
    let mut specification = Specification::new();
    specification.symbols.push_str("ABCDEFGHJKLMNPQRSTUVWXYZ23456789");
    specification.encoding().expect("32 different symbols make an encoding")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::proptest;

    use super::*;

    /// RFC 6238 appendix B, cut to six digits; its key is the ASCII text 12345678901234567890.
    #[test]
    fn vectors_of_rfc_6238() {
        let secret = TotpSecret::parse(&BASE32_NOPAD.encode(b"12345678901234567890")).unwrap();
        for (time, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret.code_at(UnixSeconds(time)), code);
            assert!(secret.matching_step(code, UnixSeconds(time)).is_some());
        }
    }

    #[test]
    fn a_code_lives_one_step_longer_on_both_sides() {
        let secret = TotpSecret::generate(&Rng::seeded(3));
        let code = secret.code_at(UnixSeconds(3000));
        for time in [2970, 3000, 3029, 3030, 3059] {
            assert_eq!(secret.matching_step(&code, UnixSeconds(time)), Some(100), "{time}");
        }
        for time in [2969, 3060, -1, 0, i64::MAX, i64::MIN] {
            assert_eq!(secret.matching_step(&code, UnixSeconds(time)), None, "{time}");
        }
        assert_eq!(secret.matching_step(&format!(" {code} "), UnixSeconds(3000)), Some(100));
        for wrong in ["", "0", "00000000", &code[1..], "１２３４５６"] {
            assert_eq!(secret.matching_step(wrong, UnixSeconds(3000)), None, "{wrong}");
        }
    }

    #[test]
    fn secrets_are_read_as_people_type_them() {
        let secret = TotpSecret::generate(&Rng::System);
        let text = secret.text().expose();
        assert_eq!(text.len(), 64);
        let typed = format!("{} {}====", text[..32].to_lowercase(), &text[32..]);
        let read = TotpSecret::parse(&typed).unwrap();
        assert_eq!(read.code_at(UnixSeconds(9999)), secret.code_at(UnixSeconds(9999)));
        for wrong in ["", "=", "1", "A", "abc!", "ä"] {
            assert!(TotpSecret::parse(wrong).is_err(), "{wrong}");
        }
        assert!(!format!("{secret:?}").contains(text));
    }

    #[test]
    fn the_uri_is_encoded() {
        let secret = TotpSecret::parse("JBSWY3DPEHPK3PXP").unwrap();
        assert_eq!(
            secret.otpauth_uri("Tea: & Co", "git.example.com", "ada").expose(),
            "otpauth://totp/Tea%20%26%20Co%20%28git.example.com%29:ada?algorithm=SHA1&digits=6\
             &issuer=Tea%20%26%20Co%20%28git.example.com%29&period=30&secret=JBSWY3DPEHPK3PXP"
        );
    }

    #[test]
    fn scratch_tokens() {
        // Written by Gitea.
        let row = ScratchHash {
            salt: "Adt9atpMvR".to_owned(),
            hash: "6cc79585ac397f0fa51392bd05805aca27ec76a656ba35a737c55a1066b885f3690bd6916e88237b3250c169f26f6d97b20f".to_owned(),
        };
        assert!(row.matches("2VQ4N6MGMN"));
        assert!(row.matches(" 2vq4n6mgmn\n"));
        assert!(!row.matches("2VQ4N6MGMM"));
        assert!(!row.matches(""));
        assert!(!ScratchHash { hash: String::new(), salt: String::new() }.matches(""));

        let (token, row) = ScratchHash::generate(&Rng::System);
        assert_eq!(token.expose().len(), 10);
        assert!(row.matches(token.expose()));
    }

    proptest! {
        #[test]
        fn reading_never_panics(secret in "\\PC*", code in "\\PC*", time: i64) {
            if let Ok(secret) = TotpSecret::parse(&secret) {
                let _ = secret.matching_step(&code, UnixSeconds(time));
            }
        }
    }
}
