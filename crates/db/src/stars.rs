//! Who starred which repository: the table `star` and its two counters.

use oolong_core::{Page, RepoId, Result, UnixSeconds, UserId};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, RelationDef,
};

use crate::entity::{repository, star, user, watch};
use crate::{Classify, users};

/// Whether a person starred a repository.
pub async fn exists(connection: &impl ConnectionTrait, user: UserId, repo: RepoId) -> Result<bool> {
    let count = star::Entity::find()
        .filter(star::Column::Uid.eq(user.0))
        .filter(star::Column::RepoId.eq(repo.0))
        .count(connection)
        .await
        .classify()?;
    Ok(count > 0)
}

/// Gives a star.
pub async fn insert(
    connection: &impl ConnectionTrait,
    user: UserId,
    repo: RepoId,
    now: UnixSeconds,
) -> Result<()> {
    let row = star::Model { uid: user.0, repo_id: repo.0, created_unix: now.0, ..Default::default() };
    row.into_new().insert(connection).await.classify()?;
    count(connection, user, repo, 1).await
}

/// Takes a star back; false where there was none.
pub async fn delete(connection: &impl ConnectionTrait, user: UserId, repo: RepoId) -> Result<bool> {
    let done = star::Entity::delete_many()
        .filter(star::Column::Uid.eq(user.0))
        .filter(star::Column::RepoId.eq(repo.0))
        .exec(connection)
        .await
        .classify()?;
    if done.rows_affected == 0 {
        return Ok(false);
    }
    count(connection, user, repo, -1).await?;
    Ok(true)
}

async fn count(connection: &impl ConnectionTrait, user: UserId, repo: RepoId, difference: i32) -> Result<()> {
    repository::Entity::update_many()
        .col_expr(repository::Column::NumStars, Expr::col(repository::Column::NumStars).add(difference))
        .filter(repository::Column::Id.eq(repo.0))
        .exec(connection)
        .await
        .classify()?;
    users::add_to_counter(connection, user, user::Column::NumStars, difference).await
}

/// Who starred a repository, in the order they did.
pub async fn list_stargazers(
    connection: &impl ConnectionTrait,
    repo: RepoId,
    page: Page,
) -> Result<(Vec<user::Model>, u64)> {
    let relation: RelationDef =
        user::Entity::belongs_to(star::Entity).from(user::Column::Id).to(star::Column::Uid).into();
    let query =
        user::Entity::find().join(JoinType::InnerJoin, relation).filter(star::Column::RepoId.eq(repo.0));
    let total = query.clone().count(connection).await.classify()?;
    let rows = query
        .order_by_asc(star::Column::Id)
        .offset(page.offset())
        .limit(page.limit)
        .all(connection)
        .await
        .classify()?;
    Ok((rows, total))
}

/// Who watches a repository, in the order they began.
pub async fn list_watchers(
    connection: &impl ConnectionTrait,
    repo: RepoId,
    page: Page,
) -> Result<(Vec<user::Model>, u64)> {
    let relation: RelationDef =
        user::Entity::belongs_to(watch::Entity).from(user::Column::Id).to(watch::Column::UserId).into();
    let query = user::Entity::find()
        .join(JoinType::InnerJoin, relation)
        .filter(watch::Column::RepoId.eq(repo.0))
        .filter(watch::Column::Mode.ne(crate::watches::Mode::Never as i16));
    let total = query.clone().count(connection).await.classify()?;
    let rows = query
        .order_by_asc(watch::Column::Id)
        .offset(page.offset())
        .limit(page.limit)
        .all(connection)
        .await
        .classify()?;
    Ok((rows, total))
}
