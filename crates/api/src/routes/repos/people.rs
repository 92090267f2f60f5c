//! `/repos/{owner}/{repo}/assignees` and `/reviewers`: who can be given work in a repository.

use axum::extract::State;
use http::StatusCode;
use oolong_auth::permission;
use oolong_core::Error;
use oolong_db::entity::user;
use oolong_db::users;
use oolong_forge::collaborators;
use oolong_http::{App, Failure, PathText, Repo, RepoAccess, Routes, need};

use super::REPOSITORY_SIGNED_IN;
use crate::dto::Json;
use crate::dto::user::User;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/repos/{owner}/{repo}/assignees", REPOSITORY_SIGNED_IN, list_assignees)
        .get("/repos/{owner}/{repo}/assignees/{assignee}", REPOSITORY_SIGNED_IN, check_assignee)
        .get("/repos/{owner}/{repo}/reviewers", REPOSITORY_SIGNED_IN, list_reviewers)
}

fn shown(app: &App, access: &RepoAccess, people: &[user::Model]) -> Json<Vec<User>> {
    Json(people.iter().map(|person| User::new(&app.forge.settings, person, &access.caller)).collect())
}

/// `repoGetAssignees`
async fn list_assignees(
    State(app): State<App>,
    Repo(access, _): Repo<need::Any>,
) -> Result<Json<Vec<User>>, Failure> {
    let people = collaborators::list_assignees(&app.forge, &access.repo, &access.owner).await?;
    Ok(shown(&app, &access, &people))
}

/// `repoCheckAssignee`
async fn check_assignee(
    State(app): State<App>,
    Repo(access, _): Repo<need::Any>,
    PathText((_, _, name)): PathText<(String, String, String)>,
) -> Result<StatusCode, Failure> {
    let forge = &app.forge;
    let not_assignable = || Error::not_found("there is nobody of this name who could be assigned");
    let person =
        users::find_by_name(forge.db.read(), &name).await?.filter(|person| !person.is_organization());
    let person = person.ok_or_else(not_assignable)?;
    let permission = permission::repo_permission(
        forge.db.read(),
        forge.rules(),
        Some(&person),
        &access.repo,
        &access.owner,
    )
    .await?;
    if collaborators::is_assignable(&permission) {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(not_assignable().into())
    }
}

/// `repoGetReviewers`
async fn list_reviewers(
    State(app): State<App>,
    Repo(access, _): Repo<need::Any>,
) -> Result<Json<Vec<User>>, Failure> {
    let people = collaborators::list_reviewers(&app.forge, &access.repo, &access.owner).await?;
    Ok(shown(&app, &access, &people))
}
