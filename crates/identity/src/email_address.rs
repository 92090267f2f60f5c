//! E-mail addresses as Gitea accepts them, the domains an administrator allows, and the no-reply addresses
//! that stand in for hidden ones. Rows of `email_address` are not handled here.

use std::fmt;

use globset::{GlobBuilder, GlobMatcher};
use oolong_core::UserId;

const MAX_LENGTH: usize = 254;
const MAX_LABEL_LENGTH: usize = 63;

/// A syntactically valid address, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress {
    text: String,
    at: usize,
}

/// Why a text is no acceptable address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailAddressError {
    /// Nothing there.
    #[error("the e-mail address is missing")]
    Empty,
    /// More than 254 bytes.
    #[error("the e-mail address is longer than {MAX_LENGTH} characters")]
    TooLong,
    /// No `@`.
    #[error("the e-mail address has no @")]
    NoAt,
    /// A character that may not stand before the `@`, or an order that may not.
    #[error("the part of the e-mail address before the @ is not valid")]
    BadLocalPart,
    /// Not a host name.
    #[error("the domain of the e-mail address is not valid")]
    BadDomain,
}

impl EmailAddress {
    /// Reads an address. Only plain ASCII ones: quoted local parts, comments, display names and domain
    /// literals are refused, as is a leading `-`, which a mail program might take for an option.
    pub fn parse(text: &str) -> Result<Self, EmailAddressError> {
        if text.is_empty() {
            return Err(EmailAddressError::Empty);
        }
        if text.len() > MAX_LENGTH {
            return Err(EmailAddressError::TooLong);
        }
        let at = text.rfind('@').ok_or(EmailAddressError::NoAt)?;
        let (local, domain) = (&text[..at], &text[at + 1..]);
        if local.starts_with('-') || !local.split('.').all(is_atom) {
            return Err(EmailAddressError::BadLocalPart);
        }
        if !domain.split('.').all(is_label) {
            return Err(EmailAddressError::BadDomain);
        }
        Ok(Self { text: text.to_owned(), at })
    }

    /// The address as typed.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The address by which it is unique and looked up: `email_address.lower_email`, `user.email`.
    pub fn lower(&self) -> String {
        self.text.to_ascii_lowercase()
    }

    /// What follows the `@`, in lower case.
    pub fn domain(&self) -> String {
        self.text[self.at + 1..].to_ascii_lowercase()
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// RFC 5322 `atext`, once or more.
fn is_atom(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte))
}

fn is_label(text: &str) -> bool {
    (1..=MAX_LABEL_LENGTH).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// The address shown for somebody who hides theirs: `<id>+<lower name>@NO_REPLY_ADDRESS`.
pub fn no_reply_address(user: UserId, lower_name: &str, no_reply_domain: &str) -> String {
    format!("{}+{lower_name}@{no_reply_domain}", user.0)
}

/// Whom a no-reply address stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoReply {
    /// `<id>+<name>@…`: the id counts, the name may have changed since.
    Id(UserId),
    /// `<lower name>@…`, as older releases wrote it.
    Name(String),
}

impl NoReply {
    /// Reads the author address of a commit. `None` if it is not of `no_reply_domain`.
    pub fn parse(email: &str, no_reply_domain: &str) -> Option<Self> {
        let (local, domain) = email.rsplit_once('@')?;
        if no_reply_domain.is_empty() || !domain.eq_ignore_ascii_case(no_reply_domain) || local.is_empty() {
            return None;
        }
        match local.split_once('+') {
            Some((id, name)) => {
                let is_id = !name.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
                let id = id.parse().ok().filter(|id: &i64| is_id && *id > 0)?;
                Some(Self::Id(UserId(id)))
            }
            None => Some(Self::Name(local.to_lowercase())),
        }
    }
}

/// `EMAIL_DOMAIN_ALLOWLIST` and `EMAIL_DOMAIN_BLOCKLIST`: glob patterns over the domain.
#[derive(Debug, Clone, Default)]
pub struct EmailDomainRules {
    allow: Vec<GlobMatcher>,
    block: Vec<GlobMatcher>,
}

/// A pattern in the configuration that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("\"{pattern}\" is not a valid pattern for e-mail domains")]
pub struct InvalidDomainPattern {
    pattern: String,
    #[source]
    source: globset::Error,
}

impl EmailDomainRules {
    /// Compiles both lists.
    pub fn new(allow: &[impl AsRef<str>], block: &[impl AsRef<str>]) -> Result<Self, InvalidDomainPattern> {
        Ok(Self { allow: compile(allow)?, block: compile(block)? })
    }

    /// Whether an address of this domain may be used to register. If anything is allowed by name, nothing
    /// else is, and the block list is not asked: as in Gitea.
    pub fn allow(&self, email: &EmailAddress) -> bool {
        let domain = email.domain();
        let listed = |list: &[GlobMatcher]| list.iter().any(|pattern| pattern.is_match(&domain));
        if self.allow.is_empty() { !listed(&self.block) } else { listed(&self.allow) }
    }
}

fn compile(patterns: &[impl AsRef<str>]) -> Result<Vec<GlobMatcher>, InvalidDomainPattern> {
    let patterns = patterns.iter().map(|pattern| pattern.as_ref().trim()).filter(|text| !text.is_empty());
    let compiled = patterns.map(|pattern| match GlobBuilder::new(&pattern.to_lowercase()).build() {
        Ok(glob) => Ok(glob.compile_matcher()),
        Err(source) => Err(InvalidDomainPattern { pattern: pattern.to_owned(), source }),
    });
    compiled.collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, proptest};

    use super::*;

    fn parse(text: &str) -> Result<EmailAddress, EmailAddressError> {
        EmailAddress::parse(text)
    }

    #[test]
    fn good_addresses() {
        for text in
            ["alice@example.com", "A3@Example.com", "root@localhost", "a.b+c/d@x-y.example", "o'neil@1.org"]
        {
            assert_eq!(parse(text).unwrap().as_str(), text);
        }
        let address = parse("A3@Example.Com").unwrap();
        assert_eq!(address.lower(), "a3@example.com");
        assert_eq!(address.domain(), "example.com");
    }

    #[test]
    fn bad_addresses() {
        use EmailAddressError::{BadDomain, BadLocalPart, Empty, NoAt, TooLong};
        for (text, error) in [
            ("", Empty),
            ("bad", NoAt),
            ("not-an-address", NoAt),
            ("not an address", NoAt),
            ("@example.com", BadLocalPart),
            ("-a@example.com", BadLocalPart),
            (".a@example.com", BadLocalPart),
            ("a.@example.com", BadLocalPart),
            ("a..b@example.com", BadLocalPart),
            ("a,b@example.com", BadLocalPart),
            ("a b@example.com", BadLocalPart),
            ("a\n@example.com", BadLocalPart),
            ("a@b@example.com", BadLocalPart),
            ("\"a\"@example.com", BadLocalPart),
            ("Alice <alice@example.com", BadLocalPart),
            ("alice@example.com>", BadDomain),
            ("grün@example.com", BadLocalPart),
            ("a@", BadDomain),
            ("a@.com", BadDomain),
            ("a@example.com.", BadDomain),
            ("a@-x.com", BadDomain),
            ("a@x-.com", BadDomain),
            ("a@[127.0.0.1]", BadDomain),
            ("a@exämple.com", BadDomain),
        ] {
            assert_eq!(parse(text), Err(error), "{text}");
        }
        assert_eq!(parse(&format!("{}@example.com", "x".repeat(243))), Err(TooLong));
        assert_eq!(parse(&format!("a@{}.com", "x".repeat(64))), Err(BadDomain));
    }

    #[test]
    fn no_reply_addresses_go_there_and_back() {
        let domain = "noreply.example.com";
        let address = no_reply_address(UserId(2), "ben", domain);
        assert_eq!(address, "2+ben@noreply.example.com");
        assert_eq!(NoReply::parse(&address, domain), Some(NoReply::Id(UserId(2))));
        assert_eq!(NoReply::parse("Ben@NoReply.example.com", domain), Some(NoReply::Name("ben".to_owned())));
        for other in [
            "",
            "@noreply.example.com",
            "x+ben@noreply.example.com",
            "-2+b@noreply.example.com",
            "2+@noreply.example.com",
            "ben@example.com",
        ] {
            assert_eq!(NoReply::parse(other, domain), None, "{other}");
        }
        assert_eq!(NoReply::parse("ben@", ""), None);
    }

    #[test]
    fn domains() {
        let none: [&str; 0] = [];
        let allows = |rules: &EmailDomainRules, text: &str| rules.allow(&parse(text).unwrap());
        assert!(allows(&EmailDomainRules::default(), "a@example.com"));

        let rules = EmailDomainRules::new(&["example.com", " *.Example.org "], &["*"]).unwrap();
        assert!(allows(&rules, "a@EXAMPLE.com"));
        assert!(allows(&rules, "a@x.y.example.org"));
        assert!(!allows(&rules, "a@example.org"));
        assert!(!allows(&rules, "a@notexample.com"));

        let rules = EmailDomainRules::new(&none, &["*.spam", "bad.com"]).unwrap();
        assert!(!allows(&rules, "a@very.spam"));
        assert!(!allows(&rules, "a@bad.com"));
        assert!(allows(&rules, "a@good.com"));

        assert!(EmailDomainRules::new(&["[broken"], &none).is_err());
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_one_plain_line(text in "\\PC{0,20}@?\\PC{0,20}") {
            if let Ok(address) = parse(&text) {
                prop_assert!(address.as_str().bytes().all(|byte| byte.is_ascii_graphic()));
            }
            let _ = NoReply::parse(&text, "x");
        }
    }
}
