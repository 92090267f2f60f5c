//! `/teams/{id}`: a team, by its number.

mod members;
mod repos;

use axum::extract::State;
use http::StatusCode;
use oolong_core::Category;
use oolong_core::{AccessMode, Result, Unit};
use oolong_db::entity::team;
use oolong_db::organisations as organisation_rows;
use oolong_forge::teams::{self, Grant, TeamPatch};
use oolong_http::{Access, App, Body, Failure, Routes, team_need};
use serde::Deserialize;

use crate::dto::Json;
use crate::dto::team::Team;
use crate::field;
use crate::routes::orgs::GrantOption;

/// What everything below `/teams` needs.
const TEAM: Access = Access::scoped(&[Category::Organization]).signed_in();

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/teams/{id}", TEAM, get)
        .patch("/teams/{id}", TEAM, edit)
        .delete("/teams/{id}", TEAM, delete)
        .with(members::add)
        .with(repos::add)
}

/// `orgGetTeam`
async fn get(
    State(app): State<App>,
    oolong_http::Team(access, _): oolong_http::Team<team_need::Read>,
) -> Result<Json<Team>, Failure> {
    Ok(Json(Team::one_with_organization(app.forge.db.read(), &app.forge.settings, &access.team).await?))
}

#[derive(Deserialize)]
struct EditTeamOption {
    name: Option<String>,
    description: Option<String>,
    includes_all_repositories: Option<bool>,
    can_create_org_repo: Option<bool>,
    visibility: Option<String>,
    #[serde(flatten)]
    grant: GrantOption,
}

/// `orgEditTeam`
async fn edit(
    State(app): State<App>,
    oolong_http::Team(access, _): oolong_http::Team<team_need::OrgOwner>,
    Body(body): Body<EditTeamOption>,
) -> Result<Json<Team>, Failure> {
    let patch = TeamPatch {
        name: body.name.filter(|name| !name.is_empty()),
        description: field::optional_text("description", body.description, 255)?,
        grant: grant(&app, &access.team, &body.grant).await?,
        includes_all_repositories: body.includes_all_repositories,
        can_create_org_repo: body.can_create_org_repo,
        visibility: field::visibility("visibility", body.visibility)?,
    };
    let team = teams::edit(&app.forge, &access.team, patch).await?;
    Ok(Json(Team::one(app.forge.db.read(), &team).await?))
}

/// The rights that are asked for. A permission without units is for the units that the team has; units without a
/// permission leave a team of administrators what it is.
async fn grant(app: &App, team: &team::Model, option: &GrantOption) -> Result<Option<Grant>> {
    let mode = option.mode_alone();
    if mode.is_none() && team.authorize >= AccessMode::Admin.number() {
        return Ok(None);
    }
    if let Some(grant) = option.grant()? {
        return Ok(Some(grant));
    }
    let Some(mode) = mode else { return Ok(None) };
    let units = organisation_rows::list_team_units(app.forge.db.read(), [team.id]).await?;
    Ok(Some(Grant::Units(
        units.iter().filter_map(|row| Unit::from_number(row.kind)).map(|unit| (unit, mode)).collect(),
    )))
}

/// `orgDeleteTeam`
async fn delete(
    State(app): State<App>,
    oolong_http::Team(access, _): oolong_http::Team<team_need::OrgOwner>,
) -> Result<StatusCode, Failure> {
    teams::delete(&app.forge, &access.team).await?;
    Ok(StatusCode::NO_CONTENT)
}
