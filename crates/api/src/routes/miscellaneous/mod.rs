//! About the server: its version, settings and templates, and rendering text.

mod markup;
mod settings;
mod templates;

use oolong_core::Error;
use oolong_http::{Access, Failure, Routes};
use serde::Serialize;

use crate::dto::Json;
use crate::version::VERSION;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/version", Access::open(), get_version)
        .get("/signing-key.gpg", Access::open(), get_signing_key)
        .get("/signing-key.pub", Access::open(), get_signing_key)
        .with(markup::add)
        .with(settings::add)
        .with(templates::add)
}

#[derive(Serialize)]
struct ServerVersion {
    version: &'static str,
}

/// `getVersion`
async fn get_version() -> Json<ServerVersion> {
    Json(ServerVersion { version: VERSION })
}

/// `getSigningKey`, `getSigningKeySSH`: commits made here are not signed, so there is no key to show.
async fn get_signing_key() -> Failure {
    Error::not_found("this server signs no commits").into()
}
