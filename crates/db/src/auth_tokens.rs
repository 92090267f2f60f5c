//! The table `auth_token`: "remember me" cookies that were given out.

use oolong_core::{Result, UserId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::Classify;
use crate::entity::auth_token;

/// Ends every "remember me" of a person.
pub async fn delete_all(connection: &impl ConnectionTrait, user: UserId) -> Result<()> {
    auth_token::Entity::delete_many()
        .filter(auth_token::Column::UserId.eq(user.0))
        .exec(connection)
        .await
        .classify()?;
    Ok(())
}
