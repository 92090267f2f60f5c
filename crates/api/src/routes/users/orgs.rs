//! `/users/{username}/orgs`: where a person belongs, and what they may do there.

use axum::extract::State;
use oolong_auth::Caller;
use oolong_core::{Category, OrgId, Visibility};
use oolong_db::entity::user;
use oolong_db::organisations as rows;
use oolong_forge::organisations;
use oolong_http::{Access, App, Failure, Org, OwnerPath, Paging, Routes, Total, org_need};

use crate::dto::Json;
use crate::dto::organization::{Organization, OrganizationPermissions};

/// Who the path names is looked for before the caller is asked to sign in, as in Gitea.
const USER_AND_ORG: Access = Access::scoped(&[Category::User, Category::Organization]);

pub(super) fn add(routes: Routes) -> Routes {
    routes.get("/users/{username}/orgs", USER_AND_ORG, list_of_person).get(
        "/users/{username}/orgs/{org}/permissions",
        USER_AND_ORG,
        get_permissions,
    )
}

/// The organisations of `person` that the caller may see: all of them for themselves and administrators, otherwise
/// memberships that are shown in organisations that are not private.
pub(in crate::routes) async fn page(
    app: &App,
    caller: &Caller,
    person: &user::Model,
    paging: &Paging,
) -> Result<(Total, Json<Vec<Organization>>), Failure> {
    let in_full = caller.is(person.user_id()) || caller.is_site_admin();
    let is_restricted = caller.user().is_none_or(|viewer| viewer.is_restricted);
    let up_to = match (caller.is_public_only(), in_full) {
        (true, _) => Visibility::Public,
        (false, true) => Visibility::Private,
        (false, false) if is_restricted => Visibility::Public,
        (false, false) => Visibility::Limited,
    };
    let with_concealed = up_to == Visibility::Private;
    let (orgs, total) =
        rows::list_of_member(app.forge.db.read(), person.user_id(), with_concealed, up_to, paging.page)
            .await?;
    Ok((
        paging.total(total),
        Json(orgs.iter().map(|org| Organization::new(&app.forge.settings, org)).collect()),
    ))
}

/// `orgListUserOrgs`
pub(in crate::routes) async fn list_of_person(
    State(app): State<App>,
    OwnerPath { owner, caller }: OwnerPath,
    paging: Paging,
) -> Result<(Total, Json<Vec<Organization>>), Failure> {
    caller.signed_in()?;
    page(&app, &caller, &owner, &paging).await
}

/// `orgGetUserPermissions`
async fn get_permissions(
    State(app): State<App>,
    OwnerPath { owner, caller }: OwnerPath,
    Org(access, _): Org<org_need::Visible>,
) -> Result<Json<OrganizationPermissions>, Failure> {
    caller.signed_in()?;
    let powers = organisations::powers(app.forge.db.read(), OrgId(access.org.id), owner.user_id()).await?;
    Ok(Json(OrganizationPermissions::new(powers)))
}
