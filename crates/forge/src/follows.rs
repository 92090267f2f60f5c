//! Following people.

use oolong_core::{Error, Result};
use oolong_db::entity::user;
use oolong_db::{Classify, blocks, follows};

use crate::Forge;

/// Follows somebody. Oneself, or somebody one follows already, changes nothing.
pub async fn follow(forge: &Forge, follower: &user::Model, followed: &user::Model) -> Result<()> {
    if follower.id == followed.id {
        return Ok(());
    }
    let transaction = forge.db.begin().await?;
    if follows::exists(&transaction, follower.user_id(), followed.user_id()).await? {
        return Ok(());
    }
    if blocks::exists_between(&transaction, follower.id, followed.id).await? {
        return Err(Error::forbidden("one of you blocks the other"));
    }
    follows::insert(&transaction, follower.user_id(), followed.user_id(), forge.clock.now()).await?;
    transaction.commit().await.classify()
}

/// Stops following somebody.
pub async fn unfollow(forge: &Forge, follower: &user::Model, followed: &user::Model) -> Result<()> {
    let transaction = forge.db.begin().await?;
    follows::delete(&transaction, follower.user_id(), followed.user_id()).await?;
    transaction.commit().await.classify()
}
