//! A small world with something to hide, and paths into it.

use oolong_http::RouteInfo;
use oolong_tests::server::{PASSWORD, Server};
use serde_json::json;

/// Owns everything that is hidden.
pub(crate) const OWNER: &str = "alice";
/// Has a good account and no rights on it.
pub(crate) const OUTSIDER: &str = "bob";
/// Administers the site.
pub(crate) const ADMIN: &str = "root";
/// The private repository.
pub(crate) const REPO: &str = "hidden";
/// The private organisation, with a private repository of the same name as above.
pub(crate) const ORG: &str = "secrets";

/// Makes the world.
pub(crate) async fn make(server: &Server) {
    server.admin(ADMIN).await;
    server.user(OWNER).await;
    server.user(OUTSIDER).await;
    let owner = server.basic(OWNER, PASSWORD);
    server.repo(OWNER, REPO, true).await;
    owner.post("/api/v1/orgs", json!({"username": ORG, "visibility": "private"})).await.expect(201);
}

/// The API's routes.
pub(crate) fn routes(server: &Server) -> Vec<RouteInfo> {
    oolong_api::routes(server.app.clone()).inventory().to_vec()
}

/// Whether a path leads to something that only its owner and administrators may know of.
pub(crate) fn is_hidden(path: &str) -> bool {
    path.contains("{repo}") || path.contains("{org}") || path.starts_with("/teams/{id}")
}

/// The path with the names of this world in place of its parameters.
pub(crate) fn fill(path: &str) -> String {
    fill_with(path, |name| match name {
        "username" | "owner" | "user" => OWNER,
        "repo" => REPO,
        "org" => ORG,
        "id" | "index" => "1",
        // Not the default branch: that one nobody may delete.
        "branch" => "side",
        "ref" | "sha" => "main",
        "filepath" => "README.md",
        _ => "x",
    })
}

/// The path with a value for each parameter; `{*rest}` is called `rest`.
pub(crate) fn fill_with<'a>(path: &str, mut value: impl FnMut(&str) -> &'a str) -> String {
    let mut filled = "/api/v1".to_owned();
    for segment in path.split('/').skip(1) {
        filled.push('/');
        match segment.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?))) {
            Some((before, (name, after))) => {
                filled.push_str(before);
                filled.push_str(value(name.trim_start_matches('*')));
                filled.push_str(after);
            }
            None => filled.push_str(segment),
        }
    }
    filled
}
