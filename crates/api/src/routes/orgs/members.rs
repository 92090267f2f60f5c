//! `/orgs/{org}/members` and `/orgs/{org}/public_members`: who belongs to an organisation.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use oolong_core::Error;
use oolong_db::entity::user;
use oolong_db::{organisations as rows, users};
use oolong_forge::organisations;
use oolong_http::{App, Failure, Org, OrgAccess, Paging, PathText, Routes, Total, org_need};

use super::{ORG, ORG_SIGNED_IN};
use crate::dto::Json;
use crate::dto::user::User;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/orgs/{org}/members", ORG_SIGNED_IN, list)
        .get("/orgs/{org}/members/{username}", ORG_SIGNED_IN, check)
        .delete("/orgs/{org}/members/{username}", ORG_SIGNED_IN, remove)
        .get("/orgs/{org}/public_members", ORG, list_public)
        .get("/orgs/{org}/public_members/{username}", ORG, check_public)
        .put("/orgs/{org}/public_members/{username}", ORG_SIGNED_IN, publicize)
        .delete("/orgs/{org}/public_members/{username}", ORG_SIGNED_IN, conceal)
}

async fn page(
    app: &App,
    access: &OrgAccess,
    only_public: bool,
    paging: Paging,
) -> Result<(Total, Json<Vec<User>>), Failure> {
    let (members, total) =
        rows::list_members(app.forge.db.read(), access.org_id(), only_public, paging.page).await?;
    let shown = members.iter().map(|member| User::new(&app.forge.settings, member, &access.caller)).collect();
    Ok((paging.total(total), Json(shown)))
}

/// `orgListMembers`
async fn list(
    State(app): State<App>,
    Org(access, _): Org<org_need::Visible>,
    paging: Paging,
) -> Result<(Total, Json<Vec<User>>), Failure> {
    page(&app, &access, !access.sees_as_member(), paging).await
}

/// `orgListPublicMembers`
async fn list_public(
    State(app): State<App>,
    Org(access, _): Org<org_need::Visible>,
    paging: Paging,
) -> Result<(Total, Json<Vec<User>>), Failure> {
    page(&app, &access, true, paging).await
}

/// The person that the path names.
async fn person(app: &App, name: &str) -> Result<user::Model, Failure> {
    let found = users::find_by_name(app.forge.db.read(), name).await?;
    Ok(found.ok_or_else(|| Error::not_found("there is no such user"))?)
}

/// `orgIsMember`
async fn check(
    State(app): State<App>,
    Org(access, _): Org<org_need::Visible>,
    PathText((_, name)): PathText<(String, String)>,
) -> Result<Response, Failure> {
    let person = person(&app, &name).await?;
    if access.sees_as_member() {
        let is_member = rows::is_member(app.forge.db.read(), access.org_id(), person.user_id()).await?;
        return found(is_member).map(IntoResponse::into_response);
    }
    if access.caller.is(person.user_id()) {
        return found(false).map(IntoResponse::into_response);
    }
    // Outsiders learn of public memberships only.
    let location =
        format!("{}/api/v1/orgs/{}/public_members/{}", sub_path(&app), access.org.name, person.name);
    Ok((
        StatusCode::SEE_OTHER,
        [(header::LOCATION, location), (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned())],
    )
        .into_response())
}

/// The path below which the server is reached, without a slash at the end.
fn sub_path(app: &App) -> &str {
    let root = &app.forge.settings.server.root_url;
    let path =
        root.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..])).unwrap_or_default();
    path.trim_end_matches('/')
}

fn found(is_there: bool) -> Result<StatusCode, Failure> {
    if is_there {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Error::not_found("the user is no such member").into())
    }
}

/// `orgDeleteMember`
async fn remove(
    State(app): State<App>,
    Org(access, _): Org<org_need::Owner>,
    PathText((_, name)): PathText<(String, String)>,
) -> Result<StatusCode, Failure> {
    let person = person(&app, &name).await?;
    organisations::remove_member(&app.forge, access.org_id(), &person).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `orgIsPublicMember`
async fn check_public(
    State(app): State<App>,
    Org(access, _): Org<org_need::Visible>,
    PathText((_, name)): PathText<(String, String)>,
) -> Result<StatusCode, Failure> {
    let person = person(&app, &name).await?;
    let row = rows::find_member(app.forge.db.read(), access.org_id(), person.user_id()).await?;
    found(row.is_some_and(|row| row.is_public))
}

async fn set_public(
    app: &App,
    access: &OrgAccess,
    name: &str,
    is_public: bool,
) -> Result<StatusCode, Failure> {
    let person = person(app, name).await?;
    if !access.caller.is(person.user_id()) && !access.acts_as_owner() {
        return Err(Error::forbidden(
            "a membership is shown and hidden by the person and by owners of the organisation",
        )
        .into());
    }
    organisations::set_member_public(&app.forge, access.org_id(), person.user_id(), is_public).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `orgPublicizeMember`
async fn publicize(
    State(app): State<App>,
    Org(access, _): Org<org_need::Member>,
    PathText((_, name)): PathText<(String, String)>,
) -> Result<StatusCode, Failure> {
    set_public(&app, &access, &name, true).await
}

/// `orgConcealMember`
async fn conceal(
    State(app): State<App>,
    Org(access, _): Org<org_need::Member>,
    PathText((_, name)): PathText<(String, String)>,
) -> Result<StatusCode, Failure> {
    set_public(&app, &access, &name, false).await
}
