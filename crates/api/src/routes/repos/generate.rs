//! `/repos/{owner}/{repo}/generate`: a repository made from a template.

use axum::extract::State;
use oolong_auth::permission;
use oolong_core::{Error, RepoName};
use oolong_db::{organisations, users};
use oolong_forge::generation::{self, NewFromTemplate};
use oolong_http::{App, Body, Failure, Repo, Routes, need};
use serde::Deserialize;

use super::REPOSITORY_SIGNED_IN;
use crate::dto::Created;
use crate::dto::repository::Repository;

pub(super) fn add(routes: Routes) -> Routes {
    routes.post("/repos/{owner}/{repo}/generate", REPOSITORY_SIGNED_IN, generate)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct GenerateRepoOption {
    owner: String,
    name: String,
    default_branch: String,
    description: String,
    private: bool,
    git_content: bool,
    topics: bool,
    git_hooks: bool,
    webhooks: bool,
    avatar: bool,
    labels: bool,
    protected_branch: bool,
}

/// `generateRepo`
async fn generate(
    State(app): State<App>,
    Repo(access, _): Repo<need::Read<need::Code>>,
    Body(body): Body<GenerateRepoOption>,
) -> Result<Created<Repository>, Failure> {
    let doer = access.caller.signed_in()?;
    if body.owner.is_empty() {
        return Err(Error::invalid("owner: whose repository it is to be").into());
    }
    let name = RepoName::new(&body.name).map_err(|error| Error::invalid(format!("name: {error}")))?;
    if body.description.chars().count() > 2048 {
        return Err(Error::invalid("description: at most 2048 characters").into());
    }
    if !access.repo.is_template {
        return Err(Error::invalid("the repository is no template").into());
    }
    let anything = [
        body.git_content,
        body.topics,
        body.git_hooks,
        body.webhooks,
        body.avatar,
        body.labels,
        body.protected_branch,
    ];
    if !anything.contains(&true) {
        return Err(Error::invalid(
            "git_content, topics, labels, …: at least one part of the template is to be taken over",
        )
        .into());
    }
    let connection = app.forge.db.read();
    let unknown = || Error::not_found("owner: there is no such user or organisation");
    let owner = users::find_by_name(connection, &body.owner).await?.ok_or_else(unknown)?;
    if !permission::owner_is_visible(connection, app.forge.rules(), Some(doer), &owner).await? {
        return Err(unknown().into());
    }
    let allowed = doer.is_admin
        || owner.id == doer.id
        || owner.is_organization()
            && organisations::may_create_repositories(connection, &owner, doer.user_id()).await?;
    if !allowed {
        return Err(Error::forbidden("owner: you may not make repositories there").into());
    }
    let new = NewFromTemplate {
        name,
        description: body.description,
        private: body.private,
        default_branch: body.default_branch,
        content: body.git_content,
        topics: body.topics,
        labels: body.labels,
        protected_branches: body.protected_branch,
    };
    let repo = generation::create(&app.forge, doer, (&access.repo, &access.owner), &owner, new).await?;
    Ok(Created(Repository::load(&app.forge, &access.caller, repo).await?))
}
