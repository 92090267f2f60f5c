//! `/user/emails`.

use axum::extract::State;
use http::StatusCode;
use oolong_config::UserFeature;
use oolong_core::Result;
use oolong_db::entity::user;
use oolong_forge::accounts::features;
use oolong_forge::email_addresses;
use oolong_http::{App, Body, Failure, Routes, SignedIn};
use serde::Deserialize;

use super::PRIVATE;
use crate::dto::email::Email;
use crate::dto::{Created, Json};

pub(super) fn add(routes: Routes) -> Routes {
    routes.get("/user/emails", PRIVATE, list).post("/user/emails", PRIVATE, create).delete(
        "/user/emails",
        PRIVATE,
        delete,
    )
}

async fn own(app: &App, user: &user::Model) -> Result<Vec<Email>> {
    let rows = oolong_db::email_addresses::list(app.forge.db.read(), user.user_id()).await?;
    Ok(rows.iter().map(Email::own).collect())
}

/// `userListEmails`
async fn list(State(app): State<App>, SignedIn { user, .. }: SignedIn) -> Result<Json<Vec<Email>>, Failure> {
    Ok(Json(own(&app, &user).await?))
}

#[derive(Deserialize)]
struct EmailOption {
    emails: Option<Vec<String>>,
}

/// `userAddEmail`
async fn create(
    State(app): State<App>,
    SignedIn { user, .. }: SignedIn,
    Body(body): Body<EmailOption>,
) -> Result<Created<Vec<Email>>, Failure> {
    features::check(&app.forge.settings, &user, UserFeature::ManageCredentials)?;
    email_addresses::add(&app.forge, &user, &body.emails.unwrap_or_default()).await?;
    Ok(Created(own(&app, &user).await?))
}

/// `userDeleteEmail`
async fn delete(
    State(app): State<App>,
    SignedIn { user, .. }: SignedIn,
    Body(body): Body<EmailOption>,
) -> Result<StatusCode, Failure> {
    features::check(&app.forge.settings, &user, UserFeature::ManageCredentials)?;
    email_addresses::delete(&app.forge, &user, &body.emails.unwrap_or_default()).await?;
    Ok(StatusCode::NO_CONTENT)
}
