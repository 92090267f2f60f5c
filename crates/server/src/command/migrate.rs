//! `migrate`: build or check the schema.

use oolong_core::Result;

use super::global::Global;

/// Opening the instance migrates it; there is nothing else to do.
pub(super) fn run(global: &Global) -> Result<()> {
    global.with_forge(async |_| Ok(()))
}
