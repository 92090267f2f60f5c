//! `/users/{username}/followers` and `/users/{username}/following`.

use axum::extract::State;
use http::StatusCode;
use oolong_auth::permission;
use oolong_core::Error;
use oolong_http::{App, Failure, OwnerPath, Paging, PathText, Routes, Total};

use super::USER;
use crate::dto::Json;
use crate::dto::user::{User, users};
use crate::viewer::viewer;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/users/{username}/followers", USER.signed_in(), followers)
        .get("/users/{username}/following", USER.signed_in(), following)
        .get("/users/{username}/following/{target}", USER.signed_in(), check)
}

/// `userListFollowers`
async fn followers(
    State(app): State<App>,
    OwnerPath { owner, caller }: OwnerPath,
    paging: Paging,
) -> Result<(Total, Json<Vec<User>>), Failure> {
    let viewer = viewer(&app, &caller);
    let (rows, total) =
        oolong_db::follows::list_followers(app.forge.db.read(), viewer, owner.user_id(), paging.page).await?;
    Ok((paging.total(total), Json(users(&app.forge.settings, &rows, &caller))))
}

/// `userListFollowing`
async fn following(
    State(app): State<App>,
    OwnerPath { owner, caller }: OwnerPath,
    paging: Paging,
) -> Result<(Total, Json<Vec<User>>), Failure> {
    let viewer = viewer(&app, &caller);
    let (rows, total) =
        oolong_db::follows::list_following(app.forge.db.read(), viewer, owner.user_id(), paging.page).await?;
    Ok((paging.total(total), Json(users(&app.forge.settings, &rows, &caller))))
}

/// `userCheckFollowing`: whether one person follows another; both have to be visible.
async fn check(
    State(app): State<App>,
    OwnerPath { owner, caller }: OwnerPath,
    PathText((_, target)): PathText<(String, String)>,
) -> Result<StatusCode, Failure> {
    let forge = &app.forge;
    let missing = || Error::not_found("they do not follow them");
    let target = oolong_db::users::find_by_name(forge.db.read(), &target).await?.ok_or_else(missing)?;
    let visible =
        permission::owner_is_visible(forge.db.read(), forge.rules(), caller.user(), &target).await?;
    if visible && oolong_db::follows::exists(forge.db.read(), owner.user_id(), target.user_id()).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(missing().into())
}
