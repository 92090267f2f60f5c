//! Which keys this server takes: `[ssh.minimum_key_sizes]` and `MINIMUM_KEY_SIZE_CHECK`.

use std::collections::BTreeMap;

use super::{KeyType, SshKeyError, SshPublicKey};

/// The least sizes by type; a type without one is not allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySizePolicy {
    /// `None`: `MINIMUM_KEY_SIZE_CHECK = false`, every well-formed key will do.
    minimum: Option<BTreeMap<KeyType, u32>>,
}

/// A name in `[ssh.minimum_key_sizes]` that is no key type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no type of SSH keys")]
pub struct UnknownKeyType(String);

impl Default for KeySizePolicy {
    fn default() -> Self {
        let minimum = [
            (KeyType::Ed25519, 256),
            (KeyType::Ed25519Sk, 256),
            (KeyType::Ecdsa, 256),
            (KeyType::EcdsaSk, 256),
            (KeyType::Rsa, 3071),
        ];
        Self { minimum: Some(BTreeMap::from(minimum)) }
    }
}

impl KeySizePolicy {
    /// No check at all.
    pub fn unchecked() -> Self {
        Self { minimum: None }
    }

    /// Sets the least size for the type of this name; a negative one disallows the type.
    pub fn set(&mut self, label: &str, bits: i64) -> Result<(), UnknownKeyType> {
        let known = KeyType::ALL.into_iter().find(|key_type| key_type.label().eq_ignore_ascii_case(label));
        let key_type = known.ok_or_else(|| UnknownKeyType(label.to_owned()))?;
        if let Some(minimum) = &mut self.minimum {
            if bits < 0 {
                minimum.remove(&key_type);
            } else {
                minimum.insert(key_type, u32::try_from(bits).unwrap_or(u32::MAX));
            }
        }
        Ok(())
    }

    /// Whether the key may be added.
    pub fn check(&self, key: &SshPublicKey) -> Result<(), SshKeyError> {
        let Some(minimum) = &self.minimum else { return Ok(()) };
        match minimum.get(&key.key_type()) {
            None => Err(SshKeyError::TypeNotAllowed(key.key_type())),
            Some(&minimum) if key.bits() < minimum => {
                Err(SshKeyError::TooShort { key_type: key.key_type(), bits: key.bits(), minimum })
            }
            Some(_) => Ok(()),
        }
    }
}
