//! `/repos/{owner}/{repo}/raw`, `media`, `archive` and `editorconfig`: the bytes themselves.

use axum::body::Body as HttpBody;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt as _;
use http::header::{self, HeaderMap, HeaderValue};
use http::{Method, StatusCode};
use oolong_core::{Error, Result};
use oolong_forge::contents::split_reference;
use oolong_forge::editor_config::{self, FileSettings};
use oolong_forge::git::{self, GitResultExt as _};
use oolong_git::{
    ArchiveFormat, ArchiveRequest, Blob, EntryKind, ObjectId, OnFailure, Repo as GitRepo, TreePath,
};
use oolong_http::{
    App, Failure, PathText, QueryValues, Repo, RepoAccess, Routes, SNIFFED_BYTES, content_disposition,
    file_headers, is_unchanged, need,
};
use tokio::io::AsyncReadExt as _;

use super::REPOSITORY;
use super::on_disk::{links, path};
use crate::dto::Json;

type Readable = Repo<need::Read<need::Code>>;
type TextOf = PathText<(String, String, String)>;

/// Larger files are streamed by git instead of being read at once.
const READ_AT_ONCE: u64 = 4 * 1024 * 1024;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/repos/{owner}/{repo}/raw/{*path}", REPOSITORY, get_raw)
        .get("/repos/{owner}/{repo}/media/{*path}", REPOSITORY, get_media)
        .get("/repos/{owner}/{repo}/editorconfig/{filename}", REPOSITORY, get_editor_config)
        .get("/repos/{owner}/{repo}/archive/{*archive}", REPOSITORY, get_archive)
        .get("/repos/{owner}/{repo}/tarball/{*reference}", REPOSITORY, get_tarball)
        .get("/repos/{owner}/{repo}/zipball/{*reference}", REPOSITORY, get_zipball)
        .get("/repos/{owner}/{repo}/bundle/{*reference}", REPOSITORY, get_bundle)
}

/// A file that was found: its bytes, or its beginning where there are too many.
struct Found {
    name: String,
    id: ObjectId,
    size: u64,
    blob: Option<Blob>,
}

fn find(
    repo: &GitRepo,
    reference: &str,
    path: &str,
    default_branch: &str,
) -> oolong_git::Result<Option<Found>> {
    let place = split_reference(repo, reference, path, default_branch)?;
    let Some(path) = TreePath::parse_lenient(&place.path)? else { return Ok(None) };
    let entry = repo.entry(place.commit, &path)?;
    if !matches!(entry.kind, EntryKind::File | EntryKind::Symlink) {
        return Ok(None);
    }
    let blob = if entry.size <= READ_AT_ONCE { Some(repo.object(entry.id)?) } else { None };
    Ok(Some(Found { name: entry.name, id: entry.id, size: entry.size, blob }))
}

async fn open(app: &App, access: &RepoAccess, tree_path: String, query: &QueryValues) -> Result<Found> {
    let reference = query.text("ref").unwrap_or_default().trim().to_owned();
    let default_branch = access.repo.default_branch.clone();
    let found =
        git::read(path(app, access)?, move |repo| find(repo, &reference, &tree_path, &default_branch)).await;
    match found {
        Ok(Some(found)) => Ok(found),
        Ok(None) => Err(Error::not_found("there is no file at this path")),
        // A path that cannot be is one where nothing is.
        Err(error) if error.kind() == oolong_core::ErrorKind::Invalid => {
            Err(error.with_kind(oolong_core::ErrorKind::NotFound))
        }
        Err(error) => Err(error),
    }
}

async fn serve(app: &App, access: &RepoAccess, found: Found, request: &HeaderMap) -> Result<Response> {
    let etag = format!("\"{}\"", found.id);
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=0, must-revalidate"));
    if let Ok(value) = HeaderValue::try_from(&etag) {
        headers.insert(header::ETAG, value);
    }
    if is_unchanged(request, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(found.size));
    if let Some(Blob { content, .. }) = found.blob {
        headers.extend(file_headers(&content, &found.name));
        return Ok((headers, content).into_response());
    }
    let mut stream = app.forge.git.cat_blob(path(app, access)?.as_path(), found.id).or_git()?;
    let mut start = Vec::with_capacity(SNIFFED_BYTES);
    (&mut stream).take(SNIFFED_BYTES as u64).read_to_end(&mut start).await.map_err(Error::internal)?;
    headers.extend(file_headers(&start, &found.name));
    let start = futures_util::stream::iter([Ok(start.into())]);
    let whole = start.chain(stream.into_stream("cat-file", OnFailure::Abort));
    Ok((headers, HttpBody::from_stream(whole)).into_response())
}

/// `repoGetRawFile`
async fn get_raw(
    State(app): State<App>,
    Repo(access, _): Readable,
    PathText((_, _, tree_path)): TextOf,
    query: QueryValues,
    request: HeaderMap,
) -> Result<Response, Failure> {
    let found = open(&app, &access, tree_path, &query).await?;
    Ok(serve(&app, &access, found, &request).await?)
}

/// `repoGetRawFileOrLFS`: the object behind an LFS pointer, where this repository has it.
async fn get_media(
    State(app): State<App>,
    Repo(access, _): Readable,
    PathText((_, _, tree_path)): TextOf,
    query: QueryValues,
    request: HeaderMap,
) -> Result<Response, Failure> {
    let found = open(&app, &access, tree_path, &query).await?;
    let mut response = serve(&app, &access, found, &request).await?;
    // Gitea names the file only where it is an LFS object.
    response.headers_mut().remove(header::CONTENT_DISPOSITION);
    Ok(response)
}

/// `repoGetEditorConfig`
async fn get_editor_config(
    State(app): State<App>,
    Repo(access, _): Readable,
    PathText((_, _, name)): TextOf,
    query: QueryValues,
) -> Result<Json<FileSettings>, Failure> {
    let reference = query.text("ref").unwrap_or_default().to_owned();
    let default_branch = access.repo.default_branch.clone();
    let text = git::read(path(&app, &access)?, move |repo| {
        let place = split_reference(repo, &reference, "", &default_branch)?;
        let entry = repo.entry(place.commit, &TreePath::parse(".editorconfig")?)?;
        repo.blob(entry.id, READ_AT_ONCE)
    })
    .await?;
    Ok(Json(editor_config::settings_of(&String::from_utf8_lossy(&text.content), &name)))
}

/// `repoGetArchive`
async fn get_archive(
    State(app): State<App>,
    Repo(access, _): Readable,
    PathText((_, _, archive)): TextOf,
    query: QueryValues,
    method: Method,
) -> Result<Response, Failure> {
    let Some((reference, format)) = ArchiveFormat::split(&archive) else {
        return Err(Error::malformed("archives end in .zip, .tar.gz or .bundle").into());
    };
    Ok(self::archive(&app, &access, reference, format, &query, &method).await?)
}

/// `repoDownloadArchive` as `tar.gz`
async fn get_tarball(
    State(app): State<App>,
    Repo(access, _): Readable,
    PathText((_, _, reference)): TextOf,
    query: QueryValues,
    method: Method,
) -> Result<Response, Failure> {
    Ok(archive(&app, &access, &reference, ArchiveFormat::TarGz, &query, &method).await?)
}

/// `repoDownloadArchive` as `zip`
async fn get_zipball(
    State(app): State<App>,
    Repo(access, _): Readable,
    PathText((_, _, reference)): TextOf,
    query: QueryValues,
    method: Method,
) -> Result<Response, Failure> {
    Ok(archive(&app, &access, &reference, ArchiveFormat::Zip, &query, &method).await?)
}

/// `repoDownloadArchive` as `bundle`
async fn get_bundle(
    State(app): State<App>,
    Repo(access, _): Readable,
    PathText((_, _, reference)): TextOf,
    query: QueryValues,
    method: Method,
) -> Result<Response, Failure> {
    Ok(archive(&app, &access, &reference, ArchiveFormat::Bundle, &query, &method).await?)
}

async fn archive(
    app: &App,
    access: &RepoAccess,
    reference: &str,
    format: ArchiveFormat,
    query: &QueryValues,
    method: &Method,
) -> Result<Response> {
    let settings = &app.forge.settings.repository;
    if settings.disable_download_source_archives {
        return Err(Error::not_found("archives are switched off on this server"));
    }
    let folder = path(app, access)?;
    let wanted = reference.to_owned();
    let commit = git::read(folder.clone(), move |repo| Ok(repo.resolve_short(&wanted)?.commit)).await?;
    let paths =
        query.all("path").map(TreePath::parse_lenient).collect::<oolong_git::Result<Vec<_>>>().or_git()?;
    let paths: Vec<TreePath> = paths.into_iter().flatten().collect();
    let headers = archive_headers(app, access, reference, format, commit);
    if *method == Method::HEAD {
        return Ok(headers.into_response());
    }
    let request = ArchiveRequest {
        commit,
        format,
        folder: settings.prefix_archive_files.then_some(access.repo.name.as_str()),
        paths: &paths,
    };
    let stream = app.forge.git.archive(folder.as_path(), &request).or_git()?;
    Ok((headers, HttpBody::from_stream(stream.into_stream("archive", OnFailure::Abort))).into_response())
}

/// The archive's name, and the address where it never changes.
fn archive_headers(
    app: &App,
    access: &RepoAccess,
    reference: &str,
    format: ArchiveFormat,
    commit: ObjectId,
) -> HeaderMap {
    let name = format!("{}-{}.{}", access.repo.name, reference.replace('/', "-"), format.extension());
    let address = format!("{}/archive/{commit}.{}?rev={commit}", links(app, access).api, format.extension());
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CONTENT_DISPOSITION, content_disposition("attachment", &name));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(link) = HeaderValue::try_from(format!("<{address}>; rel=\"immutable\"")) {
        headers.insert(header::LINK, link);
    }
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("Content-Disposition"));
    headers
}
