//! Watching and forgetting many repositories at once: the table `watch` and its counter, when somebody joins or
//! leaves a team. One person and one repository at a time is in `watches`.

use oolong_core::{Result, UnixSeconds};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::Classify;
use crate::entity::{repository, watch};

/// `watch.mode` of somebody who watches.
const NORMAL: i16 = 1;
/// The same, begun by taking part.
const AUTO: i16 = 3;

/// Has everybody of `users` watch every repository of `repos`, except where they have a row already: who once
/// refused stays out.
pub async fn start(
    connection: &impl ConnectionTrait,
    users: &[i64],
    repos: &[i64],
    now: UnixSeconds,
) -> Result<()> {
    for repos in repos.chunks(100) {
        let known: std::collections::HashSet<(i64, i64)> = watch::Entity::find()
            .filter(watch::Column::RepoId.is_in(repos.iter().copied()))
            .all(connection)
            .await
            .classify()?
            .into_iter()
            .map(|row| (row.user_id, row.repo_id))
            .collect();
        for &repo in repos {
            let rows: Vec<watch::ActiveModel> = users
                .iter()
                .filter(|&&user| !known.contains(&(user, repo)))
                .map(|&user_id| watch::Model {
                    user_id,
                    repo_id: repo,
                    mode: NORMAL,
                    created_unix: now.0,
                    updated_unix: now.0,
                    ..Default::default()
                })
                .map(watch::Model::into_new)
                .collect();
            let count = i32::try_from(rows.len()).unwrap_or(i32::MAX);
            for rows in rows.chunks(500) {
                watch::Entity::insert_many(rows.iter().cloned())
                    .exec_without_returning(connection)
                    .await
                    .classify()?;
            }
            add_to_counter(connection, repo, count).await?;
        }
    }
    Ok(())
}

/// Has a person forget every repository of `repos`.
pub async fn stop(connection: &impl ConnectionTrait, user: i64, repos: &[i64]) -> Result<()> {
    for repos in repos.chunks(500) {
        let rows = watch::Entity::find()
            .filter(watch::Column::UserId.eq(user))
            .filter(watch::Column::RepoId.is_in(repos.iter().copied()))
            .all(connection)
            .await
            .classify()?;
        watch::Entity::delete_many()
            .filter(watch::Column::Id.is_in(rows.iter().map(|row| row.id)))
            .exec(connection)
            .await
            .classify()?;
        let watched = rows.iter().filter(|row| row.mode == NORMAL || row.mode == AUTO).map(|row| row.repo_id);
        repository::Entity::update_many()
            .col_expr(repository::Column::NumWatches, Expr::col(repository::Column::NumWatches).sub(1))
            .filter(repository::Column::Id.is_in(watched))
            .exec(connection)
            .await
            .classify()?;
    }
    Ok(())
}

async fn add_to_counter(connection: &impl ConnectionTrait, repo: i64, difference: i32) -> Result<()> {
    if difference == 0 {
        return Ok(());
    }
    repository::Entity::update_many()
        .col_expr(repository::Column::NumWatches, Expr::col(repository::Column::NumWatches).add(difference))
        .filter(repository::Column::Id.eq(repo))
        .exec(connection)
        .await
        .classify()?;
    Ok(())
}
