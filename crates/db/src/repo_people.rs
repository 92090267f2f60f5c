//! Who can be given work in a repository: the people behind `access` and behind teams with rights unit by unit.

use oolong_core::{AccessMode, RepoId, Result, Unit};
use sea_orm::sea_query::{Condition, ExprTrait as _, IntoCondition};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use crate::Classify;
use crate::entity::{access, team_repo, team_unit, team_user, user};

/// Active people who may write anything, or read pull requests through a team, by name.
pub async fn list_assignable(connection: &impl ConnectionTrait, repo: RepoId) -> Result<Vec<user::Model>> {
    let reads_pulls = team_unit::Column::AccessMode
        .eq(AccessMode::Read.number())
        .and(team_unit::Column::Kind.eq(Unit::Pulls.number()));
    let through_teams =
        Condition::any().add(team_unit::Column::AccessMode.gte(AccessMode::Write.number())).add(reads_pulls);
    list(connection, repo, AccessMode::Write, through_teams).await
}

/// Active people who may read the repository as something more than anybody, by name.
pub async fn list_reviewing(connection: &impl ConnectionTrait, repo: RepoId) -> Result<Vec<user::Model>> {
    let through_teams = Condition::all()
        .add(team_unit::Column::AccessMode.gte(AccessMode::Read.number()))
        .add(team_unit::Column::Kind.eq(Unit::Pulls.number()));
    list(connection, repo, AccessMode::Read, through_teams).await
}

async fn list(
    connection: &impl ConnectionTrait,
    repo: RepoId,
    lowest: AccessMode,
    units: impl IntoCondition,
) -> Result<Vec<user::Model>> {
    let granted = access::Entity::find()
        .select_only()
        .column(access::Column::UserId)
        .filter(access::Column::RepoId.eq(repo.0))
        .filter(access::Column::Mode.gte(lowest.number()))
        .into_query();
    let with_unit =
        team_unit::Entity::find().select_only().column(team_unit::Column::TeamId).filter(units).into_query();
    let reaching = team_repo::Entity::find()
        .select_only()
        .column(team_repo::Column::TeamId)
        .filter(team_repo::Column::RepoId.eq(repo.0))
        .filter(team_repo::Column::TeamId.in_subquery(with_unit))
        .into_query();
    let in_teams = team_user::Entity::find()
        .select_only()
        .column(team_user::Column::Uid)
        .filter(team_user::Column::TeamId.in_subquery(reaching))
        .into_query();
    user::Entity::find()
        .filter(user::Column::IsActive.eq(true))
        .filter(
            Condition::any()
                .add(user::Column::Id.in_subquery(granted))
                .add(user::Column::Id.in_subquery(in_teams)),
        )
        .order_by_asc(user::Column::Name)
        .all(connection)
        .await
        .classify()
}
