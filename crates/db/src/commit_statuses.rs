//! What checks reported for commits: `commit_status`, its index and its summary.

use oolong_core::{Page, RepoId, Result};
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, Order, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use crate::Classify;
use crate::entity::{commit_status, commit_status_index, commit_status_summary};

/// The order of a list. The words are Gitea's, and so is what they mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Newest first.
    #[default]
    Newest,
    /// Oldest first.
    Oldest,
    /// Last changed first.
    RecentUpdate,
    /// Last changed last.
    LeastUpdate,
    /// Highest index first.
    LeastIndex,
    /// Lowest index first.
    HighestIndex,
}

impl Sort {
    /// The order called `word`; anything unknown is the default.
    pub fn parse(word: &str) -> Self {
        match word {
            "oldest" => Self::Oldest,
            "recentupdate" => Self::RecentUpdate,
            "leastupdate" => Self::LeastUpdate,
            "leastindex" => Self::LeastIndex,
            "highestindex" => Self::HighestIndex,
            _ => Self::Newest,
        }
    }

    fn column(self) -> (commit_status::Column, Order) {
        use commit_status::Column;
        match self {
            Self::Newest => (Column::CreatedUnix, Order::Desc),
            Self::Oldest => (Column::CreatedUnix, Order::Asc),
            Self::RecentUpdate => (Column::UpdatedUnix, Order::Desc),
            Self::LeastUpdate => (Column::UpdatedUnix, Order::Asc),
            Self::LeastIndex => (Column::Index, Order::Desc),
            Self::HighestIndex => (Column::Index, Order::Asc),
        }
    }
}

/// A page of what was reported for a commit, and how much there is in all.
pub async fn list(
    connection: &impl ConnectionTrait,
    repo: RepoId,
    sha: &str,
    state: Option<&str>,
    sort: Sort,
    page: Page,
) -> Result<(Vec<commit_status::Model>, u64)> {
    use commit_status::Column;
    let mut query =
        commit_status::Entity::find().filter(Column::RepoId.eq(repo.0)).filter(Column::Sha.eq(sha));
    if let Some(state) = state {
        query = query.filter(Column::State.eq(state));
    }
    let total = query.clone().count(connection).await.classify()?;
    let (column, order) = sort.column();
    let rows = query
        .order_by(column, order)
        .order_by_asc(Column::Id)
        .offset(page.offset())
        .limit(page.limit)
        .all(connection)
        .await
        .classify()?;
    Ok((rows, total))
}

/// The latest report of each context of a commit, in the order of their index.
pub async fn list_latest(
    connection: &impl ConnectionTrait,
    repo: RepoId,
    sha: &str,
) -> Result<Vec<commit_status::Model>> {
    use commit_status::Column;
    let latest = Query::select()
        .expr(Expr::col(Column::Index).max())
        .from(commit_status::Entity)
        .and_where(Expr::col(Column::RepoId).eq(repo.0))
        .and_where(Expr::col(Column::Sha).eq(sha))
        .group_by_col(Column::ContextHash)
        .to_owned();
    commit_status::Entity::find()
        .filter(Column::RepoId.eq(repo.0))
        .filter(Column::Sha.eq(sha))
        .filter(Column::Index.in_subquery(latest))
        .order_by_asc(Column::Index)
        .all(connection)
        .await
        .classify()
}

/// The next index of a commit; two reports at once get two.
pub async fn next_index(connection: &impl ConnectionTrait, repo: RepoId, sha: &str) -> Result<i64> {
    use commit_status_index::{Column, Entity};
    let first = commit_status_index::Model {
        repo_id: repo.0,
        sha: sha.to_owned(),
        max_index: 1,
        ..Default::default()
    };
    Entity::insert(first.into_new())
        .on_conflict(
            OnConflict::columns([Column::RepoId, Column::Sha])
                .value(Column::MaxIndex, Expr::col((Entity, Column::MaxIndex)).add(1))
                .to_owned(),
        )
        .exec_without_returning(connection)
        .await
        .classify()?;
    let row = Entity::find()
        .filter(Column::RepoId.eq(repo.0))
        .filter(Column::Sha.eq(sha))
        .one(connection)
        .await
        .classify()?;
    Ok(row.map_or(1, |row| row.max_index))
}

/// Inserts a report.
pub async fn insert(
    connection: &impl ConnectionTrait,
    row: commit_status::Model,
) -> Result<commit_status::Model> {
    row.into_new().insert(connection).await.classify()
}

/// Writes the combined state of a commit.
pub async fn write_summary(
    connection: &impl ConnectionTrait,
    row: commit_status_summary::Model,
) -> Result<()> {
    use commit_status_summary::{Column, Entity};
    Entity::insert(row.into_new())
        .on_conflict(
            OnConflict::columns([Column::RepoId, Column::Sha])
                .update_columns([Column::State, Column::TargetUrl])
                .to_owned(),
        )
        .exec_without_returning(connection)
        .await
        .classify()?;
    Ok(())
}
