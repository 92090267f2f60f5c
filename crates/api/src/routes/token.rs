//! `/token`: the token that asks, about itself. Only a token in the header is meant, as in Gitea.

use axum::extract::State;
use http::StatusCode;
use oolong_core::{CredentialId, Error, Identity, Principal, Result, TokenId};
use oolong_db::entity::{access_token, user};
use oolong_db::{tokens, users};
use oolong_http::{Access, App, Failure, Routes, SignedIn};

use crate::dto::Json;
use crate::dto::token::CurrentAccessToken;

pub(super) fn add(routes: Routes) -> Routes {
    let access = Access::open().signed_in();
    routes.get("/token", access, get).delete("/token", access, delete)
}

/// The token that was presented, with its owner.
async fn presented(app: &App, identity: &Identity) -> Result<(access_token::Model, user::Model)> {
    let missing = || Error::not_found("no token came in the header");
    let Identity {
        credential: Some(CredentialId::AccessToken(id)), principal: Principal::User(owner), ..
    } = *identity
    else {
        return Err(missing());
    };
    if identity.via_basic || identity.via_query {
        return Err(missing());
    }
    let token = tokens::find(app.forge.db.read(), id).await?.ok_or_else(missing)?;
    let owner = users::get(app.forge.db.read(), owner).await?;
    Ok((token, owner))
}

/// `getCurrentToken`
async fn get(
    State(app): State<App>,
    SignedIn { caller, .. }: SignedIn,
) -> Result<Json<CurrentAccessToken>, Failure> {
    let (token, owner) = presented(&app, &caller.identity).await?;
    Ok(Json(CurrentAccessToken::new(&token, &owner)))
}

/// `deleteCurrentToken`
async fn delete(State(app): State<App>, SignedIn { caller, .. }: SignedIn) -> Result<StatusCode, Failure> {
    let (token, owner) = presented(&app, &caller.identity).await?;
    oolong_forge::tokens::delete(&app.forge, &owner, TokenId(token.id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
