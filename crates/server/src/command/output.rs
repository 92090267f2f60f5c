//! What commands print: answers on stdout, complaints on stderr, tables.

use std::io::{IsTerminal as _, Write as _};

use oolong_core::Error;

/// A line for the person at the terminal.
pub(super) fn say(text: &str) {
    say_bytes(format!("{text}\n").as_bytes());
}

/// A text without a line's end, unless a person looks at it: for `$(oolong generate …)`.
pub(super) fn say_bare(text: &str) {
    if std::io::stdout().is_terminal() {
        say(text);
    } else {
        say_bytes(text.as_bytes());
    }
}

/// Bytes as they are. Whoever stops reading (`| head`) has read enough.
pub(super) fn say_bytes(bytes: &[u8]) {
    let mut out = std::io::stdout();
    let _ = out.write_all(bytes).and_then(|()| out.flush());
}

/// A line about what went wrong.
pub(super) fn complain(text: &str) {
    let _ = std::io::stderr().write_all(format!("{text}\n").as_bytes());
}

/// The error with its causes: whoever runs a command may know them, unlike a client of the server.
pub(super) fn with_causes(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let words = error.to_string();
        if !text.contains(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        cause = error.source();
    }
    text
}

/// Rows in columns, each as wide as its widest cell and a blank, at least five; the last column is not filled up.
pub(super) fn table(rows: &[Vec<String>]) -> String {
    const LEAST: usize = 5;
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let widest = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
        (widest.unwrap_or(0) + 1).max(LEAST)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            if column + 1 == row.len() {
                text.push_str(cell);
            } else {
                text.push_str(&format!("{cell:<width$}", width = widths[column]));
            }
        }
        text.push('\n');
    }
    text.truncate(text.trim_end_matches('\n').len());
    text
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn columns_line_up() {
        let rows = [["ID", "Username", "2FA"], ["1", "root", "false"]];
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(ToString::to_string).collect()).collect();
        assert_eq!(table(&rows), "ID   Username 2FA\n1    root     false");
    }
}
