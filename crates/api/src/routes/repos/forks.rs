//! `/repos/{owner}/{repo}/forks`.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use oolong_auth::permission;
use oolong_core::{Error, RepoName};
use oolong_db::repository_search::{RepositoryFilter, Sort};
use oolong_db::{organisations, users};
use oolong_forge::forks;
use oolong_http::{App, Body, Failure, Paging, Repo, Routes, Total, need};
use serde::Deserialize;

use super::{REPOSITORY, REPOSITORY_SIGNED_IN};
use crate::dto::Json;
use crate::dto::repository::Repository;

pub(super) fn add(routes: Routes) -> Routes {
    routes.get("/repos/{owner}/{repo}/forks", REPOSITORY, list).post(
        "/repos/{owner}/{repo}/forks",
        REPOSITORY_SIGNED_IN,
        create,
    )
}

/// `listForks`
async fn list(
    State(app): State<App>,
    Repo(access, _): Repo<need::Any>,
    paging: Paging,
) -> Result<(Total, Json<Vec<Repository>>), Failure> {
    let filter = RepositoryFilter {
        fork_of: Some(access.repo.id),
        is_fork: Some(true),
        sort: Sort::Id,
        ..Default::default()
    };
    Ok(super::lists::plain_page(&app, &access.caller, filter, &paging).await?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct CreateForkOption {
    organization: Option<String>,
    name: Option<String>,
}

/// `createFork`
async fn create(
    State(app): State<App>,
    Repo(access, _): Repo<need::Read<need::Code>>,
    Body(body): Body<CreateForkOption>,
) -> Result<Response, Failure> {
    let doer = access.caller.signed_in()?;
    let connection = app.forge.db.read();
    let owner = match &body.organization {
        None => doer.clone(),
        Some(name) => {
            let unknown = || Error::not_found("organization: there is no such organisation");
            let org = users::find_by_name(connection, name)
                .await?
                .filter(|org| org.is_organization())
                .ok_or_else(unknown)?;
            if !permission::owner_is_visible(connection, app.forge.rules(), Some(doer), &org).await? {
                return Err(unknown().into());
            }
            if !doer.is_admin
                && !organisations::may_create_repositories(connection, &org, doer.user_id()).await?
            {
                return Err(Error::forbidden(
                    "only members of a team that may make repositories can do this",
                )
                .into());
            }
            org
        }
    };
    let name = body.name.as_deref().unwrap_or(&access.repo.name);
    let name = RepoName::new(name).map_err(|error| Error::invalid(format!("name: {error}")))?;
    let fork = forks::create(&app.forge, doer, &access.repo, &access.owner, &owner, name).await?;
    Ok((StatusCode::ACCEPTED, Json(Repository::load(&app.forge, &access.caller, fork).await?))
        .into_response())
}
