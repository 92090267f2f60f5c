//! `/user/followers` and `/user/following`.

use axum::extract::State;
use http::StatusCode;
use oolong_core::Error;
use oolong_http::{App, Failure, OwnerPath, Paging, PathText, Routes, SignedIn, Total};

use super::{USER, anybody};
use crate::dto::Json;
use crate::dto::user::{User, users};
use crate::viewer::viewer;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/user/followers", USER, followers)
        .get("/user/following", USER, following)
        .get("/user/following/{username}", USER, check)
        .put("/user/following/{username}", USER, follow)
        .delete("/user/following/{username}", USER, unfollow)
}

/// `userCurrentListFollowers`
async fn followers(
    State(app): State<App>,
    SignedIn { caller, user }: SignedIn,
    paging: Paging,
) -> Result<(Total, Json<Vec<User>>), Failure> {
    let viewer = viewer(&app, &caller);
    let (rows, total) =
        oolong_db::follows::list_followers(app.forge.db.read(), viewer, user.user_id(), paging.page).await?;
    Ok((paging.total(total), Json(users(&app.forge.settings, &rows, &caller))))
}

/// `userCurrentListFollowing`
async fn following(
    State(app): State<App>,
    SignedIn { caller, user }: SignedIn,
    paging: Paging,
) -> Result<(Total, Json<Vec<User>>), Failure> {
    let viewer = viewer(&app, &caller);
    let (rows, total) =
        oolong_db::follows::list_following(app.forge.db.read(), viewer, user.user_id(), paging.page).await?;
    Ok((paging.total(total), Json(users(&app.forge.settings, &rows, &caller))))
}

/// `userCurrentCheckFollowing`
async fn check(
    State(app): State<App>,
    SignedIn { user, .. }: SignedIn,
    OwnerPath { owner, .. }: OwnerPath,
) -> Result<StatusCode, Failure> {
    if oolong_db::follows::exists(app.forge.db.read(), user.user_id(), owner.user_id()).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Error::not_found("you do not follow them").into())
}

/// `userCurrentPutFollow`
async fn follow(
    State(app): State<App>,
    SignedIn { user, .. }: SignedIn,
    OwnerPath { owner, .. }: OwnerPath,
) -> Result<StatusCode, Failure> {
    oolong_forge::follows::follow(&app.forge, &user, &owner).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `userCurrentDeleteFollow`
async fn unfollow(
    State(app): State<App>,
    SignedIn { caller, user }: SignedIn,
    PathText(name): PathText<String>,
) -> Result<StatusCode, Failure> {
    oolong_forge::follows::unfollow(&app.forge, &user, &anybody(&app, &caller, &name).await?).await?;
    Ok(StatusCode::NO_CONTENT)
}
