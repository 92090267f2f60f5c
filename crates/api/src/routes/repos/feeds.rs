//! Activity feeds: of a repository, a person, an organisation.

use axum::extract::State;
use oolong_auth::{Caller, permission};
use oolong_core::{Category, Error, OrgId, Result, UnixSeconds};
use oolong_db::feed_lists::{self, FeedOf};
use oolong_db::organisations;
use oolong_http::{Access, App, Failure, OwnerPath, Paging, QueryValues, Repo, Routes, Total, need};

use super::REPOSITORY;
use crate::dto::Json;
use crate::dto::activity::Activity;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/repos/{owner}/{repo}/activities/feeds", REPOSITORY, of_repository)
        .get("/users/{username}/activities/feeds", Access::scoped(&[Category::User]), of_user)
        .get("/orgs/{org}/activities/feeds", Access::scoped(&[Category::Organization]), of_organisation)
}

type Page = (Total, Json<Vec<Activity>>);

/// A page of a feed. `date` is a day, `2006-01-02`; anything else is passed over, as in Gitea.
pub(super) async fn page(
    app: &App,
    caller: &Caller,
    of: FeedOf,
    private: bool,
    query: &QueryValues,
    paging: &Paging,
) -> Result<Page> {
    let day = query.text("date").and_then(|date| UnixSeconds::parse_rfc3339(&format!("{date}T00:00:00Z")));
    let viewer = permission::viewer(app.forge.rules(), caller);
    let (rows, total) =
        feed_lists::list(app.forge.db.read(), viewer, of, private, day.map(|day| day.0), paging.page).await?;
    Ok((Paging::total_without_links(total), Json(Activity::load_all(&app.forge, caller, rows).await?)))
}

/// `repoListActivityFeeds`
async fn of_repository(
    State(app): State<App>,
    Repo(access, _): Repo<need::Any>,
    query: QueryValues,
    paging: Paging,
) -> Result<Page, Failure> {
    Ok(page(&app, &access.caller, FeedOf::Repository(access.repo.id), true, &query, &paging).await?)
}

/// `userListActivityFeeds`
async fn of_user(
    State(app): State<App>,
    OwnerPath { owner, caller }: OwnerPath,
    query: QueryValues,
    paging: Paging,
) -> Result<Page, Failure> {
    if owner.is_organization() {
        return Err(Error::not_found("there is no such user").into());
    }
    let private = caller.is(owner.user_id()) || caller.is_site_admin();
    let of = FeedOf::Owner { id: owner.id, only_own: query.switch("only-performed-by") == Some(true) };
    Ok(page(&app, &caller, of, private, &query, &paging).await?)
}

/// `orgListActivityFeeds`
async fn of_organisation(
    State(app): State<App>,
    OwnerPath { owner, caller }: OwnerPath,
    query: QueryValues,
    paging: Paging,
) -> Result<Page, Failure> {
    if !owner.is_organization() {
        return Err(Error::not_found("there is no such organisation").into());
    }
    let private = match caller.user() {
        None => false,
        Some(user) => {
            user.is_admin
                || organisations::is_member(app.forge.db.read(), OrgId(owner.id), user.user_id()).await?
        }
    };
    Ok(page(&app, &caller, FeedOf::Owner { id: owner.id, only_own: false }, private, &query, &paging).await?)
}
