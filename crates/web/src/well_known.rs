//! `/.well-known`, and the files that an operator puts into `custom/public`.

use std::path::PathBuf;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use http::{HeaderValue, Method, StatusCode, header};
use oolong_http::{App, NotFoundPlain, see_other};
use tower::ServiceExt as _;
use tower_http::services::{ServeDir, ServeFile};

/// The routes of this module.
pub fn routes(app: &App) -> Router<App> {
    let assets = public(app).join("assets");
    Router::new()
        .route("/robots.txt", get(robots))
        .route("/.well-known/security.txt", get(security))
        .route("/.well-known/change-password", get(change_password))
        .route("/.well-known/passkey-endpoints", get(passkey_endpoints))
        // There is no federation here.
        .route("/.well-known/nodeinfo", get(async || NotFoundPlain))
        .route("/.well-known/webfinger", get(async || NotFoundPlain))
        .route("/.well-known/{*rest}", any(async || StatusCode::NOT_FOUND))
        .nest_service("/assets", ServeDir::new(assets).append_index_html_on_directories(false))
}

fn public(app: &App) -> PathBuf {
    app.forge.settings.paths.custom_path.join("public")
}

async fn robots(State(app): State<App>, request: Request) -> Response {
    file(public(&app).join("robots.txt"), request).await
}

/// RFC 9116. Whom to write to is for the operator to say: without their file there is none.
async fn security(State(app): State<App>, request: Request) -> Response {
    file(public(&app).join(".well-known").join("security.txt"), request).await
}

async fn file(path: PathBuf, request: Request) -> Response {
    match ServeFile::new(path).oneshot(request).await {
        Ok(response) if response.status() == StatusCode::NOT_FOUND => NotFoundPlain.into_response(),
        Ok(response) => response.into_response(),
        Err(never) => match never {},
    }
}

/// Where a password is changed, for password stores (W3C "A Well-Known URL for Changing Passwords").
async fn change_password(State(app): State<App>, method: Method) -> Response {
    if method == Method::HEAD {
        return StatusCode::NOT_FOUND.into_response();
    }
    see_other(&app, "/user/settings/account")
}

/// Where passkeys are added and looked after (W3C "A Well-Known URL for Relying Party Passkey Endpoints").
async fn passkey_endpoints(State(app): State<App>, method: Method) -> Response {
    if method == Method::HEAD {
        return StatusCode::NOT_FOUND.into_response();
    }
    let page = format!("{}user/settings/security", app.forge.settings.server.root_url);
    let body = serde_json::json!({ "enroll": page, "manage": page }).to_string();
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json;charset=utf-8"))], body)
        .into_response()
}
