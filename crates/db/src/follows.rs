//! Who follows whom: the table `follow`. The counters in `user` are kept by the use-cases.

use oolong_core::{Page, Result, UnixSeconds, UserId};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, RelationDef,
};

use crate::entity::{follow, user};
use crate::people::{Viewer, paged};
use crate::{Classify, users};

/// Whether `follower` follows `followed`.
pub async fn exists(connection: &impl ConnectionTrait, follower: UserId, followed: UserId) -> Result<bool> {
    let count = follow::Entity::find()
        .filter(follow::Column::UserId.eq(follower.0))
        .filter(follow::Column::FollowId.eq(followed.0))
        .count(connection)
        .await
        .classify()?;
    Ok(count > 0)
}

/// Notes that `follower` follows `followed`, in the counters too. The caller has checked that it is new.
pub async fn insert(
    connection: &impl ConnectionTrait,
    follower: UserId,
    followed: UserId,
    now: UnixSeconds,
) -> Result<()> {
    let row = follow::Model {
        user_id: follower.0,
        follow_id: followed.0,
        created_unix: now.0,
        ..Default::default()
    };
    row.into_new().insert(connection).await.classify()?;
    count(connection, follower, followed, 1).await
}

/// Ends following, in the counters too; nothing happens where it was not so.
pub async fn delete(connection: &impl ConnectionTrait, follower: UserId, followed: UserId) -> Result<()> {
    let done = follow::Entity::delete_many()
        .filter(follow::Column::UserId.eq(follower.0))
        .filter(follow::Column::FollowId.eq(followed.0))
        .exec(connection)
        .await
        .classify()?;
    if done.rows_affected == 0 {
        return Ok(());
    }
    count(connection, follower, followed, -1).await
}

async fn count(
    connection: &impl ConnectionTrait,
    follower: UserId,
    followed: UserId,
    difference: i32,
) -> Result<()> {
    users::add_to_counter(connection, followed, user::Column::NumFollowers, difference).await?;
    users::add_to_counter(connection, follower, user::Column::NumFollowing, difference).await
}

/// Those who follow a person, as far as the viewer may see them.
pub async fn list_followers(
    connection: &impl ConnectionTrait,
    viewer: Viewer<'_>,
    person: UserId,
    page: Page,
) -> Result<(Vec<user::Model>, u64)> {
    let join = joined(user::Column::Id, follow::Column::UserId);
    let select =
        user::Entity::find().join(JoinType::InnerJoin, join).filter(follow::Column::FollowId.eq(person.0));
    paged(connection, select.filter(viewer.sees()).order_by_asc(follow::Column::Id), page).await
}

/// Those whom a person follows, as far as the viewer may see them.
pub async fn list_following(
    connection: &impl ConnectionTrait,
    viewer: Viewer<'_>,
    person: UserId,
    page: Page,
) -> Result<(Vec<user::Model>, u64)> {
    let join = joined(user::Column::Id, follow::Column::FollowId);
    let select =
        user::Entity::find().join(JoinType::InnerJoin, join).filter(follow::Column::UserId.eq(person.0));
    paged(connection, select.filter(viewer.sees()).order_by_asc(follow::Column::Id), page).await
}

fn joined(from: user::Column, to: follow::Column) -> RelationDef {
    user::Entity::belongs_to(follow::Entity).from(from).to(to).into()
}
