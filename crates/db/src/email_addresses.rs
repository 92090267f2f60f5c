//! The table `email_address`: one row an address, the primary one included.

use oolong_core::Result;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::Classify;
use crate::entity::email_address;

/// The row of an address, in any case.
pub async fn find(connection: &impl ConnectionTrait, address: &str) -> Result<Option<email_address::Model>> {
    email_address::Entity::find()
        .filter(email_address::Column::LowerEmail.eq(address.trim().to_lowercase()))
        .one(connection)
        .await
        .classify()
}

/// Every address of a person, in the order they were added.
pub async fn list(
    connection: &impl ConnectionTrait,
    user: oolong_core::UserId,
) -> Result<Vec<email_address::Model>> {
    email_address::Entity::find()
        .filter(email_address::Column::Uid.eq(user.0))
        .order_by_asc(email_address::Column::Id)
        .all(connection)
        .await
        .classify()
}

/// Inserts an address.
pub async fn insert(
    connection: &impl ConnectionTrait,
    row: email_address::Model,
) -> Result<email_address::Model> {
    row.into_new().insert(connection).await.classify()
}

/// The primary address of a person.
pub async fn find_primary(
    connection: &impl ConnectionTrait,
    user: oolong_core::UserId,
) -> Result<Option<email_address::Model>> {
    email_address::Entity::find()
        .filter(email_address::Column::Uid.eq(user.0))
        .filter(email_address::Column::IsPrimary.eq(true))
        .one(connection)
        .await
        .classify()
}

/// Deletes an address.
pub async fn delete(connection: &impl ConnectionTrait, id: i64) -> Result<()> {
    email_address::Entity::delete_by_id(id).exec(connection).await.classify()?;
    Ok(())
}
