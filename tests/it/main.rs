//! All integration tests, in one binary. A module's path mirrors what it tests.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a failed unwrap is a failed test, and output explains it"
)]

mod authentication;
mod command_line;
mod durability;
mod git;
mod hostile;
mod inventory;
mod organisations;
mod outage;
mod people;
mod permissions;
mod sample_instance;
mod schema;
mod secrets_in_logs;
mod world;
mod written_rows;
