//! `/repos/{owner}/{repo}` and `/repositories/{id}`.

use axum::extract::State;
use oolong_auth::permission;
use oolong_core::{Error, RepoId, Visibility};
use oolong_db::repositories;
use oolong_http::{App, Failure, PathText, Repo, Routes, SignedIn, need};

use super::REPOSITORY;
use crate::dto::Json;
use crate::dto::repository::Repository;

pub(super) fn add(routes: Routes) -> Routes {
    routes.get("/repos/{owner}/{repo}", REPOSITORY, get_repository).get(
        "/repositories/{id}",
        REPOSITORY.signed_in(),
        get_by_id,
    )
}

/// `repoGet`
async fn get_repository(
    State(app): State<App>,
    Repo(access, _): Repo<need::Any>,
) -> Result<Json<Repository>, Failure> {
    Ok(Json(Repository::load(&app.forge, &access.caller, access.repo).await?))
}

/// `repoGetByID`
async fn get_by_id(
    State(app): State<App>,
    SignedIn { caller, user }: SignedIn,
    PathText(id): PathText<i64>,
) -> Result<Json<Repository>, Failure> {
    let hidden = || Error::not_found("there is no such repository");
    let connection = app.forge.db.read();
    let (repo, owner) = repositories::find_with_owner(connection, RepoId(id)).await?.ok_or_else(hidden)?;
    let permission =
        permission::repo_permission(connection, app.forge.rules(), Some(&user), &repo, &owner).await?;
    let is_public = !repo.is_private && owner.visible_to() == Visibility::Public;
    if !permission.has_any_access() || caller.is_public_only() && !is_public {
        return Err(hidden().into());
    }
    Ok(Json(Repository::load(&app.forge, &caller, repo).await?))
}
