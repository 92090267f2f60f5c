//! A request's body as bytes to read, unpacked where the client has packed it.

use std::io;

use async_compression::tokio::bufread::GzipDecoder;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use futures_util::TryStreamExt as _;
use http::request::Parts;
use http::{StatusCode, header};
use oolong_git::Service;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio_util::io::StreamReader;

/// A body to read.
pub(crate) type Input = BufReader<Box<dyn AsyncRead + Send + Unpin>>;

/// Checks what kind of body it is and opens it. What is not a request to `service` is 400.
pub(crate) async fn open(service: Service, head: &Parts, body: Body) -> Result<Input, Response> {
    let bad = || StatusCode::BAD_REQUEST.into_response();
    let text = |name| head.headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let expected = format!("application/x-{}-request", service.name());
    if text(header::CONTENT_TYPE) != Some(&expected) {
        return Err(bad());
    }
    let packed = StreamReader::new(body.into_data_stream().map_err(io::Error::other));
    let plain: Box<dyn AsyncRead + Send + Unpin> = match text(header::CONTENT_ENCODING) {
        None | Some("" | "identity") => Box::new(packed),
        Some("gzip" | "x-gzip") => Box::new(GzipDecoder::new(packed)),
        Some(_) => return Err(bad()),
    };
    let mut input = BufReader::with_capacity(32 * 1024, plain);
    // A body that only says it is packed shows itself with its first bytes, before anything has happened.
    match input.fill_buf().await {
        Ok(_) => Ok(input),
        Err(_) => Err(bad()),
    }
}
