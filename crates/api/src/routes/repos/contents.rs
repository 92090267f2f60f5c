//! `/repos/{owner}/{repo}/contents`, `contents-ext`, `file-contents`: reading files and folders.

use axum::extract::State;
use oolong_core::Error;
use oolong_forge::contents::{self, At, ContentsView, Include};
use oolong_http::{App, Body, Failure, PathText, QueryValues, Repo, RepoAccess, Routes, need};
use serde::Deserialize;

use super::on_disk::{links, path};
use super::{REPOSITORY, file_edits};
use crate::dto::Json;
use crate::dto::contents::{Contents, ContentsExt, ContentsResponse};

type Readable = Repo<need::Read<need::Code>>;
type PathOf = PathText<(String, String, String)>;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/repos/{owner}/{repo}/contents", REPOSITORY, get_root)
        .get("/repos/{owner}/{repo}/contents/{*path}", REPOSITORY, get_contents)
        .get("/repos/{owner}/{repo}/contents-ext", REPOSITORY, get_root_extended)
        .get("/repos/{owner}/{repo}/contents-ext/{*path}", REPOSITORY, get_contents_extended)
        .get("/repos/{owner}/{repo}/file-contents", REPOSITORY, get_files)
        .post("/repos/{owner}/{repo}/file-contents", REPOSITORY, post_files)
        .with(file_edits::add)
}

/// What the plain answers show.
pub(super) fn usual(app: &App) -> Include {
    let max_size = app.forge.settings.api.default_max_blob_size;
    Include { content: true, commit_metadata: true, commit_message: false, lfs: false, max_size }
}

async fn read(
    app: &App,
    access: &RepoAccess,
    tree_path: String,
    query: &QueryValues,
    include: Include,
) -> Result<(At, ContentsView), Error> {
    let at = query.text("ref").map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    contents::read(path(app, access)?, at, access.repo.default_branch.clone(), tree_path, include).await
}

/// `repoGetContentsList`
async fn get_root(
    State(app): State<App>,
    Repo(access, _): Readable,
    query: QueryValues,
) -> Result<Json<Contents>, Failure> {
    answer(&app, &access, String::new(), &query).await
}

/// `repoGetContents`
async fn get_contents(
    State(app): State<App>,
    Repo(access, _): Readable,
    PathText((_, _, path)): PathOf,
    query: QueryValues,
) -> Result<Json<Contents>, Failure> {
    answer(&app, &access, path, &query).await
}

async fn answer(
    app: &App,
    access: &RepoAccess,
    path: String,
    query: &QueryValues,
) -> Result<Json<Contents>, Failure> {
    let include = usual(app);
    let (at, view) = read(app, access, path, query, include).await?;
    Ok(Json(Contents::new(&links(app, access), &at, &view, include)))
}

/// `repoGetContentsExt` of the root
async fn get_root_extended(
    State(app): State<App>,
    Repo(access, _): Readable,
    query: QueryValues,
) -> Result<Json<ContentsExt>, Failure> {
    answer_extended(&app, &access, String::new(), &query).await
}

/// `repoGetContentsExt`
async fn get_contents_extended(
    State(app): State<App>,
    Repo(access, _): Readable,
    PathText((_, _, path)): PathOf,
    query: QueryValues,
) -> Result<Json<ContentsExt>, Failure> {
    answer_extended(&app, &access, path, &query).await
}

async fn answer_extended(
    app: &App,
    access: &RepoAccess,
    path: String,
    query: &QueryValues,
) -> Result<Json<ContentsExt>, Failure> {
    let include = includes(app, query.text("includes").unwrap_or_default())?;
    let (at, view) = read(app, access, path, query, include).await?;
    Ok(Json(Contents::new(&links(app, access), &at, &view, include).extended()))
}

fn includes(app: &App, words: &str) -> Result<Include, Error> {
    let mut include =
        Include { max_size: app.forge.settings.api.default_max_blob_size, ..Include::default() };
    for word in words.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        match word {
            "file_content" => include.content = true,
            "lfs_metadata" => include.lfs = true,
            "commit_metadata" => include.commit_metadata = true,
            "commit_message" => include.commit_message = true,
            _ => return Err(Error::malformed(format!("includes: {word:?} is not known"))),
        }
    }
    Ok(include)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct GetFilesOptions {
    files: Vec<String>,
}

/// `repoGetFileContents`
async fn get_files(
    State(app): State<App>,
    Repo(access, _): Readable,
    query: QueryValues,
) -> Result<Json<Vec<Option<ContentsResponse>>>, Failure> {
    let body = query.text("body").unwrap_or("{}");
    let options: GetFilesOptions =
        serde_json::from_str(body).map_err(|error| Error::malformed(format!("body: {error}")))?;
    files(&app, &access, &query, options).await
}

/// `repoGetFileContentsPost`
async fn post_files(
    State(app): State<App>,
    Repo(access, _): Readable,
    query: QueryValues,
    Body(options): Body<GetFilesOptions>,
) -> Result<Json<Vec<Option<ContentsResponse>>>, Failure> {
    files(&app, &access, &query, options).await
}

async fn files(
    app: &App,
    access: &RepoAccess,
    query: &QueryValues,
    options: GetFilesOptions,
) -> Result<Json<Vec<Option<ContentsResponse>>>, Failure> {
    let include = usual(app);
    let api = &app.forge.settings.api;
    let most_files = usize::try_from(api.default_paging_num).unwrap_or(usize::MAX).max(1);
    let at = query.text("ref").map(str::to_owned);
    let default_branch = access.repo.default_branch.clone();
    let limits = (api.default_max_response_size, most_files);
    let (at, views) =
        contents::read_many(path(app, access)?, at, default_branch, options.files, include, limits).await?;
    let links = links(app, access);
    let shown = |view: &Option<contents::EntryView>| {
        view.as_ref().map(|view| ContentsResponse::new(&links, &at, view, include))
    };
    Ok(Json(views.iter().map(shown).collect()))
}
