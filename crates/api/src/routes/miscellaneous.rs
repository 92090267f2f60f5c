//! About the server: version.

use oolong_http::{Access, Routes};
use serde::Serialize;

use crate::dto::Json;
use crate::version::VERSION;

pub(super) fn add(routes: Routes) -> Routes {
    routes.get("/version", Access::open(), get_version)
}

#[derive(Serialize)]
struct ServerVersion {
    version: &'static str,
}

/// `getVersion`
async fn get_version() -> Json<ServerVersion> {
    Json(ServerVersion { version: VERSION })
}
