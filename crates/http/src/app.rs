//! What every handler can reach.

use std::sync::Arc;

use oolong_auth::Chain;
use oolong_core::Result;
use oolong_forge::Forge;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::TrustedProxies;

/// What every handler can reach. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

/// The parts of [`App`].
pub struct Inner {
    /// The use-cases' context: settings, database, repositories, time.
    pub forge: Forge,
    /// The authenticators.
    pub chain: Chain,
    /// Which peers may name another client.
    pub trusted_proxies: TrustedProxies,
    /// What is counted.
    pub metrics: Metrics,
}

impl App {
    /// Puts the application together; the same function serves production and tests.
    pub fn new(forge: Forge) -> Result<Self> {
        let chain = Chain::new(&forge.settings, forge.db.clone(), forge.clock.clone(), forge.hasher.clone());
        let trusted_proxies = TrustedProxies::parse(
            &forge.settings.security.reverse_proxy_trusted_proxies,
            forge.settings.security.reverse_proxy_limit,
        )?;
        Ok(Self(Arc::new(Inner { forge, chain, trusted_proxies, metrics: Metrics::new() })))
    }
}

impl std::ops::Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// The labels of a request's metrics. Paths are left out: their number is not bounded.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RequestLabels {
    /// GET, POST, …
    pub method: String,
    /// The status.
    pub status: u16,
}

/// What is counted, in Prometheus form at `/metrics`.
pub struct Metrics {
    /// Every metric.
    pub registry: Registry,
    /// Requests by method and status.
    pub requests: Family<RequestLabels, Counter>,
    /// Seconds until an answer's headers.
    pub seconds: Histogram,
}

impl Metrics {
    fn new() -> Self {
        let mut registry = Registry::with_prefix("oolong");
        let requests = Family::default();
        let seconds = Histogram::new([0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0]);
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register("http_request_seconds", "Seconds until an answer's headers", seconds.clone());
        Self { registry, requests, seconds }
    }
}
