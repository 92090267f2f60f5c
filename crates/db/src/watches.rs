//! Who watches which repository: the table `watch` and its counter.

use oolong_core::{RepoId, Result, UnixSeconds, UserId};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::Classify;
use crate::entity::{repository, watch};

/// `watch.mode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Neither watched nor refused.
    None = 0,
    /// Asked for.
    Normal = 1,
    /// Refused: nothing starts it again by itself.
    Never = 2,
    /// Started by taking part.
    Auto = 3,
}

impl Mode {
    /// The mode stored as `number`.
    pub fn from_number(number: i16) -> Self {
        match number {
            1 => Self::Normal,
            2 => Self::Never,
            3 => Self::Auto,
            _ => Self::None,
        }
    }

    /// Whether the person is told of what happens.
    pub fn is_watching(self) -> bool {
        matches!(self, Self::Normal | Self::Auto)
    }
}

/// A person's row for a repository.
pub async fn find(
    connection: &impl ConnectionTrait,
    user: UserId,
    repo: RepoId,
) -> Result<Option<watch::Model>> {
    watch::Entity::find()
        .filter(watch::Column::UserId.eq(user.0))
        .filter(watch::Column::RepoId.eq(repo.0))
        .one(connection)
        .await
        .classify()
}

/// Sets how a person watches a repository, and counts.
pub async fn set(
    connection: &impl ConnectionTrait,
    user: UserId,
    repo: RepoId,
    mode: Mode,
    now: UnixSeconds,
) -> Result<()> {
    let old = find(connection, user, repo).await?;
    let was = old.as_ref().map_or(Mode::None, |row| Mode::from_number(row.mode));
    match old {
        _ if was == mode => return Ok(()),
        None => {
            let row = watch::Model {
                user_id: user.0,
                repo_id: repo.0,
                mode: mode as i16,
                created_unix: now.0,
                updated_unix: now.0,
                ..Default::default()
            };
            row.into_new().insert(connection).await.classify()?;
        }
        Some(row) if mode == Mode::None => {
            watch::Entity::delete_by_id(row.id).exec(connection).await.classify()?;
        }
        Some(row) => {
            watch::Entity::update_many()
                .col_expr(watch::Column::Mode, Expr::value(mode as i16))
                .col_expr(watch::Column::UpdatedUnix, Expr::value(now.0))
                .filter(watch::Column::Id.eq(row.id))
                .exec(connection)
                .await
                .classify()?;
        }
    }
    let difference = i32::from(mode.is_watching()) - i32::from(was.is_watching());
    if difference == 0 {
        return Ok(());
    }
    repository::Entity::update_many()
        .col_expr(repository::Column::NumWatches, Expr::col(repository::Column::NumWatches).add(difference))
        .filter(repository::Column::Id.eq(repo.0))
        .exec(connection)
        .await
        .classify()?;
    Ok(())
}

/// Everybody who watches a repository, in the order they began.
pub async fn list_watchers(connection: &impl ConnectionTrait, repo: RepoId) -> Result<Vec<i64>> {
    let rows = watch::Entity::find()
        .filter(watch::Column::RepoId.eq(repo.0))
        .filter(watch::Column::Mode.is_in([Mode::Normal as i16, Mode::Auto as i16]))
        .order_by_asc(watch::Column::Id)
        .all(connection)
        .await
        .classify()?;
    Ok(rows.into_iter().map(|row| row.user_id).collect())
}
