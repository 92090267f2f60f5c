//! Overrides from the environment: `GITEA__SECTION__KEY` and `OOLONG__SECTION__KEY`.
//!
//! They are written into `app.ini` by `config edit-ini --apply-env`; nothing else reads them.

use crate::ini::Ini;

/// The prefixes, later ones win.
const PREFIXES: [&str; 2] = ["GITEA__", "OOLONG__"];
const FILE_SUFFIX: &str = "__FILE";

/// What came of applying the environment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// Whether any value of the document is another one now.
    pub changed: bool,
    /// Variables that could not be applied, and why.
    pub problems: Vec<String>,
}

/// Sets every key that a variable names. Sections are lower-cased, keys taken as they are; `_0X2E_` stands for the
/// character of that number; a name ending in `__FILE` gives the path of a file with the value.
pub fn apply<I>(ini: &mut Ini, variables: I) -> Applied
where
    I: IntoIterator<Item = (String, String)>,
{
    let mut variables: Vec<(String, String)> = variables.into_iter().collect();
    // The order of an environment is arbitrary; what wins must not be.
    variables.sort();
    let mut applied = Applied::default();
    for prefix in PREFIXES {
        for (name, value) in &variables {
            let Some(rest) = name.strip_prefix(prefix) else { continue };
            let (rest, from_file) = match rest.strip_suffix(FILE_SUFFIX) {
                Some(rest) => (rest, true),
                None => (rest, false),
            };
            let Some((section, key)) = decode(rest) else { continue };
            let value = if from_file {
                match std::fs::read_to_string(value) {
                    Ok(text) => without_line_end(&text).to_owned(),
                    Err(error) => {
                        applied.problems.push(format!("{name}: {value} cannot be read: {error}"));
                        continue;
                    }
                }
            } else {
                value.clone()
            };
            if ini.raw(&section, &key) == Some(value.as_str()) {
                continue;
            }
            match ini.set(&section, &key, &value) {
                Ok(()) => applied.changed = true,
                Err(error) => applied.problems.push(format!("{name}: {error}")),
            }
        }
    }
    applied
}

fn without_line_end(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

/// Splits `SECTION__KEY` at the first `__` that is not part of an escape.
fn decode(name: &str) -> Option<(String, String)> {
    let (mut section, mut key) = (String::new(), None::<String>);
    let mut rest = name;
    while let Some(letter) = rest.chars().next() {
        if let Some((text, length)) = escape(rest) {
            key.as_mut().unwrap_or(&mut section).push_str(&text);
            rest = &rest[length..];
        } else if key.is_none() && rest.starts_with("__") {
            key = Some(String::new());
            rest = &rest[2..];
        } else {
            key.as_mut().unwrap_or(&mut section).push(letter);
            rest = &rest[letter.len_utf8()..];
        }
    }
    let key = key.filter(|key| !key.is_empty())?;
    Some((section.to_lowercase(), key))
}

/// Reads `_0X2E2D_` at the start of a text: what it stands for, and its length.
fn escape(text: &str) -> Option<(String, usize)> {
    let digits = text.strip_prefix("_0X").or_else(|| text.strip_prefix("_0x"))?;
    let end = digits.find('_')?;
    let digits = &digits.as_bytes()[..end];
    if digits.is_empty() || digits.len() % 2 != 0 {
        return None;
    }
    let decoded = digits.chunks_exact(2).map(|pair| {
        let pair = std::str::from_utf8(pair)
            .ok()
            .filter(|pair| pair.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        u8::from_str_radix(pair, 16).ok().filter(u8::is_ascii).map(char::from)
    });
    Some((decoded.collect::<Option<String>>()?, end + 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_decoded() {
        for (name, section, key) in [
            ("SERVER__HTTP_PORT", "server", "HTTP_PORT"),
            ("__APP_NAME", "", "APP_NAME"),
            ("LOG_0X2E_CONSOLE__LEVEL", "log.console", "LEVEL"),
            ("REPOSITORY_0x2e_PULL_0X2D_REQUEST__A__B", "repository.pull-request", "A__B"),
            ("A_0X2E2d_B__K", "a.-b", "K"),
            ("A_0XZZ_B__K", "a_0xzz_b", "K"),
            ("A_0XFF_B__K", "a_0xff_b", "K"),
            ("A__K_0X2E_", "a", "K."),
        ] {
            assert_eq!(decode(name), Some((section.to_owned(), key.to_owned())), "{name}");
        }
        for name in ["", "SERVER", "SERVER__", "__"] {
            assert_eq!(decode(name), None, "{name}");
        }
    }

    #[test]
    fn variables_are_applied() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("secret");
        std::fs::write(&file, "from file\n\n").expect("writes");
        let path = file.to_string_lossy().into_owned();
        let mut ini = Ini::parse("[server]\nHTTP_PORT = 3000\n").expect("parses");
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let applied = apply(
            &mut ini,
            [
                pair("OOLONG__SERVER__HTTP_PORT", "5000"),
                pair("GITEA__SERVER__HTTP_PORT", "4000"),
                pair("GITEA__security__SECRET_KEY__FILE", &path),
                pair("GITEA__A__B__FILE", "/nonexistent/file"),
                pair("OTHER__A__C", "x"),
            ],
        );
        assert!(applied.changed);
        assert_eq!(applied.problems.len(), 1, "{:?}", applied.problems);
        assert_eq!(ini.raw("server", "HTTP_PORT"), Some("5000"));
        assert_eq!(ini.raw("security", "SECRET_KEY"), Some("from file\n"));
        assert!(!ini.has_section("a"));
        assert!(!apply(&mut ini, [pair("OOLONG__SERVER__HTTP_PORT", "5000")]).changed);
    }
}
