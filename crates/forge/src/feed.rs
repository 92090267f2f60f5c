//! Lines of the activity feed about a repository as a whole; those of pushes are written by `push`.

use oolong_core::Result;
use oolong_db::entity::{action, repository, user};
use oolong_db::feeds::{self, Operation};
use oolong_db::sea_orm::ConnectionTrait;

use crate::Forge;

/// Writes what `actor` did into the feeds of everybody who gets to see it.
pub async fn record(
    connection: &impl ConnectionTrait,
    forge: &Forge,
    actor: &user::Model,
    repo: &repository::Model,
    owner: &user::Model,
    operation: Operation,
    content: String,
) -> Result<()> {
    let receivers = feeds::receivers(connection, actor.user_id(), repo, owner).await?;
    let row = action::Model {
        op_type: operation as i32,
        act_user_id: actor.id,
        repo_id: repo.id,
        is_private: repo.is_private,
        content,
        created_unix: forge.clock.now().0,
        ..Default::default()
    };
    feeds::insert(connection, &receivers, &row).await
}
