//! What the last push left on each branch: the table `branch`. Git itself says which branches there are; these rows
//! remember who pushed, and which branches were deleted.

use oolong_core::{RepoId, Result, UnixSeconds, UserId};
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::Classify;
use crate::entity::branch;

/// Rows of one statement: every database takes this many parameters.
const BATCH: usize = 500;

/// Whether a repository has any row, deleted branches included.
pub async fn any(connection: &impl ConnectionTrait, repo: RepoId) -> Result<bool> {
    let count = branch::Entity::find()
        .filter(branch::Column::RepoId.eq(repo.0))
        .count(connection)
        .await
        .classify()?;
    Ok(count > 0)
}

/// How many branches a repository has.
pub async fn count(connection: &impl ConnectionTrait, repo: RepoId) -> Result<u64> {
    branch::Entity::find()
        .filter(branch::Column::RepoId.eq(repo.0))
        .filter(branch::Column::IsDeleted.eq(false))
        .count(connection)
        .await
        .classify()
}

/// Writes what a push left. A row that is there keeps its id and the time it was made.
pub async fn upsert(connection: &impl ConnectionTrait, rows: Vec<branch::Model>) -> Result<()> {
    use branch::Column;
    for batch in rows.chunks(BATCH) {
        branch::Entity::insert_many(batch.iter().cloned().map(branch::Model::into_new))
            .on_conflict(
                OnConflict::columns([Column::RepoId, Column::Name])
                    .update_columns([
                        Column::CommitId,
                        Column::CommitMessage,
                        Column::PusherId,
                        Column::CommitTime,
                        Column::IsDeleted,
                        Column::UpdatedUnix,
                    ])
                    .to_owned(),
            )
            .exec_without_returning(connection)
            .await
            .classify()?;
    }
    Ok(())
}

/// Remembers that branches were deleted.
pub async fn mark_deleted(
    connection: &impl ConnectionTrait,
    repo: RepoId,
    names: &[String],
    by: UserId,
    now: UnixSeconds,
) -> Result<()> {
    use branch::Column;
    branch::Entity::update_many()
        .col_expr(Column::IsDeleted, Expr::val(true))
        .col_expr(Column::DeletedById, Expr::val(by.0))
        .col_expr(Column::DeletedUnix, Expr::val(now.0))
        .col_expr(Column::UpdatedUnix, Expr::val(now.0))
        .filter(Column::RepoId.eq(repo.0))
        .filter(Column::Name.is_in(names.iter().map(String::as_str)))
        .filter(Expr::col(Column::IsDeleted).eq(false))
        .exec(connection)
        .await
        .classify()?;
    Ok(())
}

/// Gives a branch another name. A row that remembers a deleted branch of the new name gives way.
pub async fn rename(
    connection: &impl ConnectionTrait,
    repo: RepoId,
    from: &str,
    to: &str,
    now: UnixSeconds,
) -> Result<()> {
    use branch::Column;
    branch::Entity::delete_many()
        .filter(Column::RepoId.eq(repo.0))
        .filter(Column::Name.eq(to))
        .filter(Column::IsDeleted.eq(true))
        .exec(connection)
        .await
        .classify()?;
    branch::Entity::update_many()
        .col_expr(Column::Name, Expr::val(to))
        .col_expr(Column::UpdatedUnix, Expr::val(now.0))
        .filter(Column::RepoId.eq(repo.0))
        .filter(Column::Name.eq(from))
        .filter(Column::IsDeleted.eq(false))
        .exec(connection)
        .await
        .classify()?;
    Ok(())
}

/// Inserts one row.
pub async fn insert(connection: &impl ConnectionTrait, row: branch::Model) -> Result<branch::Model> {
    row.into_new().insert(connection).await.classify()
}

/// Whether a repository has a branch of this name.
pub async fn exists(connection: &impl ConnectionTrait, repo: RepoId, name: &str) -> Result<bool> {
    let count = branch::Entity::find()
        .filter(branch::Column::RepoId.eq(repo.0))
        .filter(branch::Column::Name.eq(name))
        .filter(branch::Column::IsDeleted.eq(false))
        .count(connection)
        .await
        .classify()?;
    Ok(count > 0)
}
