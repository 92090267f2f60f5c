//! One line a request.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderValue;
use http_body::Body as _;
use oolong_auth::Caller;

use crate::app::RequestLabels;
use crate::{App, ClientIp, Failure};

static NEXT: AtomicU64 = AtomicU64::new(1);

/// Who asks, for the log: it stands outside of the gate that finds it out.
#[derive(Clone, Default)]
pub(crate) struct Asker(Arc<OnceLock<Caller>>);

impl Asker {
    /// The gate has found out.
    pub(crate) fn is(&self, caller: &Caller) {
        // Whoever was let in first is who asks.
        let _ = self.0.set(caller.clone());
    }
}

/// The outermost layer: decides the client's address, gives the request an id, and logs one line when the answer's
/// headers are known. Secrets cannot appear: the query is left out.
pub async fn access_log(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let start = Instant::now();
    let id = NEXT.fetch_add(1, Ordering::Relaxed);
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let client = peer.map_or(ClientIp::LOCAL, |peer| app.trusted_proxies.client(peer, request.headers()));
    request.extensions_mut().insert(client);
    let method = request.method().clone();
    let logged = tracing::enabled!(target: "oolong::access", tracing::Level::INFO);
    let line = logged.then(|| (request.uri().path().to_owned(), Asker::default()));
    if let Some((_, asker)) = &line {
        request.extensions_mut().insert(asker.clone());
    }
    let mut response = next.run(request).await;
    let elapsed = start.elapsed();
    response.headers_mut().insert("x-request-id", HeaderValue::from(id));
    let status = response.status().as_u16();
    app.metrics.requests.get_or_create(&RequestLabels { method: method.to_string(), status }).inc();
    app.metrics.seconds.observe(elapsed.as_secs_f64());
    if let Some(failure) = response.extensions().get::<Failure>().filter(|failure| failure.error().is_ours())
    {
        tracing::error!(id, %method, status, error = ?failure.error(), "a request failed");
    }
    if let Some((path, asker)) = line {
        let caller = asker.0.get();
        let who = caller.and_then(Caller::user).map_or("-", |user| user.name.as_str());
        let by = caller.map_or("-", |caller| caller.identity.method.name());
        let bytes = response.body().size_hint().exact();
        let milliseconds = elapsed.as_secs_f64() * 1000.0;
        tracing::info!(target: "oolong::access", id, client = %client.0, who, by, %method, path, status, bytes, milliseconds);
    }
    response
}
