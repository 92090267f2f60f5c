//! `/repos/{owner}/{repo}/transfer`.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use oolong_core::Error;
use oolong_db::users;
use oolong_forge::transfer::{self, Started};
use oolong_http::{App, Body, Failure, Repo, Routes, need};
use serde::Deserialize;

use super::REPOSITORY_SIGNED_IN;
use crate::dto::repository::Repository;
use crate::dto::{Created, Json};

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .post("/repos/{owner}/{repo}/transfer", REPOSITORY_SIGNED_IN, start)
        .post("/repos/{owner}/{repo}/transfer/accept", REPOSITORY_SIGNED_IN, accept)
        .post("/repos/{owner}/{repo}/transfer/reject", REPOSITORY_SIGNED_IN, reject)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct TransferRepoOption {
    new_owner: String,
    team_ids: Option<Vec<i64>>,
}

/// `repoTransfer`
async fn start(
    State(app): State<App>,
    Repo(access, _): Repo<need::Owner>,
    Body(body): Body<TransferRepoOption>,
) -> Result<Response, Failure> {
    let doer = access.caller.signed_in()?;
    let unknown = || Error::not_found("new_owner: there is no such user or organisation");
    let recipient = users::find_by_name(app.forge.db.read(), &body.new_owner).await?.ok_or_else(unknown)?;
    if !transfer::knows_recipient(&app.forge, doer, &recipient).await? {
        return Err(unknown().into());
    }
    let teams = match &body.team_ids {
        Some(ids) => transfer::teams_of(&app.forge, &recipient, ids).await?,
        None => Vec::new(),
    };
    let started = transfer::start(&app.forge, doer, &access.repo, &access.owner, &recipient, &teams).await?;
    Ok(match started {
        Started::Pending(repo) => Created(
            Repository::load(&app.forge, &access.caller, repo).await?.with_permission(&access.permission),
        )
        .into_response(),
        Started::Done(repo) => (
            StatusCode::ACCEPTED,
            Json(
                Repository::load(&app.forge, &access.caller, repo).await?.with_permission(&access.permission),
            ),
        )
            .into_response(),
    })
}

/// `acceptRepoTransfer`
async fn accept(State(app): State<App>, Repo(access, _): Repo<need::Any>) -> Result<Response, Failure> {
    let repo = transfer::accept(&app.forge, access.caller.signed_in()?, &access.repo, &access.owner).await?;
    Ok((
        StatusCode::ACCEPTED,
        Json(Repository::load(&app.forge, &access.caller, repo).await?.with_permission(&access.permission)),
    )
        .into_response())
}

/// `rejectRepoTransfer`
async fn reject(
    State(app): State<App>,
    Repo(access, _): Repo<need::Any>,
) -> Result<Json<Repository>, Failure> {
    let repo = transfer::reject(&app.forge, access.caller.signed_in()?, &access.repo).await?;
    Ok(Json(Repository::load(&app.forge, &access.caller, repo).await?.with_permission(&access.permission)))
}
