//! Watching: `/repos/{owner}/{repo}/subscribers` and `/repos/{owner}/{repo}/subscription`.

use axum::extract::State;
use http::StatusCode;
use oolong_core::{Error, RepoId};
use oolong_db::entity::watch;
use oolong_db::watches::{self, Mode};
use oolong_forge::{addresses, watching};
use oolong_http::{App, Failure, Paging, Repo, RepoAccess, Routes, Total, need};
use serde::Serialize;

use super::{REPOSITORY, REPOSITORY_SIGNED_IN};
use crate::dto::Json;
use crate::dto::time::time;
use crate::dto::user::User;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/repos/{owner}/{repo}/subscribers", REPOSITORY, list)
        .get("/repos/{owner}/{repo}/subscription", REPOSITORY_SIGNED_IN, get)
        .put("/repos/{owner}/{repo}/subscription", REPOSITORY_SIGNED_IN, put)
        .delete("/repos/{owner}/{repo}/subscription", REPOSITORY_SIGNED_IN, delete)
}

/// Gitea's `WatchInfo`.
#[derive(Serialize)]
struct WatchInfo {
    subscribed: bool,
    ignored: bool,
    reason: Option<String>,
    created_at: String,
    url: String,
    repository_url: String,
}

impl WatchInfo {
    fn new(app: &App, access: &RepoAccess, _: &watch::Model) -> Self {
        let repository_url = addresses::api(&app.forge.settings, &access.owner.name, &access.repo.name);
        Self {
            subscribed: true,
            ignored: false,
            reason: None,
            created_at: time(access.repo.created_unix),
            url: format!("{repository_url}/subscription"),
            repository_url,
        }
    }
}

/// `repoListSubscribers`
async fn list(
    State(app): State<App>,
    Repo(access, _): Repo<need::Any>,
    paging: Paging,
) -> Result<(Total, Json<Vec<User>>), Failure> {
    let (people, total) =
        oolong_db::stars::list_watchers(app.forge.db.read(), RepoId(access.repo.id), paging.page).await?;
    let people = people.iter().map(|person| User::new(&app.forge.settings, person, &access.caller)).collect();
    Ok((Paging::total_without_links(total), Json(people)))
}

/// `userCurrentCheckSubscription`
async fn get(State(app): State<App>, Repo(access, _): Repo<need::Any>) -> Result<Json<WatchInfo>, Failure> {
    let user = access.caller.signed_in()?;
    let row = watches::find(app.forge.db.read(), user.user_id(), RepoId(access.repo.id)).await?;
    let row = row.filter(|row| Mode::from_number(row.mode).is_watching());
    let row = row.ok_or_else(|| Error::not_found("you do not watch this repository"))?;
    Ok(Json(WatchInfo::new(&app, &access, &row)))
}

/// `userCurrentPutSubscription`
async fn put(State(app): State<App>, Repo(access, _): Repo<need::Any>) -> Result<Json<WatchInfo>, Failure> {
    let row =
        watching::watch(&app.forge, access.caller.signed_in()?, &access.repo, &access.permission).await?;
    Ok(Json(WatchInfo::new(&app, &access, &row)))
}

/// `userCurrentDeleteSubscription`
async fn delete(State(app): State<App>, Repo(access, _): Repo<need::Any>) -> Result<StatusCode, Failure> {
    watching::unwatch(&app.forge, access.caller.signed_in()?, &access.repo).await?;
    Ok(StatusCode::NO_CONTENT)
}
