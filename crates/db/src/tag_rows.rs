//! What the table `release` remembers of plain tags: each tag has a row, also before it is made a release.

use oolong_core::{RepoId, Result};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};

use crate::Classify;
use crate::entity::release;

/// The rows of these tags.
pub async fn list(
    connection: &impl ConnectionTrait,
    repo: RepoId,
    tags: &[String],
) -> Result<Vec<release::Model>> {
    release::Entity::find()
        .filter(release::Column::RepoId.eq(repo.0))
        .filter(release::Column::LowerTagName.is_in(tags.iter().map(|tag| tag.to_lowercase())))
        .all(connection)
        .await
        .classify()
}

/// The row of a tag, whether it is a release or not.
pub async fn find(
    connection: &impl ConnectionTrait,
    repo: RepoId,
    tag: &str,
) -> Result<Option<release::Model>> {
    release::Entity::find()
        .filter(release::Column::RepoId.eq(repo.0))
        .filter(release::Column::LowerTagName.eq(tag.to_lowercase()))
        .one(connection)
        .await
        .classify()
}

/// Inserts the rows of new tags.
pub async fn insert(connection: &impl ConnectionTrait, rows: Vec<release::Model>) -> Result<()> {
    for batch in rows.chunks(500) {
        release::Entity::insert_many(batch.iter().cloned().map(release::Model::into_new))
            .exec_without_returning(connection)
            .await
            .classify()?;
    }
    Ok(())
}

/// Writes what a push to an existing tag changes.
pub async fn update_pushed(connection: &impl ConnectionTrait, row: &release::Model) -> Result<()> {
    let change = release::ActiveModel {
        sha1: Set(row.sha1.clone()),
        title: Set(row.title.clone()),
        note: Set(row.note.clone()),
        publisher_id: Set(row.publisher_id),
        is_draft: Set(row.is_draft),
        num_commits: Set(row.num_commits),
        created_unix: Set(row.created_unix),
        ..Default::default()
    };
    release::Entity::update_many()
        .set(change)
        .filter(release::Column::Id.eq(row.id))
        .exec(connection)
        .await
        .classify()?;
    Ok(())
}

/// What a deleted tag leaves: a plain tag's row goes, a release becomes a draft without a commit.
pub async fn forget(connection: &impl ConnectionTrait, repo: RepoId, tags: &[String]) -> Result<()> {
    use release::Column;
    let names = || Column::LowerTagName.is_in(tags.iter().map(|tag| tag.to_lowercase()));
    release::Entity::delete_many()
        .filter(Column::RepoId.eq(repo.0))
        .filter(names())
        .filter(Column::IsTag.eq(true))
        .exec(connection)
        .await
        .classify()?;
    release::Entity::update_many()
        .col_expr(Column::IsDraft, Expr::val(true))
        .col_expr(Column::NumCommits, Expr::val(0_i64))
        .col_expr(Column::Sha1, Expr::val(""))
        .filter(Column::RepoId.eq(repo.0))
        .filter(names())
        .filter(Column::IsTag.eq(false))
        .exec(connection)
        .await
        .classify()?;
    Ok(())
}
