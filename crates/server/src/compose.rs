//! All surfaces together. Each is sealed behind its prefix by `nest_service`: `nest` would let unknown paths below a
//! prefix fall through to the outer router.

use std::borrow::Cow;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::Uri;
use oolong_git_http::GitPath;
use oolong_http::{App, NotFoundPlain, access_log};
use oolong_web::RawPath;

use crate::{documentation, observe};

/// The whole application.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/api/healthz", get(observe::health))
        .route("/metrics", get(observe::metrics))
        .merge(oolong_web::well_known::routes(&app))
        .merge(documentation::routes(&app))
        .fallback(elsewhere)
        .with_state(app.clone())
        .nest_service("/api/v1", oolong_api::router(app.clone()))
        .layer(from_fn(observe::panics))
        .layer(from_fn_with_state(app, access_log))
}

/// Everything without a prefix of its own: git's paths are told apart from pages by a parser, for `{owner}/{repo}` stands
/// in front of both.
async fn elsewhere(State(app): State<App>, request: Request) -> Response {
    let uri = request.uri();
    if let Some(path) = GitPath::parse(request.method(), uri.path(), uri.query()) {
        return oolong_git_http::answer(&app, path, request).await;
    }
    if let Some(name) = oolong_web::owner_keys::parse(request.method(), request.uri().path()) {
        let name = name.to_owned();
        return oolong_web::owner_keys::answer(&app, &name, &request.into_parts().0).await;
    }
    if let Some(path) = RawPath::parse(request.method(), uri.path()) {
        return oolong_web::answer(&app, path, request).await;
    }
    NotFoundPlain.into_response()
}

/// Drops repeated and trailing slashes from API paths before they are routed, as Gitea does.
pub fn tidy_path(mut request: Request) -> Request {
    let tidy = match tidy_api_path(request.uri().path()) {
        Cow::Borrowed(_) => return request,
        Cow::Owned(path) => path,
    };
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    if let Ok(uri) = format!("{tidy}{query}").parse::<Uri>() {
        *request.uri_mut() = uri;
    }
    request
}

fn tidy_api_path(path: &str) -> Cow<'_, str> {
    let untidy = path.contains("//") || path.len() > "/api/v1/".len() && path.ends_with('/');
    if !path.starts_with("/api/v1/") || !untidy {
        return Cow::Borrowed(path);
    }
    let mut tidy = String::with_capacity(path.len());
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        tidy.push('/');
        tidy.push_str(segment);
    }
    Cow::Owned(tidy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tidies_api_paths_only() {
        for (path, tidy) in [
            ("/api/v1/version", "/api/v1/version"),
            ("/api/v1/version/", "/api/v1/version"),
            ("/api/v1//repos///a/b", "/api/v1/repos/a/b"),
            ("/api/v1/", "/api/v1/"),
            ("/a//b/", "/a//b/"),
        ] {
            assert_eq!(tidy_api_path(path), tidy, "{path}");
        }
    }
}
