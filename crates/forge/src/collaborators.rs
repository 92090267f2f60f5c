//! Collaborators: people who were given a repository directly. And who can be assigned to its issues or asked for a
//! review.

use oolong_auth::permission::RepoPermission;
use oolong_core::{AccessMode, Error, RepoId, Result, Unit};
use oolong_db::entity::{repository, user};
use oolong_db::sea_orm::ConnectionTrait;
use oolong_db::{Classify as _, blocks, collaborations, repo_people};

use crate::{Forge, access_rows, lost_access};

/// The modes that a collaborator can be given, by Gitea's names; without a name it is writing.
pub fn parse_mode(name: Option<&str>) -> Result<AccessMode> {
    let Some(name) = name else { return Ok(AccessMode::Write) };
    AccessMode::parse(name)
        .filter(|mode| (AccessMode::Read..=AccessMode::Admin).contains(mode))
        .ok_or_else(|| Error::invalid(format!("permission: has to be read, write or admin, not {name:?}")))
}

/// Makes a person a collaborator of a repository, or gives a collaborator another mode.
pub async fn set(
    forge: &Forge,
    repo: &repository::Model,
    owner: &user::Model,
    person: &user::Model,
    mode: AccessMode,
) -> Result<()> {
    if person.is_organization() {
        return Err(Error::invalid("an organisation cannot be a collaborator"));
    }
    if !person.is_active {
        return Err(Error::invalid("the account of this person is not activated"));
    }
    let transaction = forge.db.begin().await?;
    if blocks::exists_between(&transaction, owner.id, person.id).await? {
        return Err(Error::forbidden(
            "the owner of the repository and this person do not work together: one blocks the other",
        ));
    }
    collaborations::set(&transaction, RepoId(repo.id), person.user_id(), mode, forge.clock.now()).await?;
    access_rows::recalculate_user(&transaction, RepoId(repo.id), person.user_id()).await?;
    transaction.commit().await.classify()
}

/// Ends a collaboration; who is no collaborator stays so.
pub async fn remove(forge: &Forge, repo: &repository::Model, person: &user::Model) -> Result<()> {
    let transaction = forge.db.begin().await?;
    if !remove_in(&transaction, repo, person).await? {
        return Ok(());
    }
    transaction.commit().await.classify()
}

/// Ends a collaboration inside a transaction; whether there was one.
pub async fn remove_in(
    connection: &impl ConnectionTrait,
    repo: &repository::Model,
    person: &user::Model,
) -> Result<bool> {
    if !collaborations::delete(connection, RepoId(repo.id), person.user_id()).await? {
        return Ok(false);
    }
    access_rows::recalculate_user(connection, RepoId(repo.id), person.user_id()).await?;
    lost_access::forget_unreachable(connection, person, &[repo.id]).await?;
    Ok(true)
}

/// Who can be assigned to issues: people who may write, and an owner who is a person at the end.
pub async fn list_assignees(
    forge: &Forge,
    repo: &repository::Model,
    owner: &user::Model,
) -> Result<Vec<user::Model>> {
    let people = repo_people::list_assignable(forge.db.read(), RepoId(repo.id)).await?;
    Ok(with_owner(people, owner))
}

/// Who can be asked for a review.
pub async fn list_reviewers(
    forge: &Forge,
    repo: &repository::Model,
    owner: &user::Model,
) -> Result<Vec<user::Model>> {
    let people = repo_people::list_reviewing(forge.db.read(), RepoId(repo.id)).await?;
    Ok(with_owner(people, owner))
}

fn with_owner(mut people: Vec<user::Model>, owner: &user::Model) -> Vec<user::Model> {
    if !owner.is_organization() && people.iter().all(|person| person.id != owner.id) {
        people.push(owner.clone());
    }
    people
}

/// Whether somebody with this permission can be assigned to issues.
pub fn is_assignable(permission: &RepoPermission) -> bool {
    permission.can_read(Unit::Pulls) || Unit::ALL.into_iter().any(|unit| permission.can_write(unit))
}
