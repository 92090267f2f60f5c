//! `web`: the server.

use std::sync::Arc;

use clap::Args;
use oolong_core::Result;

use super::{Global, runtime};
use crate::{logging, serve};

/// Flags of `web`.
#[derive(Debug, Default, Args)]
pub(super) struct Web {
    /// Listen on this port instead of HTTP_PORT.
    #[arg(long, short)]
    port: Option<u16>,
}

impl Web {
    pub(super) fn run(self, global: &Global) -> Result<()> {
        let mut settings = global.settings()?;
        if let Some(port) = self.port {
            settings.server.http_port = port;
        }
        logging::start(&settings);
        for warning in &settings.warnings {
            tracing::warn!("{warning}");
        }
        runtime()?.block_on(serve::serve(Arc::new(settings)))
    }
}
