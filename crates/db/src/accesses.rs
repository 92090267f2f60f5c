//! Who may reach a repository: the materialised `access`, and `collaboration` that it is made from.

use oolong_core::{AccessMode, RepoId, Result, UserId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::Classify;
use crate::entity::{access, collaboration};

/// The materialised mode of a person on a repository; the individual owner has no row.
pub async fn find_mode(connection: &impl ConnectionTrait, user: UserId, repo: RepoId) -> Result<Option<AccessMode>> {
    let row = access::Entity::find()
        .filter(access::Column::UserId.eq(user.0))
        .filter(access::Column::RepoId.eq(repo.0))
        .one(connection)
        .await
        .classify()?;
    Ok(row.map(|row| AccessMode::from_number(row.mode)))
}

/// The mode of a collaborator.
pub async fn find_collaboration(connection: &impl ConnectionTrait, user: UserId, repo: RepoId) -> Result<Option<AccessMode>> {
    let row = collaboration::Entity::find()
        .filter(collaboration::Column::UserId.eq(user.0))
        .filter(collaboration::Column::RepoId.eq(repo.0))
        .one(connection)
        .await
        .classify()?;
    Ok(row.map(|row| AccessMode::from_number(row.mode)))
}
