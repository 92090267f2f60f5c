//! What the git surface answers besides packs. Git shows a person the body of a refusal, so each is one plain line.

use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use oolong_core::Error;
use oolong_http::{App, Failure, git_challenge};

/// A refusal in plain text, with Gitea's content type to the letter.
pub(crate) fn plain(status: StatusCode, line: &'static str) -> Response {
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("text/plain;charset=utf-8"))], line)
        .into_response()
}

/// An error of ours or of the pipeline.
pub(crate) fn failed(error: Error) -> Response {
    write_failure(Failure::from(error).into_response())
}

/// Somebody has to sign in.
pub(crate) fn challenge(app: &App) -> Response {
    let mut response = failed(Error::unauthenticated("this needs a user name and a password or token"));
    response.headers_mut().insert(header::WWW_AUTHENTICATE, git_challenge(app));
    response
}

/// Writes the body of an answer that carries a failure.
pub(crate) fn write_failure(mut response: Response) -> Response {
    let Some(failure) = response.extensions().get::<Failure>() else { return response };
    let line = format!("{}\n", failure.error().message());
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    *response.body_mut() = line.into();
    response
}

/// What must not be kept anywhere: references change.
pub(crate) const NO_CACHE: [(HeaderName, HeaderValue); 3] = [
    (header::EXPIRES, HeaderValue::from_static("Fri, 01 Jan 1980 00:00:00 GMT")),
    (header::PRAGMA, HeaderValue::from_static("no-cache")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-cache, max-age=0, must-revalidate")),
];
