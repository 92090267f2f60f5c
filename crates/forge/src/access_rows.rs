//! The table `access`: who may do how much with a repository, materialised from collaborations and teams exactly as
//! Gitea keeps it. Whoever changes one of the things it is made from (collaborators, a team's members, repositories
//! or mode, a repository's visibility or owner) calls this inside the same transaction, after the change.

use std::collections::HashMap;

use oolong_core::{AccessMode, OrgId, RepoId, Result, TeamId, UserId};
use oolong_db::accesses::{self, Grant};
use oolong_db::entity::access;
use oolong_db::sea_orm::ConnectionTrait;
use oolong_db::{organisations, repositories};

/// How many repositories are calculated at once.
const BATCH: usize = 200;

/// Recalculates a repository: after a change of its collaborators, visibility or owner.
pub async fn recalculate_repo(connection: &impl ConnectionTrait, repo: RepoId) -> Result<()> {
    recalculate(connection, &[repo.0], None).await
}

/// Recalculates several repositories.
pub async fn recalculate_repos(connection: &impl ConnectionTrait, repos: &[RepoId]) -> Result<()> {
    let repos: Vec<i64> = repos.iter().map(|repo| repo.0).collect();
    recalculate(connection, &repos, None).await
}

/// Recalculates what one person may do with one repository: after a change of their collaboration.
pub async fn recalculate_user(connection: &impl ConnectionTrait, repo: RepoId, user: UserId) -> Result<()> {
    recalculate(connection, &[repo.0], Some(user)).await
}

/// Recalculates every repository that a team reaches: after a change of the team's mode.
pub async fn recalculate_team(connection: &impl ConnectionTrait, team: TeamId) -> Result<()> {
    let repos = organisations::list_team_repo_ids(connection, team).await?;
    recalculate(connection, &repos, None).await
}

/// Recalculates what one person may do with an organisation's repositories: after they joined or left teams.
pub async fn recalculate_member(connection: &impl ConnectionTrait, org: OrgId, user: UserId) -> Result<()> {
    let repos = repositories::list_ids_of_owner(connection, UserId(org.0)).await?;
    recalculate(connection, &repos, Some(user)).await
}

async fn recalculate(connection: &impl ConnectionTrait, repos: &[i64], only: Option<UserId>) -> Result<()> {
    for repos in repos.chunks(BATCH) {
        let mut wanted = wanted(connection, repos, only).await?;
        let stored = accesses::list(connection, repos, only).await?;
        let mut surplus = Vec::new();
        let mut changed: HashMap<AccessMode, Vec<i64>> = HashMap::new();
        for row in stored {
            match wanted.remove(&(row.repo_id, row.user_id)) {
                None => surplus.push(row.id),
                Some(mode) if mode.number() != row.mode => changed.entry(mode).or_default().push(row.id),
                Some(_) => {}
            }
        }
        accesses::delete(connection, &surplus).await?;
        for (mode, ids) in changed {
            accesses::set_mode(connection, &ids, mode).await?;
        }
        let mut missing: Vec<_> = wanted
            .into_iter()
            .map(|((repo_id, user_id), mode)| access::Model {
                repo_id,
                user_id,
                mode: mode.number(),
                ..Default::default()
            })
            .collect();
        missing.sort_unstable_by_key(|row| (row.repo_id, row.user_id));
        accesses::insert(connection, missing).await?;
    }
    Ok(())
}

/// The rows that should be there: the highest mode of each person on each repository, less those that say no more
/// than everybody has. Restricted people keep every row: what everybody has is not theirs.
async fn wanted(
    connection: &impl ConnectionTrait,
    repos: &[i64],
    only: Option<UserId>,
) -> Result<HashMap<(i64, i64), AccessMode>> {
    let owners = repositories::list_with_owners(connection, repos).await?;
    let lowest: HashMap<i64, AccessMode> = owners
        .iter()
        .map(|(repo, owner)| {
            let open = !repo.is_private && !owner.is_organization();
            (repo.id, if open { AccessMode::Write } else { AccessMode::Read })
        })
        .collect();
    let mut grants = accesses::list_collaboration_grants(connection, repos, only).await?;
    if owners.iter().any(|(_, owner)| owner.is_organization()) {
        grants.extend(accesses::list_team_grants(connection, repos, only).await?);
    }
    let mut highest: HashMap<(i64, i64), (AccessMode, bool)> = HashMap::new();
    for Grant { repo_id, user_id, mode, is_restricted } in grants {
        let entry = highest.entry((repo_id, user_id)).or_insert((AccessMode::None, is_restricted));
        entry.0 = entry.0.max(AccessMode::from_number(mode));
    }
    highest.retain(|(repo, _), (mode, is_restricted)| {
        *is_restricted || lowest.get(repo).is_some_and(|&lowest| *mode >= lowest)
    });
    Ok(highest.into_iter().map(|(key, (mode, _))| (key, mode)).collect())
}
