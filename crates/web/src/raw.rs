//! One file of a repository, as it is.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use oolong_core::{ErrorKind, Result};
use oolong_forge::git::{self, GitResultExt as _};
use oolong_git::{EntryKind, Error, ObjectId, ObjectKind, OnFailure, Repo, ResolvedKind, TreePath};
use oolong_http::{App, Located, SNIFFED_BYTES, file_headers, is_unchanged};
use tokio::io::AsyncReadExt as _;

use crate::answer::{failed, not_found};
use crate::is_head;
use crate::path::Start;

/// Bigger files are streamed by the `git` program.
const MEMORY_LIMIT: u64 = 1024 * 1024;

/// A file that was found.
struct Found {
    id: ObjectId,
    size: u64,
    name: String,
    /// Whether the path will always lead to these bytes.
    lasting: bool,
    content: Option<Vec<u8>>,
}

/// Answers with the file that `rest` names, seen from `start`.
pub(crate) async fn answer(app: &App, head: &Parts, found: &Located, start: &Start, rest: &str) -> Response {
    let (start, rest, default) = (*start, rest.to_owned(), found.repo.default_branch.clone());
    let file = async {
        let folder = app.forge.repository_path(&found.owner.name, &found.repo.name)?;
        git::read(folder, move |repo| find(repo, start, &rest, &default)).await
    };
    match file.await {
        Ok(file) => match send(app, head, found, file).await {
            Ok(response) => response,
            Err(error) => failed(error),
        },
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Invalid) => not_found(),
        Err(error) => failed(error),
    }
}

fn find(repo: &Repo, start: Start, rest: &str, default: &str) -> oolong_git::Result<Found> {
    if start == Start::Blob {
        let id = ObjectId::from_hex(rest.as_bytes()).ok_or_else(|| Error::not_found("file", rest))?;
        let (kind, size) = repo.object_header(id)?;
        if kind != ObjectKind::Blob {
            return Err(Error::not_found("file", rest));
        }
        return with_content(repo, Found { id, size, name: rest.to_owned(), lasting: true, content: None });
    }
    let (commit, path) = locate_file(repo, start, rest, default)?;
    let path = TreePath::parse(path)?;
    let entry = repo.entry(commit, &path)?;
    if !matches!(entry.kind, EntryKind::File | EntryKind::Symlink) {
        return Err(Error::not_found("file", rest));
    }
    let lasting = start == Start::Commit;
    with_content(repo, Found { id: entry.id, size: entry.size, name: entry.name, lasting, content: None })
}

fn with_content(repo: &Repo, mut found: Found) -> oolong_git::Result<Found> {
    if found.size <= MEMORY_LIMIT {
        found.content = Some(repo.blob(found.id, MEMORY_LIMIT)?.content);
    }
    Ok(found)
}

/// Splits a path into the commit it starts with and the path of a file. The shortest name that exists counts: git
/// allows no branch `a/b` beside `a`.
fn locate_file<'a>(
    repo: &Repo,
    start: Start,
    rest: &'a str,
    default: &str,
) -> oolong_git::Result<(ObjectId, &'a str)> {
    for (at, _) in rest.match_indices('/') {
        let (name, path) = (&rest[..at], &rest[at + 1..]);
        if let Some(commit) = commit_called(repo, start, name)? {
            return Ok((commit, path));
        }
        if start == Start::Commit {
            break;
        }
    }
    match start {
        Start::Guess => {
            let commit = commit_called(repo, Start::Branch, default)?;
            commit.map(|commit| (commit, rest)).ok_or_else(|| Error::not_found("branch", default))
        }
        _ => Err(Error::not_found("reference", rest)),
    }
}

fn commit_called(repo: &Repo, start: Start, name: &str) -> oolong_git::Result<Option<ObjectId>> {
    let found = match start {
        Start::Branch => reference(repo, "refs/heads/", name)?,
        Start::Tag => reference(repo, "refs/tags/", name)?,
        Start::Commit | Start::Blob => object(repo, name)?,
        Start::Guess => match reference(repo, "refs/heads/", name)? {
            Some(commit) => Some(commit),
            None => match reference(repo, "refs/tags/", name)? {
                Some(commit) => Some(commit),
                None => object(repo, name)?,
            },
        },
    };
    Ok(found)
}

fn reference(repo: &Repo, prefix: &str, name: &str) -> oolong_git::Result<Option<ObjectId>> {
    let full = format!("{prefix}{name}");
    if repo.reference_target(&full)?.is_none() {
        return Ok(None);
    }
    or_nothing(repo.resolve_revision(&full).map(|found| found.commit))
}

/// A commit by its name or the start of it; a branch that is called like one does not count.
fn object(repo: &Repo, name: &str) -> oolong_git::Result<Option<ObjectId>> {
    if name.len() < 7 || !name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(None);
    }
    let found = or_nothing(repo.resolve_short(name))?;
    Ok(found.filter(|found| found.kind == ResolvedKind::Commit).map(|found| found.commit))
}

fn or_nothing<T>(found: oolong_git::Result<T>) -> oolong_git::Result<Option<T>> {
    match found {
        Err(Error::NotFound { .. }) => Ok(None),
        other => other.map(Some),
    }
}

async fn send(app: &App, head: &Parts, found: &Located, file: Found) -> Result<Response> {
    let etag = format!("\"{}\"", file.id);
    let who = if found.repo.is_private { "private" } else { "public" };
    // Names of commits and objects always mean the same; a branch moves on, so asking again is cheap but needed.
    let seconds = if file.lasting { app.forge.settings.server.static_cache_time.as_secs() } else { 0 };
    let caching = format!("{who}, max-age={seconds}{}", if file.lasting { "" } else { ", must-revalidate" });
    let mut headers = http::HeaderMap::new();
    for (name, text) in [(header::ETAG, &etag), (header::CACHE_CONTROL, &caching)] {
        if let Ok(value) = HeaderValue::try_from(text) {
            headers.insert(name, value);
        }
    }
    if is_unchanged(&head.headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    if let Some(content) = file.content {
        headers.extend(file_headers(&content, &file.name));
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(content.len()));
        let body = if is_head(head) { Body::empty() } else { content.into() };
        return Ok((headers, body).into_response());
    }
    let folder = app.forge.repository_path(&found.owner.name, &found.repo.name)?;
    let mut stream = app.forge.git.cat_blob(folder.as_path(), file.id).or_git()?;
    let mut start = Vec::with_capacity(SNIFFED_BYTES);
    (&mut stream)
        .take(SNIFFED_BYTES as u64)
        .read_to_end(&mut start)
        .await
        .map_err(oolong_core::Error::internal)?;
    headers.extend(file_headers(&start, &file.name));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(file.size));
    if is_head(head) {
        return Ok((headers, Body::empty()).into_response());
    }
    let rest = stream.into_stream("cat-file", OnFailure::Abort);
    let start = futures_util::stream::iter([Ok(start.into())]);
    let whole = futures_util::StreamExt::chain(start, rest);
    Ok((headers, Body::from_stream(whole)).into_response())
}
