//! `/repos/{owner}/{repo}/keys`: keys that open one repository.

use std::collections::HashMap;

use axum::extract::State;
use http::StatusCode;
use oolong_core::{AccessMode, Error, RepoId};
use oolong_db::entity::{deploy_key, public_key};
use oolong_forge::{addresses, deploy_keys};
use oolong_http::{App, Body, Failure, Paging, PathText, QueryValues, Repo, RepoAccess, Routes, Total, need};
use serde::{Deserialize, Serialize};

use super::REPOSITORY_SIGNED_IN;
use crate::dto::repository::Repository;
use crate::dto::time::time;
use crate::dto::{Created, Json};

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/repos/{owner}/{repo}/keys", REPOSITORY_SIGNED_IN, list)
        .post("/repos/{owner}/{repo}/keys", REPOSITORY_SIGNED_IN, create)
        .get("/repos/{owner}/{repo}/keys/{id}", REPOSITORY_SIGNED_IN, get)
        .delete("/repos/{owner}/{repo}/keys/{id}", REPOSITORY_SIGNED_IN, delete)
}

/// Gitea's `DeployKey`.
#[derive(Serialize)]
struct DeployKey {
    id: i64,
    key_id: i64,
    key: String,
    url: String,
    title: String,
    fingerprint: String,
    created_at: String,
    read_only: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    repository: Option<Repository>,
}

impl DeployKey {
    fn new(
        app: &App,
        access: &RepoAccess,
        row: &deploy_key::Model,
        key: &public_key::Model,
        repository: Option<Repository>,
    ) -> Self {
        let api = addresses::api(&app.forge.settings, &access.owner.name, &access.repo.name);
        Self {
            id: row.id,
            key_id: row.key_id,
            key: key.content.clone(),
            url: format!("{api}/keys/{}", row.id),
            title: row.name.clone(),
            fingerprint: key.fingerprint.clone(),
            created_at: time(row.created_unix),
            read_only: row.mode == AccessMode::Read.number(),
            // Beside a key stands what its holder may do, not what the caller may.
            repository: repository.map(|repository| repository.for_a_key(AccessMode::from_number(row.mode))),
        }
    }
}

async fn beside(app: &App, access: &RepoAccess) -> Result<Repository, Error> {
    Repository::load(&app.forge, &access.caller, access.repo.clone()).await
}

/// `repoListKeys`
async fn list(
    State(app): State<App>,
    Repo(access, _): Repo<need::Admin>,
    query: QueryValues,
    paging: Paging,
) -> Result<(Total, Json<Vec<DeployKey>>), Failure> {
    let connection = app.forge.db.read();
    let key = query.number("key_id").filter(|&id| id > 0);
    let (rows, total) = oolong_db::deploy_keys::list(
        connection,
        RepoId(access.repo.id),
        key,
        query.text("fingerprint"),
        paging.page,
    )
    .await?;
    let keys =
        oolong_db::deploy_keys::list_public_keys(connection, rows.iter().map(|row| row.key_id)).await?;
    let keys: HashMap<i64, public_key::Model> = keys.into_iter().map(|key| (key.id, key)).collect();
    let repository = if rows.is_empty() { None } else { Some(beside(&app, &access).await?) };
    let shown = rows.iter().filter_map(|row| {
        Some(DeployKey::new(&app, &access, row, keys.get(&row.key_id)?, repository.clone()))
    });
    Ok((Paging::total_without_links(total), Json(shown.collect())))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct CreateKeyOption {
    title: String,
    key: String,
    read_only: bool,
}

/// `repoCreateKey`
async fn create(
    State(app): State<App>,
    Repo(access, _): Repo<need::Admin>,
    Body(body): Body<CreateKeyOption>,
) -> Result<Created<DeployKey>, Failure> {
    let added = deploy_keys::add(&app.forge, &access.repo, &body.title, &body.key, body.read_only).await?;
    Ok(Created(DeployKey::new(&app, &access, &added.row, &added.key, None)))
}

/// `repoGetKey`
async fn get(
    State(app): State<App>,
    Repo(access, _): Repo<need::Admin>,
    PathText((_, _, id)): PathText<(String, String, i64)>,
) -> Result<Json<DeployKey>, Failure> {
    let connection = app.forge.db.read();
    let unknown = || Error::not_found("the repository has no such key");
    let row =
        oolong_db::deploy_keys::find(connection, RepoId(access.repo.id), id).await?.ok_or_else(unknown)?;
    let keys = oolong_db::deploy_keys::list_public_keys(connection, [row.key_id]).await?;
    let key = keys.first().ok_or_else(unknown)?;
    Ok(Json(DeployKey::new(&app, &access, &row, key, Some(beside(&app, &access).await?))))
}

/// `repoDeleteKey`
async fn delete(
    State(app): State<App>,
    Repo(access, _): Repo<need::Admin>,
    PathText((_, _, id)): PathText<(String, String, i64)>,
) -> Result<StatusCode, Failure> {
    deploy_keys::remove(&app.forge, &access.repo, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
