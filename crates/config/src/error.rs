//! What can be wrong with a configuration. Every problem is collected and shown, not only the first.

use std::fmt;
use std::path::PathBuf;

use thiserror::Error;

use crate::ini::IniError;

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub file: PathBuf,
    /// The line, counted from 1; `None` for a key that is missing.
    pub line: Option<usize>,
    /// The section; `""` is the top of the file.
    pub section: String,
    /// The key.
    pub key: String,
    /// The value, unless it is missing or a secret.
    pub value: Option<String>,
    /// What is wrong, or what was expected.
    pub reason: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(formatter, ":{line}")?;
        }
        formatter.write_str(": ")?;
        if !self.section.is_empty() {
            write!(formatter, "[{}] ", self.section)?;
        }
        formatter.write_str(&self.key)?;
        if let Some(value) = &self.value {
            let short: String = value.chars().take(80).collect();
            write!(formatter, " = {short:?}")?;
        }
        write!(formatter, ": {}", self.reason)
    }
}

/// Why there are no settings.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// A path given on the command line or in the environment cannot be used.
    #[error("{0}")]
    Location(String),
    /// The file exists but cannot be read or written.
    #[error("{}: {source}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The file is not in the dialect of `app.ini`, or a value cannot be written into it.
    #[error("{}: {source}", file.display())]
    Syntax {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        source: IniError,
    },
    /// Values that cannot be used, all of them.
    #[error("the configuration has {} problem(s):{}", .0.len(), lines(.0))]
    Values(Vec<Problem>),
}

fn lines(problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("\n  {problem}")).collect()
}
