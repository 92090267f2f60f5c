//! `/orgs`: organisations.

mod blocks;
mod members;
mod teams;

pub(super) use teams::GrantOption;

use axum::extract::State;
use http::StatusCode;
use oolong_core::{Category, Error, Result};
use oolong_db::organisations as rows;
use oolong_forge::organisations::{self, NewOrganisation, OrganisationPatch, Profile};
use oolong_forge::owner_names;
use oolong_http::{
    Access, App, Body, Failure, MaybeSignedIn, Org, Paging, Routes, SignedIn, Total, org_need,
};
use oolong_identity::email_address::EmailAddress;
use serde::Deserialize;

use crate::dto::organization::Organization;
use crate::dto::{Created, Json};
use crate::field;

/// What reading an organisation needs.
pub(super) const ORG: Access = Access::scoped(&[Category::Organization]);
/// The same for what only signed-in people do.
pub(super) const ORG_SIGNED_IN: Access = ORG.signed_in();

/// The same for what reaches into the organisation's repositories.
const ORG_AND_REPOSITORY: Access =
    Access::scoped(&[Category::Organization, Category::Repository]).signed_in();

pub(super) fn add(routes: Routes) -> Routes {
    routes
        // Gitea asks for no scope here.
        .get("/orgs", Access::open(), list)
        .post("/orgs", ORG_SIGNED_IN, create)
        .get("/orgs/{org}", ORG, get)
        .patch("/orgs/{org}", ORG_SIGNED_IN, edit)
        .delete("/orgs/{org}", ORG_SIGNED_IN, delete)
        .post("/orgs/{org}/rename", ORG_SIGNED_IN, rename)
        .delete("/orgs/{org}/repos", ORG_AND_REPOSITORY, delete_repositories)
        .with(blocks::add)
        .with(members::add)
        .with(teams::add)
}

/// `orgGetAll`
async fn list(
    State(app): State<App>,
    MaybeSignedIn(caller): MaybeSignedIn,
    paging: Paging,
) -> Result<(Total, Json<Vec<Organization>>), Failure> {
    let seen = organisations::seen_by(caller.user(), caller.is_public_only());
    let (orgs, total) = rows::list(app.forge.db.read(), seen, paging.page).await?;
    Ok((
        paging.total(total),
        Json(orgs.iter().map(|org| Organization::new(&app.forge.settings, org)).collect()),
    ))
}

/// The body of `POST /orgs` and `POST /admin/users/{username}/orgs`.
#[derive(Deserialize)]
pub(super) struct CreateOrgOption {
    username: Option<String>,
    full_name: Option<String>,
    email: Option<String>,
    description: Option<String>,
    website: Option<String>,
    location: Option<String>,
    visibility: Option<String>,
    repo_admin_change_team_access: Option<bool>,
}

impl CreateOrgOption {
    /// The checked fields.
    pub(super) fn check(self) -> Result<NewOrganisation> {
        Ok(NewOrganisation {
            name: field::user_name("username", self.username)?,
            profile: Profile {
                full_name: field::text("full_name", self.full_name, 100)?,
                email: email(self.email)?.flatten(),
                description: field::text("description", self.description, 255)?,
                website: website(self.website)?.unwrap_or_default(),
                location: field::text("location", self.location, 50)?,
            },
            visibility: field::visibility("visibility", self.visibility)?,
            repo_admin_change_team_access: self.repo_admin_change_team_access.unwrap_or_default(),
        })
    }
}

/// An address to set, or to take away where the text is empty.
fn email(value: Option<String>) -> Result<Option<Option<EmailAddress>>> {
    match value.as_deref() {
        None => Ok(None),
        Some("") => Ok(Some(None)),
        Some(text) => field::email("email", text).map(|email| Some(Some(email))),
    }
}

/// The address of a web page.
fn website(value: Option<String>) -> Result<Option<String>> {
    let Some(text) = field::optional_text("website", value, 255)? else { return Ok(None) };
    let is_page = text.starts_with("http://") || text.starts_with("https://");
    if text.is_empty() || is_page && !text.contains(char::is_whitespace) {
        return Ok(Some(text));
    }
    Err(Error::invalid("website: has to be an http or https address"))
}

/// `orgCreate`
async fn create(
    State(app): State<App>,
    SignedIn { user, .. }: SignedIn,
    Body(body): Body<CreateOrgOption>,
) -> Result<Created<Organization>, Failure> {
    organisations::may_create(&app.forge, &user)?;
    let org = organisations::create(&app.forge, &user, body.check()?).await?;
    Ok(Created(Organization::new(&app.forge.settings, &org)))
}

/// `orgGet`
async fn get(State(app): State<App>, Org(access, _): Org<org_need::Visible>) -> Json<Organization> {
    let shown = Organization::new(&app.forge.settings, &access.org);
    Json(if access.caller.is_signed_in() { shown } else { shown.without_email() })
}

#[derive(Deserialize)]
struct EditOrgOption {
    full_name: Option<String>,
    email: Option<String>,
    description: Option<String>,
    website: Option<String>,
    location: Option<String>,
    visibility: Option<String>,
    repo_admin_change_team_access: Option<bool>,
}

/// `orgEdit`
async fn edit(
    State(app): State<App>,
    Org(access, _): Org<org_need::Owner>,
    Body(body): Body<EditOrgOption>,
) -> Result<Json<Organization>, Failure> {
    let patch = OrganisationPatch {
        full_name: field::optional_text("full_name", body.full_name, 100)?,
        email: email(body.email)?,
        description: field::optional_text("description", body.description, 255)?,
        website: website(body.website)?,
        location: field::optional_text("location", body.location, 50)?,
        visibility: field::visibility("visibility", body.visibility)?,
        repo_admin_change_team_access: body.repo_admin_change_team_access,
    };
    let org = organisations::edit(&app.forge, &access.org, patch).await?;
    Ok(Json(Organization::new(&app.forge.settings, &org)))
}

/// `orgDelete`
async fn delete(State(app): State<App>, Org(access, _): Org<org_need::Owner>) -> Result<StatusCode, Failure> {
    organisations::delete(&app.forge, &access.org).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
struct RenameOrgOption {
    new_name: Option<String>,
}

/// `renameOrg`
async fn rename(
    State(app): State<App>,
    Org(access, _): Org<org_need::Owner>,
    Body(body): Body<RenameOrgOption>,
) -> Result<StatusCode, Failure> {
    let name = field::user_name("new_name", body.new_name)?;
    owner_names::rename(&app.forge, &access.org, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `orgDeleteRepos`
async fn delete_repositories(
    State(app): State<App>,
    Org(access, _): Org<org_need::Owner>,
) -> Result<StatusCode, Failure> {
    let any = organisations::delete_repositories(&app.forge, &access.org).await?;
    Ok(if any { StatusCode::ACCEPTED } else { StatusCode::NO_CONTENT })
}
