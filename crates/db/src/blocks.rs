//! Who blocks whom: the table `user_blocking`.

use oolong_core::Result;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::Classify;
use crate::entity::user_blocking;

/// Whether `blocker` blocks `blockee`.
pub async fn exists(connection: &impl ConnectionTrait, blocker: i64, blockee: i64) -> Result<bool> {
    let count = user_blocking::Entity::find()
        .filter(user_blocking::Column::BlockerId.eq(blocker))
        .filter(user_blocking::Column::BlockeeId.eq(blockee))
        .count(connection)
        .await
        .classify()?;
    Ok(count > 0)
}
