//! `Team`.

use std::collections::{BTreeMap, HashMap};

use oolong_config::Settings;
use oolong_core::{AccessMode, Result, Unit, UserId, Visibility};
use oolong_db::entity::{team, team_unit};
use oolong_db::sea_orm::ConnectionTrait;
use oolong_db::{organisations, users};
use serde::Serialize;

use super::organization::Organization;

/// Gitea's `Team`.
#[derive(Clone, Debug, Serialize)]
pub struct Team {
    id: i64,
    name: String,
    description: String,
    organization: Option<Organization>,
    includes_all_repositories: bool,
    permission: &'static str,
    units: Vec<&'static str>,
    units_map: BTreeMap<&'static str, &'static str>,
    can_create_org_repo: bool,
    visibility: &'static str,
}

impl Team {
    fn new<'a>(
        team: &team::Model,
        units: impl Iterator<Item = &'a team_unit::Model>,
        organization: Option<Organization>,
    ) -> Self {
        let mode = AccessMode::from_number(team.authorize);
        let modes: Vec<(Unit, AccessMode)> = units
            .filter_map(|row| Some((Unit::from_number(row.kind)?, AccessMode::from_number(row.access_mode))))
            // A team of administrators or owners has its own mode everywhere, whatever the rows say.
            .map(|(unit, granted)| (unit, if mode >= AccessMode::Admin { mode } else { granted }))
            .collect();
        Self {
            id: team.id,
            name: team.name.clone(),
            description: team.description.clone(),
            organization,
            includes_all_repositories: team.includes_all_repositories,
            permission: mode.name(),
            units: modes.iter().map(|(unit, _)| unit.key()).collect(),
            units_map: modes.iter().map(|(unit, mode)| (unit.key(), mode.name())).collect(),
            can_create_org_repo: team.can_create_org_repo,
            visibility: Visibility::from_number(team.visibility).name(),
        }
    }

    /// Teams with their units, without naming their organisations.
    pub async fn list(connection: &impl ConnectionTrait, teams: &[team::Model]) -> Result<Vec<Self>> {
        let units = units_of(connection, teams).await?;
        Ok(teams.iter().map(|team| Self::new(team, of(&units, team), None)).collect())
    }

    /// Teams with their units and organisations.
    pub async fn list_with_organizations(
        connection: &impl ConnectionTrait,
        settings: &Settings,
        teams: &[team::Model],
    ) -> Result<Vec<Self>> {
        let units = units_of(connection, teams).await?;
        let orgs = users::list_by_ids(connection, teams.iter().map(|team| team.org_id)).await?;
        let orgs: HashMap<i64, Organization> =
            orgs.iter().map(|org| (org.id, Organization::new(settings, org))).collect();
        Ok(teams
            .iter()
            .map(|team| Self::new(team, of(&units, team), orgs.get(&team.org_id).cloned()))
            .collect())
    }

    /// One team with its units, without naming its organisation.
    pub async fn one(connection: &impl ConnectionTrait, team: &team::Model) -> Result<Self> {
        let units = units_of(connection, std::slice::from_ref(team)).await?;
        Ok(Self::new(team, of(&units, team), None))
    }

    /// One team with its units and its organisation.
    pub async fn one_with_organization(
        connection: &impl ConnectionTrait,
        settings: &Settings,
        team: &team::Model,
    ) -> Result<Self> {
        let org = users::get(connection, UserId(team.org_id)).await?;
        Ok(Self {
            organization: Some(Organization::new(settings, &org)),
            ..Self::one(connection, team).await?
        })
    }
}

async fn units_of(connection: &impl ConnectionTrait, teams: &[team::Model]) -> Result<Vec<team_unit::Model>> {
    let mut rows = organisations::list_team_units(connection, teams.iter().map(|team| team.id)).await?;
    rows.sort_by_key(|row| (row.team_id, row.kind));
    Ok(rows)
}

fn of<'a>(
    units: &'a [team_unit::Model],
    team: &team::Model,
) -> impl Iterator<Item = &'a team_unit::Model> + use<'a> {
    let id = team.id;
    units.iter().filter(move |unit| unit.team_id == id)
}
