//! Who did something and when, as git keeps it.

use std::time::{SystemTime, UNIX_EPOCH};

/// A point in time with the writer's offset from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Moment {
    /// Seconds since 1970.
    pub seconds: i64,
    /// Minutes east of UTC.
    pub offset_minutes: i32,
}

impl Moment {
    /// A moment in UTC.
    #[must_use]
    pub fn utc(seconds: i64) -> Self {
        Self { seconds, offset_minutes: 0 }
    }

    /// The system clock's time, in UTC.
    #[must_use]
    pub fn now() -> Self {
        let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs());
        Self::utc(i64::try_from(elapsed).unwrap_or(i64::MAX))
    }

    pub(crate) fn raw(self) -> String {
        let sign = if self.offset_minutes < 0 { '-' } else { '+' };
        let minutes = self.offset_minutes.unsigned_abs();
        format!("{} {sign}{:02}{:02}", self.seconds, minutes / 60, minutes % 60)
    }
}

impl From<git2::Time> for Moment {
    fn from(time: git2::Time) -> Self {
        Self { seconds: time.seconds(), offset_minutes: time.offset_minutes() }
    }
}

/// An author, committer or tagger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Name; invalid UTF-8 is replaced.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// When.
    pub when: Moment,
}

impl Signature {
    /// A signature of now.
    #[must_use]
    pub fn new(name: impl Into<String>, email: impl Into<String>, when: Moment) -> Self {
        Self { name: name.into(), email: email.into(), when }
    }

    pub(crate) fn to_git(&self) -> crate::Result<git2::Signature<'static>> {
        let name = clean(&self.name);
        let email = clean(&self.email);
        // git refuses an empty name; the part before the `@` is what it would guess as well.
        let name = if name.is_empty() { email.split('@').next().unwrap_or("").to_owned() } else { name };
        if name.is_empty() {
            return Err(crate::Error::invalid("author", "a name or an e-mail address is needed"));
        }
        let time = git2::Time::new(self.when.seconds, self.when.offset_minutes);
        Ok(git2::Signature::new(&name, &email, &time)?)
    }

    pub(crate) fn reflog_ident(&self) -> String {
        format!("{} <{}> {}", clean(&self.name), clean(&self.email), self.when.raw())
    }
}

/// What git itself strips: angle brackets and line ends would forge other header fields.
fn clean(text: &str) -> String {
    let kept: String = text.chars().filter(|c| !matches!(c, '<' | '>' | '\n' | '\r' | '\0')).collect();
    kept.trim_matches(|c: char| c.is_whitespace() || c.is_control()).to_owned()
}

impl From<git2::Signature<'_>> for Signature {
    fn from(signature: git2::Signature<'_>) -> Self {
        Self {
            name: String::from_utf8_lossy(signature.name_bytes()).into_owned(),
            email: String::from_utf8_lossy(signature.email_bytes()).into_owned(),
            when: signature.when().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_injection_is_stripped() {
        let signature =
            Signature::new("Eve <x>\ncommitter", "e@x>\0", Moment { seconds: 5, offset_minutes: -90 });
        assert_eq!(signature.reflog_ident(), "Eve xcommitter <e@x> 5 -0130");
        assert!(Signature::new("", "", Moment::utc(0)).to_git().is_err());
        assert_eq!(
            Signature::new(" ", "pat@example.com", Moment::utc(0)).to_git().unwrap().name().unwrap(),
            "pat"
        );
    }
}
