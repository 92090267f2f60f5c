//! `/admin/users/{username}/keys`: SSH keys of others.

use axum::extract::State;
use http::StatusCode;
use oolong_core::Error;
use oolong_forge::ssh_keys;
use oolong_http::{App, Body, Failure, OwnerPath, PathText, Routes, SignedIn};

use super::ADMIN;
use crate::dto::Created;
use crate::dto::public_key::PublicKey;
use crate::routes::user::keys::{CreateKeyOption, create_for};

pub(super) fn add(routes: Routes) -> Routes {
    routes.post("/admin/users/{username}/keys", ADMIN, create).delete(
        "/admin/users/{username}/keys/{id}",
        ADMIN,
        delete,
    )
}

/// `adminCreatePublicKey`
async fn create(
    State(app): State<App>,
    OwnerPath { owner, caller }: OwnerPath,
    Body(body): Body<CreateKeyOption>,
) -> Result<Created<PublicKey>, Failure> {
    if owner.is_organization() {
        return Err(Error::invalid(format!("{} is an organisation: it has no keys", owner.name)).into());
    }
    create_for(&app, &caller, &owner, body).await
}

/// `adminDeleteUserPublicKey`
async fn delete(
    State(app): State<App>,
    SignedIn { user, .. }: SignedIn,
    OwnerPath { owner, .. }: OwnerPath,
    PathText((_, id)): PathText<(String, i64)>,
) -> Result<StatusCode, Failure> {
    ssh_keys::delete(&app.forge, &user, Some(&owner), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
