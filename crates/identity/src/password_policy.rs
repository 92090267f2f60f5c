//! What a new password must look like, and random passwords that do. Hashing is in
//! [`password`](crate::password).

use std::fmt;

use oolong_core::{Rng, Secret};

/// Longer passwords are refused, whatever is configured: they cost hashing time and protect no better.
pub const MAX_PASSWORD_CHARACTERS: usize = 255;

/// A kind of character `PASSWORD_COMPLEXITY` can demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CharacterClass {
    /// `a` to `z`
    Lower,
    /// `A` to `Z`
    Upper,
    /// `0` to `9`
    Digit,
    /// Space and ASCII punctuation
    Special,
}

impl CharacterClass {
    const ALL: [Self; 4] = [Self::Lower, Self::Upper, Self::Digit, Self::Special];

    fn from_config(name: &str) -> Option<Self> {
        match name {
            "lower" => Some(Self::Lower),
            "upper" => Some(Self::Upper),
            "digit" => Some(Self::Digit),
            "spec" => Some(Self::Special),
            _ => None,
        }
    }

    fn characters(self) -> &'static [u8] {
        match self {
            Self::Lower => b"abcdefghijklmnopqrstuvwxyz",
            Self::Upper => b"ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            Self::Digit => b"0123456789",
            Self::Special => b" !\"#$%&'()*+,-./:;<=>?@[\\]^_{|}~`",
        }
    }

    fn occurs_in(self, text: &str) -> bool {
        text.bytes().any(|byte| self.characters().contains(&byte))
    }
}

impl fmt::Display for CharacterClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lower => "a lower-case letter",
            Self::Upper => "an upper-case letter",
            Self::Digit => "a digit",
            Self::Special => "a punctuation mark or space",
        })
    }
}

/// `MIN_PASSWORD_LENGTH` and `PASSWORD_COMPLEXITY`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordPolicy {
    min_length: usize,
    required: Vec<CharacterClass>,
}

/// What a password lacks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordPolicyError {
    /// Fewer bytes than `MIN_PASSWORD_LENGTH`.
    #[error("the password is too short: it needs at least {minimum} characters")]
    TooShort {
        /// The configured least length.
        minimum: usize,
    },
    /// More than [`MAX_PASSWORD_CHARACTERS`].
    #[error("the password is too long: at most {MAX_PASSWORD_CHARACTERS} characters are allowed")]
    TooLong,
    /// Character classes that must occur and do not.
    #[error("the password lacks {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))]
    Missing(Vec<CharacterClass>),
}

impl PasswordPolicy {
    /// From the configured least length (bytes, as Gitea counts) and the list of class names: `off` alone
    /// demands nothing, a list without any known name demands all classes.
    pub fn from_config(min_length: usize, complexity: &[impl AsRef<str>]) -> Self {
        let names: Vec<_> = complexity.iter().map(|name| name.as_ref().trim().to_ascii_lowercase()).collect();
        let mut required: Vec<_> =
            names.iter().filter_map(|name| CharacterClass::from_config(name)).collect();
        if names != ["off"] && required.is_empty() {
            required = CharacterClass::ALL.to_vec();
        }
        required.sort_unstable();
        required.dedup();
        Self { min_length, required }
    }

    /// Whether a new password will do.
    pub fn check(&self, password: &str) -> Result<(), PasswordPolicyError> {
        // An empty password means "none set" in the database, so even a least length of 0 does not allow it.
        let minimum = self.min_length.max(1);
        if password.len() < minimum {
            return Err(PasswordPolicyError::TooShort { minimum });
        }
        if password.chars().count() > MAX_PASSWORD_CHARACTERS {
            return Err(PasswordPolicyError::TooLong);
        }
        let missing: Vec<_> =
            self.required.iter().copied().filter(|class| !class.occurs_in(password)).collect();
        if missing.is_empty() { Ok(()) } else { Err(PasswordPolicyError::Missing(missing)) }
    }

    /// A random password that passes [`check`](Self::check), of `length` characters or as many as the
    /// policy needs. Neither begins nor ends with a space, which people lose when they copy it.
    pub fn generate(&self, length: usize, rng: &Rng) -> Secret {
        let default = [CharacterClass::Lower, CharacterClass::Upper, CharacterClass::Digit];
        let classes = if self.required.is_empty() { default.as_slice() } else { self.required.as_slice() };
        let alphabet: Vec<u8> = classes.iter().flat_map(|class| class.characters()).copied().collect();
        let length = length.max(self.min_length).clamp(8, MAX_PASSWORD_CHARACTERS);
        // Drawn again rather than patched where a class is missing: all passing ones stay equally likely.
        loop {
            let password = Secret::new((0..length).map(|_| pick(&alphabet, rng)).collect::<String>());
            let text = password.expose();
            let is_trimmed = text.trim().len() == text.len();
            // A least length beyond the greatest allowed can never be met; then the longest has to do.
            if is_trimmed && !matches!(self.check(text), Err(PasswordPolicyError::Missing(_))) {
                return password;
            }
        }
    }
}

/// One of at most 256 characters, each equally likely.
fn pick(alphabet: &[u8], rng: &Rng) -> char {
    let fair = 256 - 256 % alphabet.len();
    loop {
        let [byte] = rng.bytes();
        if usize::from(byte) < fair {
            return char::from(alphabet[usize::from(byte) % alphabet.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn off_demands_only_length() {
        let policy = PasswordPolicy::from_config(8, &["off"]);
        assert_eq!(policy.check("abcdefgh"), Ok(()));
        assert_eq!(policy.check("abc"), Err(PasswordPolicyError::TooShort { minimum: 8 }));
        assert_eq!(policy.check(&"x".repeat(255)), Ok(()));
        assert_eq!(policy.check(&"x".repeat(256)), Err(PasswordPolicyError::TooLong));
        assert!(PasswordPolicy::from_config(0, &["off"]).check("").is_err());
    }

    #[test]
    fn the_error_names_what_is_missing() {
        let policy = PasswordPolicy::from_config(1, &["lower", "upper", "digit", "spec"]);
        let error = policy.check("abc").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the password lacks an upper-case letter, a digit, a punctuation mark or space"
        );
        assert_eq!(policy.check("aB3 "), Ok(()));
        assert_eq!(policy.check("aB3`"), Ok(()));
    }

    #[test]
    fn a_list_without_known_names_demands_everything() {
        let all = PasswordPolicy::from_config(8, &["lower", "upper", "digit", "spec"]);
        assert_eq!(PasswordPolicy::from_config(8, &["nonsense"]), all);
        assert_eq!(PasswordPolicy::from_config(8, &[] as &[&str]), all);
        assert_ne!(PasswordPolicy::from_config(8, &["nonsense", "digit"]), all);
    }

    #[test]
    fn generated_passwords_pass() {
        for complexity in [&["off"][..], &["spec"], &["lower", "upper", "digit", "spec"]] {
            let policy = PasswordPolicy::from_config(10, complexity);
            for _ in 0..50 {
                let password = policy.generate(4, &Rng::System);
                assert_eq!(policy.check(password.expose()), Ok(()));
                assert_eq!(password.expose().len(), 10);
            }
        }
        assert_eq!(PasswordPolicy::from_config(999, &["off"]).generate(4, &Rng::System).expose().len(), 255);
    }
}
