//! Gitea's patterns: globs whose `*` stops at separators, and regular expressions between slashes.

use regex::{Regex, RegexBuilder};

/// Largest compiled pattern: patterns are written by users.
const SIZE_LIMIT: usize = 1 << 18;

/// A pattern for names or paths.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// Exactly this name, in any case.
    Plain(String),
    /// Whatever the expression matches.
    Expression(Regex),
    /// A regular expression that cannot be read: it fits nothing.
    Never,
}

impl Pattern {
    /// A branch rule's name: plain, or a glob whose `*` stops at `/`.
    pub fn of_branches(text: &str) -> Self {
        if !text.contains(['*', '?', '\\', '[', ']', '{', '}']) {
            return Self::Plain(text.to_lowercase());
        }
        // A glob that cannot be read still protects the branch that is called so.
        glob(text, &['/']).map_or_else(|| Self::Plain(text.to_lowercase()), Self::Expression)
    }

    /// A tag rule's pattern: `/regular expression/`, or a glob without separators.
    pub fn of_tags(text: &str) -> Self {
        if let Some(expression) = text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
            return compile(expression).map_or(Self::Never, Self::Expression);
        }
        glob(text, &[]).map_or(Self::Never, Self::Expression)
    }

    /// The patterns of a list of files, separated by semicolons; paths are compared in lower case.
    pub fn list_of_files(text: &str) -> Vec<Self> {
        text.split(';')
            .map(|part| part.trim().to_lowercase())
            .filter(|part| !part.is_empty())
            .map(|part| glob(&part, &['.', '/']).map_or_else(|| Self::Plain(part.clone()), Self::Expression))
            .collect()
    }

    /// Whether it names one thing.
    pub fn is_plain(&self) -> bool {
        matches!(self, Self::Plain(_))
    }

    /// Whether it fits a name.
    pub fn fits(&self, name: &str) -> bool {
        match self {
            Self::Plain(plain) => name.to_lowercase() == *plain,
            Self::Expression(expression) => expression.is_match(name),
            Self::Never => false,
        }
    }
}

fn compile(expression: &str) -> Option<Regex> {
    RegexBuilder::new(expression).size_limit(SIZE_LIMIT).build().ok()
}

/// A glob as a regular expression: `*` and `?` stop at separators, `**` does not; `[a-z]`, `[!a]`, `{a,b}`, `\` to take a
/// sign as it is.
fn glob(text: &str, separators: &[char]) -> Option<Regex> {
    let separators: String = separators.iter().map(|sign| regex::escape(&sign.to_string())).collect();
    let one = if separators.is_empty() { "(?s:.)".to_owned() } else { format!("[^{separators}]") };
    let mut expression = String::from("^");
    let mut depth = 0_usize;
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '*' if signs.peek() == Some(&'*') => {
                while signs.next_if_eq(&'*').is_some() {}
                expression.push_str("(?s:.)*");
            }
            '*' => expression.push_str(&format!("{one}*")),
            '?' => expression.push_str(&one),
            '\\' => expression.push_str(&regex::escape(&signs.next()?.to_string())),
            '{' => {
                depth += 1;
                expression.push_str("(?:");
            }
            '}' => {
                depth = depth.checked_sub(1)?;
                expression.push(')');
            }
            ',' if depth > 0 => expression.push('|'),
            '[' => {
                expression.push('[');
                if signs.next_if_eq(&'!').is_some() {
                    expression.push('^');
                }
                let mut any = false;
                loop {
                    match signs.next()? {
                        ']' if any => break,
                        '-' => expression.push('-'),
                        sign => expression.push_str(&regex::escape(&sign.to_string())),
                    }
                    any = true;
                }
                expression.push(']');
            }
            sign => expression.push_str(&regex::escape(&sign.to_string())),
        }
    }
    expression.push('$');
    if depth == 0 { compile(&expression) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches() {
        for (pattern, yes, no) in [
            ("main", &["main", "MAIN"][..], &["mains", "x/main"][..]),
            ("rel/*", &["rel/1", "rel/"], &["rel/1/2", "rel"]),
            ("rel/**", &["rel/1", "rel/1/2"], &["rel"]),
            ("v[0-9].{x,y}", &["v1.x", "v2.y"], &["v1.z", "va.x", "v1xx"]),
            ("[!a]?", &["bc"], &["ac", "b/"]),
            (r"a\*", &["a*"], &["ab"]),
            ("[broken", &["[broken"], &["b"]),
        ] {
            let pattern = Pattern::of_branches(pattern);
            yes.iter().for_each(|name| assert!(pattern.fits(name), "{pattern:?} {name}"));
            no.iter().for_each(|name| assert!(!pattern.fits(name), "{pattern:?} {name}"));
        }
    }

    #[test]
    fn tags_and_files() {
        assert!(Pattern::of_tags("v*").fits("v1/2.3") && !Pattern::of_tags("v*").fits("x"));
        assert!(Pattern::of_tags(r"/^x-\d+$/").fits("x-7") && !Pattern::of_tags(r"/^x-\d+$/").fits("x-a"));
        assert!(!Pattern::of_tags("/(/").fits("("));
        let files = Pattern::list_of_files(" *.MD ; docs/* ;;");
        assert_eq!(files.len(), 2);
        assert!(files[0].fits("readme.md") && !files[0].fits("a/readme.md") && !files[0].fits("a.b.md"));
    }
}
