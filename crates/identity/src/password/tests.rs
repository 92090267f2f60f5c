//! Rows written by Gitea 1.27 verify, and nothing else does.

use oolong_core::Rng;
use proptest::prelude::{prop_assert_eq, proptest};

use super::*;

/// name, passwd, salt, passwd_hash_algo; the password is `Pass-<name>-2026!`.
const ROWS: [(&str, &str, &str, &str); 8] = [
    (
        "ada",
        "38c31d1effc73a5cac13221694bfaae2ebcc9fa357482790b7d3394acecf809913ef02b385531891431c53d38df704cccee0",
        "695e8e82caed85f41b648344d0ac1bee",
        "pbkdf2$50000$50",
    ),
    (
        "ben",
        "a360ae16c300765c2088974383799b3d71acb830d1ff4afae23e46c6c0cce6530cd8a998bcce631608c2051562bfa2572352",
        "c5acf15015cf15bb64a41d45aa43d522",
        "argon2$2$65536$8$50",
    ),
    (
        "dov",
        "67957dbc1fce73f092c9c6be9ecd292af364f9f9e545bfc3f73468b5dd1676b8",
        "f58b0233c1459f3e6ea737e210626c83",
        "argon2$3$4096$2$32",
    ),
    (
        "gus",
        "38703ccd8178d669455c6395e6f5b09daf9f458119f39c0b4a0c123ea78292fb5b1cd274834fb998a32f557cacfb682bb3fb",
        "3a1d050033dfe7250a46b2b6b6111b94",
        "scrypt$65536$16$2$50",
    ),
    (
        "hana",
        "60254b00419e7b20cd92cfafcdb96ee6732a12da8ad94012c70f6a2f80378584de6cb46af4632098fb4ad19a672d7e208370",
        "de88b6aee664a93f4b3de2cf6a8ddee3",
        "pbkdf2$320000$50",
    ),
    (
        "mia",
        "78d717a744b1d73a7f25acfcef1444c1f521be476722d36c05ec18920e494caa626f5f76661333a159fc48ea3286c2b239b2",
        "f8cf17671a9a834152e8a3b9c8ed3177",
        "pbkdf2$10000$50",
    ),
    (
        "wen",
        "61f2d20fea2b413391d05f5a5bd45cf8ef0fddabc44b3592c0140f901518061ffb362db6e81c6238d1e0e69c9b446cc12c0a",
        "b352d8dd3016879d3d8d9f5f0d94ca8c",
        "pbkdf2$1000$50",
    ),
    (
        "fay",
        "$2a$10$2.ln2YXXjU8hzx2UI1ygj.EdxpgYCizuTbrIv65fwWIKNZC.Ly6V2",
        "c57a05ce0cefd6b4432b82f30276991f",
        "bcrypt$10",
    ),
];

#[test]
fn rows_of_gitea_verify() {
    for (name, passwd, salt, algorithm) in ROWS {
        let hash = PasswordHash::from_columns(passwd, salt, algorithm);
        assert!(hash.verify(&format!("Pass-{name}-2026!")), "{name}");
        assert!(!hash.verify(&format!("Pass-{name}-2026?")), "{name}");
        assert!(!hash.verify(""), "{name}");
        assert!(!hash.needs_rehash(&Algorithm::from_stored(algorithm).unwrap()), "{name}");
    }
}

#[test]
fn bare_names_in_the_database_mean_the_old_parameters() {
    let (_, passwd, salt, _) = ROWS[5];
    for bare in ["", "pbkdf2"] {
        let hash = PasswordHash::from_columns(passwd, salt, bare);
        assert!(hash.verify("Pass-mia-2026!"));
        assert!(hash.needs_rehash(&Algorithm::from_config("pbkdf2_v1").unwrap()));
    }
    let (_, passwd, salt, _) = ROWS[1];
    assert!(PasswordHash::from_columns(passwd, salt, "argon2").verify("Pass-ben-2026!"));
}

#[test]
fn aliases_hold_in_the_configuration_only() {
    for (alias, specification) in [
        ("", "pbkdf2$50000$50"),
        ("pbkdf2", "pbkdf2$50000$50"),
        ("pbkdf2_v2", "pbkdf2$50000$50"),
        ("pbkdf2_v1", "pbkdf2$10000$50"),
        ("pbkdf2_hi", "pbkdf2$320000$50"),
        ("argon2", "argon2$2$65536$8$50"),
        ("scrypt", "scrypt$65536$16$2$50"),
        ("bcrypt", "bcrypt$10"),
        ("argon2$3$4096$2$32", "argon2$3$4096$2$32"),
    ] {
        assert_eq!(Algorithm::from_config(alias).unwrap().to_string(), specification);
    }
    assert_eq!(Algorithm::from_stored("pbkdf2_v2"), Err(AlgorithmError::UnknownName("pbkdf2_v2".to_owned())));
}

#[test]
fn a_legacy_salt_is_used_as_it_stands() {
    let mut key = [0; 50];
    pbkdf2::pbkdf2_hmac::<sha2::Sha256>(b"secret", b"0123456789", 10_000, &mut key);
    let hash = PasswordHash::from_columns(hex::encode(key), "0123456789", "pbkdf2$10000$50");
    assert!(hash.verify("secret"));
    assert!(hash.needs_rehash(&Algorithm::from_config("pbkdf2_v1").unwrap()));
}

#[test]
fn what_makes_no_sense_never_verifies() {
    let (_, passwd, salt, _) = ROWS[5];
    for algorithm in ["dummy", "pbkdf2$10000", "pbkdf2$0$50", "md5", "pbkdf2$10000$50$", "$", "pbkdf2$-1$50"]
    {
        assert!(!PasswordHash::from_columns(passwd, salt, algorithm).verify("Pass-mia-2026!"), "{algorithm}");
    }
    assert!(!PasswordHash::from_columns("", "", "").verify(""));
    assert!(!PasswordHash::from_columns("", salt, "pbkdf2").verify("Pass-mia-2026!"));
    assert!(!PasswordHash::from_columns(passwd, "not hex at all", "pbkdf2").verify("Pass-mia-2026!"));
}

#[test]
fn parameters_that_would_take_the_machine_down_are_refused() {
    for specification in [
        "scrypt$1073741824$8$1$50",
        "scrypt$65536$4294967295$1$50",
        "scrypt$2$1$4294967295$50",
        "scrypt$65535$16$2$50",
        "argon2$2$4294967295$8$50",
        "argon2$4294967295$65536$8$50",
        "argon2$2$65536$256$50",
        "argon2$2$65536$8$4294967295",
        "pbkdf2$4294967295$50",
        "pbkdf2$10000$4294967295",
        "pbkdf2$10000$0",
        "bcrypt$31",
        "bcrypt$3",
    ] {
        assert!(Algorithm::from_stored(specification).is_err(), "{specification}");
        assert!(Algorithm::from_config(specification).is_err(), "{specification}");
    }
    let costly = "$2a$31$2.ln2YXXjU8hzx2UI1ygj.EdxpgYCizuTbrIv65fwWIKNZC.Ly6V2";
    assert!(!PasswordHash::from_columns(costly, "", "bcrypt$10").verify("Pass-fay-2026!"));
}

#[test]
fn new_hashes_verify() {
    for specification in ["pbkdf2$10$50", "argon2$1$64$2$32", "scrypt$16$8$1$32", "bcrypt$4"] {
        let algorithm = Algorithm::from_config(specification).unwrap();
        let stored = algorithm.hash("correct horse", &Rng::System).unwrap();
        assert_eq!(stored.algorithm, specification);
        assert_eq!(stored.salt.len(), 32);
        let hash = PasswordHash::from(stored.clone());
        assert!(hash.verify("correct horse"));
        assert!(!hash.verify("correct horses"));
        assert!(!hash.needs_rehash(&algorithm));
        assert!(!format!("{stored:?} {hash:?}").contains(&stored.salt));
    }
}

#[test]
fn bcrypt_refuses_what_it_cannot_tell_apart() {
    let algorithm = Algorithm::from_config("bcrypt$4").unwrap();
    let rng = &Rng::System;
    let longest = "x".repeat(72);
    let hash = PasswordHash::from(algorithm.hash(&longest, rng).unwrap());
    assert!(hash.verify(&longest));
    assert!(!hash.verify(&format!("{longest}y")));
    assert_eq!(algorithm.hash(&"x".repeat(73), rng), Err(HashError::NotForBcrypt));
    assert_eq!(algorithm.hash("a\0a", rng), Err(HashError::NotForBcrypt));
    assert!(PasswordHash::from(algorithm.hash("a", rng).unwrap()).verify("a"));
    assert!(!PasswordHash::from(algorithm.hash("a", rng).unwrap()).verify("a\0a"));
}

proptest! {
    #[test]
    fn reading_a_specification_never_panics(text in "\\PC*") {
        let _ = Algorithm::from_config(&text);
        let _ = Algorithm::from_stored(&text);
    }

    #[test]
    fn a_specification_is_written_as_it_was_read(
        name in "pbkdf2|argon2|scrypt|bcrypt",
        numbers in proptest::collection::vec(0u32..200_000, 1..5),
    ) {
        let text = numbers.iter().fold(name, |text, number| format!("{text}${number}"));
        if let Ok(algorithm) = Algorithm::from_stored(&text) {
            prop_assert_eq!(algorithm.to_string(), text);
        }
    }
}
