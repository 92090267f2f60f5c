//! Who blocks whom: the table `user_blocking`.

use oolong_core::{Page, Result, UnixSeconds, UserId};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder,
};

use crate::Classify;
use crate::entity::{user, user_blocking};
use crate::people::paged;
use crate::users;

/// Whether `blocker` blocks `blockee`.
pub async fn exists(connection: &impl ConnectionTrait, blocker: i64, blockee: i64) -> Result<bool> {
    let count =
        user_blocking::Entity::find().filter(pair(blocker, blockee)).count(connection).await.classify()?;
    Ok(count > 0)
}

/// Whether either blocks the other.
pub async fn exists_between(connection: &impl ConnectionTrait, one: i64, other: i64) -> Result<bool> {
    let either = Condition::any().add(pair(one, other)).add(pair(other, one));
    let count = user_blocking::Entity::find().filter(either).count(connection).await.classify()?;
    Ok(count > 0)
}

fn pair(blocker: i64, blockee: i64) -> Condition {
    Condition::all()
        .add(user_blocking::Column::BlockerId.eq(blocker))
        .add(user_blocking::Column::BlockeeId.eq(blockee))
}

/// Notes a block. The caller has checked that it is new.
pub async fn insert(
    connection: &impl ConnectionTrait,
    blocker: UserId,
    blockee: UserId,
    note: String,
    now: UnixSeconds,
) -> Result<()> {
    let row = user_blocking::Model {
        blocker_id: blocker.0,
        blockee_id: blockee.0,
        note,
        created_unix: now.0,
        ..Default::default()
    };
    row.into_new().insert(connection).await.classify()?;
    Ok(())
}

/// Ends a block; false where there was none.
pub async fn delete(connection: &impl ConnectionTrait, blocker: UserId, blockee: UserId) -> Result<bool> {
    let done = user_blocking::Entity::delete_many()
        .filter(pair(blocker.0, blockee.0))
        .exec(connection)
        .await
        .classify()?;
    Ok(done.rows_affected > 0)
}

/// Those whom a person or organisation blocks, in the order of blocking.
pub async fn list(
    connection: &impl ConnectionTrait,
    blocker: UserId,
    page: Page,
) -> Result<(Vec<user::Model>, u64)> {
    let select = user_blocking::Entity::find()
        .filter(user_blocking::Column::BlockerId.eq(blocker.0))
        .order_by_asc(user_blocking::Column::Id);
    let (rows, total) = paged(connection, select, page).await?;
    let blocked = users::list_by_ids(connection, rows.iter().map(|row| row.blockee_id)).await?;
    let in_order =
        rows.iter().filter_map(|row| blocked.iter().find(|user| user.id == row.blockee_id).cloned());
    Ok((in_order.collect(), total))
}
