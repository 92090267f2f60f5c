//! Repositories: the table `repository` and `repo_redirect`.

use oolong_core::{RepoId, Result, UserId};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationDef,
};

use crate::Classify;
use crate::entity::{repo_redirect, repository, user};

/// From a repository to its owner.
pub fn owner_relation() -> RelationDef {
    repository::Entity::belongs_to(user::Entity).from(repository::Column::OwnerId).to(user::Column::Id).into()
}

/// A repository with its owner, by both names in any case.
pub async fn find_by_path(
    connection: &impl ConnectionTrait,
    owner: &str,
    name: &str,
) -> Result<Option<(repository::Model, user::Model)>> {
    let found = repository::Entity::find()
        .select_also(user::Entity)
        .join(JoinType::InnerJoin, owner_relation())
        .filter(user::Column::LowerName.eq(owner.to_lowercase()))
        .filter(repository::Column::LowerName.eq(name.to_lowercase()))
        .one(connection)
        .await
        .classify()?;
    Ok(found.and_then(|(repo, owner)| Some((repo, owner?))))
}

/// A repository with its owner, by id.
pub async fn find_with_owner(
    connection: &impl ConnectionTrait,
    id: RepoId,
) -> Result<Option<(repository::Model, user::Model)>> {
    let found = repository::Entity::find_by_id(id.0)
        .select_also(user::Entity)
        .join(JoinType::InnerJoin, owner_relation())
        .one(connection)
        .await
        .classify()?;
    Ok(found.and_then(|(repo, owner)| Some((repo, owner?))))
}

/// Where the repository that had this name is now.
pub async fn find_redirect(
    connection: &impl ConnectionTrait,
    owner: UserId,
    name: &str,
) -> Result<Option<RepoId>> {
    let row = repo_redirect::Entity::find()
        .filter(repo_redirect::Column::OwnerId.eq(owner.0))
        .filter(repo_redirect::Column::LowerName.eq(name.to_lowercase()))
        .one(connection)
        .await
        .classify()?;
    Ok(row.map(|row| RepoId(row.redirect_repo_id)))
}

/// Inserts a row; every column is written.
pub async fn insert(connection: &impl ConnectionTrait, row: repository::Model) -> Result<repository::Model> {
    row.into_new().insert(connection).await.classify()
}

/// The ids of an owner's repositories.
pub async fn list_ids_of_owner(connection: &impl ConnectionTrait, owner: UserId) -> Result<Vec<i64>> {
    repository::Entity::find()
        .select_only()
        .column(repository::Column::Id)
        .filter(repository::Column::OwnerId.eq(owner.0))
        .into_tuple()
        .all(connection)
        .await
        .classify()
}

/// These repositories with their owners, in no particular order.
pub async fn list_with_owners(
    connection: &impl ConnectionTrait,
    ids: &[i64],
) -> Result<Vec<(repository::Model, user::Model)>> {
    let found = repository::Entity::find()
        .select_also(user::Entity)
        .join(JoinType::InnerJoin, owner_relation())
        .filter(repository::Column::Id.is_in(ids.iter().copied()))
        .all(connection)
        .await
        .classify()?;
    Ok(found.into_iter().filter_map(|(repo, owner)| Some((repo, owner?))).collect())
}

/// Owner and name of every repository, as stored.
pub async fn list_names(connection: &impl ConnectionTrait) -> Result<Vec<(String, String)>> {
    repository::Entity::find()
        .select_only()
        .columns([repository::Column::OwnerName, repository::Column::Name])
        .order_by_asc(repository::Column::Id)
        .into_tuple()
        .all(connection)
        .await
        .classify()
}
