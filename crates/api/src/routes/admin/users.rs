//! `/admin/users`: accounts, made and changed by an administrator.

use axum::extract::State;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use oolong_core::{Error, ErrorKind, Secret};
use oolong_db::people::{self, PeopleFilter, SortBy};
use oolong_forge::accounts::edit::{AdminPatch, Preferences, edit as edit_account};
use oolong_forge::accounts::{self, Login, NewAccount, deletion, features};
use oolong_forge::{email_addresses, owner_names};
use oolong_http::{App, Body, Failure, OwnerPath, Paging, QueryValues, Routes, SignedIn, Total};
use oolong_identity::email_address::EmailAddress;
use serde::Deserialize;

use super::ADMIN;
use crate::dto::user::{User, users};
use crate::dto::{Created, Json};
use crate::field;
use crate::viewer::viewer;

/// A header with a remark about a request that was fulfilled all the same.
static WARNING: HeaderName = HeaderName::from_static("x-gitea-warning");

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/admin/users", ADMIN, search)
        .post("/admin/users", ADMIN, create)
        .patch("/admin/users/{username}", ADMIN, edit)
        .delete("/admin/users/{username}", ADMIN, delete)
        .post("/admin/users/{username}/rename", ADMIN, rename)
}

#[derive(Deserialize)]
struct CreateUserOption {
    username: Option<String>,
    email: Option<String>,
    password: Option<Secret>,
    full_name: Option<String>,
    login_name: Option<String>,
    source_id: Option<i64>,
    must_change_password: Option<bool>,
    restricted: Option<bool>,
    visibility: Option<String>,
    created_at: Option<String>,
    /// Whether a mail tells the person; mails are sent by a later part of the server.
    #[serde(rename = "send_notify")]
    _send_notify: Option<bool>,
}

/// `adminCreateUser`
async fn create(
    State(app): State<App>,
    SignedIn { caller, .. }: SignedIn,
    Body(body): Body<CreateUserOption>,
) -> Result<(HeaderMap, Created<User>), Failure> {
    let forge = &app.forge;
    let name = field::user_name("username", body.username)?;
    let email = field::email("email", &body.email.unwrap_or_default())?;
    let full_name = field::text("full_name", body.full_name, 100)?;
    let login_name = field::text("login_name", body.login_name, 254)?;
    let visibility = field::visibility("visibility", body.visibility)?;
    let created = field::time("created_at", body.created_at)?;
    if let Some(visibility) = visibility {
        accounts::check_visibility(forge, visibility)?;
    }
    let login = Login::find(forge, body.source_id.unwrap_or_default(), login_name).await?;
    let password = body.password.unwrap_or_default();
    if login.is_local() {
        // 400, unlike the other fields.
        accounts::passwords::check(forge, &password)
            .map_err(|error| error.with_kind(ErrorKind::Malformed))?;
    }
    let new = NewAccount {
        full_name,
        login,
        is_restricted: body.restricted,
        must_change_password: body.must_change_password.unwrap_or(true),
        visibility,
        created_unix: created.map(|time| time.0),
        ..NewAccount::local(
            name,
            email.as_str().to_owned(),
            Some(password).filter(|password| !password.is_empty()),
        )
    };
    let user = accounts::create(forge, new).await?;
    Ok((domain_warning(&app, &email)?, Created(User::new(&forge.settings, &user, &caller))))
}

/// An administrator may use a domain that people may not sign up with, and is told so.
fn domain_warning(app: &App, email: &EmailAddress) -> Result<HeaderMap, Failure> {
    let mut headers = HeaderMap::new();
    if !accounts::allows_domain(&app.forge, email)? {
        let remark = "people could not sign up with an e-mail address of this domain";
        headers.insert(WARNING.clone(), HeaderValue::from_static(remark));
    }
    Ok(headers)
}

/// `adminSearchUsers`
async fn search(
    State(app): State<App>,
    SignedIn { caller, .. }: SignedIn,
    query: QueryValues,
    paging: Paging,
) -> Result<(Total, Json<Vec<User>>), Failure> {
    let sort = match query.text("sort") {
        None | Some("name" | "alphabetically") => SortBy::Name,
        Some("created") => SortBy::Created,
        Some("updated") => SortBy::Updated,
        Some("id") => SortBy::Id,
        Some(other) => return Err(Error::invalid(format!("sort: there is no order called {other:?}")).into()),
    };
    let descending = match query.text("order") {
        None | Some("asc") => false,
        Some("desc") => true,
        Some(other) => {
            return Err(Error::invalid(format!("order: has to be asc or desc, not {other:?}")).into());
        }
    };
    let filter = PeopleFilter {
        keyword: query.text("q").unwrap_or_default().to_owned(),
        login_name: query.text("login_name").map(str::to_owned),
        source: query.number("source_id").filter(|&source| source > 0),
        visibility: field::visibility("visibility", query.text("visibility").map(str::to_owned))?,
        is_active: query.switch("is_active"),
        is_admin: query.switch("is_admin"),
        is_restricted: query.switch("is_restricted"),
        is_prohibited: query.switch("is_prohibit_login"),
        has_totp: query.switch("is_2fa_enabled"),
        sort,
        descending,
        ..PeopleFilter::default()
    };
    let (rows, total) =
        people::search(app.forge.db.read(), viewer(&app, &caller), &filter, paging.page).await?;
    Ok((paging.total(total), Json(users(&app.forge.settings, &rows, &caller))))
}

#[derive(Deserialize)]
struct EditUserOption {
    source_id: Option<i64>,
    login_name: Option<String>,
    full_name: Option<String>,
    email: Option<String>,
    password: Option<Secret>,
    must_change_password: Option<bool>,
    website: Option<String>,
    location: Option<String>,
    description: Option<String>,
    active: Option<bool>,
    admin: Option<bool>,
    allow_git_hook: Option<bool>,
    allow_import_local: Option<bool>,
    max_repo_creation: Option<i64>,
    prohibit_login: Option<bool>,
    allow_create_organization: Option<bool>,
    restricted: Option<bool>,
    visibility: Option<String>,
}

/// `adminEditUser`. A taken or malformed address and a password that is too easy are 400 here, the rest 422.
async fn edit(
    State(app): State<App>,
    OwnerPath { owner, caller }: OwnerPath,
    Body(body): Body<EditUserOption>,
) -> Result<(HeaderMap, Json<User>), Failure> {
    let forge = &app.forge;
    if owner.is_organization() {
        return Err(Error::invalid(format!("{} is an organisation, not a user", owner.name)).into());
    }
    let login_name = field::required("login_name", body.login_name, 254)?;
    let preferences = Preferences {
        full_name: field::optional_text("full_name", body.full_name, 100)?,
        website: field::website(&app, "website", body.website)?,
        location: field::optional_text("location", body.location, 50)?,
        description: field::optional_text("description", body.description, 255)?,
        ..Preferences::default()
    };
    let visibility = field::visibility("visibility", body.visibility)?;
    let max_repo_creation = match body.max_repo_creation.map(i32::try_from).transpose() {
        Ok(number) => number,
        Err(_) => return Err(Error::invalid("max_repo_creation: the number is too large").into()),
    };
    let malformed = |error: Error| error.with_kind(ErrorKind::Malformed);
    let email = body
        .email
        .filter(|email| !email.is_empty())
        .map(|email| field::email("email", &email))
        .transpose()
        .map_err(malformed)?;
    let password = body.password.filter(|password| !password.is_empty());
    if let Some(password) = &password {
        accounts::passwords::check(forge, password).map_err(malformed)?;
    }
    let login = match body.source_id {
        Some(source) => Some(Login::find(forge, source, login_name.clone()).await?),
        None => None,
    };
    let patch = AdminPatch {
        preferences,
        login,
        login_name: Some(login_name),
        password,
        must_change_password: body.must_change_password,
        prohibit_login: body.prohibit_login,
        is_active: body.active,
        is_admin: body.admin,
        is_restricted: body.restricted,
        visibility,
        allow_git_hook: body.allow_git_hook,
        allow_import_local: body.allow_import_local,
        allow_create_organization: body.allow_create_organization,
        max_repo_creation,
    };
    let mut headers = HeaderMap::new();
    if let Some(email) = &email {
        email_addresses::replace_primary(forge, &owner, email).await?;
        headers = domain_warning(&app, email)?;
    }
    let changed = edit_account(forge, &owner, patch).await?;
    Ok((headers, Json(User::new(&forge.settings, &changed, &caller))))
}

/// `adminDeleteUser`
async fn delete(
    State(app): State<App>,
    OwnerPath { owner, caller }: OwnerPath,
    query: QueryValues,
) -> Result<StatusCode, Failure> {
    if caller.is(owner.user_id()) {
        return Err(Error::invalid("nobody deletes their own account this way").into());
    }
    deletion::delete(&app.forge, &owner, query.switch("purge").unwrap_or_default()).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
struct RenameUserOption {
    new_username: Option<String>,
}

/// `adminRenameUser`
async fn rename(
    State(app): State<App>,
    OwnerPath { owner, .. }: OwnerPath,
    Body(body): Body<RenameUserOption>,
) -> Result<StatusCode, Failure> {
    if owner.is_organization() {
        return Err(Error::invalid(format!("{} is an organisation, not a user", owner.name)).into());
    }
    let name = field::user_name("new_username", body.new_username)?;
    if !features::may_be_renamed(&owner) {
        return Err(Error::invalid("an authentication source knows this account by its name").into());
    }
    owner_names::rename(&app.forge, &owner, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}
