//! `/orgs/{org}/blocks`: people whom an organisation wants nothing to do with.

use axum::extract::State;
use http::StatusCode;
use oolong_core::{Error, Result};
use oolong_db::entity::user;
use oolong_db::users;
use oolong_forge::blocks;
use oolong_http::{App, Failure, Org, Paging, PathText, QueryValues, Routes, Total, org_need};

use super::ORG_SIGNED_IN;
use crate::dto::Json;
use crate::dto::user::{User, users as shown};

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/orgs/{org}/blocks", ORG_SIGNED_IN, list)
        .get("/orgs/{org}/blocks/{username}", ORG_SIGNED_IN, check)
        .put("/orgs/{org}/blocks/{username}", ORG_SIGNED_IN, block)
        .delete("/orgs/{org}/blocks/{username}", ORG_SIGNED_IN, unblock)
}

/// Somebody to be rid of is found whether or not one may see them.
async fn person(app: &App, name: &str) -> Result<user::Model> {
    let found = users::find_by_name(app.forge.db.read(), name).await?;
    found.ok_or_else(|| Error::not_found("there is no such user"))
}

/// `organizationListBlocks`
async fn list(
    State(app): State<App>,
    Org(access, _): Org<org_need::Owner>,
    paging: Paging,
) -> Result<(Total, Json<Vec<User>>), Failure> {
    let (people, total) =
        oolong_db::blocks::list(app.forge.db.read(), access.org.user_id(), paging.page).await?;
    Ok((paging.total(total), Json(shown(&app.forge.settings, &people, &access.caller))))
}

/// `organizationCheckUserBlock`: a bare 404 where there is no block.
async fn check(
    State(app): State<App>,
    Org(access, _): Org<org_need::Owner>,
    PathText((_, name)): PathText<(String, String)>,
) -> Result<StatusCode, Failure> {
    let person = person(&app, &name).await?;
    let blocked = oolong_db::blocks::exists(app.forge.db.read(), access.org.id, person.id).await?;
    Ok(if blocked { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND })
}

/// `organizationBlockUser`
async fn block(
    State(app): State<App>,
    Org(access, _): Org<org_need::Owner>,
    PathText((_, name)): PathText<(String, String)>,
    query: QueryValues,
) -> Result<StatusCode, Failure> {
    let person = person(&app, &name).await?;
    blocks::block(&app.forge, &access.org, &person, query.text("note").unwrap_or_default()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `organizationUnblockUser`
async fn unblock(
    State(app): State<App>,
    Org(access, _): Org<org_need::Owner>,
    PathText((_, name)): PathText<(String, String)>,
) -> Result<StatusCode, Failure> {
    blocks::unblock(&app.forge, &access.org, &person(&app, &name).await?).await?;
    Ok(StatusCode::NO_CONTENT)
}
