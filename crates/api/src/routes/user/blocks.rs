//! `/user/blocks`: people one wants nothing to do with. They are named whether or not one may see them.

use axum::extract::State;
use http::StatusCode;
use oolong_forge::blocks;
use oolong_http::{App, Failure, Paging, PathText, QueryValues, Routes, SignedIn, Total};

use super::{PRIVATE, USER, anybody};
use crate::dto::Json;
use crate::dto::user::{User, users};

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/user/blocks", PRIVATE, list)
        .get("/user/blocks/{username}", USER, check)
        .put("/user/blocks/{username}", USER, block)
        .delete("/user/blocks/{username}", USER, unblock)
}

/// `userListBlocks`
async fn list(
    State(app): State<App>,
    SignedIn { caller, user }: SignedIn,
    paging: Paging,
) -> Result<(Total, Json<Vec<User>>), Failure> {
    let (rows, total) = oolong_db::blocks::list(app.forge.db.read(), user.user_id(), paging.page).await?;
    Ok((paging.total(total), Json(users(&app.forge.settings, &rows, &caller))))
}

/// `userCheckUserBlock`: a bare 404 where there is no block.
async fn check(
    State(app): State<App>,
    SignedIn { caller, user }: SignedIn,
    PathText(name): PathText<String>,
) -> Result<StatusCode, Failure> {
    let blockee = anybody(&app, &caller, &name).await?;
    let blocked = oolong_db::blocks::exists(app.forge.db.read(), user.id, blockee.id).await?;
    Ok(if blocked { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND })
}

/// `userBlockUser`
async fn block(
    State(app): State<App>,
    SignedIn { caller, user }: SignedIn,
    PathText(name): PathText<String>,
    query: QueryValues,
) -> Result<StatusCode, Failure> {
    let note = query.text("note").unwrap_or_default();
    blocks::block(&app.forge, &user, &anybody(&app, &caller, &name).await?, note).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `userUnblockUser`
async fn unblock(
    State(app): State<App>,
    SignedIn { caller, user }: SignedIn,
    PathText(name): PathText<String>,
) -> Result<StatusCode, Failure> {
    blocks::unblock(&app.forge, &user, &anybody(&app, &caller, &name).await?).await?;
    Ok(StatusCode::NO_CONTENT)
}
