//! Whether a repository is private, and everything that has to follow when that changes.

use oolong_core::{RepoId, Result, Visibility};
use oolong_db::Classify;
use oolong_db::entity::{action, repository, star, user, watch};
use oolong_db::sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use oolong_db::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::{Forge, access_rows, git};

/// Writes the visibility. One that becomes private loses who watched and starred it, its feed lines are hidden, and
/// its forks follow: they hold the same content. The repositories whose folders are to be marked anew.
pub(crate) async fn set(
    connection: &impl ConnectionTrait,
    forge: &Forge,
    repo: &repository::Model,
    private: bool,
) -> Result<Vec<i64>> {
    let mut changed = Vec::new();
    let mut waiting = vec![repo.id];
    while let Some(id) = waiting.pop() {
        changed.push(id);
        set_one(connection, forge, id, private).await?;
        if private {
            let forks = repository::Entity::find()
                .filter(repository::Column::ForkId.eq(id))
                .filter(repository::Column::IsFork.eq(true))
                .filter(repository::Column::IsPrivate.eq(false))
                .all(connection)
                .await
                .classify()?;
            waiting.extend(forks.into_iter().map(|fork| fork.id).filter(|id| !changed.contains(id)));
        }
    }
    Ok(changed)
}

async fn set_one(connection: &impl ConnectionTrait, forge: &Forge, id: i64, private: bool) -> Result<()> {
    repository::Entity::update_many()
        .col_expr(repository::Column::IsPrivate, Expr::value(private))
        .col_expr(repository::Column::UpdatedUnix, Expr::value(forge.clock.now().0))
        .filter(repository::Column::Id.eq(id))
        .exec(connection)
        .await
        .classify()?;
    access_rows::recalculate_repo(connection, RepoId(id)).await?;
    if !private {
        return Ok(());
    }
    action::Entity::update_many()
        .col_expr(action::Column::IsPrivate, Expr::value(true))
        .filter(action::Column::RepoId.eq(id))
        .exec(connection)
        .await
        .classify()?;
    clear_stars(connection, id).await?;
    watch::Entity::delete_many().filter(watch::Column::RepoId.eq(id)).exec(connection).await.classify()?;
    repository::Entity::update_many()
        .col_expr(repository::Column::NumWatches, Expr::value(0))
        .filter(repository::Column::Id.eq(id))
        .exec(connection)
        .await
        .classify()?;
    Ok(())
}

/// Takes every star away, from the repository's count and from the people's.
pub(crate) async fn clear_stars(connection: &impl ConnectionTrait, repo: i64) -> Result<()> {
    let people = Query::select()
        .column(star::Column::Uid)
        .from(star::Entity)
        .and_where(star::Column::RepoId.eq(repo))
        .to_owned();
    user::Entity::update_many()
        .col_expr(user::Column::NumStars, Expr::col(user::Column::NumStars).sub(1))
        .filter(user::Column::Id.in_subquery(people))
        .filter(user::Column::NumStars.gt(0))
        .exec(connection)
        .await
        .classify()?;
    star::Entity::delete_many().filter(star::Column::RepoId.eq(repo)).exec(connection).await.classify()?;
    repository::Entity::update_many()
        .col_expr(repository::Column::NumStars, Expr::value(0))
        .filter(repository::Column::Id.eq(repo))
        .exec(connection)
        .await
        .classify()?;
    Ok(())
}

/// Puts up or takes down the mark by which git's own daemon knows public repositories.
pub(crate) async fn mark(forge: &Forge, repo: &repository::Model, owner: &user::Model) -> Result<()> {
    let path = forge.repository_path(&owner.lower_name, &repo.lower_name)?;
    let public = !repo.is_private && owner.visible_to() == Visibility::Public;
    git::blocking(
        move || if path.exists() { oolong_git::set_daemon_export(path.as_path(), public) } else { Ok(()) },
    )
    .await
}
