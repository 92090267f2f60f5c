//! `{username}` and `{org}` in a path, as the person or organisation that the caller may know of.

use axum::extract::{FromRequestParts, OriginalUri, RawPathParams};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{StatusCode, header};
use oolong_auth::{Caller, permission};
use oolong_core::{Error, Result, Visibility};
use oolong_db::entity::user;
use oolong_db::users;

use crate::{App, Failure, MaybeSignedIn};

/// The owner that a path names, and who asks. A hidden owner is 404; one that is not public is refused to a
/// `public-only` credential; a renamed one answers 307 with its new name.
#[derive(Clone, Debug)]
pub struct OwnerPath {
    /// The person, organisation or bot.
    pub owner: user::Model,
    /// Who asks.
    pub caller: Caller,
}

/// The same, as a bare row.
pub type Owner = user::Model;

impl FromRequestParts<App> for OwnerPath {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let caller = MaybeSignedIn::of(parts).map_err(IntoResponse::into_response)?;
        let name = path_parameter(parts, app, &["username", "org", "owner"]).await?;
        let owner = load_owner(app, parts, &caller, &name).await?;
        if caller.is_public_only() && owner.visible_to() != Visibility::Public {
            return Err(Failure::from(Error::forbidden(
                "the credential's scope public-only does not reach this owner",
            ))
            .into_response());
        }
        Ok(Self { owner, caller })
    }
}

/// The path parameter with the first of these names.
pub(crate) async fn path_parameter(parts: &mut Parts, app: &App, names: &[&str]) -> Result<String, Response> {
    let parameters =
        RawPathParams::from_request_parts(parts, app).await.map_err(IntoResponse::into_response)?;
    let found = parameters.iter().find(|(name, _)| names.contains(name)).map(|(_, value)| value.to_owned());
    found.ok_or_else(|| Failure::from(Error::internal("the route has no such parameter")).into_response())
}

/// The owner called `name`, or the answer that says where they are now.
pub(crate) async fn load_owner(
    app: &App,
    parts: &Parts,
    caller: &Caller,
    name: &str,
) -> Result<user::Model, Response> {
    let fail = |error: Error| Failure::from(error).into_response();
    let connection = app.forge.db.read();
    let Some(owner) = users::find_by_name(connection, name).await.map_err(fail)? else {
        let renamed = match users::find_redirect(connection, name).await.map_err(fail)? {
            Some(id) => users::find(connection, id).await.map_err(fail)?,
            None => None,
        };
        return match renamed {
            Some(owner) if is_visible(app, caller, &owner).await.map_err(fail)? => {
                Err(redirect_to_owner(parts, name, &owner))
            }
            _ => Err(fail(Error::not_found("there is no such user or organisation"))),
        };
    };
    if !is_visible(app, caller, &owner).await.map_err(fail)? {
        return Err(fail(Error::not_found("there is no such user or organisation")));
    }
    Ok(owner)
}

async fn is_visible(app: &App, caller: &Caller, owner: &user::Model) -> Result<bool> {
    permission::owner_is_visible(app.forge.db.read(), app.forge.rules(), caller.user(), owner).await
}

/// 307 to the same path with the owner's present name; relative, as Gitea answers.
pub fn redirect_to_owner(parts: &Parts, old_name: &str, owner: &user::Model) -> Response {
    let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |uri| &uri.0);
    redirect_replacing(uri, old_name, &owner.name, StatusCode::TEMPORARY_REDIRECT)
}

/// A redirect to the same address with one path segment replaced by another.
pub(crate) fn redirect_replacing(uri: &http::Uri, old: &str, new: &str, status: StatusCode) -> Response {
    let mut replaced = false;
    let path = uri
        .path()
        .split('/')
        .map(|segment| {
            let decoded = percent_encoding::percent_decode_str(segment).decode_utf8_lossy();
            let is_it = !replaced && decoded.eq_ignore_ascii_case(old);
            replaced |= is_it;
            if is_it { new } else { segment }
        })
        .collect::<Vec<_>>()
        .join("/");
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    // Two slashes at the start would name another host.
    let location = format!("/{}{query}", path.trim_start_matches('/'));
    (status, [(header::LOCATION, location)]).into_response()
}
