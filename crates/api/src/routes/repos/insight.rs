//! What a repository tells about itself: languages, licences.

use std::collections::BTreeMap;

use axum::extract::State;
use oolong_core::Error;
use oolong_db::repository_facts;
use oolong_http::{App, Failure, Repo, Routes, need};
use serde::Serialize;

use super::{REPOSITORY, REPOSITORY_SIGNED_IN};
use crate::dto::Json;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/repos/{owner}/{repo}/languages", REPOSITORY, languages)
        .get("/repos/{owner}/{repo}/licenses", REPOSITORY, licenses)
        .get("/repos/{owner}/{repo}/new_pin_allowed", REPOSITORY, new_pin_allowed)
        .post("/repos/{owner}/{repo}/mirror-sync", REPOSITORY_SIGNED_IN, mirror_sync)
}

/// `repoGetLanguages`
async fn languages(
    State(app): State<App>,
    Repo(access, _): Repo<need::Read<need::Code>>,
) -> Result<Json<BTreeMap<String, i64>>, Failure> {
    let rows = repository_facts::languages(app.forge.db.read(), access.repo.id).await?;
    Ok(Json(
        rows.into_iter().filter(|row| row.language != "other").map(|row| (row.language, row.size)).collect(),
    ))
}

/// `repoGetLicenses`
async fn licenses(
    State(app): State<App>,
    Repo(access, _): Repo<need::Read<need::Code>>,
) -> Result<Json<Vec<String>>, Failure> {
    let mut found = repository_facts::facts(app.forge.db.read(), &[access.repo.id]).await?;
    Ok(Json(found.remove(&access.repo.id).unwrap_or_default().licenses))
}

/// Gitea's `NewIssuePinsAllowed`.
#[derive(Serialize)]
struct NewIssuePinsAllowed {
    issues: bool,
    pull_requests: bool,
}

/// `repoNewPinAllowed`
async fn new_pin_allowed(
    State(app): State<App>,
    Repo(access, _): Repo<need::Any>,
) -> Result<Json<NewIssuePinsAllowed>, Failure> {
    let limit = app.forge.settings.repository.issue.max_pinned;
    let pinned = |pulls| repository_facts::count_pinned(app.forge.db.read(), access.repo.id, pulls);
    Ok(Json(NewIssuePinsAllowed {
        issues: pinned(false).await? < limit,
        pull_requests: pinned(true).await? < limit,
    }))
}

/// `repoMirrorSync`
async fn mirror_sync(Repo(access, _): Repo<need::Write<need::Code>>) -> Result<(), Failure> {
    if !access.repo.is_mirror {
        return Err(Error::malformed("the repository is no mirror").into());
    }
    Err(Error::new(oolong_core::ErrorKind::Unsupported, "this server does not update mirrors yet").into())
}
