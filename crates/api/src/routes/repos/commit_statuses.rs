//! `/repos/{owner}/{repo}/statuses/{sha}` and `/commits/{ref}/status[es]`.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use oolong_core::{Error, RepoId, Result};
use oolong_db::commit_statuses::{self as stored, Sort};
use oolong_db::users;
use oolong_forge::commit_statuses::{self, NewStatus};
use oolong_forge::git;
use oolong_git::ObjectId;
use oolong_http::{App, Body, Failure, Paging, PathText, QueryValues, Repo, RepoAccess, Routes, need};
use serde::Deserialize;

use super::on_disk::{links, path};
use super::{REPOSITORY, REPOSITORY_SIGNED_IN};
use crate::dto::commit_status::{CombinedStatus, CommitStatus};
use crate::dto::repository::Repository;
use crate::dto::{Created, Json};

type Readable = Repo<need::Read<need::Code>>;
type TextOf = PathText<(String, String, String)>;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/repos/{owner}/{repo}/statuses/{sha}", REPOSITORY, list_by_commit)
        .post("/repos/{owner}/{repo}/statuses/{sha}", REPOSITORY_SIGNED_IN, create_status)
        .get("/repos/{owner}/{repo}/commits/{*rest}", REPOSITORY, of_revision)
}

async fn resolve(app: &App, access: &RepoAccess, text: String) -> Result<ObjectId> {
    git::read(path(app, access)?, move |repo| Ok(repo.resolve_revision(&text)?.commit)).await
}

/// The routes below `commits/{ref}`, where a reference may have slashes of its own: `repoGetCombinedStatusByRef` and
/// `repoListStatusesByRef`.
async fn of_revision(
    State(app): State<App>,
    Repo(access, _): Readable,
    PathText((_, _, rest)): TextOf,
    paging: Paging,
    query: QueryValues,
) -> Result<Response, Failure> {
    if let Some(reference) = rest.strip_suffix("/status") {
        let commit = resolve(&app, &access, reference.to_owned()).await?;
        return combined(&app, &access, commit, &paging).await;
    }
    if let Some(reference) = rest.strip_suffix("/statuses") {
        let commit = resolve(&app, &access, reference.to_owned()).await?;
        return list(&app, &access, commit, &paging, &query).await;
    }
    Err(Error::not_found("there is nothing at this path").into())
}

/// `repoListStatuses`
async fn list_by_commit(
    State(app): State<App>,
    Repo(access, _): Readable,
    PathText((_, _, text)): TextOf,
    paging: Paging,
    query: QueryValues,
) -> Result<Response, Failure> {
    let commit = resolve(&app, &access, text).await?;
    list(&app, &access, commit, &paging, &query).await
}

async fn list(
    app: &App,
    access: &RepoAccess,
    commit: ObjectId,
    paging: &Paging,
    query: &QueryValues,
) -> Result<Response, Failure> {
    let sort = Sort::parse(query.text("sort").unwrap_or_default());
    let connection = app.forge.db.read();
    let repo = RepoId(access.repo.id);
    let (rows, total) =
        stored::list(connection, repo, &commit.to_string(), query.text("state"), sort, paging.page).await?;
    let creators = users::list_by_ids(connection, rows.iter().map(|row| row.creator_id)).await?;
    let statuses = CommitStatus::list(&app.forge.settings, &links(app, access), &rows, &creators);
    Ok((paging.total(total), Json(statuses)).into_response())
}

async fn combined(
    app: &App,
    access: &RepoAccess,
    commit: ObjectId,
    paging: &Paging,
) -> Result<Response, Failure> {
    let connection = app.forge.db.read();
    let sha = commit.to_string();
    let mut latest = stored::list_latest(connection, RepoId(access.repo.id), &sha).await?;
    let total = latest.len();
    // The page counts from the newest; within it the oldest comes first.
    latest.reverse();
    let mut rows = paging.page.slice(latest);
    rows.reverse();
    let creators = users::list_by_ids(connection, rows.iter().map(|row| row.creator_id)).await?;
    let links = links(app, access);
    let statuses = CommitStatus::list(&app.forge.settings, &links, &rows, &creators);
    let repository =
        Repository::load(&app.forge, &access.caller, access.repo.clone()).await?.without_language();
    let state = commit_statuses::combine(&rows);
    let answer = CombinedStatus::new(&links, sha, state, statuses.len(), statuses, repository);
    Ok((paging.total(total as u64), Json(answer)).into_response())
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct CreateStatusOption {
    state: Option<String>,
    target_url: Option<String>,
    description: Option<String>,
    context: Option<String>,
}

/// `repoCreateStatus`: checks report for archived repositories too.
async fn create_status(
    State(app): State<App>,
    Repo(access, _): Repo<need::Write<need::Code>>,
    PathText((_, _, text)): TextOf,
    Body(body): Body<CreateStatusOption>,
) -> Result<Created<CommitStatus>, Failure> {
    let new = NewStatus {
        state: body.state.unwrap_or_default(),
        target_url: body.target_url.unwrap_or_default(),
        description: body.description.unwrap_or_default(),
        context: body.context.unwrap_or_default(),
    };
    let creator = access.caller.signed_in()?;
    let commit = resolve(&app, &access, text).await?;
    let row = commit_statuses::create(&app.forge, creator, &access.repo, commit, new).await?;
    Ok(Created(CommitStatus::new(&app.forge.settings, &links(&app, &access), &row, Some(creator))))
}
