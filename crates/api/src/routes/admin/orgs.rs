//! `/admin/orgs` and `/admin/users/{username}/orgs`: organisations as an administrator sees and makes them.

use axum::extract::State;
use oolong_core::Visibility;
use oolong_db::organisations::{self as rows, Seen};
use oolong_forge::organisations;
use oolong_http::{App, Body, Failure, OwnerPath, Paging, Routes, Total};

use super::ADMIN;
use crate::dto::organization::Organization;
use crate::dto::{Created, Json};
use crate::routes::orgs::CreateOrgOption;
use crate::routes::users;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/admin/orgs", ADMIN, list)
        .get("/admin/users/{username}/orgs", ADMIN, users::orgs::list_of_person)
        .post("/admin/users/{username}/orgs", ADMIN, create)
}

/// `adminGetAllOrgs`
async fn list(State(app): State<App>, paging: Paging) -> Result<(Total, Json<Vec<Organization>>), Failure> {
    let everything = Seen { up_to: Visibility::Private, only_of: None };
    let (orgs, total) = rows::list(app.forge.db.read(), everything, paging.page).await?;
    Ok((
        paging.total(total),
        Json(orgs.iter().map(|org| Organization::new(&app.forge.settings, org)).collect()),
    ))
}

/// `adminCreateOrg`
async fn create(
    State(app): State<App>,
    OwnerPath { owner, .. }: OwnerPath,
    Body(body): Body<CreateOrgOption>,
) -> Result<Created<Organization>, Failure> {
    let org = organisations::create(&app.forge, &owner, body.check()?).await?;
    Ok(Created(Organization::new(&app.forge.settings, &org)))
}
