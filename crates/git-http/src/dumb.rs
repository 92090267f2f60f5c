//! Files of a repository that clients without a git service read one by one.

use std::path::PathBuf;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderValue, Request, StatusCode, header};
use oolong_core::{ErrorKind, Result};
use oolong_forge::git::{self, GitResultExt as _};
use oolong_git::RepositoryPath;
use oolong_http::App;
use tower::ServiceExt as _;
use tower_http::services::ServeFile;

use crate::answer::{NO_CACHE, failed};
use crate::entry::Entry;
use crate::path::DumbFile;

/// `info/refs` without a service.
pub(crate) async fn references(app: &App, head: Parts, entry: &Entry) -> Response {
    match refreshed(app, entry).await {
        Ok(folder) => {
            send(head, folder.as_path().join("info/refs"), "text/plain; charset=utf-8", false).await
        }
        Err(error) => failed(error),
    }
}

/// One of the files.
pub(crate) async fn file(app: &App, head: Parts, entry: &Entry, file: &DumbFile) -> Response {
    let folder = match file {
        DumbFile::Packs => refreshed(app, entry).await,
        // Where objects are borrowed from is nobody's business.
        DumbFile::Info => return StatusCode::NOT_FOUND.into_response(),
        _ => entry.folder(app),
    };
    let folder = match folder {
        Ok(folder) => folder,
        Err(error) => return failed(error),
    };
    let (name, kind, lasting) = match file {
        DumbFile::Head => ("HEAD".to_owned(), "text/plain", false),
        DumbFile::Packs => ("objects/info/packs".to_owned(), "text/plain; charset=utf-8", false),
        DumbFile::Loose { folder, rest } => {
            (format!("objects/{folder}/{rest}"), "application/x-git-loose-object", true)
        }
        DumbFile::Pack(hash) => {
            (format!("objects/pack/pack-{hash}.pack"), "application/x-git-packed-objects", true)
        }
        DumbFile::PackIndex(hash) => {
            (format!("objects/pack/pack-{hash}.idx"), "application/x-git-packed-objects-toc", true)
        }
        DumbFile::Info => return StatusCode::NOT_FOUND.into_response(),
    };
    send(head, folder.as_path().join(name), kind, lasting).await
}

/// Brings the two lists up to date that such clients start from.
async fn refreshed(app: &App, entry: &Entry) -> Result<RepositoryPath> {
    let folder = entry.folder(app)?;
    match git::read(folder.clone(), oolong_git::Repo::update_server_info).await {
        // libgit2 does not read SHA-256 repositories, git does.
        Err(error) if error.kind() == ErrorKind::Unsupported => {
            app.forge.git.run(folder.as_path(), &["update-server-info"]).await.or_git()?;
        }
        other => other?,
    }
    Ok(folder)
}

async fn send(head: Parts, path: PathBuf, kind: &'static str, lasting: bool) -> Response {
    let mut request = Request::new(Body::empty());
    *request.method_mut() = head.method;
    *request.headers_mut() = head.headers;
    // The file has a media type of its own; the one its name suggests is replaced.
    let sent = match ServeFile::new(path).oneshot(request).await {
        Ok(sent) => sent,
        Err(never) => match never {},
    };
    if sent.status() == StatusCode::NOT_FOUND {
        return StatusCode::NOT_FOUND.into_response();
    }
    let mut response = sent.map(Body::new);
    let headers = response.headers_mut();
    if headers.contains_key(header::CONTENT_TYPE) {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    if lasting {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000"));
    } else {
        headers.extend(NO_CACHE.map(|(name, value)| (Some(name), value)));
    }
    response
}
