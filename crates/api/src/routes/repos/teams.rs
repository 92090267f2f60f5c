//! `/repos/{owner}/{repo}/teams`: the teams that reach a repository of an organisation.

use axum::extract::State;
use http::StatusCode;
use oolong_core::{Error, ErrorKind, OrgId, RepoId};
use oolong_db::entity::team;
use oolong_db::teams as rows;
use oolong_forge::teams;
use oolong_http::{App, Failure, PathText, Repo, RepoAccess, Routes, need};

use super::REPOSITORY_SIGNED_IN;
use crate::dto::Json;
use crate::dto::team::Team;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/repos/{owner}/{repo}/teams", REPOSITORY_SIGNED_IN, list)
        .get("/repos/{owner}/{repo}/teams/{team}", REPOSITORY_SIGNED_IN, get)
        .put("/repos/{owner}/{repo}/teams/{team}", REPOSITORY_SIGNED_IN, add_team)
        .delete("/repos/{owner}/{repo}/teams/{team}", REPOSITORY_SIGNED_IN, remove_team)
}

/// Only organisations have teams: 405 for other owners' repositories, as Gitea answers.
fn organisation(access: &RepoAccess) -> Result<OrgId, Error> {
    if access.owner.is_organization() {
        return Ok(OrgId(access.owner.id));
    }
    Err(Error::new(ErrorKind::MethodNotAllowed, "only a repository of an organisation has teams"))
}

async fn find(app: &App, access: &RepoAccess, name: &str) -> Result<team::Model, Error> {
    let found = rows::find_by_name(app.forge.db.read(), organisation(access)?, name).await?;
    found.ok_or_else(|| Error::not_found("the organisation has no such team"))
}

/// Administrators of a repository change its teams where the organisation allows it; owners always.
fn may_change(access: &RepoAccess) -> Result<(), Error> {
    organisation(access)?;
    if access.owner.repo_admin_change_team_access || access.permission.is_owner() {
        return Ok(());
    }
    Err(Error::forbidden("only owners of the organisation change which teams reach a repository"))
}

/// `repoListTeams`
async fn list(State(app): State<App>, Repo(access, _): Repo<need::Any>) -> Result<Json<Vec<Team>>, Failure> {
    let connection = app.forge.db.read();
    let teams = rows::list_of_repo(connection, organisation(&access)?, RepoId(access.repo.id)).await?;
    Ok(Json(Team::list(connection, &teams).await?))
}

/// `repoCheckTeam`
async fn get(
    State(app): State<App>,
    Repo(access, _): Repo<need::Any>,
    PathText((_, _, name)): PathText<(String, String, String)>,
) -> Result<Json<Team>, Failure> {
    let team = find(&app, &access, &name).await?;
    if !rows::has_repo(app.forge.db.read(), team.team_id(), RepoId(access.repo.id)).await? {
        return Err(Error::not_found("the team does not reach the repository").into());
    }
    Ok(Json(Team::one(app.forge.db.read(), &team).await?))
}

/// `repoAddTeam`
async fn add_team(
    State(app): State<App>,
    Repo(access, _): Repo<need::Admin>,
    PathText((_, _, name)): PathText<(String, String, String)>,
) -> Result<StatusCode, Failure> {
    may_change(&access)?;
    let team = find(&app, &access, &name).await?;
    if !teams::add_repo(&app.forge, &team, &access.repo).await? {
        return Err(Error::invalid("the team reaches the repository already").into());
    }
    Ok(StatusCode::NO_CONTENT)
}

/// `repoDeleteTeam`
async fn remove_team(
    State(app): State<App>,
    Repo(access, _): Repo<need::Admin>,
    PathText((_, _, name)): PathText<(String, String, String)>,
) -> Result<StatusCode, Failure> {
    may_change(&access)?;
    let team = find(&app, &access, &name).await?;
    if !teams::remove_repo(&app.forge, &team, &access.repo).await? {
        return Err(Error::invalid("the team does not reach the repository").into());
    }
    Ok(StatusCode::NO_CONTENT)
}
