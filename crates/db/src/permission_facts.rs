//! What permissions are computed from, for many repositories in a few queries.

use std::collections::{HashMap, HashSet};

use oolong_core::{AccessMode, Result, UserId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use crate::Classify;
use crate::entity::{access, collaboration, org_user, repo_unit, team, team_repo, team_unit, team_user};

/// The units of these repositories, by repository.
pub async fn units(
    connection: &impl ConnectionTrait,
    repos: &[i64],
) -> Result<HashMap<i64, Vec<repo_unit::Model>>> {
    let mut found: HashMap<i64, Vec<repo_unit::Model>> = HashMap::new();
    if repos.is_empty() {
        return Ok(found);
    }
    let rows = repo_unit::Entity::find()
        .filter(repo_unit::Column::RepoId.is_in(repos.iter().copied()))
        .all(connection)
        .await
        .classify()?;
    for row in rows {
        found.entry(row.repo_id).or_default().push(row);
    }
    Ok(found)
}

/// The materialised modes of a person on these repositories.
pub async fn granted(
    connection: &impl ConnectionTrait,
    user: UserId,
    repos: &[i64],
) -> Result<HashMap<i64, AccessMode>> {
    if repos.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = access::Entity::find()
        .filter(access::Column::UserId.eq(user.0))
        .filter(access::Column::RepoId.is_in(repos.iter().copied()))
        .all(connection)
        .await
        .classify()?;
    Ok(rows.into_iter().map(|row| (row.repo_id, AccessMode::from_number(row.mode))).collect())
}

/// The modes of a person as a collaborator of these repositories.
pub async fn collaborations(
    connection: &impl ConnectionTrait,
    user: UserId,
    repos: &[i64],
) -> Result<HashMap<i64, AccessMode>> {
    if repos.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = collaboration::Entity::find()
        .filter(collaboration::Column::UserId.eq(user.0))
        .filter(collaboration::Column::RepoId.is_in(repos.iter().copied()))
        .all(connection)
        .await
        .classify()?;
    Ok(rows.into_iter().map(|row| (row.repo_id, AccessMode::from_number(row.mode))).collect())
}

/// Which of these organisations a person belongs to.
pub async fn memberships(
    connection: &impl ConnectionTrait,
    user: UserId,
    organisations: &[i64],
) -> Result<HashSet<i64>> {
    if organisations.is_empty() {
        return Ok(HashSet::new());
    }
    let rows = org_user::Entity::find()
        .filter(org_user::Column::Uid.eq(user.0))
        .filter(org_user::Column::OrgId.is_in(organisations.iter().copied()))
        .all(connection)
        .await
        .classify()?;
    Ok(rows.into_iter().map(|row| row.org_id).collect())
}

/// The teams a person is in that reach these repositories, by repository, and what the teams may do with each unit,
/// by team.
#[derive(Clone, Debug, Default)]
pub struct Teams {
    /// By repository.
    pub by_repo: HashMap<i64, Vec<team::Model>>,
    /// By team.
    pub units: HashMap<i64, Vec<team_unit::Model>>,
}

/// The teams through which a person reaches these repositories of organisations.
pub async fn teams(connection: &impl ConnectionTrait, user: UserId, repos: &[i64]) -> Result<Teams> {
    let mut found = Teams::default();
    if repos.is_empty() {
        return Ok(found);
    }
    let of_user = team_user::Entity::find()
        .select_only()
        .column(team_user::Column::TeamId)
        .filter(team_user::Column::Uid.eq(user.0))
        .into_query();
    let links = team_repo::Entity::find()
        .filter(team_repo::Column::RepoId.is_in(repos.iter().copied()))
        .filter(team_repo::Column::TeamId.in_subquery(of_user))
        .all(connection)
        .await
        .classify()?;
    if links.is_empty() {
        return Ok(found);
    }
    let ids: HashSet<i64> = links.iter().map(|link| link.team_id).collect();
    let teams = team::Entity::find()
        .filter(team::Column::Id.is_in(ids.iter().copied()))
        .all(connection)
        .await
        .classify()?;
    let teams: HashMap<i64, team::Model> = teams.into_iter().map(|team| (team.id, team)).collect();
    for link in links {
        // A link whose team belongs to another organisation would be damage: it gives nothing.
        if let Some(team) = teams.get(&link.team_id).filter(|team| team.org_id == link.org_id) {
            found.by_repo.entry(link.repo_id).or_default().push(team.clone());
        }
    }
    let units = team_unit::Entity::find()
        .filter(team_unit::Column::TeamId.is_in(ids))
        .all(connection)
        .await
        .classify()?;
    for unit in units {
        found.units.entry(unit.team_id).or_default().push(unit);
    }
    Ok(found)
}
