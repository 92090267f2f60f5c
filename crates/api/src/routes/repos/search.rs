//! `/repos/search`.

use axum::extract::State;
use oolong_auth::{Caller, permission};
use oolong_core::{Error, Result, UserId};
use oolong_db::repository_search::{self, Of, RepositoryFilter, Sort, Viewer};
use oolong_http::{App, Failure, MaybeSignedIn, Paging, QueryValues, Routes, Total};
use serde::Serialize;

use super::REPOSITORY;
use crate::dto::Json;
use crate::dto::repository::Repository;

pub(super) fn add(routes: Routes) -> Routes {
    routes.get("/repos/search", REPOSITORY, search)
}

/// Gitea's `SearchResults`.
#[derive(Serialize)]
struct SearchResults {
    ok: bool,
    data: Vec<Repository>,
}

/// `repoSearch`
async fn search(
    State(app): State<App>,
    MaybeSignedIn(caller): MaybeSignedIn,
    query: QueryValues,
    paging: Paging,
) -> Result<(Total, Json<SearchResults>), Failure> {
    let filter = filter(&caller, &query)?;
    // Without private ones, what remains is what everybody sees.
    let viewer = match permission::viewer(app.forge.rules(), &caller) {
        Viewer::Nothing => Viewer::Nothing,
        _ if query.switch("private") == Some(false) => Viewer::Public,
        viewer => viewer,
    };
    let (rows, total) = repository_search::list(app.forge.db.read(), viewer, &filter, paging.page).await?;
    let data = Repository::load_all(&app.forge, &caller, rows).await?;
    Ok((paging.total(total), Json(SearchResults { ok: true, data })))
}

fn filter(caller: &Caller, query: &QueryValues) -> Result<RepositoryFilter> {
    let id = |name: &str| query.number(name).filter(|&id| id > 0);
    let mut filter = RepositoryFilter {
        keyword: query.text("q").unwrap_or_default().trim().to_owned(),
        topic_only: query.switch("topic") == Some(true),
        include_description: query.switch("includeDesc") == Some(true),
        team: id("team_id"),
        starred_by: id("starredBy"),
        priority_owner: id("priority_owner_id"),
        is_private: query.switch("is_private"),
        is_template: query.switch("template"),
        is_archived: query.switch("archived"),
        ..Default::default()
    };
    let mut shared_only = false;
    match query.text("mode").unwrap_or_default() {
        "" => {}
        "source" => (filter.is_fork, filter.is_mirror) = (Some(false), Some(false)),
        "fork" => filter.is_fork = Some(true),
        "mirror" => filter.is_mirror = Some(true),
        "collaborative" => {
            filter.is_mirror = Some(false);
            shared_only = true;
        }
        other => {
            return Err(Error::invalid(format!(
                "mode: source, fork, mirror or collaborative, not {other:?}"
            )));
        }
    }
    filter.of = id("uid").map(|uid| {
        // Who belongs where without saying so in public is for themselves and for administrators to know.
        let all = !caller.is_public_only()
            && (caller.is(UserId(uid)) || caller.is_site_admin())
            && query.switch("private") != Some(false);
        match () {
            () if shared_only => Of::Shared { id: uid, all },
            () if query.switch("exclusive") == Some(true) => Of::Owned(uid),
            () => Of::OwnedOrShared { id: uid, all },
        }
    });
    if let Some(sort) = query.text("sort") {
        filter.sort =
            Sort::parse(sort).ok_or_else(|| Error::invalid(format!("sort: there is no order {sort:?}")))?;
        filter.descending = match query.text("order") {
            None | Some("asc") => false,
            Some("desc") => true,
            Some(other) => return Err(Error::invalid(format!("order: asc or desc, not {other:?}"))),
        };
    }
    Ok(filter)
}
