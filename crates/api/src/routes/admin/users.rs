//! `/admin/users`: accounts, made and changed by an administrator.

use axum::extract::State;
use http::{HeaderMap, HeaderName, HeaderValue};
use oolong_core::{ErrorKind, Secret};
use oolong_forge::accounts::{self, Login, NewAccount};
use oolong_http::{App, Body, Failure, Routes, SignedIn};
use oolong_identity::email_address::EmailAddress;
use serde::Deserialize;

use super::ADMIN;
use crate::dto::Created;
use crate::dto::user::User;
use crate::field;

/// A header with a remark about a request that was fulfilled all the same.
static WARNING: HeaderName = HeaderName::from_static("x-gitea-warning");

pub(super) fn add(routes: Routes) -> Routes {
    routes.post("/admin/users", ADMIN, create)
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
        accounts::passwords::check(forge, &password).map_err(|error| error.with_kind(ErrorKind::Malformed))?;
    }
    let new = NewAccount {
        full_name,
        login,
        is_restricted: body.restricted,
        must_change_password: body.must_change_password.unwrap_or(true),
        visibility,
        created_unix: created.map(|time| time.0),
        ..NewAccount::local(name, email.as_str().to_owned(), Some(password).filter(|password| !password.is_empty()))
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
