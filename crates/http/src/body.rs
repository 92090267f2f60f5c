//! A JSON body, with errors that name the field.

use axum::extract::{FromRequest, Request};
use http::header;
use oolong_core::{Error, ErrorKind};
use serde::de::DeserializeOwned;

use crate::{App, Failure};

/// The largest JSON body, unless a route says otherwise: file contents come as base64.
pub(crate) const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// A JSON body. What does not fit is refused with 422, naming the field and the reason.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &App) -> Result<Self, Failure> {
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if !kind.is_empty() && !kind.contains("json") {
            return Err(Error::invalid(format!("the body has to be JSON, not {kind:?}")).into());
        }
        let bytes = axum::body::to_bytes(request.into_body(), BODY_LIMIT).await.map_err(|error| {
            Error::new(ErrorKind::TooLarge, "the body is too large or ended early").with_source(error)
        })?;
        parse(&bytes).map(Self).map_err(Failure::from)
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    // An absent body is an empty object: most fields are optional.
    let bytes = if bytes.trim_ascii().is_empty() { b"{}" } else { bytes };
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let field = if path == "." { "the body".to_owned() } else { format!("field {path:?}") };
        Error::invalid(format!("{field}: {}", error.inner()))
    })?;
    deserializer.end().map_err(|error| Error::invalid(format!("the body: {error}")))?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct Thing {
        #[serde(default)]
        name: String,
    }

    #[test]
    fn errors_name_the_field() {
        assert_eq!(parse::<Thing>(b"").expect("empty").name, "");
        assert_eq!(
            parse::<Thing>(br#"{"name":"x","other":1}"#).expect("unknown fields are ignored").name,
            "x"
        );
        let error = parse::<Thing>(br#"{"name":5}"#).expect_err("a number is no name");
        assert!(error.message().contains("\"name\""), "{error}");
        assert!(
            parse::<Thing>(b"{").is_err()
                && parse::<Thing>(b"{} {}").is_err()
                && parse::<Thing>(b"[]").is_ok()
        );
    }
}
