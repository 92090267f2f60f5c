//! The command line. Each command is a file; what they print and how they exit is Gitea's, so that scripts written
//! for it go on working.

mod admin;
mod admin_user;
mod completion;
mod config;
mod doctor;
mod flag;
mod generate;
mod global;
mod hook;
mod migrate;
mod output;
mod web;

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use oolong_core::{Error, Result};

use global::Global;
use output::{complain, say, with_causes};

/// A self-hosted git forge, compatible with Gitea 1.27.
#[derive(Debug, Parser)]
#[command(name = "oolong", version = oolong_api::version::VERSION, disable_version_flag = true)]
struct CommandLine {
    #[command(flatten)]
    global: Global,
    /// Print the version.
    #[arg(long, short, action = clap::ArgAction::Version)]
    version: Option<bool>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server (the default).
    Web(web::Web),
    /// Build or check the database's schema, and exit.
    Migrate,
    /// Look after accounts.
    Admin(admin::Admin),
    /// Make secrets.
    Generate(generate::Generate),
    /// Write and edit app.ini.
    Config(config::Config),
    /// Look for what is wrong with an instance.
    Doctor(doctor::Doctor),
    /// Print the completions for a shell.
    Completion(completion::Completion),
    /// What the hook files of repositories call.
    #[command(hide = true)]
    Hook(hook::Hook),
}

/// Runs the program with these arguments; an error is one line on stderr and exit code 1.
pub fn run(arguments: impl IntoIterator<Item = String>) -> ExitCode {
    let arguments: Vec<String> = arguments.into_iter().collect();
    let parsed = command()
        .try_get_matches_from(&arguments)
        .and_then(|matches| CommandLine::from_arg_matches(&matches));
    let result = match parsed {
        Ok(line) => line.run(),
        Err(error) => explain(&error, &arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Ending::Usage(text)) => {
            complain(&format!("Incorrect Usage: {text}"));
            ExitCode::FAILURE
        }
        Err(Ending::Failed(error)) => {
            complain(&format!("Command error: {}", with_causes(&error)));
            ExitCode::FAILURE
        }
    }
}

/// The command line as a description, for help and completions.
fn command() -> clap::Command {
    CommandLine::command()
}

/// Why a command did not end well.
enum Ending {
    /// It was called wrongly.
    Usage(String),
    /// It failed.
    Failed(Error),
}

impl From<Error> for Ending {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// Help and version are answers; everything else was wrong usage.
fn explain(error: &clap::Error, arguments: &[String]) -> Result<(), Ending> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            say(error.to_string().trim_end());
            if let Some(block) = Global::guess(arguments).paths_block() {
                say(&block);
            }
            Ok(())
        }
        ErrorKind::DisplayVersion => {
            say(&format!("oolong version {}", oolong_api::version::VERSION));
            Ok(())
        }
        ErrorKind::InvalidSubcommand => {
            let word = error
                .get(clap::error::ContextKind::InvalidSubcommand)
                .map(ToString::to_string)
                .unwrap_or_default();
            Err(Error::invalid(format!("unknown command: {word}")).into())
        }
        _ => {
            let text = error.to_string();
            Err(Ending::Usage(text.strip_prefix("error: ").unwrap_or(&text).trim_end().to_owned()))
        }
    }
}

impl CommandLine {
    fn run(self) -> Result<(), Ending> {
        let global = self.global;
        match self.command.unwrap_or(Command::Web(web::Web::default())) {
            Command::Web(web) => web.run(&global)?,
            Command::Migrate => migrate::run(&global)?,
            Command::Admin(admin) => admin.run(&global)?,
            Command::Generate(generate) => generate.run(),
            Command::Config(config) => config.run(&global)?,
            Command::Doctor(doctor) => doctor.run(&global)?,
            Command::Completion(completion) => completion.run(),
            Command::Hook(hook) => hook.run(&global)?,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_is_consistent() {
        command().debug_assert();
    }

    #[test]
    fn global_flags_stand_anywhere() {
        for arguments in [
            &["oolong", "--config", "/a", "admin", "user", "list"][..],
            &["oolong", "admin", "user", "list", "-c", "/a"],
            &["oolong", "admin", "--config=/a", "user", "list", "--help"],
        ] {
            let arguments: Vec<String> = arguments.iter().map(|&word| word.to_owned()).collect();
            assert_eq!(Global::guess(&arguments).config.as_deref(), Some("/a".as_ref()), "{arguments:?}");
        }
    }
}
