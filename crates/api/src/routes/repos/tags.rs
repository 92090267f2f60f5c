//! `/repos/{owner}/{repo}/tags`.

use axum::extract::State;
use http::StatusCode;
use oolong_core::Error;
use oolong_forge::{git, tags};
use oolong_http::{App, Body, Failure, Paging, PathText, Repo, Routes, Total, need};
use serde::Deserialize;

use super::branches::slice;
use super::on_disk::{editing, links, path};
use super::{REPOSITORY, REPOSITORY_SIGNED_IN};
use crate::dto::tag::Tag;
use crate::dto::{Created, Json};

type Readable = Repo<need::Read<need::Code>>;
type Writable = Repo<need::Write<need::Code>>;
type NameOf = PathText<(String, String, String)>;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/repos/{owner}/{repo}/tags", REPOSITORY, list_tags)
        .post("/repos/{owner}/{repo}/tags", REPOSITORY_SIGNED_IN, create_tag)
        .get("/repos/{owner}/{repo}/tags/{*tag}", REPOSITORY, get_tag)
        .delete("/repos/{owner}/{repo}/tags/{*tag}", REPOSITORY_SIGNED_IN, delete_tag)
}

/// `repoListTags`: the count, and no links, as Gitea answers.
async fn list_tags(
    State(app): State<App>,
    Repo(access, _): Readable,
    paging: Paging,
) -> Result<(Total, Json<Vec<Tag>>), Failure> {
    let slice = slice(&paging);
    let listing = git::read(path(&app, &access)?, move |repo| repo.tags(slice)).await?;
    let links = links(&app, &access);
    let total = Paging::total_without_links(listing.total as u64);
    Ok((total, Json(listing.items.iter().map(|tag| Tag::new(&links, tag)).collect())))
}

/// `repoGetTag`
async fn get_tag(
    State(app): State<App>,
    Repo(access, _): Readable,
    PathText((_, _, name)): NameOf,
) -> Result<Json<Tag>, Failure> {
    let tag = git::read(path(&app, &access)?, move |repo| repo.tag(&name)).await?;
    Ok(Json(Tag::new(&links(&app, &access), &tag)))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct CreateTagOption {
    tag_name: Option<String>,
    message: Option<String>,
    target: Option<String>,
}

/// `repoCreateTag`
async fn create_tag(
    State(app): State<App>,
    Repo(access, _): Writable,
    Body(body): Body<CreateTagOption>,
) -> Result<Created<Tag>, Failure> {
    access.not_archived()?;
    let name = body
        .tag_name
        .filter(|name| !name.is_empty())
        .ok_or_else(|| Error::invalid("tag_name: is required"))?;
    let (target, message) = (body.target.unwrap_or_default(), body.message.unwrap_or_default());
    let tag = tags::create(&app.forge, editing(&access)?, &name, &target, &message).await?;
    Ok(Created(Tag::new(&links(&app, &access), &tag)))
}

/// `repoDeleteTag`
async fn delete_tag(
    State(app): State<App>,
    Repo(access, _): Writable,
    PathText((_, _, name)): NameOf,
) -> Result<StatusCode, Failure> {
    access.not_archived()?;
    tags::delete(&app.forge, editing(&access)?, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}
