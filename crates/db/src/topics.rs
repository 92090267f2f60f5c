//! Topics: `topic` with its counter, `repo_topic`, and the copy in `repository.topics`.

use oolong_core::{Page, RepoId, Result, UnixSeconds};
use sea_orm::sea_query::{Expr, ExprTrait as _, LikeExpr, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::Classify;
use crate::entity::{repo_topic, repository, topic};

/// The topics of a repository, by name.
pub async fn list_of(connection: &impl ConnectionTrait, repo: RepoId) -> Result<Vec<topic::Model>> {
    let ids = Query::select()
        .column(repo_topic::Column::TopicId)
        .from(repo_topic::Entity)
        .and_where(repo_topic::Column::RepoId.eq(repo.0))
        .to_owned();
    topic::Entity::find()
        .filter(topic::Column::Id.in_subquery(ids))
        .order_by_asc(topic::Column::Name)
        .all(connection)
        .await
        .classify()
}

/// Topics whose name contains a word, the most used first.
pub async fn search(
    connection: &impl ConnectionTrait,
    word: &str,
    page: Page,
) -> Result<(Vec<topic::Model>, u64)> {
    let mut query = topic::Entity::find();
    if !word.is_empty() {
        let escaped = word.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
        query = query
            .filter(Expr::col(topic::Column::Name).like(LikeExpr::new(format!("%{escaped}%")).escape('!')));
    }
    let total = query.clone().count(connection).await.classify()?;
    let rows = query
        .order_by_desc(topic::Column::RepoCount)
        .order_by_asc(topic::Column::Id)
        .offset(page.offset())
        .limit(page.limit)
        .all(connection)
        .await
        .classify()?;
    Ok((rows, total))
}

/// Gives a repository a topic, which is made if nobody had it yet.
pub async fn add(
    connection: &impl ConnectionTrait,
    repo: RepoId,
    name: &str,
    now: UnixSeconds,
) -> Result<()> {
    let found =
        topic::Entity::find().filter(topic::Column::Name.eq(name)).one(connection).await.classify()?;
    let id = match found {
        Some(topic) => {
            count(connection, topic.id, 1, Some(now)).await?;
            topic.id
        }
        None => {
            let row = topic::Model {
                name: name.to_owned(),
                repo_count: 1,
                created_unix: now.0,
                updated_unix: now.0,
                ..Default::default()
            };
            row.into_new().insert(connection).await.classify()?.id
        }
    };
    let link = repo_topic::Model { repo_id: repo.0, topic_id: id };
    repo_topic::Entity::insert(link.into_new()).exec_without_returning(connection).await.classify()?;
    Ok(())
}

/// Takes a topic away from a repository.
pub async fn remove(
    connection: &impl ConnectionTrait,
    repo: RepoId,
    topic: i64,
    now: UnixSeconds,
) -> Result<()> {
    repo_topic::Entity::delete_many()
        .filter(repo_topic::Column::RepoId.eq(repo.0))
        .filter(repo_topic::Column::TopicId.eq(topic))
        .exec(connection)
        .await
        .classify()?;
    count(connection, topic, -1, Some(now)).await
}

async fn count(
    connection: &impl ConnectionTrait,
    topic: i64,
    difference: i32,
    now: Option<UnixSeconds>,
) -> Result<()> {
    let mut update = topic::Entity::update_many()
        .col_expr(topic::Column::RepoCount, Expr::col(topic::Column::RepoCount).add(difference))
        .filter(topic::Column::Id.eq(topic));
    if let Some(now) = now {
        update = update.col_expr(topic::Column::UpdatedUnix, Expr::value(now.0));
    }
    update.exec(connection).await.classify()?;
    Ok(())
}

/// Copies the names into the repository's row, where lists read them.
pub async fn copy_into_row(connection: &impl ConnectionTrait, repo: RepoId) -> Result<()> {
    let names: Vec<String> = list_of(connection, repo).await?.into_iter().map(|topic| topic.name).collect();
    let text = serde_json::to_string(&names).unwrap_or_else(|_| "[]".to_owned());
    repository::Entity::update_many()
        .col_expr(repository::Column::Topics, Expr::value(text))
        .filter(repository::Column::Id.eq(repo.0))
        .exec(connection)
        .await
        .classify()?;
    Ok(())
}
