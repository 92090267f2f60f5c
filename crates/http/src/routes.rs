//! Routes are data: a method, a path, the access it needs, a handler; and the list of them all.

use axum::Router;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, on};
use http::Method;
use oolong_auth::Surface;

use crate::{Access, App, gate};

/// A route as tests and documentation see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteInfo {
    /// The method; GET answers HEAD too.
    pub method: Method,
    /// The path below the surface's prefix, with `{parameters}`.
    pub path: &'static str,
    /// What it needs.
    pub access: Access,
}

/// A surface's routes. Each is added with the access it needs, so one without a decision does not compile, and the
/// same call makes the inventory.
pub struct Routes {
    app: App,
    surface: Surface,
    router: Router<App>,
    inventory: Vec<RouteInfo>,
}

impl Routes {
    /// No routes yet.
    pub fn new(app: App, surface: Surface) -> Self {
        Self { app, surface, router: Router::new(), inventory: Vec::new() }
    }

    /// Adds a route. The gate stands behind the router, so that 404 and 405 come before authentication.
    #[must_use]
    pub fn route<H, T>(mut self, method: Method, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let filter = MethodFilter::try_from(method.clone()).expect("routes use methods that axum knows");
        let gate = from_fn_with_state((self.app.clone(), self.surface, access), gate);
        self.router = self.router.route(path, on(filter, handler).route_layer(gate));
        self.inventory.push(RouteInfo { method, path, access });
        self
    }

    /// Adds a GET route.
    #[must_use]
    pub fn get<H: Handler<T, App>, T: 'static>(self, path: &'static str, access: Access, handler: H) -> Self {
        self.route(Method::GET, path, access, handler)
    }

    /// Adds a POST route.
    #[must_use]
    pub fn post<H: Handler<T, App>, T: 'static>(
        self,
        path: &'static str,
        access: Access,
        handler: H,
    ) -> Self {
        self.route(Method::POST, path, access, handler)
    }

    /// Adds a PUT route.
    #[must_use]
    pub fn put<H: Handler<T, App>, T: 'static>(self, path: &'static str, access: Access, handler: H) -> Self {
        self.route(Method::PUT, path, access, handler)
    }

    /// Adds a PATCH route.
    #[must_use]
    pub fn patch<H: Handler<T, App>, T: 'static>(
        self,
        path: &'static str,
        access: Access,
        handler: H,
    ) -> Self {
        self.route(Method::PATCH, path, access, handler)
    }

    /// Adds a DELETE route.
    #[must_use]
    pub fn delete<H: Handler<T, App>, T: 'static>(
        self,
        path: &'static str,
        access: Access,
        handler: H,
    ) -> Self {
        self.route(Method::DELETE, path, access, handler)
    }

    /// Adds what another function adds: each area has its own.
    #[must_use]
    pub fn with(self, add: impl FnOnce(Self) -> Self) -> Self {
        add(self)
    }

    /// Every route, for tests and documentation.
    pub fn inventory(&self) -> &[RouteInfo] {
        &self.inventory
    }

    /// The finished router.
    pub fn into_router(self) -> Router {
        self.router.with_state(self.app)
    }
}
