//! The stateless codes in activation and recovery mails, in Gitea's format:
//!
//! `start(12) ‖ minutes(6) ‖ HMAC-SHA1 in hex(40) ‖ hex(lower user name)`
//!
//! `start` is wall-clock time `YYYYMMDDHHMM` in the server's **local** time zone: that is Gitea's rule, and
//! links it has sent must go on working. Hence every function takes the zone. In the hour that a change from
//! summer time repeats, a start has two readings; the code is good if it is under either.
//!
//! Nothing is stored: the code is bound to the account's password hash, address and `rands`, so that using
//! it (which changes one of them) ends it.

use hmac::{Hmac, KeyInit, Mac};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, civil};
use oolong_core::{UnixSeconds, UserId};
use sha1::Sha1;
use subtle::ConstantTimeEq;

const FORMAT: &str = "%Y%m%d%H%M";
const START_LENGTH: usize = 12;
const MINUTES_LENGTH: usize = 6;
/// Everything before the user's name.
const FIXED_LENGTH: usize = START_LENGTH + MINUTES_LENGTH + 40;
/// Names have at most 40 characters of ASCII; anything much longer is not ours.
const MAX_LENGTH: usize = FIXED_LENGTH + 2 * 255;

/// What a code is for; one for another purpose does not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmailCodePurpose {
    /// Confirming a new account.
    ActivateAccount,
    /// Confirming an additional address.
    ActivateEmail,
    /// Choosing a new password.
    ResetPassword,
}

impl EmailCodePurpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::ActivateAccount => "activate_account",
            Self::ActivateEmail => "activate_email",
            Self::ResetPassword => "reset_password",
        }
    }
}

/// The facts of an account that a code is bound to.
#[derive(Debug, Clone, Copy)]
pub struct EmailCodeSubject<'a> {
    /// `user.id`
    pub user: UserId,
    /// `user.lower_name`
    pub lower_name: &'a str,
    /// The address the mail goes to: the new one, or the account's.
    pub email: &'a str,
    /// `user.passwd`
    pub passwd: &'a str,
    /// `user.rands`
    pub rands: &'a str,
}

/// Makes and checks codes with the server's general signing secret (`[oauth2] JWT_SECRET`, decoded).
#[derive(Clone)]
pub struct EmailCodes {
    secret: Vec<u8>,
    time_zone: TimeZone,
    lifetime_minutes: u32,
}

impl std::fmt::Debug for EmailCodes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EmailCodes").field("lifetime_minutes", &self.lifetime_minutes).finish_non_exhaustive()
    }
}

impl EmailCodes {
    /// `lifetime_minutes` is `ACTIVE_CODE_LIVE_MINUTES`, which holds for all purposes.
    pub fn new(secret: impl Into<Vec<u8>>, time_zone: TimeZone, lifetime_minutes: u32) -> Self {
        Self { secret: secret.into(), time_zone, lifetime_minutes }
    }

    /// A code that is good from now on. `None` only if the clock stands outside the calendar.
    pub fn make(
        &self,
        purpose: EmailCodePurpose,
        subject: &EmailCodeSubject<'_>,
        now: UnixSeconds,
    ) -> Option<String> {
        let start = Timestamp::from_second(now.0).ok()?;
        let mut code = self.sign(purpose, subject, start, self.lifetime_minutes)?;
        code.push_str(&hex::encode(subject.lower_name));
        Some(code)
    }

    /// Whose code this claims to be: the lower-case name to look the account up by. Proves nothing.
    pub fn claimed_name(code: &str) -> Option<String> {
        if !code.is_ascii() || !(FIXED_LENGTH + 2..=MAX_LENGTH).contains(&code.len()) {
            return None;
        }
        String::from_utf8(hex::decode(&code[FIXED_LENGTH..]).ok()?).ok()
    }

    /// Whether `code` was made for this purpose and account, and has not run out.
    pub fn verify(
        &self,
        code: &str,
        purpose: EmailCodePurpose,
        subject: &EmailCodeSubject<'_>,
        now: UnixSeconds,
    ) -> bool {
        self.check(code, purpose, subject, now).unwrap_or(false)
    }

    fn check(
        &self,
        code: &str,
        purpose: EmailCodePurpose,
        subject: &EmailCodeSubject<'_>,
        now: UnixSeconds,
    ) -> Option<bool> {
        if Self::claimed_name(code)? != subject.lower_name {
            return Some(false);
        }
        let now = Timestamp::from_second(now.0).ok()?;
        let (start, rest) = code[..FIXED_LENGTH].split_at(START_LENGTH);
        if !start.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(false);
        }
        let minutes = rest[..MINUTES_LENGTH].parse().ok()?;
        let start = civil::DateTime::strptime(FORMAT, start).ok()?;
        let readings = self.time_zone.to_ambiguous_timestamp(start);
        let mut good = false;
        for start in [readings.earlier().ok()?, readings.later().ok()?] {
            let expected = self.sign(purpose, subject, start, minutes)?;
            let genuine = bool::from(expected.as_bytes().ct_eq(&code.as_bytes()[..FIXED_LENGTH]));
            // The lifetime configured now counts, not the one in the code: shortening it must take effect.
            let end = start.checked_add(minutes_long(self.lifetime_minutes)).ok()?;
            good |= genuine && start <= now && now < end;
        }
        Some(good)
    }

    /// `start ‖ minutes ‖ hmac`
    fn sign(
        &self,
        purpose: EmailCodePurpose,
        subject: &EmailCodeSubject<'_>,
        start: Timestamp,
        minutes: u32,
    ) -> Option<String> {
        let end = start.checked_add(minutes_long(minutes)).ok()?;
        let [start, end] =
            [start, end].map(|time| time.to_zoned(self.time_zone.clone()).strftime(FORMAT).to_string());
        let EmailCodeSubject { user, lower_name, email, passwd, rands } = subject;
        let data =
            format!("{}|{}|{}|{lower_name}|{passwd}|{rands}", purpose.as_str(), user.0, email.to_lowercase());
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.secret).expect("HMAC takes keys of any length");
        mac.update(format!("{data}{}{start}{end}{minutes}", hex::encode(&self.secret)).as_bytes());
        Some(format!("{start}{minutes:06}{}", hex::encode(mac.finalize().into_bytes())))
    }
}

fn minutes_long(minutes: u32) -> SignedDuration {
    SignedDuration::from_secs(i64::from(minutes) * 60)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, proptest};

    use super::*;

    /// 2026-01-02T03:04:05Z
    const NOW: i64 = 1_767_323_045;
    const RESET: EmailCodePurpose = EmailCodePurpose::ResetPassword;

    fn codes() -> EmailCodes {
        EmailCodes::new(b"sample-oauth2-general-secret-000".as_slice(), TimeZone::UTC, 180)
    }

    fn ada() -> EmailCodeSubject<'static> {
        EmailCodeSubject {
            user: UserId(1),
            lower_name: "ada",
            email: "Ada@example.com",
            passwd: "38c3",
            rands: "723c",
        }
    }

    #[test]
    fn the_format_is_the_documented_one() {
        let code = codes().make(RESET, &ada(), UnixSeconds(NOW)).unwrap();
        assert_eq!(code.len(), 58 + 6);
        assert!(code.starts_with("202601020304000180"));
        assert!(code.ends_with("616461"));
        assert_eq!(EmailCodes::claimed_name(&code).as_deref(), Some("ada"));

        let secret = b"sample-oauth2-general-secret-000";
        let mut mac = Hmac::<Sha1>::new_from_slice(secret).unwrap();
        mac.update(b"reset_password|1|ada@example.com|ada|38c3|723c");
        mac.update(hex::encode(secret).as_bytes());
        mac.update(b"202601020304202601020604180");
        assert_eq!(code[18..58], hex::encode(mac.finalize().into_bytes()));
    }

    #[test]
    fn a_code_is_good_for_its_time() {
        let code = codes().make(RESET, &ada(), UnixSeconds(NOW)).unwrap();
        let start = NOW - 5;
        for (time, good) in
            [(start, true), (start - 1, false), (start + 10_799, true), (start + 10_800, false)]
        {
            assert_eq!(codes().verify(&code, RESET, &ada(), UnixSeconds(time)), good, "{time}");
        }
        let hasty = EmailCodes { lifetime_minutes: 1, ..codes() };
        assert!(!hasty.verify(&code, RESET, &ada(), UnixSeconds(start + 61)));
    }

    #[test]
    fn a_code_is_bound_to_purpose_and_account() {
        let code = codes().make(RESET, &ada(), UnixSeconds(NOW)).unwrap();
        let refused = |purpose, subject: &EmailCodeSubject<'_>| {
            assert!(!codes().verify(&code, purpose, subject, UnixSeconds(NOW)), "{subject:?}");
        };
        refused(EmailCodePurpose::ActivateAccount, &ada());
        refused(RESET, &EmailCodeSubject { passwd: "changed", ..ada() });
        refused(RESET, &EmailCodeSubject { rands: "changed", ..ada() });
        refused(RESET, &EmailCodeSubject { email: "new@example.com", ..ada() });
        refused(RESET, &EmailCodeSubject { user: UserId(2), ..ada() });
        refused(RESET, &EmailCodeSubject { lower_name: "ben", ..ada() });
        let other = EmailCodes::new(b"another".as_slice(), TimeZone::UTC, 180);
        assert!(!other.verify(&code, RESET, &ada(), UnixSeconds(NOW)));
        let longer = code.replacen("000180", "999999", 1);
        assert!(!codes().verify(&longer, RESET, &ada(), UnixSeconds(NOW)));
    }

    #[test]
    fn the_hour_that_comes_twice() {
        let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        let codes = EmailCodes { time_zone: zone, ..codes() };
        // 2026-10-25 02:30 occurs at 00:30Z and again at 01:30Z.
        for start in [1_792_888_200, 1_792_891_800] {
            let code = codes.make(RESET, &ada(), UnixSeconds(start)).unwrap();
            assert!(code.starts_with("202610250230"), "{code}");
            assert!(codes.verify(&code, RESET, &ada(), UnixSeconds(start)));
            assert!(!codes.verify(&code, RESET, &ada(), UnixSeconds(start + 4 * 3600)));
        }
    }

    proptest! {
        #[test]
        fn nonsense_is_refused_without_panic(
            text in "\\PC*",
            shaped in "[0-9+ -]{18}[0-9a-f]{40}616461",
            time: i64,
        ) {
            prop_assert!(!codes().verify(&text, RESET, &ada(), UnixSeconds(time)));
            prop_assert!(!codes().verify(&shaped, RESET, &ada(), UnixSeconds(time)));
            let _ = codes().make(RESET, &ada(), UnixSeconds(time));
        }
    }
}
