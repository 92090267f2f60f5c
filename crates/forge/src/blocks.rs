//! Blocking people: they and the one who blocks them have nothing to do with each other from then on.

use oolong_core::{Error, OrgId, RepoId, Result};
use oolong_db::entity::user;
use oolong_db::sea_orm::ConnectionTrait;
use oolong_db::{
    Classify, blocks, collaborations, follows, organisations, repositories, star_changes, watch_changes,
};

use crate::{Forge, access_rows, lost_access};

/// The longest note about a block.
const MAX_NOTE: usize = 255;

/// Blocks a person. What tied the two together ends: following each other, working on and looking at each other's
/// repositories.
pub async fn block(forge: &Forge, blocker: &user::Model, blockee: &user::Model, note: &str) -> Result<()> {
    if note.chars().count() > MAX_NOTE {
        return Err(Error::invalid(format!("note: at most {MAX_NOTE} characters")));
    }
    if blocker.id == blockee.id || blockee.is_organization() {
        return Err(Error::malformed("only other people can be blocked"));
    }
    let transaction = forge.db.begin().await?;
    if blocks::exists(&transaction, blocker.id, blockee.id).await? {
        return Err(Error::malformed(format!("{} is blocked already", blockee.name)));
    }
    if blocker.is_organization()
        && organisations::is_member(&transaction, OrgId(blocker.id), blockee.user_id()).await?
    {
        return Err(Error::malformed("a member of the organisation cannot be blocked by it"));
    }
    follows::delete(&transaction, blocker.user_id(), blockee.user_id()).await?;
    follows::delete(&transaction, blockee.user_id(), blocker.user_id()).await?;
    leave_repositories(&transaction, blocker, blockee).await?;
    leave_repositories(&transaction, blockee, blocker).await?;
    blocks::insert(&transaction, blocker.user_id(), blockee.user_id(), note.to_owned(), forge.clock.now())
        .await?;
    transaction.commit().await.classify()
}

/// Ends what a person has with the repositories of somebody: collaborations, watching, stars.
async fn leave_repositories(
    connection: &impl ConnectionTrait,
    owner: &user::Model,
    person: &user::Model,
) -> Result<()> {
    let repos = repositories::list_ids_of_owner(connection, owner.user_id()).await?;
    if repos.is_empty() || person.is_organization() {
        return Ok(());
    }
    for repo in collaborations::list_repo_ids(connection, person.user_id(), &repos).await? {
        collaborations::delete(connection, RepoId(repo), person.user_id()).await?;
        access_rows::recalculate_user(connection, RepoId(repo), person.user_id()).await?;
    }
    watch_changes::stop(connection, person.id, &repos).await?;
    star_changes::stop(connection, person.id, &repos).await?;
    lost_access::forget_unreachable(connection, person, &repos).await
}

/// Ends a block.
pub async fn unblock(forge: &Forge, blocker: &user::Model, blockee: &user::Model) -> Result<()> {
    if blocks::delete(forge.db.write(), blocker.user_id(), blockee.user_id()).await? {
        return Ok(());
    }
    Err(Error::malformed(format!("{} is not blocked", blockee.name)))
}
