//! Path parameters, with a 404 of our own where they cannot be read.

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;
use oolong_core::Error;
use serde::de::DeserializeOwned;

use crate::{App, Failure};

/// Path parameters; what cannot be read (bad UTF-8, no number) names nothing, so it is 404.
pub struct PathText<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for PathText<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        Path::<T>::from_request_parts(parts, app)
            .await
            .map(|Path(value)| Self(value))
            .map_err(|error| Error::not_found("there is nothing at this path").with_source(error).into())
    }
}
