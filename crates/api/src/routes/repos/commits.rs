//! `/repos/{owner}/{repo}/commits`, `git/commits`, `git/notes` and `compare`.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue};
use oolong_core::{Error, Result, UnixSeconds};
use oolong_forge::commits::{Authors, CommitParts, CommitView};
use oolong_forge::git::{self, GitResultExt as _};
use oolong_git::{CompareMode, Listing, LogQuery, ObjectId, Repo as GitRepo, TreePath};
use oolong_http::{App, Failure, Paging, PathText, QueryValues, Repo, RepoAccess, Routes, need};

use super::branches::slice;
use super::on_disk::{links, path, plain_text};
use super::{REPOSITORY, commit_statuses};
use crate::dto::Json;
use crate::dto::commit::{Commit, Compare, Note};

type Readable = Repo<need::Read<need::Code>>;
type TextOf = PathText<(String, String, String)>;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/repos/{owner}/{repo}/commits", REPOSITORY, list_commits)
        .get("/repos/{owner}/{repo}/git/commits/{sha}", REPOSITORY, get_commit)
        .get("/repos/{owner}/{repo}/git/notes/{sha}", REPOSITORY, get_note)
        .get("/repos/{owner}/{repo}/compare/{*basehead}", REPOSITORY, compare)
        .with(commit_statuses::add)
}

/// `stat`, `files` and `verification`: all unless switched off.
fn parts(query: &QueryValues) -> CommitParts {
    let wanted = |name| query.switch(name).unwrap_or(true);
    CommitParts { stat: wanted("stat"), files: wanted("files"), verification: wanted("verification") }
}

async fn shown(app: &App, access: &RepoAccess, views: &[CommitView]) -> Result<Vec<Commit>> {
    let authors = Authors::of(&app.forge, &views.iter().map(|view| &view.commit).collect::<Vec<_>>()).await?;
    Ok(Commit::list(&app.forge.settings, &links(app, access), views, &authors))
}

async fn shown_one(app: &App, access: &RepoAccess, view: &CommitView) -> Result<Commit> {
    let authors = Authors::of(&app.forge, &[&view.commit]).await?;
    Ok(Commit::new(&app.forge.settings, &links(app, access), view, &authors))
}

fn time_of(query: &QueryValues, name: &str) -> Result<Option<i64>> {
    let Some(text) = query.text(name) else { return Ok(None) };
    let time = UnixSeconds::parse_rfc3339(text);
    time.map(|time| Some(time.0))
        .ok_or_else(|| Error::invalid(format!("{name}: {text:?} is no RFC 3339 time")))
}

/// `repoGetAllCommits`
async fn list_commits(
    State(app): State<App>,
    Repo(access, _): Readable,
    paging: Paging,
    query: QueryValues,
) -> Result<Response, Failure> {
    let (since, until) = (time_of(&query, "since")?, time_of(&query, "until")?);
    if access.repo.is_empty {
        return Err(Error::conflict("the repository has no commit yet").into());
    }
    let paging = paging.at_most(app.forge.settings.git.commits_range_size);
    let parts = parts(&query);
    let text = |name: &str| query.text(name).map(str::to_owned);
    let (start, not, file) = (text("sha"), text("not"), text("path"));
    let start = start.unwrap_or_else(|| access.repo.default_branch.clone());
    let slice = slice(&paging);
    let has_path = file.is_some();
    let (views, total) = git::read(path(&app, &access)?, move |repo| {
        let exclude = match not {
            Some(not) => vec![repo.resolve_revision(&not)?.commit],
            None => Vec::new(),
        };
        let path = file.map(|file| TreePath::parse(file.trim_matches('/'))).transpose()?;
        let query = LogQuery { start: repo.resolve_revision(&start)?.commit, exclude, path, since, until };
        let Listing { items, total } = repo.log(&query, slice)?;
        Ok((CommitView::read_all(repo, items, parts)?, total as u64))
    })
    .await?;
    if has_path && total == 0 {
        return Err(Error::not_found("no commit touches this path").into());
    }
    let commits = shown(&app, &access, &views).await?;
    Ok((paging.total(total), page_headers(&paging, total), Json(commits)).into_response())
}

/// The headers that only this list has.
fn page_headers(paging: &Paging, total: u64) -> HeaderMap {
    let page = paging.page;
    let pages = total.div_ceil(page.limit);
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("x-page", page.number.to_string()),
        ("x-perpage", page.limit.to_string()),
        ("x-total", total.to_string()),
        ("x-pagecount", pages.to_string()),
        ("x-hasmore", (page.number < pages).to_string()),
    ] {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    let exposed = "X-Total-Count, Link, X-Page, X-PerPage, X-Total, X-PageCount, X-HasMore";
    headers.insert(http::header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(exposed));
    headers
}

/// What no reference can be called is refused with 422.
fn check_revision(text: &str) -> Result<()> {
    let forbidden = |c: char| c.is_control() || " ~^:?*[\\".contains(c);
    let bad = text.is_empty()
        || text.chars().any(forbidden)
        || text.starts_with(['-', '/'])
        || text.ends_with(['/', '.'])
        || ["..", "//", "@{", ".lock/"].iter().any(|part| text.contains(part))
        || text.ends_with(".lock");
    if bad { Err(Error::invalid(format!("sha: {text:?} is no revision"))) } else { Ok(()) }
}

/// `repoGetSingleCommit`, `repoDownloadCommitDiffOrPatch`
async fn get_commit(
    State(app): State<App>,
    Repo(access, _): Readable,
    PathText((_, _, text)): TextOf,
    query: QueryValues,
) -> Result<Response, Failure> {
    check_revision(&text)?;
    if let Some(name) = text.strip_suffix(".diff") {
        return diff_or_patch(&app, &access, name.to_owned(), false).await;
    }
    if let Some(name) = text.strip_suffix(".patch") {
        return diff_or_patch(&app, &access, name.to_owned(), true).await;
    }
    let parts = parts(&query);
    let view = git::read(path(&app, &access)?, move |repo| {
        let commit = repo.commit(repo.resolve_revision(&text)?.commit)?;
        CommitView::read(repo, commit, parts)
    })
    .await?;
    Ok(Json(shown_one(&app, &access, &view).await?).into_response())
}

async fn diff_or_patch(
    app: &App,
    access: &RepoAccess,
    name: String,
    as_mail: bool,
) -> Result<Response, Failure> {
    let path = path(app, access)?;
    let commit =
        git::read(path.clone(), move |repo| repo.commit(repo.resolve_revision(&name)?.commit)).await?;
    let parent = commit.parents.first().copied();
    let program = &app.forge.git;
    let stream = if as_mail {
        program.commit_patch(path.as_path(), commit.id, parent)
    } else {
        program.commit_diff(path.as_path(), commit.id, parent)
    };
    Ok(plain_text(stream.or_git()?, "diff"))
}

/// `repoGetNote`
async fn get_note(
    State(app): State<App>,
    Repo(access, _): Readable,
    PathText((_, _, text)): TextOf,
    query: QueryValues,
) -> Result<Json<Note>, Failure> {
    check_revision(&text)?;
    let parts = CommitParts { stat: true, ..parts(&query) };
    let (message, view) = git::read(path(&app, &access)?, move |repo| {
        let note = repo.note(repo.resolve_revision(&text)?.commit)?;
        Ok((note.message, CommitView::read(repo, note.commit, parts)?))
    })
    .await?;
    Ok(Json(Note { message, commit: shown_one(&app, &access, &view).await? }))
}

/// `base...head`, `base..head`, or `head` alone against the default branch.
fn split(text: &str, default_branch: &str) -> (String, String, CompareMode) {
    if let Some((base, head)) = text.split_once("...") {
        return (base.to_owned(), head.to_owned(), CompareMode::MergeBase);
    }
    if let Some((base, head)) = text.split_once("..") {
        return (base.to_owned(), head.to_owned(), CompareMode::Direct);
    }
    (default_branch.to_owned(), text.to_owned(), CompareMode::MergeBase)
}

/// Both ends of a comparison; an end that is not said is the default branch.
fn ends(
    repo: &GitRepo,
    base: &str,
    head: &str,
    default_branch: &str,
) -> oolong_git::Result<(ObjectId, ObjectId)> {
    let end = |text: &str| repo.resolve_revision(if text.is_empty() { default_branch } else { text });
    Ok((end(base)?.commit, end(head)?.commit))
}

/// `repoCompareDiff`
async fn compare(
    State(app): State<App>,
    Repo(access, _): Readable,
    PathText((_, _, text)): TextOf,
    query: QueryValues,
) -> Result<Response, Failure> {
    let default_branch = access.repo.default_branch.clone();
    let (base, head, mode) = split(&text, &default_branch);
    let path = path(&app, &access)?;
    let program = &app.forge.git;
    match query.text("output") {
        Some(output @ ("diff" | "patch")) => {
            let as_mail = output == "patch";
            let (base, head) =
                git::read(path.clone(), move |repo| ends(repo, &base, &head, &default_branch)).await?;
            let stream = if as_mail {
                program.compare_patch(path.as_path(), base, head)
            } else {
                program.compare_diff(path.as_path(), base, head, mode)
            };
            Ok(plain_text(stream.or_git()?, "diff"))
        }
        _ => {
            let views = git::read(path, move |repo| {
                let (base, head) = ends(repo, &base, &head, &default_branch)?;
                let commits = repo.commits_between(&[base], head, COMPARED)?;
                Ok((CommitView::read_all(repo, commits.items, CommitParts::ALL)?, commits.total))
            })
            .await?;
            let commits = shown(&app, &access, &views.0).await?;
            Ok(Json(Compare { total_commits: views.1, commits }).into_response())
        }
    }
}

/// A comparison shows at most so many commits.
const COMPARED: usize = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revisions_and_ranges() {
        for good in ["main", "feature/x", "v1.0", "0123abcd", "HEAD", "refs/heads/main"] {
            assert!(check_revision(good).is_ok(), "{good}");
        }
        for bad in ["", "a b", "a..b", "main~1", "a:b", "x@{1}", "-x", "a.lock", "a//b"] {
            assert!(check_revision(bad).is_err(), "{bad}");
        }
        assert_eq!(split("a...b/c", "m"), ("a".to_owned(), "b/c".to_owned(), CompareMode::MergeBase));
        assert_eq!(split("a..b", "m"), ("a".to_owned(), "b".to_owned(), CompareMode::Direct));
        assert_eq!(split("b", "m"), ("m".to_owned(), "b".to_owned(), CompareMode::MergeBase));
    }
}
