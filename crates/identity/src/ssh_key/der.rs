//! Just enough DER to turn the public keys other tools write into SSH's form.

use super::wire::{write_rsa, write_string};

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OBJECT_ID: u8 = 0x06;
const SEQUENCE: u8 = 0x30;

const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
/// Object id, and SSH's name of the curve.
const CURVES: [(&[u8], &str); 3] = [
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07], "nistp256"),
    (&[0x2b, 0x81, 0x04, 0x00, 0x22], "nistp384"),
    (&[0x2b, 0x81, 0x04, 0x00, 0x23], "nistp521"),
];

/// `RSAPublicKey` of PKCS#1. The numbers are checked where the blob is read.
pub(super) fn pkcs1_to_blob(der: &[u8]) -> Option<Vec<u8>> {
    let mut outer = Reader(der);
    let mut sequence = Reader(outer.next(SEQUENCE)?);
    let modulus = sequence.next(INTEGER)?;
    let exponent = sequence.next(INTEGER)?;
    // DER integers and SSH's are the same bytes.
    (outer.0.is_empty() && sequence.0.is_empty()).then(|| write_rsa(exponent, modulus))
}

/// `SubjectPublicKeyInfo` of RFC 5280.
pub(super) fn spki_to_blob(der: &[u8]) -> Option<Vec<u8>> {
    let mut outer = Reader(der);
    let mut sequence = Reader(outer.next(SEQUENCE)?);
    let mut algorithm = Reader(sequence.next(SEQUENCE)?);
    // The first byte counts unused bits, of which keys have none.
    let key = sequence.next(BIT_STRING)?.strip_prefix(&[0])?;
    if !outer.0.is_empty() || !sequence.0.is_empty() {
        return None;
    }
    match algorithm.next(OBJECT_ID)? {
        RSA_ENCRYPTION => pkcs1_to_blob(key),
        EC_PUBLIC_KEY => {
            let curve = algorithm.next(OBJECT_ID)?;
            let (_, curve) = CURVES.iter().find(|(id, _)| *id == curve)?;
            let mut blob = Vec::new();
            write_string(&mut blob, format!("ecdsa-sha2-{curve}").as_bytes());
            write_string(&mut blob, curve.as_bytes());
            write_string(&mut blob, key);
            Some(blob)
        }
        ED25519 => {
            let mut blob = Vec::new();
            write_string(&mut blob, b"ssh-ed25519");
            write_string(&mut blob, key);
            Some(blob)
        }
        _ => None,
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// The contents of the next element, if it has this tag.
    fn next(&mut self, tag: u8) -> Option<&'a [u8]> {
        let [found, first, rest @ ..] = self.0 else { return None };
        if *found != tag {
            return None;
        }
        let (length, rest) = if *first < 0x80 {
            (usize::from(*first), rest)
        } else {
            // The long form; a key needs at most two bytes of length.
            let count = usize::from(first & 0x7f);
            if !(1..=2).contains(&count) {
                return None;
            }
            let (digits, rest) = rest.split_at_checked(count)?;
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        };
        let (contents, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(contents)
    }
}
