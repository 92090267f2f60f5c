//! Whether somebody blocks somebody.

use oolong_core::{Result, UserId};
use oolong_db::Classify as _;
use oolong_db::entity::user_blocking;
use oolong_db::sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
};

/// Whether `blocker` blocks `blockee`.
pub(crate) async fn exists(
    connection: &impl ConnectionTrait,
    blocker: UserId,
    blockee: UserId,
) -> Result<bool> {
    let count = user_blocking::Entity::find()
        .filter(user_blocking::Column::BlockerId.eq(blocker.0))
        .filter(user_blocking::Column::BlockeeId.eq(blockee.0))
        .count(connection)
        .await
        .classify()?;
    Ok(count > 0)
}
