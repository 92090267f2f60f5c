//! `/repos/{owner}/{repo}/collaborators`: people who were given a repository.

use axum::extract::State;
use http::StatusCode;
use oolong_auth::permission;
use oolong_core::{Error, ErrorKind, RepoId};
use oolong_db::entity::user;
use oolong_db::{collaborations, users};
use oolong_forge::collaborators;
use oolong_http::{App, Body, Failure, Paging, PathText, Repo, Routes, Total, need};
use serde::{Deserialize, Serialize};

use super::REPOSITORY_SIGNED_IN;
use crate::dto::Json;
use crate::dto::user::User;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/repos/{owner}/{repo}/collaborators", REPOSITORY_SIGNED_IN, list)
        .get("/repos/{owner}/{repo}/collaborators/{collaborator}", REPOSITORY_SIGNED_IN, check)
        .put("/repos/{owner}/{repo}/collaborators/{collaborator}", REPOSITORY_SIGNED_IN, set)
        .delete("/repos/{owner}/{repo}/collaborators/{collaborator}", REPOSITORY_SIGNED_IN, remove)
        .get(
            "/repos/{owner}/{repo}/collaborators/{collaborator}/permission",
            REPOSITORY_SIGNED_IN,
            get_permission,
        )
}

/// The person that the path names.
async fn person(app: &App, name: &str) -> Result<user::Model, Error> {
    let found = users::find_by_name(app.forge.db.read(), name).await?;
    found.ok_or_else(|| Error::invalid(format!("there is no user called {name:?}")))
}

/// `repoListCollaborators`
async fn list(
    State(app): State<App>,
    Repo(access, _): Repo<need::Any>,
    paging: Paging,
) -> Result<(Total, Json<Vec<User>>), Failure> {
    let (people, total) =
        collaborations::list(app.forge.db.read(), RepoId(access.repo.id), paging.page).await?;
    let shown = people.iter().map(|person| User::new(&app.forge.settings, person, &access.caller)).collect();
    Ok((Paging::total_without_links(total), Json(shown)))
}

/// `repoCheckCollaborator`
async fn check(
    State(app): State<App>,
    Repo(access, _): Repo<need::Any>,
    PathText((_, _, name)): PathText<(String, String, String)>,
) -> Result<StatusCode, Failure> {
    let person = person(&app, &name).await?;
    let row = collaborations::find(app.forge.db.read(), RepoId(access.repo.id), person.user_id()).await?;
    match row {
        Some(_) => Ok(StatusCode::NO_CONTENT),
        None => Err(Error::not_found("the user is no collaborator").into()),
    }
}

#[derive(Deserialize)]
struct AddCollaboratorOption {
    permission: Option<String>,
}

/// `repoAddCollaborator`
async fn set(
    State(app): State<App>,
    Repo(access, _): Repo<need::Admin>,
    PathText((_, _, name)): PathText<(String, String, String)>,
    Body(body): Body<AddCollaboratorOption>,
) -> Result<StatusCode, Failure> {
    let person = person(&app, &name).await?;
    let mode = collaborators::parse_mode(body.permission.as_deref())?;
    collaborators::set(&app.forge, &access.repo, &access.owner, &person, mode).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `repoDeleteCollaborator`
async fn remove(
    State(app): State<App>,
    Repo(access, _): Repo<need::Admin>,
    PathText((_, _, name)): PathText<(String, String, String)>,
) -> Result<StatusCode, Failure> {
    let person = person(&app, &name).await?;
    collaborators::remove(&app.forge, &access.repo, &person).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gitea's `RepoCollaboratorPermission`.
#[derive(Serialize)]
struct RepoCollaboratorPermission {
    permission: &'static str,
    role_name: &'static str,
    user: User,
}

/// `repoGetRepoPermissions`
async fn get_permission(
    State(app): State<App>,
    Repo(access, _): Repo<need::Any>,
    PathText((_, _, name)): PathText<(String, String, String)>,
) -> Result<Json<RepoCollaboratorPermission>, Failure> {
    let asks_for_self = access.caller.user().is_some_and(|user| user.lower_name == name.to_lowercase());
    if !asks_for_self && !access.permission.is_admin() {
        return Err(Error::forbidden("the rights of others are for administrators of the repository").into());
    }
    let person = person(&app, &name).await.map_err(|error| match error.kind() {
        ErrorKind::Invalid => error.with_kind(ErrorKind::NotFound),
        _ => error,
    })?;
    let forge = &app.forge;
    let permission = permission::repo_permission(
        forge.db.read(),
        forge.rules(),
        Some(&person),
        &access.repo,
        &access.owner,
    )
    .await?;
    let mode = permission.mode().name();
    let user = User::new(&forge.settings, &person, &access.caller);
    Ok(Json(RepoCollaboratorPermission { permission: mode, role_name: mode, user }))
}
