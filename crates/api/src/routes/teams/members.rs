//! `/teams/{id}/members`: who is in a team.

use axum::extract::State;
use http::StatusCode;
use oolong_core::{Error, Result};
use oolong_db::entity::user;
use oolong_db::{teams as rows, users};
use oolong_forge::teams;
use oolong_http::{App, Failure, Paging, PathText, Routes, Team, TeamAccess, Total, org_need, team_need};

use super::TEAM;
use crate::dto::Json;
use crate::dto::user::User;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/teams/{id}/members", TEAM, list)
        .get("/teams/{id}/members/{username}", TEAM, get)
        .put("/teams/{id}/members/{username}", TEAM, add_member)
        .delete("/teams/{id}/members/{username}", TEAM, remove)
}

async fn person(app: &App, name: &str) -> Result<user::Model> {
    let found = users::find_by_name(app.forge.db.read(), name).await?;
    found.ok_or_else(|| Error::not_found("there is no such user"))
}

/// Who may know of a public team does not learn who is in it: that is for members of the organisation.
fn of_organisation(access: &TeamAccess) -> Result<()> {
    access.of.require(org_need::Role::Member)
}

/// `orgListTeamMembers`
async fn list(
    State(app): State<App>,
    Team(access, _): Team<team_need::Read>,
    paging: Paging,
) -> Result<(Total, Json<Vec<User>>), Failure> {
    of_organisation(&access)?;
    let (members, total) =
        rows::list_members(app.forge.db.read(), access.team.team_id(), paging.page).await?;
    let shown =
        members.iter().map(|member| User::new(&app.forge.settings, member, &access.of.caller)).collect();
    Ok((paging.total(total), Json(shown)))
}

/// `orgListTeamMember`
async fn get(
    State(app): State<App>,
    Team(access, _): Team<team_need::Read>,
    PathText((_, name)): PathText<(String, String)>,
) -> Result<Json<User>, Failure> {
    of_organisation(&access)?;
    let person = person(&app, &name).await?;
    if !rows::is_member(app.forge.db.read(), access.team.team_id(), person.user_id()).await? {
        return Err(Error::not_found("the user is not in the team").into());
    }
    Ok(Json(User::new(&app.forge.settings, &person, &access.of.caller)))
}

/// `orgAddTeamMember`
async fn add_member(
    State(app): State<App>,
    Team(access, _): Team<team_need::OrgOwner>,
    PathText((_, name)): PathText<(String, String)>,
) -> Result<StatusCode, Failure> {
    let person = person(&app, &name).await?;
    teams::add_member(&app.forge, &access.team, &person).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `orgRemoveTeamMember`
async fn remove(
    State(app): State<App>,
    Team(access, _): Team<team_need::OrgOwner>,
    PathText((_, name)): PathText<(String, String)>,
) -> Result<StatusCode, Failure> {
    let person = person(&app, &name).await?;
    teams::remove_member(&app.forge, &access.team, &person).await?;
    Ok(StatusCode::NO_CONTENT)
}
