//! Keys of Gitea's rows and of ssh-keygen; what must be refused.

use proptest::prelude::{any, proptest};

use super::*;

const ED25519: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICoHn2RjDLNW8KbeX2gSDGTA1Bdou5VePCLwQ3VWR78y one@laptop";
const ECDSA: &str = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEjRHwh6N+Eqx8zCHgBGmSvFnkrUvhw4P17VK0/ui7LOSo7zSTkdg4M3Nu4mpebXc3wo+1zR+iT1ffmx9oBTvsw= ben-ecdsa@sample";
const WEAK_RSA: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDe7tJOOqYdwnAEZMvU+UHkQfMKOUOoXRetB7vPJmiMGZ+CF8U7FAo3t88rKNwAqTpaeUTcDefKoT46lmIQsV4/fugyIOuh6vdzdABmRfafknkffbLeVGz1OZPZ5/nU5zJtovkakm1/op2RKdPgf1+tktY7GPCGBSG3sSdKFornpQ== weak@rsa";
const RSA: &str = include_str!("testdata/rsa.pub");

fn parse(text: &str) -> Result<SshPublicKey, SshKeyError> {
    SshPublicKey::parse(text)
}

#[test]
fn fingerprints_are_those_of_gitea() {
    for (line, key_type, fingerprint) in [
        (ED25519, KeyType::Ed25519, "SHA256:kssv1DgIO6xQHwnDwcPdJsie3ZfnbcCuTs2LNxcfn6U"),
        (ECDSA, KeyType::Ecdsa, "SHA256:RMbcBEIbPRl0sOGMgAVpBUEcda1A++yLZSmwd/IKBg4"),
    ] {
        let key = parse(line).unwrap();
        assert_eq!(key.content(), line);
        assert_eq!(key.key_type(), key_type);
        assert_eq!(key.bits(), 256);
        assert_eq!(key.fingerprint(), fingerprint);
        assert_eq!(KeySizePolicy::default().check(&key), Ok(()));
    }
}

#[test]
fn the_form_is_normalised() {
    let key = parse(ED25519).unwrap();
    let (bare, _) = ED25519.rsplit_once(' ').unwrap();
    let encoded = bare.split_once(' ').unwrap().1;
    assert_eq!(key.without_comment(), bare);
    assert_eq!(key.comment(), "one@laptop");
    assert_eq!(parse(&format!("  {}\r\n", ED25519.replace(' ', " \t "))).unwrap(), key);
    assert_eq!(parse(bare).unwrap().content(), bare);
    assert_eq!(parse(encoded).unwrap().content(), bare);
    assert_eq!(parse(&format!("{bare} two words ")).unwrap().comment(), "two words");
    // Missing padding is added.
    assert_eq!(parse(&ECDSA.replacen('=', "", 1)).unwrap().content(), ECDSA);
}

#[test]
fn other_forms_are_the_same_key() {
    let key = parse(RSA).unwrap();
    assert_eq!((key.key_type(), key.bits()), (KeyType::Rsa, 3072));
    assert_eq!(key.comment(), "c c");
    for other in [
        include_str!("testdata/rsa.ssh2"),
        include_str!("testdata/rsa.spki"),
        include_str!("testdata/rsa.pkcs1"),
        &include_str!("testdata/rsa.ssh2").replace('\n', "\r\n"),
        &include_str!("testdata/rsa.ssh2").replace("from OpenSSH", "from \\\nOpenSSH"),
    ] {
        assert_eq!(parse(other).unwrap().blob(), key.blob());
    }
    let ecdsa = "-----BEGIN PUBLIC KEY-----\nMHYwEAYHKoZIzj0CAQYFK4EEACIDYgAECIVaywTPGUVr2VEnZRQg/BjchHqn18+O\nTnEjlQDCriU2n75974bCRg+1hCaKECuVsVJDqK+dniwxKpotGHl+9VuQr1DHMSO4\n5Yh93eDqbgtI6XToA8ss+XzASMa7Sih7\n-----END PUBLIC KEY-----\n";
    assert_eq!(
        parse(ecdsa).unwrap().content(),
        "ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBAiFWssEzxlFa9lRJ2UUIPwY3IR6p9fPjk5xI5UAwq4lNp++fe+GwkYPtYQmihArlbFSQ6ivnZ4sMSqaLRh5fvVbkK9QxzEjuOWIfd3g6m4LSOl06APLLPl8wEjGu0ooew=="
    );
    let ed25519 = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAcc4WNcyy6R+vU+e8z0hvkhhHcbanC2fL/VbfweddY6g=\n-----END PUBLIC KEY-----";
    assert_eq!(parse(ed25519).unwrap().key_type(), KeyType::Ed25519);
}

#[test]
fn security_keys() {
    for (name, key_type, middle) in [
        ("sk-ssh-ed25519@openssh.com", KeyType::Ed25519Sk, vec![vec![7; 32]]),
        (
            "sk-ecdsa-sha2-nistp256@openssh.com",
            KeyType::EcdsaSk,
            vec![b"nistp256".to_vec(), [vec![4], vec![7; 64]].concat()],
        ),
    ] {
        let mut blob = Vec::new();
        wire::write_string(&mut blob, name.as_bytes());
        middle.iter().for_each(|part| wire::write_string(&mut blob, part));
        assert_eq!(SshPublicKey::from_blob(blob.clone(), ""), Err(SshKeyError::Damaged));
        wire::write_string(&mut blob, b"ssh:");
        let key = SshPublicKey::from_blob(blob, "token").unwrap();
        assert_eq!((key.key_type(), key.algorithm(), key.bits()), (key_type, name, 256));
        assert_eq!(KeySizePolicy::default().check(&key), Ok(()));
        assert_eq!(parse(&key.content()).unwrap(), key);
    }
}

#[test]
fn refusals_name_the_reason() {
    let bare = "AAAAC3NzaC1lZDI1NTE5AAAAICoHn2RjDLNW8KbeX2gSDGTA1Bdou5VePCLwQ3VWR78y";
    let certificate = {
        let mut blob = Vec::new();
        wire::write_string(&mut blob, b"ssh-ed25519-cert-v01@openssh.com");
        format!("ssh-ed25519-cert-v01@openssh.com {}", STANDARD.encode(blob))
    };
    for (text, error) in [
        ("", SshKeyError::Empty),
        (" \n", SshKeyError::Empty),
        ("hello", SshKeyError::NotAKey),
        ("hello world", SshKeyError::NotAKey),
        ("AAAA", SshKeyError::NotAKey),
        ("ssh-ed25519", SshKeyError::NotAKey),
        ("ssh-ed25519 AAAA nonsense", SshKeyError::NotAKey),
        ("ssh-ed25519 ???", SshKeyError::BadBase64),
        (&format!("{ED25519}\n{ECDSA}"), SshKeyError::SeveralLines),
        (&format!("ssh-ed25519 {}", &bare[..40]), SshKeyError::Damaged),
        (&format!("ssh-ed25519 {bare}AAAA"), SshKeyError::Damaged),
        (&format!("ssh-ed25519 {bare} a\u{1b}[0m"), SshKeyError::BadComment),
        (&format!("command=\"x\" {ED25519}"), SshKeyError::NotAKey),
        (&certificate, SshKeyError::UnsupportedType("ssh-ed25519-cert-v01@openssh.com".to_owned())),
        (
            "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----",
            SshKeyError::PrivateKey,
        ),
        ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", SshKeyError::Damaged),
        ("-----BEGIN PUBLIC KEY-----", SshKeyError::NotAKey),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", SshKeyError::NotAKey),
        (&"x".repeat(20_000), SshKeyError::TooLong),
    ] {
        assert_eq!(parse(text), Err(error), "{text}");
    }
    assert_eq!(
        parse(&format!("ssh-rsa {bare}")),
        Err(SshKeyError::TypeMismatch { claimed: "ssh-rsa".to_owned(), actual: "ssh-ed25519".to_owned() })
    );
}

#[test]
fn sizes_and_types_are_a_matter_of_configuration() {
    let weak = parse(WEAK_RSA).unwrap();
    let mut policy = KeySizePolicy::default();
    let error = SshKeyError::TooShort { key_type: KeyType::Rsa, bits: 1024, minimum: 3071 };
    assert_eq!(policy.check(&weak), Err(error));
    assert_eq!(policy.check(&parse(RSA).unwrap()), Ok(()));

    policy.set("RSA", 1024).unwrap();
    assert_eq!(policy.check(&weak), Ok(()));
    policy.set("rsa", -1).unwrap();
    assert_eq!(policy.check(&weak), Err(SshKeyError::TypeNotAllowed(KeyType::Rsa)));
    assert_eq!(KeySizePolicy::unchecked().check(&weak), Ok(()));
    assert!(policy.set("rot13", 1).is_err());
}

proptest! {
    #[test]
    fn reading_never_panics(text in "\\PC*", bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&text);
        let _ = parse(&format!("ssh-rsa {text}"));
        let _ = parse(&format!("---- BEGIN SSH2 PUBLIC KEY ----{text}"));
        let _ = parse(&format!("-----BEGIN {text}"));
        let _ = parse(&STANDARD.encode(&bytes));
        let _ = SshPublicKey::from_blob(bytes.clone(), &text);
        let _ = der::spki_to_blob(&bytes);
        let _ = der::pkcs1_to_blob(&bytes);
    }

    /// Whatever byte of a good key is changed, it is read or refused.
    #[test]
    fn damage_never_panics(at in 0usize..400, to: u8) {
        let mut blob = parse(RSA).unwrap().blob().to_vec();
        blob[at] = to;
        let _ = SshPublicKey::from_blob(blob, "");
    }
}
