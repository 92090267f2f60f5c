//! `/teams/{id}/repos`: the repositories that a team reaches.

use axum::extract::State;
use http::StatusCode;
use oolong_auth::permission;
use oolong_core::{Error, RepoId, Result};
use oolong_db::entity::{repository, user};
use oolong_db::{repositories, teams as rows};
use oolong_forge::teams;
use oolong_http::{App, Failure, Paging, PathText, Routes, Team, TeamAccess, Total, team_need};

use super::TEAM;
use crate::dto::Json;
use crate::dto::repository::Repository;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/teams/{id}/repos", TEAM, list)
        .get("/teams/{id}/repos/{org}/{repo}", TEAM, get)
        .put("/teams/{id}/repos/{org}/{repo}", TEAM, add_repo)
        .delete("/teams/{id}/repos/{org}/{repo}", TEAM, remove)
}

fn hidden() -> Error {
    Error::not_found("the organisation has no such repository")
}

/// The repository of the team's organisation that the path names; others are none of the team's business.
async fn find(
    app: &App,
    access: &TeamAccess,
    owner: &str,
    name: &str,
) -> Result<(repository::Model, user::Model)> {
    let found = repositories::find_by_path(app.forge.db.read(), owner, name).await?;
    found.filter(|(repo, _)| repo.owner_id == access.team.org_id).ok_or_else(hidden)
}

/// `orgListTeamRepos`
async fn list(
    State(app): State<App>,
    Team(access, _): Team<team_need::Read>,
    paging: Paging,
) -> Result<(Total, Json<Vec<Repository>>), Failure> {
    let (forge, connection) = (&app.forge, app.forge.db.read());
    let repos = rows::list_repos(connection, access.team.team_id()).await?;
    // Who may know of the team may not see every repository of it.
    let pairs: Vec<_> = repos.iter().map(|repo| (repo, &access.of.org)).collect();
    let permissions =
        permission::repo_permissions(connection, forge.rules(), access.of.caller.user(), &pairs).await?;
    let public_only = access.of.caller.is_public_only();
    let seen: Vec<repository::Model> = repos
        .iter()
        .zip(permissions)
        .filter(|(repo, permission)| permission.has_any_access() && !(public_only && repo.is_private))
        .map(|(repo, _)| repo.clone())
        .collect();
    let total = paging.total(seen.len() as u64);
    let page = paging.page.slice(seen);
    Ok((total, Json(Repository::load_all(forge, &access.of.caller, page).await?)))
}

/// `orgListTeamRepo`
async fn get(
    State(app): State<App>,
    Team(access, _): Team<team_need::Read>,
    PathText((_, owner, name)): PathText<(String, String, String)>,
) -> Result<Json<Repository>, Failure> {
    let (forge, connection) = (&app.forge, app.forge.db.read());
    let (repo, owner) = find(&app, &access, &owner, &name).await?;
    let permission =
        permission::repo_permission(connection, forge.rules(), access.of.caller.user(), &repo, &owner)
            .await?;
    let is_hidden = !permission.has_any_access() || access.of.caller.is_public_only() && repo.is_private;
    if is_hidden || !rows::has_repo(connection, access.team.team_id(), RepoId(repo.id)).await? {
        return Err(hidden().into());
    }
    Ok(Json(Repository::load(forge, &access.of.caller, repo).await?))
}

/// Only who administers a repository decides which teams reach it.
async fn administered(app: &App, access: &TeamAccess, owner: &str, name: &str) -> Result<repository::Model> {
    let (repo, owner) = find(app, access, owner, name).await?;
    let forge = &app.forge;
    let permission =
        permission::repo_permission(forge.db.read(), forge.rules(), access.of.caller.user(), &repo, &owner)
            .await?;
    if !permission.is_admin() || access.of.caller.is_public_only() && repo.is_private {
        return Err(Error::forbidden("only administrators of the repository decide which teams reach it"));
    }
    Ok(repo)
}

/// `orgAddTeamRepository`
async fn add_repo(
    State(app): State<App>,
    Team(access, _): Team<team_need::Member>,
    PathText((_, owner, name)): PathText<(String, String, String)>,
) -> Result<StatusCode, Failure> {
    let repo = administered(&app, &access, &owner, &name).await?;
    teams::add_repo(&app.forge, &access.team, &repo).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `orgRemoveTeamRepository`
async fn remove(
    State(app): State<App>,
    Team(access, _): Team<team_need::Member>,
    PathText((_, owner, name)): PathText<(String, String, String)>,
) -> Result<StatusCode, Failure> {
    let repo = administered(&app, &access, &owner, &name).await?;
    teams::remove_repo(&app.forge, &access.team, &repo).await?;
    Ok(StatusCode::NO_CONTENT)
}
