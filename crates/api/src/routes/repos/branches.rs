//! `/repos/{owner}/{repo}/branches`.

use axum::extract::State;
use http::StatusCode;
use oolong_core::{Error, Result};
use oolong_forge::branches::{self, MoveBranch, Start};
use oolong_forge::commits::{Authors, CommitParts, CommitView};
use oolong_forge::git;
use oolong_forge::ref_rules::RefRules;
use oolong_git::{Listing, Slice};
use oolong_http::{App, Body, Failure, Paging, PathText, QueryValues, Repo, RepoAccess, Routes, Total, need};
use serde::Deserialize;

use super::on_disk::{editing, links, path};
use super::{REPOSITORY, REPOSITORY_SIGNED_IN};
use crate::dto::branch::Branch;
use crate::dto::{Created, Json};

type Readable = Repo<need::Read<need::Code>>;
type Writable = Repo<need::Write<need::Code>>;
type NameOf = PathText<(String, String, String)>;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/repos/{owner}/{repo}/branches", REPOSITORY, list_branches)
        .post("/repos/{owner}/{repo}/branches", REPOSITORY_SIGNED_IN, create_branch)
        .get("/repos/{owner}/{repo}/branches/{*branch}", REPOSITORY, get_branch)
        .put("/repos/{owner}/{repo}/branches/{*branch}", REPOSITORY_SIGNED_IN, update_branch)
        .patch("/repos/{owner}/{repo}/branches/{*branch}", REPOSITORY_SIGNED_IN, rename_branch)
        .delete("/repos/{owner}/{repo}/branches/{*branch}", REPOSITORY_SIGNED_IN, delete_branch)
}

/// Branches read from the repository, shown to the caller.
async fn shown(app: &App, access: &RepoAccess, branches: Vec<(String, CommitView)>) -> Result<Vec<Branch>> {
    let rules = RefRules::load(&app.forge, access.caller.user(), &access.repo, &access.owner).await?;
    let authors =
        Authors::of(&app.forge, &branches.iter().map(|(_, view)| &view.commit).collect::<Vec<_>>()).await?;
    let links = links(app, access);
    Ok(branches
        .iter()
        .map(|(name, view)| Branch::new(&links, access, &rules, name, view, &authors))
        .collect())
}

async fn one(app: &App, access: &RepoAccess, name: String) -> Result<Branch> {
    let found = git::read(path(app, access)?, move |repo| {
        let branch = repo.branch(&name)?;
        Ok((branch.name, CommitView::read(repo, branch.commit, SIGNATURE)?))
    })
    .await?;
    let mut shown = shown(app, access, vec![found]).await?;
    shown.pop().ok_or_else(|| Error::not_found("there is no such branch"))
}

const SIGNATURE: CommitParts = CommitParts { stat: false, files: false, verification: true };

/// `repoListBranches`
async fn list_branches(
    State(app): State<App>,
    Repo(access, _): Readable,
    paging: Paging,
    query: QueryValues,
) -> Result<(Total, Json<Option<Vec<Branch>>>), Failure> {
    let search = query.text("q").map(str::to_owned);
    let slice = slice(&paging);
    if access.repo.is_empty {
        return Ok((Paging::total_without_links(0), Json(None)));
    }
    let (found, total) = git::read(path(&app, &access)?, move |repo| {
        let Listing { items, total } = repo.branches(search.as_deref(), slice)?;
        let views = items
            .into_iter()
            .map(|branch| Ok((branch.name, CommitView::read(repo, branch.commit, SIGNATURE)?)))
            .collect::<oolong_git::Result<Vec<_>>>()?;
        Ok((views, total))
    })
    .await?;
    Ok((paging.total(total as u64), Json(Some(shown(&app, &access, found).await?))))
}

/// The page asked for, in the terms of the git crate.
pub(super) fn slice(paging: &Paging) -> Slice {
    let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    Slice { skip: number(paging.page.offset()), limit: number(paging.page.limit) }
}

/// `repoGetBranch`
async fn get_branch(
    State(app): State<App>,
    Repo(access, _): Readable,
    PathText((_, _, name)): NameOf,
) -> Result<Json<Branch>, Failure> {
    Ok(Json(one(&app, &access, name).await?))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct CreateBranchRepoOption {
    new_branch_name: Option<String>,
    old_branch_name: Option<String>,
    old_ref_name: Option<String>,
}

/// `repoCreateBranch`
async fn create_branch(
    State(app): State<App>,
    Repo(access, _): Writable,
    Body(body): Body<CreateBranchRepoOption>,
) -> Result<Created<Branch>, Failure> {
    access.not_archived()?;
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let start = match (given(body.old_ref_name), given(body.old_branch_name)) {
        (Some(revision), _) => Start::Revision(revision),
        (None, Some(branch)) => Start::Branch(branch),
        (None, None) => Start::Default,
    };
    let name = body.new_branch_name.unwrap_or_default();
    let branch = branches::create(&app.forge, editing(&access)?, &name, start).await?;
    Ok(Created(one(&app, &access, branch.name).await?))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct UpdateBranchRepoOption {
    new_commit_id: Option<String>,
    old_commit_id: Option<String>,
    force: Option<bool>,
}

/// `repoUpdateBranch`
async fn update_branch(
    State(app): State<App>,
    Repo(access, _): Writable,
    PathText((_, _, name)): NameOf,
    Body(body): Body<UpdateBranchRepoOption>,
) -> Result<StatusCode, Failure> {
    access.not_archived()?;
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let to = given(body.new_commit_id).ok_or_else(|| Error::invalid("new_commit_id: is required"))?;
    let change = MoveBranch { to, from: given(body.old_commit_id), force: body.force.unwrap_or_default() };
    branches::update(&app.forge, editing(&access)?, &name, change).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RenameBranchRepoOption {
    name: Option<String>,
}

/// `repoRenameBranch`
async fn rename_branch(
    State(app): State<App>,
    Repo(access, _): Writable,
    PathText((_, _, name)): NameOf,
    Body(body): Body<RenameBranchRepoOption>,
) -> Result<StatusCode, Failure> {
    access.not_archived()?;
    branches::rename(&app.forge, editing(&access)?, &name, &body.name.unwrap_or_default()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `repoDeleteBranch`
async fn delete_branch(
    State(app): State<App>,
    Repo(access, _): Writable,
    PathText((_, _, name)): NameOf,
) -> Result<StatusCode, Failure> {
    access.not_archived()?;
    branches::delete(&app.forge, editing(&access)?, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}
