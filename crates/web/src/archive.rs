//! A commit's files in one file.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use oolong_core::{Error, ErrorKind, Result};
use oolong_forge::git::{self, GitResultExt as _};
use oolong_git::{ArchiveFormat, ArchiveRequest, OnFailure};
use oolong_http::{App, Located, content_disposition, is_unchanged};

use crate::answer::failed;
use crate::is_head;

/// Answers with the archive called `name`, a reference with an ending.
pub(crate) async fn answer(app: &App, head: &Parts, found: &Located, name: &str) -> Response {
    match archive(app, head, found, name).await {
        Ok(response) => response,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Invalid) => {
            failed(Error::not_found("there is no such archive"))
        }
        Err(error) => failed(error),
    }
}

async fn archive(app: &App, head: &Parts, found: &Located, name: &str) -> Result<Response> {
    let settings = &app.forge.settings;
    let split = ArchiveFormat::split(name).filter(|_| !settings.repository.disable_download_source_archives);
    let (reference, format) = split.ok_or_else(|| Error::not_found("there is no such archive"))?;
    let (owner, repo) = (&found.owner.name, &found.repo.name);
    let folder = app.forge.repository_path(owner, repo)?;
    let wanted = reference.to_owned();
    let commit = git::read(folder.clone(), move |repo| Ok(repo.resolve_short(&wanted)?.commit)).await?;

    let ending = format.extension();
    let etag = format!("\"{commit}.{ending}\"");
    let address =
        format!("{}api/v1/repos/{owner}/{repo}/archive/{commit}.{ending}", settings.server.root_url);
    let file_name = format!("{repo}-{}.{ending}", reference.replace('/', "-"));
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_DISPOSITION, content_disposition("attachment", &file_name));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let link = format!("<{address}?rev={commit}>; rel=\"immutable\"");
    for (name, text) in [(header::LINK, link), (header::ETAG, etag.clone())] {
        if let Ok(value) = HeaderValue::try_from(text) {
            headers.insert(name, value);
        }
    }
    if is_unchanged(&head.headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    if is_head(head) {
        return Ok((headers, Body::empty()).into_response());
    }
    let in_folder = settings.repository.prefix_archive_files.then_some(repo.as_str());
    let request = ArchiveRequest { commit, format, folder: in_folder, paths: &[] };
    let stream = app.forge.git.archive(folder.as_path(), &request).or_git()?;
    Ok((headers, Body::from_stream(stream.into_stream("archive", OnFailure::Abort))).into_response())
}
