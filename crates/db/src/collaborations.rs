//! Collaborators of repositories: the table `collaboration`.

use oolong_core::{AccessMode, Page, RepoId, Result, UnixSeconds, UserId};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Set,
};

use crate::Classify;
use crate::entity::{collaboration, user};

/// The row of a collaborator.
pub async fn find(
    connection: &impl ConnectionTrait,
    repo: RepoId,
    user: UserId,
) -> Result<Option<collaboration::Model>> {
    collaboration::Entity::find()
        .filter(collaboration::Column::RepoId.eq(repo.0))
        .filter(collaboration::Column::UserId.eq(user.0))
        .one(connection)
        .await
        .classify()
}

/// A page of a repository's collaborators in the order in which they came, and how many there are.
pub async fn list(
    connection: &impl ConnectionTrait,
    repo: RepoId,
    page: Page,
) -> Result<(Vec<user::Model>, u64)> {
    let query = collaboration::Entity::find().filter(collaboration::Column::RepoId.eq(repo.0));
    let total = query.clone().count(connection).await.classify()?;
    let rows = query
        .order_by_asc(collaboration::Column::Id)
        .offset(page.offset())
        .limit(page.limit)
        .all(connection)
        .await
        .classify()?;
    let people = crate::users::list_by_ids(connection, rows.iter().map(|row| row.user_id)).await?;
    let in_order =
        rows.iter().filter_map(|row| people.iter().find(|person| person.id == row.user_id).cloned());
    Ok((in_order.collect(), total))
}

/// On which of these repositories a person collaborates.
pub async fn list_repo_ids(
    connection: &impl ConnectionTrait,
    user: UserId,
    repos: &[i64],
) -> Result<Vec<i64>> {
    let mut found = Vec::new();
    for repos in repos.chunks(500) {
        let ids: Vec<i64> = collaboration::Entity::find()
            .select_only()
            .column(collaboration::Column::RepoId)
            .filter(collaboration::Column::UserId.eq(user.0))
            .filter(collaboration::Column::RepoId.is_in(repos.iter().copied()))
            .into_tuple()
            .all(connection)
            .await
            .classify()?;
        found.extend(ids);
    }
    Ok(found)
}

/// Makes a person a collaborator, or gives a collaborator another mode.
pub async fn set(
    connection: &impl ConnectionTrait,
    repo: RepoId,
    user: UserId,
    mode: AccessMode,
    now: UnixSeconds,
) -> Result<()> {
    match find(connection, repo, user).await? {
        Some(row) if row.mode == mode.number() => {}
        Some(row) => {
            let changes = collaboration::ActiveModel {
                id: Set(row.id),
                mode: Set(mode.number()),
                updated_unix: Set(now.0),
                ..Default::default()
            };
            collaboration::Entity::update(changes).exec(connection).await.classify()?;
        }
        None => {
            let row = collaboration::Model {
                repo_id: repo.0,
                user_id: user.0,
                mode: mode.number(),
                created_unix: now.0,
                updated_unix: now.0,
                ..Default::default()
            };
            row.into_new().insert(connection).await.classify()?;
        }
    }
    Ok(())
}

/// Ends a collaboration; whether there was one.
pub async fn delete(connection: &impl ConnectionTrait, repo: RepoId, user: UserId) -> Result<bool> {
    let deleted = collaboration::Entity::delete_many()
        .filter(collaboration::Column::RepoId.eq(repo.0))
        .filter(collaboration::Column::UserId.eq(user.0))
        .exec(connection)
        .await
        .classify()?;
    Ok(deleted.rows_affected > 0)
}
