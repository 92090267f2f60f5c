//! `/repos/{owner}/{repo}/git`: references, trees, blobs, tag objects.

use axum::extract::State;
use oolong_core::{Error, Page};
use oolong_forge::git;
use oolong_git::Slice;
use oolong_http::{App, Failure, Paging, PathText, QueryValues, Repo, RepoAccess, Routes, Total, need};

use super::REPOSITORY;
use super::on_disk::{links, missing_is_malformed, path};
use crate::dto::Json;
use crate::dto::git_object::{Blob, Reference, Tree};
use crate::dto::tag::AnnotatedTag;

type Readable = Repo<need::Read<need::Code>>;
type TextOf = PathText<(String, String, String)>;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/repos/{owner}/{repo}/git/refs", REPOSITORY, list_references)
        .get("/repos/{owner}/{repo}/git/refs/{*prefix}", REPOSITORY, list_some_references)
        .get("/repos/{owner}/{repo}/git/trees/{sha}", REPOSITORY, get_tree)
        .get("/repos/{owner}/{repo}/git/blobs/{sha}", REPOSITORY, get_blob)
        .get("/repos/{owner}/{repo}/git/tags/{sha}", REPOSITORY, get_tag_object)
}

/// `repoListAllGitRefs`
async fn list_references(
    State(app): State<App>,
    Repo(access, _): Readable,
) -> Result<Json<Vec<Reference>>, Failure> {
    references(&app, &access, "refs/".to_owned()).await
}

/// `repoListGitRefs`: everything that starts so.
async fn list_some_references(
    State(app): State<App>,
    Repo(access, _): Readable,
    PathText((_, _, prefix)): TextOf,
) -> Result<Json<Vec<Reference>>, Failure> {
    references(&app, &access, format!("refs/{prefix}")).await
}

async fn references(app: &App, access: &RepoAccess, prefix: String) -> Result<Json<Vec<Reference>>, Failure> {
    let found = git::read(path(app, access)?, move |repo| repo.references(&prefix)).await?;
    if found.is_empty() {
        return Err(Error::not_found("there is no such reference").into());
    }
    let links = links(app, access);
    Ok(Json(found.iter().map(|reference| Reference::new(&links, reference)).collect()))
}

/// `GetTree`
async fn get_tree(
    State(app): State<App>,
    Repo(access, _): Readable,
    PathText((_, _, text)): TextOf,
    query: QueryValues,
) -> Result<(Total, Json<Tree>), Failure> {
    let most = app.forge.settings.api.default_git_trees_per_page.max(1);
    let positive = |name: &str| query.number(name).and_then(|n| u64::try_from(n).ok()).filter(|&n| n > 0);
    let page = Page::new(positive("page").unwrap_or(1), positive("per_page").unwrap_or(most).min(most));
    let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let slice = Slice { skip: number(page.offset()), limit: number(page.limit) };
    let recursive = query.switch("recursive").unwrap_or_default();
    let listing =
        git::read(path(&app, &access)?, move |repo| repo.tree(repo.resolve_object(&text)?, recursive, slice))
            .await
            .map_err(missing_is_malformed)?;
    let total = Paging::total_without_links(listing.total as u64);
    Ok((total, Json(Tree::new(&links(&app, &access), listing, page.number))))
}

/// `GetBlob`
async fn get_blob(
    State(app): State<App>,
    Repo(access, _): Readable,
    PathText((_, _, text)): TextOf,
) -> Result<Json<Blob>, Failure> {
    let most = app.forge.settings.api.default_max_blob_size;
    let (id, size, blob) = git::read(path(&app, &access)?, move |repo| {
        let id = repo.resolve_object(&text)?;
        let (_, size) = repo.object_header(id)?;
        let blob = if size <= most { Some(repo.object(id)?) } else { None };
        Ok((id, size, blob))
    })
    .await
    .map_err(missing_is_malformed)?;
    Ok(Json(Blob::new(&links(&app, &access), id, size, blob.as_ref())))
}

/// `GetAnnotatedTag`
async fn get_tag_object(
    State(app): State<App>,
    Repo(access, _): Readable,
    PathText((_, _, text)): TextOf,
) -> Result<Json<AnnotatedTag>, Failure> {
    let tag = git::read(path(&app, &access)?, move |repo| repo.annotated_tag(repo.resolve_object(&text)?))
        .await
        .map_err(missing_is_malformed)?;
    Ok(Json(AnnotatedTag::new(&links(&app, &access), &tag)))
}
