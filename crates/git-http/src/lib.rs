//! Git over HTTP: the smart protocol for fetching and pushing, and the files that dumb clients read.
//!
//! [`GitPath`] tells git's paths from all others, `entry` decides who comes in, and the `git` program does the work;
//! bytes stream both ways. No page and no LFS lives here.

mod answer;
mod body;
mod create;
mod dumb;
mod entry;
mod fetch;
mod path;
mod push_options;
mod receive;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use oolong_git::Service;
use oolong_http::App;

pub use path::{DumbFile, GitPath, Target};

use answer::{failed, plain};
use entry::{Admitted, Direction, enter};

/// Answers a request to one of git's paths.
pub async fn answer(app: &App, path: GitPath, request: Request) -> Response {
    let settings = &app.forge.settings.repository;
    let origin =
        HeaderValue::try_from(&settings.access_control_allow_origin).ok().filter(|origin| !origin.is_empty());
    if settings.disable_http_git {
        return failed(oolong_core::Error::forbidden("git over HTTP is switched off on this server"));
    }
    let mut response = match &path.target {
        Target::WrongMethod(allowed) => {
            let allowed = HeaderValue::from_static(allowed);
            (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, allowed)]).into_response()
        }
        Target::Preflight => preflight(&request, origin.as_ref()),
        _ => serve(app, &path, request).await,
    };
    if let Some(origin) = origin {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        let allowed = HeaderValue::from_static("Content-Type, Authorization, User-Agent");
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed);
    }
    response
}

/// Whether a browser's script may come: only from the origin that is configured.
fn preflight(request: &Request, allowed: Option<&HeaderValue>) -> Response {
    let origin = request.headers().get(header::ORIGIN);
    let welcome = allowed.is_none_or(|allowed| allowed == "*" || origin == Some(allowed));
    (if welcome { StatusCode::OK } else { StatusCode::FORBIDDEN }).into_response()
}

async fn serve(app: &App, path: &GitPath, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let Some(direction) = Direction::of(&path.target) else { return StatusCode::BAD_REQUEST.into_response() };
    let admitted = match enter(app, &head, path, direction).await {
        Ok(admitted) => admitted,
        Err(refusal) => return refusal,
    };
    match (&path.target, admitted) {
        (Target::References(Some(name)), admitted) => match Service::parse(name) {
            Some(service) => fetch::advertise(app, &head, &admitted, service).await,
            None => StatusCode::BAD_REQUEST.into_response(),
        },
        (Target::Service(Service::ReceivePack), admitted) => receive::serve(app, &head, admitted, body).await,
        (Target::Service(service), Admitted::Repository(entry)) => {
            fetch::serve(app, &head, &entry, *service, body).await
        }
        (Target::References(None), Admitted::Repository(entry)) => dumb::references(app, head, &entry).await,
        (Target::File(file), Admitted::Repository(entry)) => dumb::file(app, head, &entry, file).await,
        _ => plain(StatusCode::NOT_FOUND, "The repository was not found.\n"),
    }
}
