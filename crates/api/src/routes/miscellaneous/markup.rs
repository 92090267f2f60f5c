//! `/markdown` and `/markup`: text as HTML.

use axum::extract::Request;
use axum::response::Html;
use oolong_core::{Error, ErrorKind, ResultExt as _};
use oolong_forge::markup::{self, Mode};
use oolong_http::{Access, Body, Failure, Routes};
use serde::Deserialize;

/// The longest text that is rendered, in bytes.
const LIMIT: usize = 4 * 1024 * 1024;

pub(super) fn add(routes: Routes) -> Routes {
    let access = Access::open().signed_in();
    routes.post("/markup", access, render).post("/markdown", access, render).post(
        "/markdown/raw",
        access,
        render_raw,
    )
}

/// Gitea's `MarkdownOption` and `MarkupOption`.
#[derive(Deserialize)]
struct MarkupOption {
    #[serde(rename = "Text", alias = "text")]
    text: Option<String>,
    #[serde(rename = "Mode", alias = "mode")]
    mode: Option<String>,
    #[serde(rename = "FilePath", alias = "file_path")]
    path: Option<String>,
}

/// `renderMarkup`, `renderMarkdown`
async fn render(Body(body): Body<MarkupOption>) -> Result<Html<String>, Failure> {
    let mode = Mode::parse(&body.mode.unwrap_or_default(), &body.path.unwrap_or_default())?;
    to_html(body.text.unwrap_or_default(), mode).await
}

/// `renderMarkdownRaw`
async fn render_raw(request: Request) -> Result<Html<String>, Failure> {
    let bytes = axum::body::to_bytes(request.into_body(), LIMIT)
        .await
        .map_err(|error| too_long().with_source(error))?;
    to_html(String::from_utf8_lossy(&bytes).into_owned(), Mode::Page).await
}

async fn to_html(text: String, mode: Mode) -> Result<Html<String>, Failure> {
    if text.len() > LIMIT {
        return Err(too_long().into());
    }
    Ok(Html(tokio::task::spawn_blocking(move || markup::markdown(&text, mode)).await.or_internal()?))
}

fn too_long() -> Error {
    Error::new(ErrorKind::TooLarge, "the text is longer than four MiB")
}
