//! How the text of a value is read: switches, numbers, durations, sizes, lists and closed sets of words.
//!
//! What does not belong here: sections and keys.

use std::path::PathBuf;
use std::time::Duration;

use oolong_core::{Secret, Unit, Visibility};

use crate::section::PasswordClass;

/// The result of reading one value: the error says what a good value looks like.
pub type Read<T> = Result<T, String>;

/// A type that an ini value can be read as. `Default` stands in where a section computes the value later.
pub trait IniValue: Default {
    /// Reads the text of a value; it is never empty.
    fn read(text: &str) -> Read<Self>;
}

/// Reads a switch.
pub fn switch(text: &str) -> Read<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" | "YES" | "yes" | "Yes" | "y" | "ON" | "on" | "On" => {
            Ok(true)
        }
        "0" | "f" | "F" | "false" | "FALSE" | "False" | "NO" | "no" | "No" | "n" | "OFF" | "off" | "Off" => {
            Ok(false)
        }
        _ => Err("expected true or false".to_owned()),
    }
}

/// Reads a whole number: decimal, `0x` hexadecimal, `0b` binary, and octal with `0o` or a leading zero.
pub fn integer(text: &str) -> Read<i64> {
    let bad = || "expected a whole number (a leading 0 means octal)".to_owned();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let lower = digits.to_ascii_lowercase();
    let (radix, digits) = match lower.as_bytes() {
        [b'0', b'x', ..] => (16, &lower[2..]),
        [b'0', b'b', ..] => (2, &lower[2..]),
        [b'0', b'o', ..] => (8, &lower[2..]),
        [b'0', _, ..] => (8, &lower[1..]),
        _ => (10, lower.as_str()),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return Err(bad());
    }
    i64::from_str_radix(&format!("{sign}{}", digits.replace('_', "")), radix).map_err(|_| bad())
}

/// Reads a duration in Go's syntax (`1h30m`, `300ms`, `0`); anything negative means zero.
pub fn duration(text: &str) -> Read<Duration> {
    let bad = || "expected a duration with a unit, such as 30s, 10m or 1h30m".to_owned();
    let negative = text.starts_with('-');
    let mut rest = text.trim_start_matches(['-', '+']);
    if text.len() - rest.len() > 1 || rest.is_empty() {
        return Err(bad());
    }
    // "-1" is how Gitea's documentation switches a timeout off.
    if rest == "0" || (negative && rest == "1") {
        return Ok(Duration::ZERO);
    }
    let mut seconds = 0.0_f64;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(bad)?;
        let number: f64 = rest[..digits].parse().map_err(|_| bad())?;
        rest = &rest[digits..];
        let end = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
        let unit = match &rest[..end] {
            "ns" => 1e-9,
            "us" | "µs" | "μs" => 1e-6,
            "ms" => 1e-3,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            _ => return Err(bad()),
        };
        seconds += number * unit;
        rest = &rest[end..];
    }
    if negative {
        return Ok(Duration::ZERO);
    }
    // Nanosecond steps: the sum of fractions should not show binary rounding.
    Duration::try_from_secs_f64((seconds * 1e9).round() / 1e9).map_err(|_| bad())
}

/// Splits at commas; `\,` is a comma inside an item, empty items are left out.
pub fn list(text: &str) -> Vec<String> {
    let mut items = Vec::new();
    let mut item = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if matches!(letters.peek(), Some(',' | '\\')) => item.extend(letters.next()),
            ',' => items.push(std::mem::take(&mut item)),
            _ => item.push(letter),
        }
    }
    items.push(item);
    items.into_iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
}

fn unsigned(text: &str) -> Read<u64> {
    u64::try_from(integer(text)?).map_err(|_| "expected a number that is not negative".to_owned())
}

fn scaled(text: &str, unit: u64) -> Read<Duration> {
    let seconds = unsigned(text)?.checked_mul(unit).ok_or("the number is too large")?;
    Ok(Duration::from_secs(seconds))
}

/// A bare number of milliseconds.
pub fn milliseconds(text: &str) -> Read<Duration> {
    unsigned(text).map(Duration::from_millis)
}

/// A bare number of seconds.
pub fn seconds(text: &str) -> Read<Duration> {
    scaled(text, 1)
}

/// A bare number of minutes.
pub fn minutes(text: &str) -> Read<Duration> {
    scaled(text, 60)
}

/// A bare number of hours.
pub fn hours(text: &str) -> Read<Duration> {
    scaled(text, 3600)
}

/// A bare number of days.
pub fn days(text: &str) -> Read<Duration> {
    scaled(text, 86400)
}

/// Items separated by blanks.
pub fn words(text: &str) -> Read<Vec<String>> {
    Ok(text.split_whitespace().map(str::to_owned).collect())
}

/// File permissions, always in octal.
pub fn permissions(text: &str) -> Read<u32> {
    u32::from_str_radix(text, 8)
        .ok()
        .filter(|mode| *mode <= 0o777)
        .ok_or_else(|| "expected octal file permissions such as 666".to_owned())
}

/// A number of bytes with an optional unit (`10 MiB`, `1 GB`); `-1` means no limit.
pub fn size(text: &str) -> Read<i64> {
    let bad = || "expected -1 or a size such as 512 KiB, 10 MiB or 2 GB".to_owned();
    if text == "-1" {
        return Ok(-1);
    }
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let number: f64 = text[..end].parse().map_err(|_| bad())?;
    let unit: f64 = match text[end..].trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1.0,
        "k" | "kb" => 1e3,
        "m" | "mb" => 1e6,
        "g" | "gb" => 1e9,
        "t" | "tb" => 1e12,
        "ki" | "kib" => 1024.0,
        "mi" | "mib" => 1024.0 * 1024.0,
        "gi" | "gib" => 1024.0 * 1024.0 * 1024.0,
        "ti" | "tib" => 1024.0 * 1024.0 * 1024.0 * 1024.0,
        _ => return Err(bad()),
    };
    let bytes = number * unit;
    // Doubles hold whole numbers exactly up to 2^53, far beyond any disk this limit is for.
    if bytes > 9_007_199_254_740_992.0 {
        return Err("the size is too large".to_owned());
    }
    Ok(bytes as i64)
}

impl IniValue for bool {
    fn read(text: &str) -> Read<Self> {
        switch(text)
    }
}

impl IniValue for i64 {
    fn read(text: &str) -> Read<Self> {
        integer(text)
    }
}

impl IniValue for u64 {
    fn read(text: &str) -> Read<Self> {
        unsigned(text)
    }
}

impl IniValue for u32 {
    fn read(text: &str) -> Read<Self> {
        u32::try_from(unsigned(text)?).map_err(|_| "the number is too large".to_owned())
    }
}

impl IniValue for usize {
    fn read(text: &str) -> Read<Self> {
        usize::try_from(unsigned(text)?).map_err(|_| "the number is too large".to_owned())
    }
}

impl IniValue for u16 {
    fn read(text: &str) -> Read<Self> {
        text.parse().map_err(|_| "expected a port number from 0 to 65535".to_owned())
    }
}

impl IniValue for f64 {
    fn read(text: &str) -> Read<Self> {
        text.parse().ok().filter(|n: &f64| n.is_finite()).ok_or_else(|| "expected a number".to_owned())
    }
}

impl IniValue for Duration {
    fn read(text: &str) -> Read<Self> {
        duration(text)
    }
}

impl IniValue for String {
    fn read(text: &str) -> Read<Self> {
        Ok(text.to_owned())
    }
}

impl IniValue for Secret {
    fn read(text: &str) -> Read<Self> {
        Ok(Secret::from(text))
    }
}

impl IniValue for PathBuf {
    fn read(text: &str) -> Read<Self> {
        Ok(PathBuf::from(text))
    }
}

impl<T: IniValue> IniValue for Vec<T> {
    fn read(text: &str) -> Read<Self> {
        list(text).iter().map(|item| T::read(item)).collect()
    }
}

impl IniValue for Visibility {
    fn read(text: &str) -> Read<Self> {
        Visibility::parse(text).ok_or_else(|| "expected public, limited or private".to_owned())
    }
}

/// A list of repository units.
pub fn units(text: &str) -> Read<Vec<Unit>> {
    let unit = |name: &String| {
        Unit::parse(name).ok_or_else(|| {
            let known: Vec<_> = Unit::ALL.into_iter().map(Unit::key).collect();
            format!("expected a list out of {}", known.join(", "))
        })
    };
    list(text).iter().map(unit).collect()
}

/// The kinds of characters a password must have; `off` anywhere in the list means none.
pub fn password_classes(text: &str) -> Read<Vec<PasswordClass>> {
    if list(text).iter().any(|item| item.eq_ignore_ascii_case("off")) {
        return Ok(Vec::new());
    }
    IniValue::read(text)
}

/// The full specification of a password hash: Gitea's short names stand for parameters.
pub fn password_hash(text: &str) -> Read<String> {
    let full = match text {
        "pbkdf2" | "pbkdf2_v2" => "pbkdf2$50000$50",
        "pbkdf2_v1" => "pbkdf2$10000$50",
        "pbkdf2_hi" => "pbkdf2$320000$50",
        "argon2" => "argon2$2$65536$8$50",
        "bcrypt" => "bcrypt$10",
        "scrypt" => "scrypt$65536$16$2$50",
        _ => text,
    };
    let mut parts = full.split('$');
    let expected = match parts.next() {
        Some("pbkdf2") => 2,
        Some("argon2" | "scrypt") => 4,
        Some("bcrypt") => 1,
        _ => return Err("expected pbkdf2, argon2, bcrypt or scrypt, also with parameters".to_owned()),
    };
    let numbers: Vec<_> = parts.map(str::parse::<u32>).collect();
    if numbers.len() != expected || !numbers.iter().all(|number| matches!(number, Ok(1..))) {
        return Err(format!("this kind of hash takes {expected} numbers, each behind a $"));
    }
    Ok(full.to_owned())
}

/// Defines a closed set of words: `Variant = "word"`, read without regard to case.
macro_rules! choice {
    ($(#[doc = $doc:literal])* pub enum $name:ident {
        $($(#[$attr:meta])* $variant:ident = $word:literal,)+
    }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$attr])* $variant,)+ }

        impl $name {
            /// The word in `app.ini`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl $crate::value::IniValue for $name {
            fn read(text: &str) -> $crate::value::Read<Self> {
                $(if text.eq_ignore_ascii_case($word) { return Ok(Self::$variant); })+
                let words = [$($word),+].into_iter().filter(|word| !word.is_empty());
                Err(format!("expected one of {}", words.collect::<Vec<_>>().join(", ")))
            }
        }
    };
}
pub(crate) use choice;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_are_gos() {
        for text in ["1", "t", "T", "true", "TRUE", "True", "YES", "yes", "Yes", "y", "ON", "on", "On"] {
            assert_eq!(switch(text), Ok(true), "{text}");
        }
        for text in ["0", "f", "F", "false", "FALSE", "False", "NO", "no", "No", "n", "OFF", "off", "Off"] {
            assert_eq!(switch(text), Ok(false), "{text}");
        }
        for text in ["tRUE", "Y", "2", "enabled", " true"] {
            assert!(switch(text).is_err(), "{text}");
        }
    }

    #[test]
    fn integers_have_base_prefixes() {
        for (text, number) in [
            ("10", 10),
            ("-1", -1),
            ("+7", 7),
            ("010", 8),
            ("0x10", 16),
            ("0b11", 3),
            ("0o17", 15),
            ("-0x10", -16),
            ("1_000", 1000),
            ("0", 0),
        ] {
            assert_eq!(integer(text), Ok(number), "{text}");
        }
        for text in ["", "-", "08", "1.5", "ten", "0x", "99999999999999999999", "--1", "1 000", "+-1"] {
            assert!(integer(text).is_err(), "{text}");
        }
    }

    #[test]
    fn durations_need_a_unit() {
        for (text, millis) in [
            ("300ms", 300),
            ("1h30m", 5_400_000),
            ("1.5s", 1500),
            ("0", 0),
            ("-1s", 0),
            ("-1", 0),
            ("+2m", 120_000),
            (".5s", 500),
        ] {
            assert_eq!(duration(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        assert_eq!(duration("3us"), Ok(Duration::from_micros(3)));
        for text in ["", "5", "1d", "s", "1h30", "--1s", "1..5s", ".s", "1e5s", "999999999999999999999h", "-"]
        {
            assert!(duration(text).is_err(), "{text}");
        }
        assert_eq!(minutes("180"), Ok(Duration::from_secs(10_800)));
        assert!(seconds("-5").is_err());
        assert!(hours("9223372036854775807").is_err());
    }

    #[test]
    fn lists_escape_commas() {
        assert_eq!(list("a, b ,c"), ["a", "b", "c"]);
        assert_eq!(list(r"a\,b,c\d,e\\f"), ["a,b", r"c\d", r"e\f"]);
        assert_eq!(list(".txt,.md,"), [".txt", ".md"]);
        assert_eq!(list(" , "), [""; 0]);
        assert_eq!(list(r"a\"), [r"a\"]);
    }

    #[test]
    fn sizes_have_units() {
        for (text, bytes) in
            [("-1", -1), ("0", 0), ("10 MiB", 10 << 20), ("2GB", 2_000_000_000), ("1.5k", 1500)]
        {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for text in ["", "-2", "MiB", "1 parsec", "99999999 TiB"] {
            assert!(size(text).is_err(), "{text}");
        }
    }
}
