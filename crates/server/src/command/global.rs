//! Flags of every command, and what they lead to: paths, settings, the open instance.

use std::path::PathBuf;
use std::sync::Arc;

use clap::FromArgMatches;
use oolong_config::{LoadOptions, LogLevel, Paths, Settings, Surroundings};
use oolong_core::{Clock, Error, Result, Rng};
use oolong_forge::Forge;

use crate::logging;

/// Flags of every command.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct Global {
    /// The configuration file; relative to the current folder.
    #[arg(long, short, global = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// The folder that relative paths of the configuration start from.
    #[arg(long, short, global = true, value_name = "DIR")]
    work_path: Option<PathBuf>,
    /// The folder with the administrator's own files.
    #[arg(long, short = 'C', global = true, value_name = "DIR")]
    custom_path: Option<PathBuf>,
}

impl Global {
    /// The flags in a command line that was not understood, or that asks for help.
    pub(super) fn guess(arguments: &[String]) -> Self {
        let words = arguments.iter().filter(|word| !matches!(word.as_str(), "-h" | "--help" | "help"));
        let matches = super::command().ignore_errors(true).try_get_matches_from(words);
        matches.ok().and_then(|matches| Self::from_arg_matches(&matches).ok()).unwrap_or_default()
    }

    fn load_options(&self) -> LoadOptions {
        LoadOptions {
            config: self.config.clone(),
            work_path: self.work_path.clone(),
            custom_path: self.custom_path.clone(),
        }
    }

    /// Where everything is, without judging the file's values.
    pub(super) fn paths(&self) -> Result<Paths> {
        let found = oolong_config::locate(&self.load_options(), &Surroundings::of_process());
        found.map(|(paths, _, _)| paths).map_err(|error| Error::invalid(error.to_string()))
    }

    /// The paths, as help shows them.
    pub(super) fn paths_block(&self) -> Option<String> {
        let paths = self.paths().ok()?;
        Some(format!(
            "\nDEFAULT CONFIGURATION:\n   AppPath:    {}\n   WorkPath:   {}\n   CustomPath: {}\n   ConfigFile: {}\n",
            paths.app_path.display(),
            paths.work_path.display(),
            paths.custom_path.display(),
            paths.config_file.display(),
        ))
    }

    /// The configuration that the flags and the environment name.
    pub(super) fn settings(&self) -> Result<Settings> {
        oolong_config::load(&self.load_options()).map_err(|error| Error::invalid(error.to_string()))
    }

    /// The same, of a site that is set up.
    pub(super) fn installed_settings(&self) -> Result<Settings> {
        let settings = self.settings()?;
        if !settings.security.install_lock {
            return Err(Error::invalid(format!(
                "there is no site set up at {}: `oolong config init` writes a first app.ini; where one is written by hand, [security] INSTALL_LOCK = true says that it is complete",
                settings.paths.config_file.display()
            )));
        }
        Ok(settings)
    }

    /// Runs a command that needs the instance: its settings and its open database. Only warnings are logged.
    pub(super) fn with_forge<F: Future<Output = Result<()>>>(
        &self,
        work: impl FnOnce(Forge) -> F,
    ) -> Result<()> {
        let settings = Arc::new(self.installed_settings()?);
        logging::start(&settings, Some(LogLevel::Warn));
        runtime()?.block_on(async {
            let forge = Forge::open(settings, Clock::System, Rng::System).await?;
            let db = forge.db.clone();
            let worked = work(forge).await;
            let closed = db.close().await;
            worked.and(closed)
        })
    }
}

/// The threads that async work runs on.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::internal)
}
