//! The harness of the tests that cross crate borders: real database servers, databases to work on, recorded facts.
//!
//! No test lives here; they are in `it/`. Nothing here may be used by a product crate.
//!
//! `OOLONG_TEST_DATABASES` chooses the databases: without it SQLite and every server whose programs are installed,
//! `all` makes a missing server an error (for continuous integration), `sqlite` leaves the servers out.

pub mod client;
pub mod database;
pub mod git;
pub mod program;
pub mod reference;
pub mod sample;
pub mod server;
pub mod servers;

/// Writes a line that is seen even when the test passes; the printing macros are captured by the test runner.
pub fn notice(line: &str) {
    use std::io::Write as _;
    // A closed standard error is no reason to fail a test.
    let _ = writeln!(std::io::stderr(), "note: {line}");
}
