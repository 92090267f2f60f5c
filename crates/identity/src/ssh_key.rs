//! SSH public keys as people paste them, brought to the one form that is stored. Rows of `public_key`,
//! uniqueness and authorized_keys files are not handled here; signatures are not verified here.

mod der;
mod policy;
mod wire;

use std::fmt;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD, STANDARD_NO_PAD};
use sha2::{Digest, Sha256};

pub use policy::{KeySizePolicy, UnknownKeyType};

/// A 16384-bit RSA key with a generous comment fits.
const MAX_TEXT_LENGTH: usize = 16 * 1024;

/// Old tools leave padding out; the stored form has it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The kinds of keys the configuration knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyType {
    /// `ssh-ed25519`
    Ed25519,
    /// `sk-ssh-ed25519@openssh.com`, on a security key
    Ed25519Sk,
    /// `ecdsa-sha2-nistp256`, `…384`, `…521`
    Ecdsa,
    /// `sk-ecdsa-sha2-nistp256@openssh.com`, on a security key
    EcdsaSk,
    /// `ssh-rsa`
    Rsa,
    /// `ssh-dss`
    Dsa,
}

impl KeyType {
    const ALL: [Self; 6] = [Self::Ed25519, Self::Ed25519Sk, Self::Ecdsa, Self::EcdsaSk, Self::Rsa, Self::Dsa];

    /// The name in `[ssh.minimum_key_sizes]`, which the API shows too.
    pub fn label(self) -> &'static str {
        match self {
            Self::Ed25519 => "ed25519",
            Self::Ed25519Sk => "ed25519-sk",
            Self::Ecdsa => "ecdsa",
            Self::EcdsaSk => "ecdsa-sk",
            Self::Rsa => "rsa",
            Self::Dsa => "dsa",
        }
    }
}

impl fmt::Display for KeyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// Why a text was not accepted as a public key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SshKeyError {
    /// Nothing there.
    #[error("the key is missing")]
    Empty,
    /// Longer than any key.
    #[error("the key is too long")]
    TooLong,
    /// A secret was about to be published.
    #[error("this is a private key: keep it to yourself and give the public one (the file ending in .pub)")]
    PrivateKey,
    /// Several keys, or a key broken over lines.
    #[error("the key must be given on one line, and one key at a time")]
    SeveralLines,
    /// Not the text form of a key.
    #[error("this is no SSH public key")]
    NotAKey,
    /// The base64 part cannot be decoded.
    #[error("the base64 part of the key is damaged")]
    BadBase64,
    /// The type in front is not the type inside.
    #[error("the key says it is of type \"{claimed}\", but is of type \"{actual}\"")]
    TypeMismatch {
        /// The first word of the line.
        claimed: String,
        /// What the key itself says.
        actual: String,
    },
    /// A type nobody knows, or a certificate.
    #[error("keys of type \"{0}\" are not supported")]
    UnsupportedType(String),
    /// Cut off, too long, or with impossible numbers.
    #[error("the contents of the key are damaged")]
    Damaged,
    /// Control characters.
    #[error("the comment of the key holds characters that are not allowed")]
    BadComment,
    /// Not in `[ssh.minimum_key_sizes]`.
    #[error("keys of type {0} are not allowed on this server")]
    TypeNotAllowed(KeyType),
    /// Below `[ssh.minimum_key_sizes]`.
    #[error("the key is too short: it has {bits} bits, and {key_type} keys need at least {minimum}")]
    TooShort {
        /// Its type.
        key_type: KeyType,
        /// Its size.
        bits: u32,
        /// The configured least size.
        minimum: u32,
    },
}

/// A well-formed SSH public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshPublicKey {
    algorithm: &'static str,
    key_type: KeyType,
    bits: u32,
    blob: Vec<u8>,
    comment: String,
}

impl SshPublicKey {
    /// Reads a key in OpenSSH's one-line form, in the SSH2 form of RFC 4716, or in PEM (PKCS#1 for RSA,
    /// SubjectPublicKeyInfo for RSA, ECDSA and Ed25519).
    pub fn parse(text: &str) -> Result<Self, SshKeyError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(SshKeyError::Empty);
        }
        if text.len() > MAX_TEXT_LENGTH {
            return Err(SshKeyError::TooLong);
        }
        if text.contains("PRIVATE KEY-----") || text.starts_with("PuTTY-User-Key-File") {
            return Err(SshKeyError::PrivateKey);
        }
        if text.starts_with("-----BEGIN ") {
            return Self::parse_pem(text);
        }
        if text.starts_with("---- BEGIN SSH2 PUBLIC KEY ----") {
            return Self::parse_ssh2(text);
        }
        Self::parse_line(text)
    }

    fn parse_line(text: &str) -> Result<Self, SshKeyError> {
        if text.contains(['\r', '\n']) {
            return Err(SshKeyError::SeveralLines);
        }
        let (first, rest) = text.split_once([' ', '\t']).unwrap_or((text, ""));
        let (second, comment) = rest.trim_start().split_once([' ', '\t']).unwrap_or((rest.trim_start(), ""));
        // The type may be missing; the key itself says it again.
        let (claimed, encoded) = if second.is_empty() { (None, first) } else { (Some(first), second) };
        let blob = BASE64.decode(encoded).map_err(|_| match claimed {
            // "hello" is not a damaged key, and neither are options before the type.
            Some(name) if is_known_name(name) => SshKeyError::BadBase64,
            _ => SshKeyError::NotAKey,
        })?;
        let key = Self::from_blob(blob, comment.trim())?;
        match claimed {
            Some(claimed) if claimed != key.algorithm => Err(SshKeyError::TypeMismatch {
                claimed: claimed.chars().filter(|character| !character.is_control()).take(64).collect(),
                actual: key.algorithm.to_owned(),
            }),
            _ => Ok(key),
        }
    }

    fn parse_ssh2(text: &str) -> Result<Self, SshKeyError> {
        let mut body = String::new();
        let mut in_header = false;
        let mut lines = text.lines().skip(1).map(str::trim);
        for line in lines.by_ref() {
            if line.starts_with("---- END SSH2 PUBLIC KEY ----") {
                break;
            }
            // A header line that ends in a backslash goes on in the next. Headers are dropped.
            if in_header || line.contains(':') {
                in_header = line.ends_with('\\');
            } else {
                body.push_str(line);
            }
        }
        if lines.next().is_some() {
            return Err(SshKeyError::SeveralLines);
        }
        Self::from_blob(BASE64.decode(body).map_err(|_| SshKeyError::BadBase64)?, "")
    }

    fn parse_pem(text: &str) -> Result<Self, SshKeyError> {
        let (label, rest) = text["-----BEGIN ".len()..].split_once("-----").ok_or(SshKeyError::NotAKey)?;
        let (body, after) = rest.split_once(&format!("-----END {label}-----")).ok_or(SshKeyError::NotAKey)?;
        if !after.trim().is_empty() {
            return Err(SshKeyError::SeveralLines);
        }
        let body: String = body.split_ascii_whitespace().collect();
        let bytes = BASE64.decode(body).map_err(|_| SshKeyError::BadBase64)?;
        let blob = match label {
            "RSA PUBLIC KEY" => der::pkcs1_to_blob(&bytes),
            "PUBLIC KEY" => der::spki_to_blob(&bytes),
            _ => return Err(SshKeyError::NotAKey),
        };
        Self::from_blob(blob.ok_or(SshKeyError::Damaged)?, "")
    }

    /// Takes a key in the wire format of RFC 4253, as SSH clients present it.
    pub fn from_blob(blob: impl Into<Vec<u8>>, comment: &str) -> Result<Self, SshKeyError> {
        let blob = blob.into();
        if comment.chars().any(char::is_control) {
            return Err(SshKeyError::BadComment);
        }
        let wire::KeyFacts { algorithm, key_type, bits } = wire::read(&blob)?;
        Ok(Self { algorithm, key_type, bits, blob, comment: comment.to_owned() })
    }

    /// The name in front, such as `ssh-ed25519`.
    pub fn algorithm(&self) -> &'static str {
        self.algorithm
    }

    /// The kind of key.
    pub fn key_type(&self) -> KeyType {
        self.key_type
    }

    /// Its size.
    pub fn bits(&self) -> u32 {
        self.bits
    }

    /// What followed the key; may be empty.
    pub fn comment(&self) -> &str {
        &self.comment
    }

    /// The wire format.
    pub fn blob(&self) -> &[u8] {
        &self.blob
    }

    /// `type base64`: what identifies the key, and begins its stored content.
    pub fn without_comment(&self) -> String {
        format!("{} {}", self.algorithm, STANDARD.encode(&self.blob))
    }

    /// `public_key.content`: `type base64 comment`.
    pub fn content(&self) -> String {
        let mut content = self.without_comment();
        if !self.comment.is_empty() {
            content.push(' ');
            content.push_str(&self.comment);
        }
        content
    }

    /// `public_key.fingerprint`, as `ssh-keygen -l` prints it.
    pub fn fingerprint(&self) -> String {
        format!("SHA256:{}", STANDARD_NO_PAD.encode(Sha256::digest(&self.blob)))
    }
}

impl fmt::Display for SshPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.content())
    }
}

fn is_known_name(name: &str) -> bool {
    name.starts_with("ssh-") || name.starts_with("ecdsa-sha2-") || name.starts_with("sk-")
}

#[cfg(test)]
mod tests;
