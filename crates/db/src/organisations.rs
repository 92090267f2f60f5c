//! Organisations, their members and teams: `org_user`, `team`, `team_user`, `team_repo`, `team_unit`.

use oolong_core::{OrgId, RepoId, Result, TeamId, UserId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait};

use crate::Classify;
use crate::entity::{org_user, team, team_repo, team_unit, team_user, user};

/// The name of the team of owners; Gitea knows it by this and nothing else.
pub const OWNERS: &str = "Owners";

/// Whether a person belongs to an organisation.
pub async fn is_member(connection: &impl ConnectionTrait, org: OrgId, user: UserId) -> Result<bool> {
    let count = org_user::Entity::find()
        .filter(org_user::Column::OrgId.eq(org.0))
        .filter(org_user::Column::Uid.eq(user.0))
        .count(connection)
        .await
        .classify()?;
    Ok(count > 0)
}

/// The teams of an organisation that a person is in and that reach a repository.
pub async fn list_teams_with_repo(connection: &impl ConnectionTrait, org: OrgId, user: UserId, repo: RepoId) -> Result<Vec<team::Model>> {
    let of_user = team_user::Entity::find()
        .select_only()
        .column(team_user::Column::TeamId)
        .filter(team_user::Column::OrgId.eq(org.0))
        .filter(team_user::Column::Uid.eq(user.0))
        .into_query();
    let of_repo = team_repo::Entity::find()
        .select_only()
        .column(team_repo::Column::TeamId)
        .filter(team_repo::Column::OrgId.eq(org.0))
        .filter(team_repo::Column::RepoId.eq(repo.0))
        .into_query();
    team::Entity::find()
        .filter(team::Column::OrgId.eq(org.0))
        .filter(team::Column::Id.in_subquery(of_user))
        .filter(team::Column::Id.in_subquery(of_repo))
        .all(connection)
        .await
        .classify()
}

/// What these teams may do with each unit.
pub async fn list_team_units(connection: &impl ConnectionTrait, teams: impl IntoIterator<Item = i64>) -> Result<Vec<team_unit::Model>> {
    team_unit::Entity::find().filter(team_unit::Column::TeamId.is_in(teams)).all(connection).await.classify()
}

/// The ids of the repositories that a team reaches.
pub async fn list_team_repo_ids(connection: &impl ConnectionTrait, team: TeamId) -> Result<Vec<i64>> {
    team_repo::Entity::find()
        .select_only()
        .column(team_repo::Column::RepoId)
        .filter(team_repo::Column::TeamId.eq(team.0))
        .into_tuple()
        .all(connection)
        .await
        .classify()
}

/// Whether a person is in a team that may make repositories in an organisation.
pub async fn may_create_repositories(connection: &impl ConnectionTrait, org: &user::Model, user: UserId) -> Result<bool> {
    let of_user = team_user::Entity::find()
        .select_only()
        .column(team_user::Column::TeamId)
        .filter(team_user::Column::OrgId.eq(org.id))
        .filter(team_user::Column::Uid.eq(user.0))
        .into_query();
    let teams = team::Entity::find()
        .filter(team::Column::OrgId.eq(org.id))
        .filter(team::Column::CanCreateOrgRepo.eq(true))
        .filter(team::Column::Id.in_subquery(of_user))
        .count(connection)
        .await
        .classify()?;
    Ok(teams > 0)
}
