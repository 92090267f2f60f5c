//! `config`: writing and editing app.ini.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use oolong_config::edit::{EditOptions, edit_ini};
use oolong_config::generate::{FreshSite, fresh_app_ini, write_new};
use oolong_core::{Clock, Error, Result, Rng};

use super::global::Global;
use super::output::{complain, say};

/// `config`
#[derive(Debug, Args)]
pub(super) struct Config {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a first app.ini: SQLite, new secrets, ready to run. One that exists is never touched.
    Init(Init),
    /// Edit an app.ini, from the environment or by a template of keys to keep.
    EditIni(EditIni),
}

impl Config {
    pub(super) fn run(self, global: &Global) -> Result<()> {
        match self.command {
            Command::Init(init) => init.run(global),
            Command::EditIni(edit) => edit.run(global),
        }
    }
}

#[derive(Debug, Args)]
struct Init {
    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    http_addr: String,
    /// The port to listen on.
    #[arg(long, default_value_t = 3000)]
    http_port: u16,
}

impl Init {
    fn run(self, global: &Global) -> Result<()> {
        let paths = global.paths()?;
        let site = FreshSite {
            http_addr: self.http_addr,
            http_port: self.http_port,
            ..FreshSite::local(&paths.work_path)
        };
        let text = fresh_app_ini(&site, &Rng::System, &Clock::System).map_err(Error::internal)?;
        write_new(&paths.config_file, &text).map_err(|error| Error::invalid(error.to_string()))?;
        say(&format!("Wrote {}", paths.config_file.display()));
        Ok(())
    }
}

#[derive(Debug, Args)]
struct EditIni {
    /// Write the same file.
    #[arg(long)]
    in_place: bool,
    /// Write this file; wins over --in-place.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Keep only the keys that this file has, with the values of the configuration.
    #[arg(long, value_name = "FILE")]
    config_keep_keys: Option<PathBuf>,
    /// Apply GITEA__SECTION__KEY and OOLONG__SECTION__KEY of the environment.
    #[arg(long)]
    apply_env: bool,
}

impl EditIni {
    fn run(self, global: &Global) -> Result<()> {
        let config =
            global.config.clone().ok_or_else(|| Error::invalid("flag is required but not set: --config"))?;
        let variables = || {
            std::env::vars_os()
                .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        };
        let options = EditOptions {
            config,
            in_place: self.in_place,
            out: self.out,
            keep_keys: self.config_keep_keys,
            variables: self.apply_env.then(|| variables().collect()),
        };
        let problems = edit_ini(&options).map_err(|error| Error::invalid(error.to_string()))?;
        for problem in problems {
            complain(&format!("not applied: {problem}"));
        }
        Ok(())
    }
}
