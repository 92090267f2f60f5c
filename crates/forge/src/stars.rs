//! Starring repositories.

use oolong_core::{Error, RepoId, Result};
use oolong_db::entity::{repository, user};
use oolong_db::{Classify, blocks, stars};

use crate::Forge;

/// Gives a repository a star; twice is once.
pub async fn star(forge: &Forge, user: &user::Model, repo: &repository::Model) -> Result<()> {
    let transaction = forge.db.begin().await?;
    if blocks::exists(&transaction, repo.owner_id, user.id).await? {
        return Err(Error::forbidden("the owner of the repository has blocked you"));
    }
    if !stars::exists(&transaction, user.user_id(), RepoId(repo.id)).await? {
        stars::insert(&transaction, user.user_id(), RepoId(repo.id), forge.clock.now()).await?;
    }
    transaction.commit().await.classify()
}

/// Takes a star back.
pub async fn unstar(forge: &Forge, user: &user::Model, repo: &repository::Model) -> Result<()> {
    let transaction = forge.db.begin().await?;
    stars::delete(&transaction, user.user_id(), RepoId(repo.id)).await?;
    transaction.commit().await.classify()
}
