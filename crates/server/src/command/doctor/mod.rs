//! `doctor`: looking for what is wrong with an instance, and mending what can be mended safely.

mod checks;

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use oolong_config::{LogLevel, Settings};
use oolong_core::{Error, Result, ResultExt as _};

use super::flag::boolean;
use super::global::{Global, runtime};
use super::output::{say, table};
use crate::logging;
use checks::{Check, Finding, Place};

/// `doctor`
#[derive(Debug, Args)]
pub(super) struct Doctor {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run checks; without any flag none is run.
    Check(Run),
}

#[derive(Debug, Args)]
struct Run {
    /// List the checks.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", value_parser = boolean)]
    list: bool,
    /// Run the checks that are run by default; there are none.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", value_parser = boolean)]
    default: bool,
    /// Run these checks; may be given several times.
    #[arg(long, value_delimiter = ',', value_name = "NAME")]
    run: Vec<String>,
    /// Run every check.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", value_parser = boolean)]
    all: bool,
    /// Mend what can be mended safely.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", value_parser = boolean)]
    fix: bool,
    /// Write the findings to this file; `-` is the terminal.
    #[arg(long, value_name = "FILE")]
    log_file: Option<PathBuf>,
    /// Accepted for scripts that know Gitea; the findings have no colours.
    #[arg(long, short = 'H', hide = true, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", value_parser = boolean)]
    color: bool,
}

impl Doctor {
    pub(super) fn run(self, global: &Global) -> Result<()> {
        let Command::Check(run) = self.command;
        if run.list {
            let head = ["Default", "Name", "Title"].map(str::to_owned).to_vec();
            let rows = Check::ALL
                .iter()
                .map(|check| vec![" ".to_owned(), check.name().to_owned(), check.title().to_owned()]);
            say(&table(&std::iter::once(head).chain(rows).collect::<Vec<_>>()));
            return Ok(());
        }
        let chosen = run.chosen()?;
        let settings = global.installed_settings()?;
        logging::start(&settings, Some(LogLevel::Warn));
        runtime()?.block_on(run.check(&settings, &chosen))
    }
}

impl Run {
    fn chosen(&self) -> Result<Vec<Check>> {
        let unknown: Vec<&str> =
            self.run.iter().map(String::as_str).filter(|name| Check::named(name).is_none()).collect();
        if !unknown.is_empty() {
            return Err(Error::invalid(format!(
                "unknown checks: {}",
                unknown.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ")
            )));
        }
        let is_chosen = |check: &Check| self.all || self.run.iter().any(|name| name == check.name());
        Ok(Check::ALL.into_iter().filter(is_chosen).collect())
    }

    async fn check(&self, settings: &Settings, chosen: &[Check]) -> Result<()> {
        let mut out = self.output()?;
        let place = Place { settings, fix: self.fix };
        for (index, check) in chosen.iter().enumerate() {
            writeln!(out, "\n[{}] {}", index + 1, check.title()).or_internal()?;
            let findings = check.run(&place).await;
            for finding in &findings {
                writeln!(out, " - {finding}").or_internal()?;
            }
            let failed = findings.iter().any(|finding| matches!(finding, Finding::Error(_)));
            writeln!(out, "{}", if failed { "ERROR" } else { "OK" }).or_internal()?;
        }
        writeln!(out, "\nAll done (checks: {}).", chosen.len()).or_internal()
    }

    fn output(&self) -> Result<Box<dyn Write>> {
        match self.log_file.as_deref().filter(|file| file.as_os_str() != "-") {
            None => Ok(Box::new(std::io::stdout())),
            Some(file) => {
                let opened = File::create(file)
                    .map_err(|error| Error::invalid(format!("{}: {error}", file.display())))?;
                Ok(Box::new(opened))
            }
        }
    }
}
