//! `/user/keys`: SSH keys.

use axum::extract::State;
use http::StatusCode;
use oolong_auth::{Caller, permission};
use oolong_config::UserFeature;
use oolong_core::{Error, UserId};
use oolong_db::entity::user;
use oolong_db::public_keys::{self, KeyKind};
use oolong_db::users;
use oolong_forge::accounts::features;
use oolong_forge::ssh_keys;
use oolong_http::{App, Body, Failure, Paging, PathText, QueryValues, Routes, SignedIn, Total};
use serde::Deserialize;

use super::PRIVATE;
use crate::dto::public_key::PublicKey;
use crate::dto::{Created, Json};
use crate::field;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/user/keys", PRIVATE, list)
        .post("/user/keys", PRIVATE, create)
        .get("/user/keys/{id}", PRIVATE, get)
        .delete("/user/keys/{id}", PRIVATE, delete)
}

/// A new key, as people and administrators send it.
#[derive(Deserialize)]
pub(crate) struct CreateKeyOption {
    title: Option<String>,
    key: Option<String>,
    /// Means something for deploy keys only.
    #[serde(rename = "read_only")]
    _read_only: Option<bool>,
}

/// A person's keys.
pub(crate) async fn list_of(
    app: &App,
    caller: &Caller,
    owner: &user::Model,
    query: &QueryValues,
    paging: &Paging,
) -> Result<(Total, Json<Vec<PublicKey>>), Failure> {
    let fingerprint = query.text("fingerprint");
    let (keys, total) =
        public_keys::list(app.forge.db.read(), owner.user_id(), fingerprint, paging.page).await?;
    let shown = keys.iter().map(|key| PublicKey::new(&app.forge.settings, key, owner, caller)).collect();
    Ok((paging.total(total), Json(shown)))
}

/// Adds a key for `owner`.
pub(crate) async fn create_for(
    app: &App,
    caller: &Caller,
    owner: &user::Model,
    body: CreateKeyOption,
) -> Result<Created<PublicKey>, Failure> {
    let title = field::required("title", body.title, 255)?;
    let text = body.key.filter(|key| !key.is_empty()).ok_or_else(|| Error::invalid("key: is required"))?;
    let key = ssh_keys::add(&app.forge, owner, &title, &text).await?;
    Ok(Created(PublicKey::new(&app.forge.settings, &key, owner, caller)))
}

/// `userCurrentListKeys`
async fn list(
    State(app): State<App>,
    SignedIn { caller, user }: SignedIn,
    query: QueryValues,
    paging: Paging,
) -> Result<(Total, Json<Vec<PublicKey>>), Failure> {
    list_of(&app, &caller, &user, &query, &paging).await
}

/// `userCurrentPostKey`
async fn create(
    State(app): State<App>,
    SignedIn { caller, user }: SignedIn,
    Body(body): Body<CreateKeyOption>,
) -> Result<Created<PublicKey>, Failure> {
    features::check(&app.forge.settings, &user, UserFeature::ManageSshKeys)?;
    create_for(&app, &caller, &user, body).await
}

/// `userCurrentGetKey`: anybody's key, if one may see its owner.
async fn get(
    State(app): State<App>,
    SignedIn { caller, user }: SignedIn,
    PathText(id): PathText<i64>,
) -> Result<Json<PublicKey>, Failure> {
    let forge = &app.forge;
    let missing = || Error::not_found("there is no such key");
    let found =
        public_keys::find(forge.db.read(), id).await?.filter(|key| key.kind == KeyKind::User.number());
    let key = found.ok_or_else(missing)?;
    let owner = users::find(forge.db.read(), UserId(key.owner_id)).await?.ok_or_else(missing)?;
    if !permission::owner_is_visible(forge.db.read(), forge.rules(), Some(&user), &owner).await? {
        return Err(missing().into());
    }
    Ok(Json(PublicKey::new(&forge.settings, &key, &owner, &caller)))
}

/// `userCurrentDeleteKey`
async fn delete(
    State(app): State<App>,
    SignedIn { user, .. }: SignedIn,
    PathText(id): PathText<i64>,
) -> Result<StatusCode, Failure> {
    features::check(&app.forge.settings, &user, UserFeature::ManageSshKeys)?;
    ssh_keys::delete(&app.forge, &user, None, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
