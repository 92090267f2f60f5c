//! Watching repositories.

use oolong_auth::permission::RepoPermission;
use oolong_core::{Error, RepoId, Result};
use oolong_db::entity::{repository, user, watch};
use oolong_db::watches::{self, Mode};
use oolong_db::{Classify, blocks};

use crate::Forge;

/// Watches a repository that the person may see.
pub async fn watch(
    forge: &Forge,
    user: &user::Model,
    repo: &repository::Model,
    permission: &RepoPermission,
) -> Result<watch::Model> {
    if !permission.has_any_access() {
        return Err(Error::not_found("there is no such repository"));
    }
    let transaction = forge.db.begin().await?;
    if blocks::exists(&transaction, repo.owner_id, user.id).await? {
        return Err(Error::forbidden("the owner of the repository has blocked you"));
    }
    watches::set(&transaction, user.user_id(), RepoId(repo.id), Mode::Normal, forge.clock.now()).await?;
    let row = watches::find(&transaction, user.user_id(), RepoId(repo.id)).await?;
    transaction.commit().await.classify()?;
    row.ok_or_else(|| Error::internal("the row that was just written is gone"))
}

/// Stops watching a repository; who watches by themselves is not started again by taking part.
pub async fn unwatch(forge: &Forge, user: &user::Model, repo: &repository::Model) -> Result<()> {
    let transaction = forge.db.begin().await?;
    let row = watches::find(&transaction, user.user_id(), RepoId(repo.id)).await?;
    let mode = match row.map(|row| Mode::from_number(row.mode)) {
        Some(Mode::Auto | Mode::Never) => Mode::Never,
        _ => Mode::None,
    };
    watches::set(&transaction, user.user_id(), RepoId(repo.id), mode, forge.clock.now()).await?;
    transaction.commit().await.classify()
}
