//! Errors of these paths, in plain text: tools ask here, not people.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use oolong_core::Error;
use oolong_http::Failure;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};

/// What Go leaves bare in a query's value.
pub(crate) const QUERY_VALUE: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// There is nothing at this path, or nothing that this caller may see.
pub(crate) fn not_found() -> Response {
    let kind = HeaderValue::from_static("text/plain;charset=utf-8");
    (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, kind)], "Not found\n").into_response()
}

/// An error of ours or of the pipeline.
pub(crate) fn failed(error: Error) -> Response {
    write_failure(Failure::from(error).into_response())
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
