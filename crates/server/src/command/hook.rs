//! `hook`: what a repository's own hook files call. The server never runs them (every `git` it starts has its own
//! hooks folder), so whoever arrives here pushes directly in the repository's folder, past every check.

use clap::{Args, Subcommand};
use oolong_core::{Error, Result};

use super::global::Global;

/// `hook`
#[derive(Debug, Args)]
pub(super) struct Hook {
    #[command(subcommand)]
    hook: Name,
}

#[derive(Debug, Subcommand)]
enum Name {
    /// Before anything is accepted.
    PreReceive,
    /// Before a reference moves.
    Update(Update),
    /// After everything was accepted.
    PostReceive,
    /// Instead of moving references under refs/for/.
    ProcReceive,
}

#[derive(Debug, Args)]
struct Update {
    /// The reference.
    reference: String,
    /// Where it is.
    old: String,
    /// Where it goes.
    new: String,
}

impl Hook {
    /// Lets a push past the server through only where the configuration says so; an error refuses it.
    pub(super) fn run(self, global: &Global) -> Result<()> {
        match self.hook {
            Name::PreReceive => allow_direct_push(global),
            Name::Update(update) if update.reference.starts_with("refs/pull/") => {
                Err(Error::forbidden("refs/pull/ belongs to the server"))
            }
            Name::Update(_) | Name::PostReceive => Ok(()),
            Name::ProcReceive => Err(Error::forbidden("pushing to refs/for/ works through the server only")),
        }
    }
}

fn allow_direct_push(global: &Global) -> Result<()> {
    if global.settings()?.security.only_allow_push_if_gitea_environment_set {
        return Err(Error::forbidden(
            "this push goes past the server, which would not learn of it: push to its URL instead, or set [security] ONLY_ALLOW_PUSH_IF_GITEA_ENVIRONMENT_SET = false",
        ));
    }
    Ok(())
}
