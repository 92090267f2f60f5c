//! `/gitignore/templates`, `/licenses`, `/label/templates`: what a new repository can start with.

use axum::extract::State;
use oolong_core::Error;
use oolong_forge::options::{gitignores, labels, licenses};
use oolong_http::{Access, App, Failure, PathText, Routes};
use serde::Serialize;

use crate::dto::Json;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/gitignore/templates", Access::open(), list_gitignores)
        .get("/gitignore/templates/{name}", Access::open(), get_gitignore)
        .get("/licenses", Access::open(), list_licenses)
        .get("/licenses/{name}", Access::open(), get_license)
        .get("/label/templates", Access::open(), list_label_sets)
        .get("/label/templates/{name}", Access::open(), get_label_set)
}

/// `listGitignoresTemplates`
async fn list_gitignores(State(app): State<App>) -> Result<Json<Vec<String>>, Failure> {
    Ok(Json(gitignores::names(&app.forge.settings).await?))
}

#[derive(Serialize)]
struct GitignoreTemplateInfo {
    name: String,
    source: String,
}

/// `getGitignoreTemplateInfo`
async fn get_gitignore(
    State(app): State<App>,
    PathText(name): PathText<String>,
) -> Result<Json<GitignoreTemplateInfo>, Failure> {
    let text = gitignores::find(&app.forge.settings, &name).await;
    let source = text.ok_or_else(|| Error::not_found("there is no such template"))?;
    Ok(Json(GitignoreTemplateInfo { name, source }))
}

#[derive(Serialize)]
struct LicensesTemplateListEntry {
    key: String,
    name: String,
    url: String,
}

impl LicensesTemplateListEntry {
    fn new(app: &App, name: String) -> Self {
        let url = format!("{}api/v1/licenses/{name}", app.forge.settings.server.root_url);
        Self { key: name.clone(), name, url }
    }
}

/// `listLicenseTemplates`
async fn list_licenses(State(app): State<App>) -> Result<Json<Vec<LicensesTemplateListEntry>>, Failure> {
    let names = licenses::names(&app.forge.settings).await?;
    Ok(Json(names.into_iter().map(|name| LicensesTemplateListEntry::new(&app, name)).collect()))
}

#[derive(Serialize)]
struct LicenseTemplateInfo {
    #[serde(flatten)]
    entry: LicensesTemplateListEntry,
    implementation: &'static str,
    body: String,
}

/// How a licence is put to use; the same words for all, and for every client the same as Gitea's.
const IMPLEMENTATION: &str = "Create a text file (typically named LICENSE or LICENSE.txt) in the root of your source code \
     and copy the text of the license into the file";

/// `getLicenseTemplateInfo`
async fn get_license(
    State(app): State<App>,
    PathText(name): PathText<String>,
) -> Result<Json<LicenseTemplateInfo>, Failure> {
    let text = licenses::find(&app.forge.settings, &name).await;
    let body = text.ok_or_else(|| Error::not_found("there is no such licence"))?;
    Ok(Json(LicenseTemplateInfo {
        entry: LicensesTemplateListEntry::new(&app, name),
        implementation: IMPLEMENTATION,
        body,
    }))
}

/// `listLabelTemplates`
async fn list_label_sets(State(app): State<App>) -> Result<Json<Vec<String>>, Failure> {
    Ok(Json(labels::names(&app.forge.settings).await?))
}

#[derive(Serialize)]
struct LabelTemplate {
    name: String,
    exclusive: bool,
    color: String,
    description: String,
}

/// `getLabelTemplateInfo`
async fn get_label_set(
    State(app): State<App>,
    PathText(name): PathText<String>,
) -> Result<Json<Vec<LabelTemplate>>, Failure> {
    let found = labels::find(&app.forge.settings, &name).await?;
    let labels = found.ok_or_else(|| Error::not_found("there is no such set of labels"))?;
    let shown = labels.into_iter().map(|label| LabelTemplate {
        color: label.color.trim_start_matches('#').to_owned(),
        name: label.name,
        exclusive: label.exclusive,
        description: label.description,
    });
    Ok(Json(shown.collect()))
}
