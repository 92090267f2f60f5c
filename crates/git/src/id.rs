//! Object names: SHA-1 and SHA-256, in one small copyable type.

use std::fmt;
use std::str::FromStr;

use crate::Error;

/// The hash a repository names its objects by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ObjectFormat {
    /// 20 bytes; what libgit2 can read.
    #[default]
    Sha1,
    /// 32 bytes; served as packs only.
    Sha256,
}

impl ObjectFormat {
    /// Gitea's and git's name for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
        }
    }

    /// Bytes in an object name.
    #[must_use]
    pub fn byte_len(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
        }
    }

    /// Hex digits in an object name.
    #[must_use]
    pub fn hex_len(self) -> usize {
        self.byte_len() * 2
    }
}

impl FromStr for ObjectFormat {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        match name {
            "sha1" => Ok(Self::Sha1),
            "sha256" => Ok(Self::Sha256),
            _ => Err(Error::invalid("object_format", format!("`{name}` is neither sha1 nor sha256"))),
        }
    }
}

/// The full name of an object.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectId {
    len: u8,
    bytes: [u8; 32],
}

impl ObjectId {
    /// The name that stands for "no object" in a format.
    #[must_use]
    pub fn zero(format: ObjectFormat) -> Self {
        Self { len: if format == ObjectFormat::Sha1 { 20 } else { 32 }, bytes: [0; 32] }
    }

    /// Whether this stands for "no object".
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.as_bytes().iter().all(|byte| *byte == 0)
    }

    /// The hash it was made with.
    #[must_use]
    pub fn format(&self) -> ObjectFormat {
        if self.len == 20 { ObjectFormat::Sha1 } else { ObjectFormat::Sha256 }
    }

    /// The raw bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }

    /// Reads 40 or 64 hex digits, upper or lower case.
    #[must_use]
    pub fn from_hex(hex: &[u8]) -> Option<Self> {
        let format = match hex.len() {
            40 => ObjectFormat::Sha1,
            64 => ObjectFormat::Sha256,
            _ => return None,
        };
        let mut id = Self::zero(format);
        for (slot, pair) in id.bytes.iter_mut().zip(hex.chunks_exact(2)) {
            let high = char::from(pair[0]).to_digit(16)?;
            let low = char::from(pair[1]).to_digit(16)?;
            *slot = u8::try_from(high * 16 + low).ok()?;
        }
        Some(id)
    }

    /// libgit2's form; SHA-256 names have none.
    pub(crate) fn to_oid(self) -> Result<git2::Oid, Error> {
        if self.len != 20 {
            return Err(Error::not_found("object", self.to_string()));
        }
        Ok(git2::Oid::from_bytes(self.as_bytes())?)
    }
}

impl From<git2::Oid> for ObjectId {
    fn from(oid: git2::Oid) -> Self {
        let mut id = Self::zero(ObjectFormat::Sha1);
        id.bytes[..20].copy_from_slice(&oid.as_bytes()[..20]);
        id
    }
}

impl FromStr for ObjectId {
    type Err = Error;

    fn from_str(hex: &str) -> Result<Self, Error> {
        Self::from_hex(hex.as_bytes()).ok_or_else(|| {
            Error::invalid("object name", format!("`{hex}` is not 40 or 64 hexadecimal digits"))
        })
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ObjectId({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_goes_round() {
        let hex = "2025b972114cf76e6ffd3aed16d2d4ffff969548";
        assert_eq!(hex.parse::<ObjectId>().unwrap().to_string(), hex);
        assert_eq!(ObjectId::from_hex(&[b'a'; 64]).unwrap().format(), ObjectFormat::Sha256);
        assert!(ObjectId::from_hex(b"zz25b972114cf76e6ffd3aed16d2d4ffff969548").is_none());
        assert!(ObjectId::from_hex(b"2025").is_none());
        assert!(ObjectId::zero(ObjectFormat::Sha256).is_zero());
    }
}
