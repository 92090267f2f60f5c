//! `/api/v1`: Gitea's JSON, operation by operation.
//!
//! A handler is glue: extractors say what it needs, one use-case does it, a DTO answers. The path of a handler's file
//! mirrors the URL: `/users/{username}/tokens` is `routes/users/tokens.rs`. DTOs keep Gitea's JSON names.

pub mod dto;
mod field;
pub mod openapi;
mod render;
mod routes;
pub mod version;
mod viewer;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use oolong_auth::Surface;
use oolong_http::{App, NotFoundPlain, Routes};

/// Every route of the API with the access it needs.
pub fn routes(app: App) -> Routes {
    routes::add_all(Routes::new(app, Surface::Api))
}

/// The router for everything below `/api/v1`.
pub fn router(app: App) -> Router {
    let routes = routes(app.clone())
        .into_router()
        .fallback(async || NotFoundPlain)
        .layer(from_fn_with_state(app, render::failures));
    // The router writes `Allow` behind its own layers: only a router around it sees the header.
    Router::new().fallback_service(routes).layer(from_fn(render::allow_header))
}
