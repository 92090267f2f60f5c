//! The units a repository has: no row, no unit.

use oolong_core::{RepoId, Result};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::Classify;
use crate::entity::repo_unit;

/// Every unit of a repository.
pub async fn list(connection: &impl ConnectionTrait, repo: RepoId) -> Result<Vec<repo_unit::Model>> {
    repo_unit::Entity::find().filter(repo_unit::Column::RepoId.eq(repo.0)).all(connection).await.classify()
}
