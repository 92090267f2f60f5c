//! `web`: the server.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use oolong_config::{LogLevel, Settings, generate};
use oolong_core::{Clock, Error, Result, Rng};

use super::flag::boolean;
use super::global::{Global, runtime};
use crate::pid_file::PidFile;
use crate::{logging, serve};

/// Flags of `web`.
#[derive(Debug, Default, Args)]
pub(super) struct Web {
    /// Listen on this port instead of HTTP_PORT.
    #[arg(long, short)]
    port: Option<u16>,
    /// Accepted for scripts that know Gitea; there is no installer.
    #[arg(long, hide = true)]
    install_port: Option<u16>,
    /// Write the process id to this file.
    #[arg(long, short = 'P', value_name = "FILE")]
    pid: Option<PathBuf>,
    /// Log errors only.
    #[arg(long, short, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", value_parser = boolean, hide_possible_values = true)]
    quiet: bool,
    /// Log everything.
    #[arg(long, visible_alias = "debug", num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", value_parser = boolean)]
    verbose: bool,
}

impl Web {
    pub(super) fn run(self, global: &Global) -> Result<()> {
        let mut settings = global.installed_settings()?;
        let level = match (self.quiet, self.verbose) {
            (true, _) => Some(LogLevel::Fatal),
            (_, true) => Some(LogLevel::Trace),
            _ => None,
        };
        logging::start(&settings, level);
        generate::save_missing_secrets(&mut settings, &Rng::System, &Clock::System)
            .map_err(|error| Error::invalid(error.to_string()))?;
        if let Some(port) = self.port {
            use_port(&mut settings, port);
        }
        announce(&settings);
        let pid = self.pid.map(PidFile::write).transpose()?;
        let served = runtime()?.block_on(serve::serve(Arc::new(settings)));
        drop(pid);
        served
    }
}

/// Another port for this run: where we listen, and where we say that we are.
fn use_port(settings: &mut Settings, port: u16) {
    let old = format!(":{}/", settings.server.http_port);
    let new = format!(":{port}/");
    settings.server.root_url = settings.server.root_url.replacen(&old, &new, 1);
    settings.server.local_root_url = settings.server.local_root_url.replacen(&old, &new, 1);
    settings.server.http_port = port;
}

fn announce(settings: &Settings) {
    tracing::info!(
        version = oolong_api::version::VERSION,
        program = %settings.paths.app_path.display(),
        work_path = %settings.paths.work_path.display(),
        custom_path = %settings.paths.custom_path.display(),
        config = %settings.paths.config_file.display(),
        "starting"
    );
    for warning in &settings.warnings {
        tracing::warn!("{warning}");
    }
}
