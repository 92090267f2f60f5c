//! The ini dialect of `app.ini`: a document that keeps comments and untouched lines as they were.
//!
//! What does not belong here: what a section or key means. How a value is read as a number, a duration or a list
//! is in [`crate::value`].

use std::fmt;

use thiserror::Error;

/// Interpolation stops after this many replacements …
const MAX_REPLACEMENTS: usize = 99;
/// … or when the value has grown to this many bytes, since each replacement may double it.
const MAX_INTERPOLATED: usize = 1 << 20;

/// Why a text is not a document, or a value cannot be written into one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IniError {
    /// A line that is no comment, section or key.
    #[error("line {line}: {reason}")]
    Syntax {
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A value that no quoting of this dialect can carry.
    #[error("the value for {key} mixes line breaks with both kinds of raw quotes and cannot be written")]
    Unwritable {
        /// The key it was meant for.
        key: String,
    },
    /// A section or key name that would not be read back as it was written.
    #[error("{name:?} cannot be the name of a section or key")]
    BadName {
        /// The name.
        name: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Line {
    /// A comment or an empty line.
    Other(String),
    Section {
        raw: String,
        name: String,
    },
    Entry {
        raw: String,
        section: String,
        key: String,
        value: String,
        number: usize,
    },
}

/// A parsed document. Names are case-sensitive; the section without a name is `""` (also written `[DEFAULT]`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ini {
    lines: Vec<Line>,
}

impl Ini {
    /// Reads a document.
    pub fn parse(text: &str) -> Result<Self, IniError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut input = text.split_inclusive('\n').enumerate();
        let mut lines = Vec::new();
        let mut section = String::new();
        while let Some((index, full)) = input.next() {
            let number = index + 1;
            let syntax = |reason| IniError::Syntax { line: number, reason };
            let line = full.trim();
            if line.is_empty() || line.starts_with(['#', ';']) {
                lines.push(Line::Other(without_line_end(full).to_owned()));
                continue;
            }
            if let Some(rest) = line.strip_prefix('[') {
                let end = rest.rfind(']').ok_or_else(|| syntax("a section needs its closing bracket"))?;
                section = canonical(&rest[..end]).to_owned();
                if section.is_empty() && !rest[..end].eq("DEFAULT") {
                    return Err(syntax("a section needs a name"));
                }
                lines.push(Line::Section { raw: without_line_end(full).to_owned(), name: section.clone() });
                continue;
            }
            let (key, rest) = split_key(full.trim_start()).map_err(syntax)?;
            if key.is_empty() {
                return Err(syntax("there is no key before the delimiter"));
            }
            let mut raw = full.to_owned();
            let value = match read_value(rest) {
                Value::Complete(value) => value,
                Value::Open { mut value, quote } => loop {
                    let Some((_, next)) = input.next() else {
                        return Err(syntax("the quotes opened here are never closed"));
                    };
                    raw.push_str(next);
                    if let Some(end) = next.rfind(quote) {
                        value.push_str(&next[..end]);
                        break value;
                    }
                    value.push_str(next);
                },
            };
            let raw = without_line_end(&raw).to_owned();
            lines.push(Line::Entry { raw, section: section.clone(), key, value, number });
        }
        Ok(Self { lines })
    }

    /// The value of a key, with `%(NAME)s` replaced; a section `a.b` has every key of `a` that it does not set itself.
    pub fn get(&self, section: &str, key: &str) -> Option<String> {
        self.find(section, key).map(|value| self.interpolate(section, key, value))
    }

    /// The value of a key that stands in the section itself, with `%(NAME)s` replaced.
    pub fn get_own(&self, section: &str, key: &str) -> Option<String> {
        self.raw(section, key).map(|value| self.interpolate(section, key, value))
    }

    /// The value of a key that stands in the section itself, as stored.
    pub fn raw(&self, section: &str, key: &str) -> Option<&str> {
        let section = canonical(section);
        self.lines.iter().rev().find_map(|line| match line {
            Line::Entry { section: s, key: k, value, .. } if s == section && k == key => Some(value.as_str()),
            _ => None,
        })
    }

    /// The line a key stands on: the section's own, or the parent's it is inherited from. Keys set after parsing
    /// have none.
    pub fn line_of(&self, section: &str, key: &str) -> Option<usize> {
        ancestors(canonical(section))
            .find_map(|section| {
                self.lines.iter().rev().find_map(|line| match line {
                    Line::Entry { section: s, key: k, number, .. } if s == section && k == key => {
                        Some(*number)
                    }
                    _ => None,
                })
            })
            .filter(|number| *number > 0)
    }

    /// Whether the section appears in the document.
    pub fn has_section(&self, section: &str) -> bool {
        let section = canonical(section);
        self.lines.iter().any(|line| match line {
            Line::Section { name, .. } => name == section,
            Line::Entry { section: s, .. } => s == section,
            Line::Other(_) => false,
        })
    }

    /// Every section once, in the order of appearance; `""` only if it has keys.
    pub fn sections(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for line in &self.lines {
            let (Line::Section { name, .. } | Line::Entry { section: name, .. }) = line else { continue };
            let header_of_top = name.is_empty() && matches!(line, Line::Section { .. });
            if !header_of_top && !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        names
    }

    /// The section's own keys, each once, in the order of appearance.
    pub fn keys(&self, section: &str) -> Vec<&str> {
        let section = canonical(section);
        let mut keys: Vec<&str> = Vec::new();
        for line in &self.lines {
            if let Line::Entry { section: s, key, .. } = line
                && s == section
                && !keys.contains(&key.as_str())
            {
                keys.push(key);
            }
        }
        keys
    }

    /// Sets a key of the section itself, adding key and section where they are missing.
    pub fn set(&mut self, section: &str, key: &str, value: &str) -> Result<(), IniError> {
        let section = canonical(section);
        if self.raw(section, key) == Some(value) {
            return Ok(());
        }
        let encoded = encode_value(value).ok_or_else(|| IniError::Unwritable { key: key.to_owned() })?;
        let raw = format!("{} = {encoded}", encode_key(key)?);
        // An empty value leaves no blank behind the delimiter.
        let raw = raw.trim_end_matches(' ').to_owned();
        let entry = Line::Entry {
            raw,
            section: section.to_owned(),
            key: key.to_owned(),
            value: value.to_owned(),
            number: 0,
        };
        let own =
            |line: &Line| matches!(line, Line::Entry { section: s, key: k, .. } if s == section && k == key);
        if let Some(at) = self.lines.iter().rposition(own) {
            let comment = match &self.lines[at] {
                Line::Entry { raw, .. } => inline_comment(raw).map(str::to_owned),
                Line::Other(_) | Line::Section { .. } => None,
            };
            self.lines[at] = entry;
            if let Some(comment) = comment {
                self.lines.insert(at, Line::Other(comment));
            }
            return Ok(());
        }
        let of_section = |line: &Line| match line {
            Line::Entry { section: s, .. } => s == section,
            Line::Section { name, .. } => name == section,
            Line::Other(_) => false,
        };
        if let Some(at) = self.lines.iter().rposition(of_section) {
            self.lines.insert(at + 1, entry);
        } else if section.is_empty() {
            self.lines.insert(0, entry);
        } else {
            if !section_name_survives(section) {
                return Err(IniError::BadName { name: section.to_owned() });
            }
            if self
                .lines
                .last()
                .is_some_and(|line| !matches!(line, Line::Other(text) if text.trim().is_empty()))
            {
                self.lines.push(Line::Other(String::new()));
            }
            self.lines.push(Line::Section { raw: format!("[{section}]"), name: section.to_owned() });
            self.lines.push(entry);
        }
        Ok(())
    }

    /// Removes a key of the section itself; says whether there was one.
    pub fn remove(&mut self, section: &str, key: &str) -> bool {
        let section = canonical(section);
        let before = self.lines.len();
        self.lines.retain(
            |line| !matches!(line, Line::Entry { section: s, key: k, .. } if s == section && k == key),
        );
        self.lines.len() != before
    }

    fn find(&self, section: &str, key: &str) -> Option<&str> {
        ancestors(canonical(section)).find_map(|section| self.raw(section, key))
    }

    fn interpolate(&self, section: &str, key: &str, value: &str) -> String {
        let mut value = value.to_owned();
        for _ in 0..MAX_REPLACEMENTS {
            let Some((start, end)) = placeholder(&value) else { break };
            let name = &value[start + 2..end - 2];
            // A key that names itself means the one of the top section.
            let nearer = if name == key { None } else { self.find(section, name) };
            let Some(found) = nearer.or_else(|| self.raw("", name)) else { break };
            let replaced = value.replace(&value[start..end], found);
            if replaced.len() > MAX_INTERPOLATED {
                break;
            }
            value = replaced;
        }
        value
    }
}

/// Writes the document: lines nobody changed as they were, changed ones as `KEY = value`.
impl fmt::Display for Ini {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            let (Line::Other(raw) | Line::Section { raw, .. } | Line::Entry { raw, .. }) = line;
            writeln!(formatter, "{raw}")?;
        }
        Ok(())
    }
}

fn canonical(section: &str) -> &str {
    if section == "DEFAULT" { "" } else { section }
}

/// `a.b.c`, `a.b`, `a`: never the top section.
fn ancestors(section: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(section), |section| section.rsplit_once('.').map(|(parent, _)| parent))
        .enumerate()
        .filter(|(depth, section)| *depth == 0 || !section.is_empty())
        .map(|(_, section)| section)
}

fn without_line_end(text: &str) -> &str {
    // More than one carriage return would be taken for another line end when the file is read again.
    text.strip_suffix('\n').unwrap_or(text).trim_end_matches('\r')
}

/// Splits a line into its key and what follows the delimiter.
fn split_key(line: &str) -> Result<(String, &str), &'static str> {
    const NO_DELIMITER: &str = "neither a comment, a section, nor a key followed by `=`";
    let quote = ["\"\"\"", "\"", "`"].into_iter().find(|quote| line.starts_with(quote));
    if let Some(quote) = quote {
        let name = &line[quote.len()..];
        let end = name.find(quote).ok_or("the quotes around the key are never closed")?;
        let after = &name[end + quote.len()..];
        let at = after.find(['=', ':']).ok_or(NO_DELIMITER)?;
        return Ok((name[..end].trim().to_owned(), &after[at + 1..]));
    }
    let at = line.find(['=', ':']).ok_or(NO_DELIMITER)?;
    Ok((line[..at].trim().to_owned(), &line[at + 1..]))
}

/// The comment behind an unquoted value.
fn inline_comment(raw: &str) -> Option<&str> {
    let (_, value) = split_key(raw.trim_start()).ok()?;
    let value = value.trim();
    if value.starts_with("\"\"\"") || value.starts_with('`') {
        return None;
    }
    value.find(['#', ';']).map(|at| &value[at..])
}

enum Value {
    Complete(String),
    /// A raw quote that continues on the next line.
    Open {
        value: String,
        quote: &'static str,
    },
}

/// Reads what follows a delimiter up to the line end (which is part of `text` where there is one).
fn read_value(text: &str) -> Value {
    let text = text.trim_start();
    for quote in ["\"\"\"", "`"] {
        let Some(rest) = text.strip_prefix(quote) else { continue };
        return match rest.rfind(quote) {
            Some(end) => Value::Complete(rest[..end].to_owned()),
            None => Value::Open { value: rest.to_owned(), quote },
        };
    }
    let value = text.find(['#', ';']).map_or(text, |at| &text[..at]).trim();
    for quote in ['\'', '"'] {
        if let Some(inner) = value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote))
            && !inner.contains(quote)
        {
            return Value::Complete(inner.to_owned());
        }
    }
    Value::Complete(value.to_owned())
}

/// Writes a value so that it is read back unchanged, in Gitea's form where that form survives.
fn encode_value(value: &str) -> Option<String> {
    let triple = format!("\"\"\"{value}\"\"\"");
    let backticks = format!("`{value}`");
    let double = format!("\"{value}\"");
    let first = if value.contains(['\n', '`']) {
        triple.clone()
    } else if value.contains(['#', ';']) {
        backticks.clone()
    } else if value.trim().len() != value.len() {
        double.clone()
    } else {
        value.to_owned()
    };
    [first, value.to_owned(), double, backticks, triple].into_iter().find(|form| {
        let document = format!("K = {form}\n");
        Ini::parse(&document).is_ok_and(|ini| ini.lines.len() == 1 && ini.raw("", "K") == Some(value))
    })
}

fn encode_key(key: &str) -> Result<String, IniError> {
    [key.to_owned(), format!("`{key}`"), format!("\"\"\"{key}\"\"\"")]
        .into_iter()
        .find(|form| {
            !form.contains('\n')
                && Ini::parse(&format!("{form} = v\n")).is_ok_and(|ini| ini.raw("", key) == Some("v"))
        })
        .ok_or_else(|| IniError::BadName { name: key.to_owned() })
}

fn section_name_survives(section: &str) -> bool {
    let read = Ini::parse(&format!("[{section}]\n"));
    read.is_ok_and(|ini| matches!(ini.lines.as_slice(), [Line::Section { name, .. }] if name == section))
}

/// The first `%(NAME)s` and where it ends.
fn placeholder(value: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(at) = value[from..].find("%(") {
        let start = from + at;
        let close = start + value[start..].find(')')?;
        if close > start + 2 && value[close..].starts_with(")s") {
            return Some((start, close + 2));
        }
        from = start + 2;
    }
    None
}

#[cfg(test)]
#[path = "ini_tests.rs"]
mod tests;
