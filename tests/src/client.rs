//! Callers as values: who asks is said once, then requests are made.

use axum::body::Bytes;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

type Connections = hyper_util::client::legacy::Client<HttpConnector, Full<Bytes>>;

/// Somebody who makes requests.
#[derive(Clone, Debug)]
pub struct Client {
    connections: Connections,
    base: String,
    authorization: Option<String>,
    header: Option<(HeaderName, HeaderValue)>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Client {
    /// A visitor of the server at `base` (`http://127.0.0.1:1234`).
    pub fn anonymous(base: &str) -> Self {
        let connections = hyper_util::client::legacy::Client::builder(TokioExecutor::new()).build_http();
        Self { connections, base: base.to_owned(), authorization: None, header: None }
    }

    /// The same connections for somebody with user name and password.
    #[must_use]
    pub fn basic(&self, user: &str, password: &str) -> Self {
        self.with(format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))))
    }

    /// The same connections for somebody with a token.
    #[must_use]
    pub fn token(&self, token: &str) -> Self {
        self.with(format!("token {token}"))
    }

    /// The same connections with this `Authorization`.
    #[must_use]
    pub fn with(&self, authorization: String) -> Self {
        Self { authorization: Some(authorization), ..self.clone() }
    }

    /// The same caller with one more header.
    ///
    /// # Panics
    /// It is none.
    #[must_use]
    pub fn header(&self, name: &'static str, value: &str) -> Self {
        let value = HeaderValue::from_str(value).expect("it is a header");
        Self { header: Some((HeaderName::from_static(name), value)), ..self.clone() }
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    /// POST of a JSON body.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    /// PUT of a JSON body.
    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, Some(body)).await
    }

    /// PATCH of a JSON body.
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some(body)).await
    }

    /// Any method, with a JSON body or none.
    ///
    /// # Panics
    /// As [`Client::try_send`] fails.
    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let (kind, bytes) = match body {
            Some(body) => (Some("application/json"), body.to_string().into()),
            None => (None, Bytes::new()),
        };
        let shown = format!("{method} {path}");
        self.try_send(method, path, kind, bytes).await.unwrap_or_else(|error| panic!("{shown}: {error}"))
    }

    /// Any method and body. An error means that no answer came.
    ///
    /// # Errors
    /// The server cannot be reached, or ends the connection.
    pub async fn try_send(
        &self,
        method: Method,
        path: &str,
        content_type: Option<&str>,
        body: Bytes,
    ) -> Result<Answer, Error> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        if let Some((name, value)) = &self.header {
            request = request.header(name, value);
        }
        if let Some(content_type) = content_type {
            request = request.header(CONTENT_TYPE, content_type);
        }
        let response = self.connections.request(request.body(Full::new(body))?).await?;
        let (head, body) = response.into_parts();
        Ok(Answer { status: head.status, headers: head.headers, body: body.collect().await?.to_bytes() })
    }
}

/// Why no answer came.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

impl Answer {
    /// The body as JSON.
    ///
    /// # Panics
    /// It is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The same answer, which has to have this status.
    ///
    /// # Panics
    /// It has another.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}
