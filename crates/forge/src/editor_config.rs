//! `.editorconfig`: what it says about a file.

use regex::Regex;
use serde::Serialize;

/// What is said about a file. Gitea shows these four, and leaves out what is not said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FileSettings {
    /// The character set.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub charset: String,
    /// `tab` or `space`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub indent_style: String,
    /// Columns of an indent.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub indent_size: String,
    /// `lf`, `cr` or `crlf`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub end_of_line: String,
}

/// Reads what the `.editorconfig` in the root says about a path.
pub fn settings_of(text: &str, path: &str) -> FileSettings {
    let mut found = FileSettings::default();
    let mut tab_width = String::new();
    let mut applies = false;
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(pattern) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            applies = fits(pattern, path);
            continue;
        }
        let Some((key, value)) = line.split_once(['=', ':']).filter(|_| applies) else { continue };
        let value = value.split([';', '#']).next().unwrap_or_default().trim().to_lowercase();
        let value = if value == "unset" { String::new() } else { value };
        match key.trim().to_lowercase().as_str() {
            "charset" => found.charset = value,
            "indent_style" => found.indent_style = value,
            "indent_size" => found.indent_size = value,
            "end_of_line" => found.end_of_line = value,
            "tab_width" => tab_width = value,
            _ => {}
        }
    }
    if found.indent_style == "tab" && found.indent_size.is_empty() {
        found.indent_size = "tab".to_owned();
    }
    if found.indent_size == "tab" && !tab_width.is_empty() {
        found.indent_size = tab_width;
    }
    found
}

/// Whether a section's pattern fits a path: one without a slash fits a name in any folder.
fn fits(pattern: &str, path: &str) -> bool {
    let anywhere = !pattern.contains('/');
    let pattern = pattern.strip_prefix('/').unwrap_or(pattern);
    let prefix = if anywhere { "^(?:.*/)?" } else { "^" };
    let Some((body, ranges)) = expression(pattern) else { return false };
    let Ok(regex) = regex::RegexBuilder::new(&format!("{prefix}{body}$")).size_limit(1 << 18).build() else {
        return false;
    };
    let Some(captures) = regex.captures(path) else { return false };
    ranges.iter().enumerate().all(|(index, (low, high))| {
        let number = captures.get(index + 1).and_then(|text| text.as_str().parse::<i64>().ok());
        number.is_some_and(|number| (*low..=*high).contains(&number))
    })
}

/// A pattern as a regular expression, and the ranges that its captured numbers have to be in.
fn expression(pattern: &str) -> Option<(String, Vec<(i64, i64)>)> {
    let range = Regex::new(r"^\{(-?\d+)\.\.(-?\d+)\}").ok()?;
    let balanced = pattern.matches('{').count() == pattern.matches('}').count();
    let (mut out, mut ranges, mut depth) = (String::new(), Vec::new(), 0_usize);
    let mut rest = pattern;
    while let Some(sign) = rest.chars().next() {
        let mut taken = sign.len_utf8();
        match sign {
            '*' if rest.starts_with("**") => {
                out.push_str(".*");
                taken = 2;
            }
            '*' => out.push_str("[^/]*"),
            '?' => out.push_str("[^/]"),
            '\\' => {
                let next = rest[1..].chars().next()?;
                out.push_str(&regex::escape(&next.to_string()));
                taken += next.len_utf8();
            }
            '[' => match rest[1..].find(']').filter(|end| !rest[1..=*end].contains('/')) {
                Some(end) => {
                    let inner = &rest[1..=end];
                    let (negated, inner) = inner.strip_prefix('!').map_or(("", inner), |inner| ("^", inner));
                    out.push_str(&format!(
                        "[{negated}{}]",
                        inner
                            .replace('\\', r"\\")
                            .replace('[', r"\[")
                            .replace('^', r"\^")
                            .replace('&', r"\&")
                    ));
                    taken = end + 2;
                }
                None => out.push_str(r"\["),
            },
            '{' if range.is_match(rest) => {
                let found = range.captures(rest)?;
                ranges.push((found[1].parse().ok()?, found[2].parse().ok()?));
                out.push_str(r"([+-]?\d+)");
                taken = found[0].len();
            }
            '{' if balanced && rest.find('}').is_some_and(|end| rest[..end].contains(',')) => {
                depth += 1;
                out.push_str("(?:");
            }
            '}' if depth > 0 => {
                depth -= 1;
                out.push(')');
            }
            ',' if depth > 0 => out.push('|'),
            sign => out.push_str(&regex::escape(&sign.to_string())),
        }
        rest = &rest[taken..];
    }
    (depth == 0).then_some((out, ranges))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_sections_win() {
        let text = "root = true\n\n[*]\nindent_style = space\nindent_size = 4\ncharset = utf-8\n[*.md]\nindent_size = 2\n[Makefile]\nindent_style = tab\n";
        let of = |path| settings_of(text, path);
        assert_eq!(of("README.md").indent_size, "2");
        assert_eq!(of("docs/a.md").indent_size, "2");
        assert_eq!(
            (of("Makefile").indent_style, of("Makefile").indent_size),
            ("tab".to_owned(), "4".to_owned())
        );
        assert_eq!(of("a.go").charset, "utf-8");
        assert_eq!(settings_of("[*.md]\ncharset=x\n", "a.go"), FileSettings::default());
    }

    #[test]
    fn patterns() {
        for (pattern, yes, no) in [
            ("*.{js,ts}", "src/a.ts", "a.tsx"),
            ("lib/**.js", "lib/a/b.js", "src/lib/a.js"),
            ("/a.txt", "a.txt", "b/a.txt"),
            ("file{1..3}", "file2", "file4"),
            ("[ab].c", "b.c", "c.c"),
            ("[!ab].c", "c.c", "a.c"),
            ("{single}", "{single}", "single"),
        ] {
            assert!(fits(pattern, yes), "{pattern} {yes}");
            assert!(!fits(pattern, no), "{pattern} {no}");
        }
    }
}
