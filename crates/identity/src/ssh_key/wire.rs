//! The wire format of public keys: RFC 4253 §6.6, RFC 5656, RFC 8709, and OpenSSH's PROTOCOL.u2f.

use super::{KeyType, SshKeyError};

/// Beyond this, OpenSSH refuses RSA keys too.
const MAX_RSA_BITS: u32 = 16_384;
const MIN_RSA_BITS: u32 = 512;

pub(super) struct KeyFacts {
    pub(super) algorithm: &'static str,
    pub(super) key_type: KeyType,
    pub(super) bits: u32,
}

/// Checks a key and tells what it is. Nothing may follow it.
pub(super) fn read(blob: &[u8]) -> Result<KeyFacts, SshKeyError> {
    let mut reader = Reader(blob);
    // What does not even begin with a name is some other base64.
    let name = reader.string().and_then(|name| std::str::from_utf8(name).ok()).ok_or(SshKeyError::NotAKey)?;
    let is_name = !name.is_empty() && name.len() <= 64 && name.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_name {
        return Err(SshKeyError::NotAKey);
    }
    let facts = match name {
        "ssh-ed25519" => reader.ed25519("ssh-ed25519", KeyType::Ed25519),
        "sk-ssh-ed25519@openssh.com" => {
            let facts = reader.ed25519("sk-ssh-ed25519@openssh.com", KeyType::Ed25519Sk);
            facts.filter(|_| reader.string().is_some())
        }
        "ecdsa-sha2-nistp256" => reader.ecdsa("ecdsa-sha2-nistp256", b"nistp256", KeyType::Ecdsa, 256),
        "ecdsa-sha2-nistp384" => reader.ecdsa("ecdsa-sha2-nistp384", b"nistp384", KeyType::Ecdsa, 384),
        "ecdsa-sha2-nistp521" => reader.ecdsa("ecdsa-sha2-nistp521", b"nistp521", KeyType::Ecdsa, 521),
        "sk-ecdsa-sha2-nistp256@openssh.com" => {
            let name = "sk-ecdsa-sha2-nistp256@openssh.com";
            let facts = reader.ecdsa(name, b"nistp256", KeyType::EcdsaSk, 256);
            facts.filter(|_| reader.string().is_some())
        }
        "ssh-rsa" => reader.rsa(),
        "ssh-dss" => reader.dsa(),
        other => return Err(SshKeyError::UnsupportedType(other.to_owned())),
    };
    facts.filter(|_| reader.0.is_empty()).ok_or(SshKeyError::Damaged)
}

/// The blob of an RSA key.
pub(super) fn write_rsa(exponent: &[u8], modulus: &[u8]) -> Vec<u8> {
    let mut blob = Vec::new();
    write_string(&mut blob, b"ssh-rsa");
    write_string(&mut blob, exponent);
    write_string(&mut blob, modulus);
    blob
}

/// Appends a length and the bytes. No key is 4 GiB long: the text it came from is bounded.
pub(super) fn write_string(blob: &mut Vec<u8>, bytes: &[u8]) {
    let length = u32::try_from(bytes.len()).expect("parts of a key are short");
    blob.extend_from_slice(&length.to_be_bytes());
    blob.extend_from_slice(bytes);
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn string(&mut self) -> Option<&'a [u8]> {
        let (length, rest) = self.0.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (string, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(string)
    }

    /// A positive number in its shortest form, without the sign byte.
    fn positive(&mut self) -> Option<&'a [u8]> {
        match self.string()? {
            // A leading zero is there to keep the number positive, and only then.
            [0, digits @ ..] if digits.first().is_some_and(|first| first & 0x80 != 0) => Some(digits),
            digits if digits.first().is_some_and(|first| (1..0x80).contains(first)) => Some(digits),
            _ => None,
        }
    }

    fn ed25519(&mut self, algorithm: &'static str, key_type: KeyType) -> Option<KeyFacts> {
        (self.string()?.len() == 32).then_some(KeyFacts { algorithm, key_type, bits: 256 })
    }

    fn ecdsa(
        &mut self,
        algorithm: &'static str,
        curve: &[u8],
        key_type: KeyType,
        bits: u32,
    ) -> Option<KeyFacts> {
        let is_curve = self.string()? == curve;
        // Uncompressed points only: 4, x, y.
        let point = self.string()?;
        let is_point = point.len() == 1 + 2 * bits.div_ceil(8) as usize && point[0] == 4;
        (is_curve && is_point).then_some(KeyFacts { algorithm, key_type, bits })
    }

    fn rsa(&mut self) -> Option<KeyFacts> {
        let exponent = self.positive()?;
        let modulus = self.positive()?;
        let odd = |number: &[u8]| number.last().is_some_and(|last| last & 1 == 1);
        let exponent_fits = odd(exponent) && exponent != [1] && bit_length(exponent) <= 32;
        let bits = bit_length(modulus);
        (exponent_fits && odd(modulus) && (MIN_RSA_BITS..=MAX_RSA_BITS).contains(&bits)).then_some(KeyFacts {
            algorithm: "ssh-rsa",
            key_type: KeyType::Rsa,
            bits,
        })
    }

    fn dsa(&mut self) -> Option<KeyFacts> {
        let bits = bit_length(self.positive()?);
        let (_q, _g, _y) = (self.positive()?, self.positive()?, self.positive()?);
        // DSA keys of SSH have this size and no other.
        (bits == 1024).then_some(KeyFacts { algorithm: "ssh-dss", key_type: KeyType::Dsa, bits })
    }
}

/// Of a number without leading zero bytes.
fn bit_length(digits: &[u8]) -> u32 {
    let leading = digits.first().map_or(0, |first| first.leading_zeros());
    u32::try_from(digits.len()).unwrap_or(u32::MAX / 8).saturating_mul(8) - leading.min(8)
}
