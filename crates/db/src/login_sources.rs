//! Outside sources of identities: the table `login_source`.

use oolong_core::Result;
use sea_orm::{ConnectionTrait, EntityTrait};

use crate::Classify;
use crate::entity::login_source;

/// The source with this id.
pub async fn find(connection: &impl ConnectionTrait, id: i64) -> Result<Option<login_source::Model>> {
    login_source::Entity::find_by_id(id).one(connection).await.classify()
}
