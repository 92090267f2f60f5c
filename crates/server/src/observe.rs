//! Health, metrics, and the guard that turns a panic into a 500.

use std::panic::AssertUnwindSafe;

use axum::Json;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use oolong_core::Error;
use oolong_db::sea_orm::ConnectionTrait;
use oolong_http::{App, Failure};
use serde_json::json;
use subtle::ConstantTimeEq;

/// `GET /api/healthz`: whether the database answers. The shape is Gitea's (draft-inadarei-api-health-check).
pub(crate) async fn health(State(app): State<App>) -> Response {
    let time = app.forge.clock.now().to_rfc3339();
    let alive = app.forge.db.read().execute_unprepared("SELECT 1").await;
    if let Err(error) = &alive {
        tracing::warn!(%error, "the database does not answer");
    }
    let word = |good: bool| if good { "pass" } else { "fail" };
    let status = if alive.is_ok() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = json!({
        "status": word(alive.is_ok()),
        "description": app.forge.settings.app.app_name,
        "checks": {
            "cache:ping": [{"status": "pass", "time": time}],
            "database:ping": [{"status": word(alive.is_ok()), "time": time}],
        },
    });
    (status, Json(body)).into_response()
}

/// `GET /metrics` in Prometheus' text form, behind `[metrics] TOKEN`.
pub(crate) async fn metrics(State(app): State<App>, headers: HeaderMap) -> Response {
    let settings = &app.forge.settings.metrics;
    if !settings.enabled {
        return StatusCode::NOT_FOUND.into_response();
    }
    if !settings.token.is_empty() {
        let expected = format!("Bearer {}", settings.token.expose());
        let given = headers.get(header::AUTHORIZATION).map(|value| value.as_bytes()).unwrap_or_default();
        if !bool::from(given.ct_eq(expected.as_bytes())) {
            return StatusCode::UNAUTHORIZED.into_response();
        }
    }
    let mut text = String::new();
    match prometheus_client::encoding::text::encode(&mut text, &app.metrics.registry) {
        Ok(()) => {
            ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text)
                .into_response()
        }
        Err(error) => Failure::from(Error::internal(error)).into_response(),
    }
}

/// A panic in a handler is a bug; the client gets a 500 and the server goes on.
pub(crate) async fn panics(request: Request, next: Next) -> Response {
    let handler = AssertUnwindSafe(next.run(request));
    match futures_util::FutureExt::catch_unwind(handler).await {
        Ok(response) => response,
        Err(panic) => {
            let words = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let words = words.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
            Failure::from(Error::internal(format!("panic: {words}"))).into_response()
        }
    }
}
