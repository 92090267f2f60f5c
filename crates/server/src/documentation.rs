//! `/swagger.v1.json` and `/api/swagger`: the API's description, for programs and for people.

use std::fmt::Write as _;

use axum::Router;
use axum::response::{Html, IntoResponse as _};
use axum::routing::get;
use bytes::Bytes;
use http::{HeaderValue, header};
use oolong_http::{App, RouteInfo};

/// The routes of this module; none where `[api] ENABLE_SWAGGER` is off.
pub(crate) fn routes(app: &App) -> Router<App> {
    let settings = &app.forge.settings;
    if !settings.api.enable_swagger {
        return Router::new();
    }
    let api = oolong_api::routes(app.clone());
    let mut operations = api.inventory().to_vec();
    operations.sort_by(|a, b| (a.path, a.method.as_str()).cmp(&(b.path, b.method.as_str())));
    let document = oolong_api::openapi::document(&operations, !settings.security.disable_query_auth_token);
    // Made once: a request hands out another handle to the same bytes.
    let json = Bytes::from(document.to_string());
    let page = Bytes::from(page(&settings.server.root_url, &operations));
    let json_answer = async move || {
        ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json;charset=utf-8"))], json.clone())
            .into_response()
    };
    let page_answer = async move || Html(page.clone()).into_response();
    Router::new().route("/swagger.v1.json", get(json_answer)).route("/api/swagger", get(page_answer))
}

/// A plain list: nothing is loaded, nothing runs. The paths are ours, so nothing needs escaping.
fn page(root_url: &str, operations: &[RouteInfo]) -> String {
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>API</title></head><body>\n\
         <h1>API</h1>\n<p>Everything below <code>/api/v1</code>, compatible with Gitea {}. For programs: \
         <a href=\"{root_url}swagger.v1.json\">swagger.v1.json</a>.</p>\n<table>\n",
        oolong_api::version::VERSION,
    );
    for operation in operations {
        let _ =
            writeln!(page, "<tr><td>{}</td><td><code>{}</code></td></tr>", operation.method, operation.path);
    }
    page.push_str("</table></body></html>\n");
    page
}
