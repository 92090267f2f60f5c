//! Making repositories: one's own, an organisation's, somebody's by an administrator.

use axum::extract::State;
use oolong_core::{Category, Error, RepoName, Result};
use oolong_db::entity::user;
use oolong_db::organisations;
use oolong_forge::repositories::{self, NewRepository, Start, TrustModel};
use oolong_git::ObjectFormat;
use oolong_http::{Access, App, Body, Failure, OwnerPath, Routes, SignedIn};
use serde::Deserialize;

use crate::dto::Created;
use crate::dto::repository::Repository;

pub(super) fn add(routes: Routes) -> Routes {
    let own = Access::scoped(&[Category::User, Category::Repository]).signed_in().not_public_only();
    let of_organisation = Access::scoped(&[Category::Organization]).signed_in();
    let older = Access::scoped(&[Category::Organization, Category::Repository]).signed_in();
    let admin = Access::scoped(&[Category::Admin]).site_admin();
    routes
        .post("/user/repos", own, create_own)
        .post("/orgs/{org}/repos", of_organisation, create_in_organisation)
        .post("/org/{org}/repos", older, create_in_organisation)
        .post("/admin/users/{username}/repos", admin, create_for)
}

#[derive(Deserialize)]
#[serde(default)]
struct CreateRepoOption {
    name: String,
    description: String,
    private: bool,
    issue_labels: String,
    auto_init: bool,
    template: bool,
    gitignores: String,
    license: String,
    readme: String,
    default_branch: String,
    trust_model: String,
    object_format_name: String,
}

impl Default for CreateRepoOption {
    fn default() -> Self {
        let none = String::new;
        Self {
            name: none(),
            description: none(),
            private: false,
            issue_labels: none(),
            auto_init: false,
            template: false,
            gitignores: none(),
            license: none(),
            readme: "Default".to_owned(),
            default_branch: none(),
            trust_model: none(),
            object_format_name: none(),
        }
    }
}

impl CreateRepoOption {
    fn parse(self) -> Result<NewRepository> {
        if self.description.chars().count() > 2048 {
            return Err(Error::invalid("description: at most 2048 characters"));
        }
        if self.default_branch.chars().count() > 100 {
            return Err(Error::invalid("default_branch: at most 100 characters"));
        }
        let readme = if self.readme.is_empty() { "Default".to_owned() } else { self.readme };
        let start = Start {
            readme,
            license: self.license,
            gitignores: self.gitignores.split(',').map(str::to_owned).collect(),
        };
        Ok(NewRepository {
            name: RepoName::new(&self.name).map_err(|error| Error::invalid(format!("name: {error}")))?,
            description: self.description,
            private: self.private,
            template: self.template,
            start: self.auto_init.then_some(start),
            labels: self.issue_labels,
            default_branch: self.default_branch,
            trust_model: TrustModel::parse(&self.trust_model),
            object_format: match self.object_format_name.as_str() {
                "" | "sha1" => ObjectFormat::Sha1,
                "sha256" => ObjectFormat::Sha256,
                other => {
                    return Err(Error::invalid(format!("object_format_name: sha1 or sha256, not {other:?}")));
                }
            },
        })
    }
}

async fn create(
    app: &App,
    caller: &oolong_auth::Caller,
    owner: &user::Model,
    body: CreateRepoOption,
) -> Result<Created<Repository>> {
    let repo = repositories::create(&app.forge, caller.signed_in()?, owner, body.parse()?).await?;
    Ok(Created(Repository::load(&app.forge, caller, repo).await?))
}

/// `createCurrentUserRepo`
async fn create_own(
    State(app): State<App>,
    SignedIn { caller, user }: SignedIn,
    Body(body): Body<CreateRepoOption>,
) -> Result<Created<Repository>, Failure> {
    if user.is_organization() {
        return Err(Error::forbidden("an organisation does not sign in to make repositories").into());
    }
    Ok(create(&app, &caller, &user, body).await?)
}

/// `createOrgRepo`, `createOrgRepoDeprecated`
async fn create_in_organisation(
    State(app): State<App>,
    OwnerPath { owner, caller }: OwnerPath,
    Body(body): Body<CreateRepoOption>,
) -> Result<Created<Repository>, Failure> {
    if !owner.is_organization() {
        return Err(Error::not_found("there is no such organisation").into());
    }
    let doer = caller.signed_in()?;
    if !doer.is_admin
        && !organisations::may_create_repositories(app.forge.db.read(), &owner, doer.user_id()).await?
    {
        return Err(Error::forbidden("only members of a team that may make repositories can do this").into());
    }
    Ok(create(&app, &caller, &owner, body).await?)
}

/// `adminCreateRepo`
async fn create_for(
    State(app): State<App>,
    OwnerPath { owner, caller }: OwnerPath,
    Body(body): Body<CreateRepoOption>,
) -> Result<Created<Repository>, Failure> {
    Ok(create(&app, &caller, &owner, body).await?)
}
