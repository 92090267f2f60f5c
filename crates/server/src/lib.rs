//! The program `oolong`: its command line, the composition of all surfaces, listeners and shutdown.
//!
//! [`compose::router`] builds the whole application; production and the tests use the same function.

pub mod command;
pub mod compose;
mod documentation;
mod listen;
pub mod logging;
mod observe;
mod pid_file;
pub mod serve;
