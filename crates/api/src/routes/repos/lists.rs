//! Lists of repositories: one's own, an owner's, a team's, starred and watched ones.

use axum::extract::State;
use oolong_auth::{Caller, permission};
use oolong_core::{Category, Result};
use oolong_db::repository_search::{self, Of, RepositoryFilter, Sort};
use oolong_http::{Access, App, Failure, OwnerPath, Paging, Routes, SignedIn, Total};

use crate::dto::Json;
use crate::dto::repository::Repository;

pub(super) fn add(routes: Routes) -> Routes {
    let own = Access::scoped(&[Category::User, Category::Repository]).signed_in();
    let watched = Access::scoped(&[Category::User]).signed_in();
    routes
        .get("/user/repos", own, list_own)
        .get("/users/{username}/repos", Access::scoped(&[Category::User]), list_of_owner)
        .get("/orgs/{org}/repos", Access::scoped(&[Category::Organization]), list_of_owner)
        .get("/user/starred", own, list_own_starred)
        .get("/users/{username}/starred", watched, list_starred)
        .get("/user/subscriptions", watched, list_own_watched)
        .get("/users/{username}/subscriptions", watched, list_watched)
}

type Page = (Total, Json<Vec<Repository>>);

/// A page of what the caller may see of a filter.
pub(super) async fn page(
    app: &App,
    caller: &Caller,
    filter: RepositoryFilter,
    paging: &Paging,
) -> Result<Page> {
    let viewer = permission::viewer(app.forge.rules(), caller);
    let (rows, total) = repository_search::list(app.forge.db.read(), viewer, &filter, paging.page).await?;
    Ok((paging.total(total), Json(Repository::load_all(&app.forge, caller, rows).await?)))
}

/// The same where Gitea shows no languages.
pub(super) async fn plain_page(
    app: &App,
    caller: &Caller,
    filter: RepositoryFilter,
    paging: &Paging,
) -> Result<Page> {
    let (total, Json(repos)) = page(app, caller, filter, paging).await?;
    Ok((total, Json(repos.into_iter().map(Repository::without_language).collect())))
}

/// `userCurrentListRepos`
async fn list_own(
    State(app): State<App>,
    SignedIn { caller, user }: SignedIn,
    paging: Paging,
) -> Result<Page, Failure> {
    let of = Of::OwnedOrShared { id: user.id, all: !caller.is_public_only() };
    Ok(page(&app, &caller, RepositoryFilter { of: Some(of), ..Default::default() }, &paging).await?)
}

/// `userListRepos`, `orgListRepos`
async fn list_of_owner(
    State(app): State<App>,
    OwnerPath { owner, caller }: OwnerPath,
    paging: Paging,
) -> Result<Page, Failure> {
    let filter = RepositoryFilter { of: Some(Of::Owned(owner.id)), sort: Sort::Id, ..Default::default() };
    Ok(page(&app, &caller, filter, &paging).await?)
}

fn starred(person: i64) -> RepositoryFilter {
    RepositoryFilter { starred_by: Some(person), sort: Sort::Id, ..Default::default() }
}

fn watched(person: i64) -> RepositoryFilter {
    RepositoryFilter { watched_by: Some(person), sort: Sort::Id, ..Default::default() }
}

/// `userCurrentListStarred`
async fn list_own_starred(
    State(app): State<App>,
    SignedIn { caller, user }: SignedIn,
    paging: Paging,
) -> Result<Page, Failure> {
    super::stars::check_enabled(&app)?;
    Ok(plain_page(&app, &caller, starred(user.id), &paging).await?)
}

/// `userListStarred`
async fn list_starred(
    State(app): State<App>,
    OwnerPath { owner, caller }: OwnerPath,
    paging: Paging,
) -> Result<Page, Failure> {
    super::stars::check_enabled(&app)?;
    Ok(plain_page(&app, &caller, starred(owner.id), &paging).await?)
}

/// `userCurrentListSubscriptions`
async fn list_own_watched(
    State(app): State<App>,
    SignedIn { caller, user }: SignedIn,
    paging: Paging,
) -> Result<Page, Failure> {
    Ok(plain_page(&app, &caller, watched(user.id), &paging).await?)
}

/// `userListSubscriptions`
async fn list_watched(
    State(app): State<App>,
    OwnerPath { owner, caller }: OwnerPath,
    paging: Paging,
) -> Result<Page, Failure> {
    Ok(plain_page(&app, &caller, watched(owner.id), &paging).await?)
}
