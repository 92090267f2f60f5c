//! What browsers and tools ask for outside the API.
//!
//! So far the paths that need no page: raw files, archives, people's keys, and what lies at well-known places. [`RawPath`] tells them apart from everything else.

mod answer;
mod archive;
pub mod owner_keys;
mod path;
mod raw;
pub mod well_known;

use axum::extract::Request;
use axum::response::Response;
use http::request::Parts;
use http::{Method, StatusCode};
use oolong_auth::{Caller, Surface};
use oolong_config::RequireSignin;
use oolong_core::{Category, Error, Result, Scope, Unit, Visibility};
use oolong_http::{
    App, Located, Location, admit, locate, owner_is_visible, redirect_first_segments, see_other,
};

pub use path::{RawPath, RawTarget, Start};

use answer::{failed, not_found, write_failure};

/// Answers a request for a raw file or an archive.
pub async fn answer(app: &App, path: RawPath, request: Request) -> Response {
    let (head, _) = request.into_parts();
    let found = match enter(app, &head, &path).await {
        Ok(found) => found,
        Err(refusal) => return refusal,
    };
    match &path.target {
        RawTarget::File { start, rest } => raw::answer(app, &head, &found, start, rest).await,
        RawTarget::Archive(name) => archive::answer(app, &head, &found, name).await,
    }
}

/// The repository that the path names, if the caller may read its code.
async fn enter(app: &App, head: &Parts, path: &RawPath) -> Result<Located, Response> {
    let caller = admit(app, Surface::Raw, head).await.map_err(write_failure)?;
    let required = app.forge.settings.service.require_signin_view;
    if required != RequireSignin::Never && !caller.is_signed_in() {
        // These are among the costly paths.
        return Err(sign_in_first(app, head));
    }
    let redirect = |status, names: &[&str]| redirect_first_segments(status, &head.method, &head.uri, names);
    let found = match locate(app, &caller, &path.owner, &path.repo).await.map_err(failed)? {
        Location::Here(found) => found,
        Location::RepoMoved(found) if found.permission.can_read(Unit::Code) => {
            return Err(redirect(StatusCode::MOVED_PERMANENTLY, &[&found.owner.name, &found.repo.name]));
        }
        Location::OwnerMoved(owner) if owner_is_visible(app, &caller, &owner).await.map_err(failed)? => {
            return Err(redirect(StatusCode::TEMPORARY_REDIRECT, &[&owner.name]));
        }
        _ => return Err(not_found()),
    };
    if !found.permission.can_read(Unit::Code) {
        return Err(not_found());
    }
    check_credential(&caller, &found).map_err(failed)?;
    Ok(*found)
}

fn sign_in_first(app: &App, head: &Parts) -> Response {
    let wanted = head.uri.path_and_query().map_or("/", |wanted| wanted.as_str());
    let wanted = format!("{}{wanted}", app.forge.settings.server.app_sub_url);
    let encoded: String = percent_encoding::utf8_percent_encode(&wanted, answer::QUERY_VALUE).collect();
    see_other(app, &format!("/user/login?redirect_to={encoded}"))
}

fn check_credential(caller: &Caller, found: &Located) -> Result<()> {
    let scope = Scope::read(Category::Repository);
    if !caller.identity.scopes.allows(scope) {
        return Err(Error::forbidden(format!("the credential needs the scope {scope}")));
    }
    let public = !found.repo.is_private && found.owner.visible_to() == Visibility::Public;
    if caller.is_public_only() && !public {
        return Err(Error::forbidden("the credential's scope public-only does not reach this repository"));
    }
    Ok(())
}

/// Whether only the headers are asked for.
fn is_head(head: &Parts) -> bool {
    head.method == Method::HEAD
}
