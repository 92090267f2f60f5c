//! `/users/{username}/tokens`: personal access tokens.

use axum::extract::State;
use oolong_core::{Category, Error, ScopeSet};
use oolong_forge::tokens;
use oolong_http::{Access, App, Body, Failure, OwnerPath, Paging, Routes, Total};
use serde::Deserialize;

use crate::dto::token::AccessToken;
use crate::dto::{Created, Json};

pub(super) fn add(routes: Routes) -> Routes {
    let access = Access::scoped(&[Category::User]).by_basic();
    routes
        .get("/users/{username}/tokens", access, list_tokens)
        .post("/users/{username}/tokens", access, create_token)
}

/// Only the person and administrators manage tokens.
fn self_or_admin(path: &OwnerPath) -> Result<(), Error> {
    if path.caller.is(path.owner.user_id()) || path.caller.is_site_admin() {
        return Ok(());
    }
    Err(Error::forbidden("tokens are managed by their owner and by administrators"))
}

/// `userGetTokens`
async fn list_tokens(State(app): State<App>, path: OwnerPath, paging: Paging) -> Result<(Total, Json<Vec<AccessToken>>), Failure> {
    self_or_admin(&path)?;
    let rows = oolong_db::tokens::list(app.forge.db.read(), path.owner.user_id()).await?;
    let total = Paging::total_without_links(rows.len() as u64);
    Ok((total, Json(paging.page.slice(rows).iter().map(AccessToken::listed).collect())))
}

#[derive(Deserialize)]
struct CreateAccessToken {
    #[serde(default)]
    name: String,
    #[serde(default)]
    scopes: Vec<String>,
}

/// `userCreateToken`
async fn create_token(
    State(app): State<App>,
    path: OwnerPath,
    Body(body): Body<CreateAccessToken>,
) -> Result<Created<AccessToken>, Failure> {
    self_or_admin(&path)?;
    let mut scopes = ScopeSet::parse(&body.scopes.join(",")).map_err(|error| Error::malformed(format!("scopes: {error}")))?;
    if scopes.is_empty() {
        return Err(Error::malformed("scopes: a token needs at least one scope").into());
    }
    // A credential never makes a wider one than itself.
    let parent = path.caller.identity.scopes;
    if !parent.covers(scopes) {
        return Err(Error::forbidden("scopes: wider than those of the credential that asks").into());
    }
    if parent.is_public_only() {
        scopes = scopes.public_only();
    }
    let new = tokens::create(&app.forge, &path.owner, &body.name, scopes).await?;
    Ok(Created(AccessToken::created(&new)))
}
