//! The command line. Each command is a file; what they print and how they exit is Gitea's.

mod admin;
mod admin_user;
mod migrate;
mod web;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use oolong_config::{LoadOptions, Settings};
use oolong_core::{Clock, Error, Result, Rng};
use oolong_forge::Forge;

/// A self-hosted git forge, compatible with Gitea 1.27.
#[derive(Debug, Parser)]
#[command(name = "oolong", version = oolong_api::version::VERSION, propagate_version = false)]
pub struct CommandLine {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Flags of every command.
#[derive(Clone, Debug, clap::Args)]
pub struct Global {
    /// The configuration file; relative to the current folder.
    #[arg(long, short, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The folder that relative paths of the configuration start from.
    #[arg(long, short, global = true, value_name = "DIR")]
    work_path: Option<PathBuf>,
    /// The folder with the administrator's own files.
    #[arg(long, short = 'C', global = true, value_name = "DIR")]
    custom_path: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server (the default).
    Web(web::Web),
    /// Build or check the database's schema, and exit.
    Migrate,
    /// Look after accounts.
    Admin(admin::Admin),
}

impl CommandLine {
    /// Runs the command; an error is one line on stderr and exit code 1.
    pub fn run(self) -> ExitCode {
        let global = self.global;
        let result = match self.command.unwrap_or(Command::Web(web::Web::default())) {
            Command::Web(web) => web.run(&global),
            Command::Migrate => migrate::run(&global),
            Command::Admin(admin) => admin.run(&global),
        };
        match result {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                complain(&format!("Command error: {}", with_causes(&error)));
                ExitCode::FAILURE
            }
        }
    }
}

impl Global {
    /// Reads the configuration that the flags and the environment name.
    fn settings(&self) -> Result<Settings> {
        let options = LoadOptions {
            config: self.config.clone(),
            work_path: self.work_path.clone(),
            custom_path: self.custom_path.clone(),
        };
        oolong_config::load(&options).map_err(|error| Error::invalid(error.to_string()))
    }

    /// Runs a command that needs the instance: its settings and its open database.
    fn with_forge<F: Future<Output = Result<()>>>(&self, work: impl FnOnce(Forge) -> F) -> Result<()> {
        let settings = Arc::new(self.settings()?);
        crate::logging::start(&settings);
        runtime()?.block_on(async {
            let forge = Forge::open(settings, Clock::System, Rng::System).await?;
            let db = forge.db.clone();
            work(forge).await?;
            db.close().await
        })
    }
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::internal)
}

/// The error with its causes: whoever runs a command may know them, unlike a client of the server.
fn with_causes(error: &Error) -> String {
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

/// A line for the person at the terminal.
#[expect(clippy::print_stdout, reason = "the output of a command")]
fn say(text: &str) {
    println!("{text}");
}

/// A line about what went wrong.
#[expect(clippy::print_stderr, reason = "the errors of a command")]
fn complain(text: &str) {
    eprintln!("{text}");
}
