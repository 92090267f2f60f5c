//! `/users/{username}/tokens`: personal access tokens.

use axum::extract::State;
use http::StatusCode;
use oolong_core::{Error, ScopeSet, TokenId};
use oolong_forge::tokens;
use oolong_http::{App, Body, Failure, OwnerPath, Paging, PathText, Routes, Total};
use serde::Deserialize;

use super::USER;
use crate::dto::token::AccessToken;
use crate::dto::{Created, Json};
use crate::field;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/users/{username}/tokens", USER, list)
        .post("/users/{username}/tokens", USER.by_basic(), create)
        .delete("/users/{username}/tokens/{token}", USER.by_basic(), delete)
}

/// Only the person and administrators manage tokens, and only with a credential that came in Basic: a stolen bearer
/// must not beget others. Visitors who want the list are forbidden it rather than asked to sign in, as in Gitea.
fn check_manager(path: &OwnerPath) -> Result<(), Error> {
    if !path.caller.is(path.owner.user_id()) && !path.caller.is_site_admin() {
        return Err(Error::forbidden("tokens are managed by their owner and by administrators"));
    }
    if !path.caller.identity.via_basic {
        return Err(Error::unauthenticated("this needs user name and password"));
    }
    Ok(())
}

/// `userGetTokens`
async fn list(
    State(app): State<App>,
    path: OwnerPath,
    paging: Paging,
) -> Result<(Total, Json<Vec<AccessToken>>), Failure> {
    check_manager(&path)?;
    let rows = oolong_db::tokens::list(app.forge.db.read(), path.owner.user_id()).await?;
    let total = Paging::total_without_links(rows.len() as u64);
    Ok((total, Json(paging.page.slice(rows).iter().map(AccessToken::listed).collect())))
}

#[derive(Deserialize)]
struct CreateAccessTokenOption {
    name: Option<String>,
    scopes: Option<Vec<String>>,
}

/// `userCreateToken`
async fn create(
    State(app): State<App>,
    path: OwnerPath,
    Body(body): Body<CreateAccessTokenOption>,
) -> Result<Created<AccessToken>, Failure> {
    check_manager(&path)?;
    let name = field::required("name", body.name, 255)?;
    let scopes = body.scopes.unwrap_or_default().join(",");
    let mut scopes =
        ScopeSet::parse(&scopes).map_err(|error| Error::malformed(format!("scopes: {error}")))?;
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
    let new = tokens::create(&app.forge, &path.owner, &name, scopes).await?;
    Ok(Created(AccessToken::created(&new)))
}

/// `userDeleteAccessToken`: by id or by name. What reads as a number is an id, as in Gitea.
async fn delete(
    State(app): State<App>,
    path: OwnerPath,
    PathText((_, token)): PathText<(String, String)>,
) -> Result<StatusCode, Failure> {
    check_manager(&path)?;
    let id = match token.parse() {
        Ok(id) => TokenId(id),
        Err(_) => tokens::find_only(&app.forge, &path.owner, &token).await?,
    };
    tokens::delete(&app.forge, &path.owner, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
