//! Taking stars back from many repositories at once: the table `star` and its two counters.

use oolong_core::Result;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::Classify;
use crate::entity::{repository, star, user};

/// Takes a person's stars back from these repositories.
pub async fn stop(connection: &impl ConnectionTrait, person: i64, repos: &[i64]) -> Result<()> {
    for repos in repos.chunks(500) {
        let rows = star::Entity::find()
            .filter(star::Column::Uid.eq(person))
            .filter(star::Column::RepoId.is_in(repos.iter().copied()))
            .all(connection)
            .await
            .classify()?;
        if rows.is_empty() {
            continue;
        }
        star::Entity::delete_many()
            .filter(star::Column::Id.is_in(rows.iter().map(|row| row.id)))
            .exec(connection)
            .await
            .classify()?;
        repository::Entity::update_many()
            .col_expr(repository::Column::NumStars, Expr::col(repository::Column::NumStars).sub(1))
            .filter(repository::Column::Id.is_in(rows.iter().map(|row| row.repo_id)))
            .exec(connection)
            .await
            .classify()?;
        let count = i32::try_from(rows.len()).unwrap_or(i32::MAX);
        user::Entity::update_many()
            .col_expr(user::Column::NumStars, Expr::col(user::Column::NumStars).sub(count))
            .filter(user::Column::Id.eq(person))
            .exec(connection)
            .await
            .classify()?;
    }
    Ok(())
}
