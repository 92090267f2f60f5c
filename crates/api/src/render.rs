//! How the API answers errors.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderValue, Method, StatusCode, header};
use oolong_http::{App, Failure, error_json};

/// Gitea's content type for JSON, to the letter.
pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json;charset=utf-8");

/// Writes the body of every failure: the message a stranger may read, and where the documentation is.
pub(crate) async fn failures(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let Some(failure) = response.extensions().get::<Failure>() else { return response };
    let url = (!failure.bare && app.forge.settings.api.enable_swagger)
        .then(|| format!("{}api/swagger", app.forge.settings.server.root_url));
    let body = error_json(failure.error().message(), url.as_deref());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, JSON);
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    *response.body_mut() = body.into();
    response
}

/// HEAD is not listed in `Allow`: Gitea names only the methods that its documentation has.
pub(crate) async fn allow_header(request: Request, next: Next) -> Response {
    let is_head = request.method() == Method::HEAD;
    let mut response = next.run(request).await;
    if response.status() == StatusCode::METHOD_NOT_ALLOWED && !is_head {
        let allowed = response.headers().get(header::ALLOW).and_then(|value| value.to_str().ok());
        let without_head = allowed.map(|allowed| {
            allowed.split(',').filter(|method| *method != "HEAD").collect::<Vec<_>>().join(", ")
        });
        if let Some(value) = without_head.and_then(|allowed| HeaderValue::try_from(allowed).ok()) {
            response.headers_mut().insert(header::ALLOW, value);
        }
    }
    response
}
