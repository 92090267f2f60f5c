//! What the names in a path stand for, for surfaces whose paths a parser reads (git, raw files): the repository with
//! what the caller may do, or where it has gone. Nothing is hidden here; the surface decides what it tells whom.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, StatusCode, Uri, header};
use oolong_auth::Caller;
use oolong_auth::permission::{self, RepoPermission};
use oolong_core::Result;
use oolong_db::entity::{repository, user};
use oolong_db::{repositories, users};

use crate::App;

/// A repository that a path names, and what the caller may do with it.
#[derive(Clone, Debug)]
pub struct Located {
    /// The repository.
    pub repo: repository::Model,
    /// Its owner.
    pub owner: user::Model,
    /// What the caller may do; possibly nothing.
    pub permission: RepoPermission,
}

/// What the names of an owner and a repository stand for.
#[derive(Clone, Debug)]
pub enum Location {
    /// A repository.
    Here(Box<Located>),
    /// The name is an old one of this repository.
    RepoMoved(Box<Located>),
    /// The owner's name is an old one of this owner.
    OwnerMoved(Box<user::Model>),
    /// The owner has no such repository.
    NoRepo(Box<user::Model>),
    /// There is no such owner.
    NoOwner,
}

/// Looks up who and what is meant.
pub async fn locate(app: &App, caller: &Caller, owner_name: &str, name: &str) -> Result<Location> {
    let connection = app.forge.db.read();
    if let Some((repo, owner)) = repositories::find_by_path(connection, owner_name, name).await? {
        return Ok(Location::Here(Box::new(located(app, caller, repo, owner).await?)));
    }
    let Some(owner) = users::find_by_name(connection, owner_name).await? else {
        let renamed = match users::find_redirect(connection, owner_name).await? {
            Some(id) => users::find(connection, id).await?,
            None => None,
        };
        return Ok(renamed.map_or(Location::NoOwner, |owner| Location::OwnerMoved(Box::new(owner))));
    };
    let moved = match repositories::find_redirect(connection, owner.user_id(), name).await? {
        Some(id) => repositories::find_with_owner(connection, id).await?,
        None => None,
    };
    match moved {
        Some((repo, owner)) => Ok(Location::RepoMoved(Box::new(located(app, caller, repo, owner).await?))),
        None => Ok(Location::NoRepo(Box::new(owner))),
    }
}

async fn located(app: &App, caller: &Caller, repo: repository::Model, owner: user::Model) -> Result<Located> {
    let permission =
        permission::repo_permission(app.forge.db.read(), app.forge.rules(), caller.user(), &repo, &owner)
            .await?;
    Ok(Located { repo, owner, permission })
}

/// Whether the caller may learn that this owner exists.
pub async fn owner_is_visible(app: &App, caller: &Caller, owner: &user::Model) -> Result<bool> {
    permission::owner_is_visible(app.forge.db.read(), app.forge.rules(), caller.user(), owner).await
}

/// A redirect to the same address with the first segments of its path replaced by `names`, each a plain name.
/// Relative, as Gitea answers; answers to GET look like a page.
pub fn redirect_first_segments(status: StatusCode, method: &Method, uri: &Uri, names: &[&str]) -> Response {
    let rest = uri.path().split('/').filter(|segment| !segment.is_empty()).skip(names.len());
    let mut location = String::new();
    for segment in names.iter().copied().chain(rest) {
        location.push('/');
        location.push_str(segment);
    }
    if let Some(query) = uri.query() {
        location.push('?');
        location.push_str(query);
    }
    let mut response = (status, [(header::LOCATION, location)]).into_response();
    if matches!(*method, Method::GET | Method::HEAD) {
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_keep_the_rest_of_the_address() {
        let uri = Uri::from_static("/gina/Wire.git/info/refs?service=git-upload-pack");
        let location = |names: &[&str]| {
            let response = redirect_first_segments(StatusCode::MOVED_PERMANENTLY, &Method::POST, &uri, names);
            response.headers()[header::LOCATION].to_str().expect("text").to_owned()
        };
        assert_eq!(location(&["gina", "cable"]), "/gina/cable/info/refs?service=git-upload-pack");
        assert_eq!(location(&["regina"]), "/regina/Wire.git/info/refs?service=git-upload-pack");
    }
}
