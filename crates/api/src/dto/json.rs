//! A JSON answer with Gitea's content type.

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use oolong_core::Error;
use oolong_http::Failure;
use serde::Serialize;

use crate::render::JSON;

/// 200 with a JSON body.
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => ([(header::CONTENT_TYPE, JSON)], body).into_response(),
            Err(error) => Failure::from(Error::internal(error)).into_response(),
        }
    }
}

/// 201 with a JSON body.
pub struct Created<T>(pub T);

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, Json(self.0)).into_response()
    }
}
