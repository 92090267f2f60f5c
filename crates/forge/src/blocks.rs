//! Blocking people: they and the one who blocks them have nothing to do with each other from then on.

use oolong_core::{Error, Result};
use oolong_db::entity::user;
use oolong_db::{Classify, blocks, follows};

use crate::Forge;

/// The longest note about a block.
const MAX_NOTE: usize = 255;

/// Blocks a person. What tied the two together ends: following each other.
pub async fn block(forge: &Forge, blocker: &user::Model, blockee: &user::Model, note: &str) -> Result<()> {
    if note.chars().count() > MAX_NOTE {
        return Err(Error::invalid(format!("note: at most {MAX_NOTE} characters")));
    }
    if blocker.id == blockee.id || blockee.is_organization() {
        return Err(Error::malformed("only other people can be blocked"));
    }
    let transaction = forge.db.begin().await?;
    if blocks::exists(&transaction, blocker.id, blockee.id).await? {
        return Err(Error::malformed(format!("{} is blocked already", blockee.name)));
    }
    follows::delete(&transaction, blocker.user_id(), blockee.user_id()).await?;
    follows::delete(&transaction, blockee.user_id(), blocker.user_id()).await?;
    blocks::insert(&transaction, blocker.user_id(), blockee.user_id(), note.to_owned(), forge.clock.now())
        .await?;
    transaction.commit().await.classify()
}

/// Ends a block.
pub async fn unblock(forge: &Forge, blocker: &user::Model, blockee: &user::Model) -> Result<()> {
    if blocks::delete(forge.db.write(), blocker.user_id(), blockee.user_id()).await? {
        return Ok(());
    }
    Err(Error::malformed(format!("{} is not blocked", blockee.name)))
}
