//! Stars: `/repos/{owner}/{repo}/stargazers` and `/user/starred/{owner}/{repo}`.

use axum::extract::State;
use http::StatusCode;
use oolong_core::{Category, Error, RepoId, Result};
use oolong_forge::stars;
use oolong_http::{Access, App, Failure, Paging, Repo, Routes, Total, need};

use super::REPOSITORY;
use crate::dto::Json;
use crate::dto::user::User;

pub(super) fn add(routes: Routes) -> Routes {
    let own = Access::scoped(&[Category::User, Category::Repository]).signed_in();
    routes
        .get("/repos/{owner}/{repo}/stargazers", REPOSITORY, list)
        .get("/user/starred/{owner}/{repo}", own, is_starred)
        .put("/user/starred/{owner}/{repo}", own, star)
        .delete("/user/starred/{owner}/{repo}", own, unstar)
}

/// Stars may be switched off.
pub(super) fn check_enabled(app: &App) -> Result<()> {
    if app.forge.settings.repository.disable_stars {
        return Err(Error::forbidden("stars are switched off on this server"));
    }
    Ok(())
}

/// `repoListStargazers`
async fn list(
    State(app): State<App>,
    Repo(access, _): Repo<need::Any>,
    paging: Paging,
) -> Result<(Total, Json<Vec<User>>), Failure> {
    check_enabled(&app)?;
    let (people, total) =
        oolong_db::stars::list_stargazers(app.forge.db.read(), RepoId(access.repo.id), paging.page).await?;
    let people = people.iter().map(|person| User::new(&app.forge.settings, person, &access.caller)).collect();
    Ok((Paging::total_without_links(total), Json(people)))
}

/// `userCurrentCheckStarring`
async fn is_starred(State(app): State<App>, Repo(access, _): Repo<need::Any>) -> Result<StatusCode, Failure> {
    check_enabled(&app)?;
    let user = access.caller.signed_in()?;
    if oolong_db::stars::exists(app.forge.db.read(), user.user_id(), RepoId(access.repo.id)).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Error::not_found("you have not starred this repository").into())
}

/// `userCurrentPutStar`
async fn star(State(app): State<App>, Repo(access, _): Repo<need::Any>) -> Result<StatusCode, Failure> {
    check_enabled(&app)?;
    stars::star(&app.forge, access.caller.signed_in()?, &access.repo).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `userCurrentDeleteStar`
async fn unstar(State(app): State<App>, Repo(access, _): Repo<need::Any>) -> Result<StatusCode, Failure> {
    check_enabled(&app)?;
    stars::unstar(&app.forge, access.caller.signed_in()?, &access.repo).await?;
    Ok(StatusCode::NO_CONTENT)
}
