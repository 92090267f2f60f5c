//! Errors become answers here and nowhere else: the status by kind, the body by surface.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use oolong_core::{Error, ErrorKind};

/// An error on its way to the client. The surface's renderer writes the body; until then the answer is empty and
/// carries the error in its extensions.
#[derive(Clone, Debug)]
pub struct Failure {
    error: Arc<Error>,
    /// Whether the body says nothing but the message (the account-state answers of Gitea's API).
    pub bare: bool,
}

impl Failure {
    /// A body with nothing but the message.
    pub fn bare(error: Error) -> Self {
        Self { error: Arc::new(error), bare: true }
    }

    /// The error.
    pub fn error(&self) -> &Error {
        &self.error
    }

    /// The status of this kind of error.
    pub fn status(&self) -> StatusCode {
        match self.error.kind() {
            ErrorKind::Malformed => StatusCode::BAD_REQUEST,
            ErrorKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            ErrorKind::Unauthenticated => StatusCode::UNAUTHORIZED,
            ErrorKind::Forbidden => StatusCode::FORBIDDEN,
            ErrorKind::NotFound => StatusCode::NOT_FOUND,
            ErrorKind::Conflict => StatusCode::CONFLICT,
            ErrorKind::Locked => StatusCode::LOCKED,
            ErrorKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            ErrorKind::Throttled => StatusCode::TOO_MANY_REQUESTS,
            ErrorKind::Unsupported => StatusCode::NOT_IMPLEMENTED,
            ErrorKind::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            ErrorKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            ErrorKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error: Arc::new(error), bare: false }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// 404 in plain text, for paths that no route knows.
pub struct NotFoundPlain;

impl IntoResponse for NotFoundPlain {
    fn into_response(self) -> Response {
        (
            StatusCode::NOT_FOUND,
            [(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"))],
            "Not found\n",
        )
            .into_response()
    }
}

/// The JSON body of a failed API request: `{"message": …, "url": …}`.
pub fn error_json(message: &str, documentation: Option<&str>) -> Vec<u8> {
    #[derive(serde::Serialize)]
    struct Body<'a> {
        message: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        url: Option<&'a str>,
    }
    serde_json::to_vec(&Body { message, url: documentation }).unwrap_or_default()
}
