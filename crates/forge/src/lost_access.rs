//! What goes away with the last right to a repository: watching it and being assigned to its issues. Called inside
//! the transaction that took the right, after the rows of `access` were recalculated.

use std::collections::HashSet;

use oolong_core::{Result, UserId, Visibility};
use oolong_db::entity::{repository, user};
use oolong_db::sea_orm::ConnectionTrait;
use oolong_db::{accesses, issue_people, organisations, repositories, watch_changes};

/// Forgets, of these repositories, those that the person cannot reach any more.
pub async fn forget_unreachable(
    connection: &impl ConnectionTrait,
    person: &user::Model,
    repos: &[i64],
) -> Result<()> {
    if person.is_admin {
        return Ok(());
    }
    for repos in repos.chunks(200) {
        let lost = unreachable(connection, person, repos).await?;
        if lost.is_empty() {
            continue;
        }
        watch_changes::stop(connection, person.id, &lost).await?;
        issue_people::forget(connection, person.id, &lost).await?;
    }
    Ok(())
}

async fn unreachable(
    connection: &impl ConnectionTrait,
    person: &user::Model,
    repos: &[i64],
) -> Result<Vec<i64>> {
    let only = Some(person.user_id());
    let mut granted: HashSet<i64> = accesses::list_collaboration_grants(connection, repos, only)
        .await?
        .into_iter()
        .map(|grant| grant.repo_id)
        .collect();
    granted.extend(
        accesses::list_team_grants(connection, repos, only).await?.into_iter().map(|grant| grant.repo_id),
    );
    let mut lost = Vec::new();
    for (repo, owner) in repositories::list_with_owners(connection, repos).await? {
        if repo.owner_id == person.id
            || granted.contains(&repo.id)
            || is_open(connection, person, &repo, &owner).await?
        {
            continue;
        }
        lost.push(repo.id);
    }
    Ok(lost)
}

/// Whether the person sees the repository without having been given anything.
async fn is_open(
    connection: &impl ConnectionTrait,
    person: &user::Model,
    repo: &repository::Model,
    owner: &user::Model,
) -> Result<bool> {
    if repo.is_private {
        return Ok(false);
    }
    match owner.visible_to() {
        Visibility::Public => Ok(true),
        Visibility::Limited if !person.is_restricted => Ok(true),
        Visibility::Limited | Visibility::Private => {
            organisations::is_member(connection, oolong_core::OrgId(owner.id), UserId(person.id)).await
        }
    }
}
