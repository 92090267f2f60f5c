//! Names of avatars in Gitea's storage. Pixels are drawn and stored elsewhere.

use md5::Md5;
use oolong_core::UserId;
use sha2::{Digest, Sha256};

/// The name of a generated avatar, and the hash external avatar services know an address by: MD5 of the
/// lower-cased, trimmed address. Where an account has no address, its name takes that place.
pub fn email_hash(email: &str) -> String {
    hex::encode(Md5::digest(email.trim().to_lowercase()))
}

/// The name of an uploaded avatar: it changes with the image, so that browsers may keep it for ever.
pub fn uploaded_name(owner: UserId, image: &[u8]) -> String {
    let mut digest = Sha256::new();
    digest.update(format!("{}-", owner.0));
    digest.update(image);
    hex::encode(digest.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_giteas() {
        assert_eq!(email_hash("cleo@example.com"), "1a8cc66a2f3300b417ede5c2874aa2cc");
        assert_eq!(email_hash(" Cleo@Example.com\n"), "1a8cc66a2f3300b417ede5c2874aa2cc");
        // SHA-256 of "1-x"
        assert_eq!(uploaded_name(UserId(1), b"x"), hex::encode(Sha256::digest("1-x")));
    }
}
