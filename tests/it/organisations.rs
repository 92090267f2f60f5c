//! Organisations over the API: what must never happen to them.

use oolong_db::entity::user_redirect;
use oolong_db::sea_orm::EntityTrait as _;
use oolong_tests::client::Client;
use oolong_tests::server::{PASSWORD, Server};
use serde_json::json;

async fn people(server: &Server, names: &[&str]) -> Vec<Client> {
    let mut clients = Vec::new();
    for name in names {
        server.user(name).await;
        clients.push(server.basic(name, PASSWORD));
    }
    clients
}

async fn team_id(client: &Client, org: &str, name: &str) -> serde_json::Value {
    let teams = client.get(&format!("/api/v1/orgs/{org}/teams")).await.expect(200).json();
    teams.as_array().unwrap().iter().find(|team| team["name"] == name).unwrap()["id"].clone()
}

#[tokio::test]
async fn an_organisation_always_has_an_owner() {
    let server = Server::start().await;
    let clients = people(&server, &["alice", "bob"]).await;
    let alice = &clients[0];
    alice.post("/api/v1/orgs", json!({"username": "club"})).await.expect(201);
    let owners = team_id(alice, "club", "Owners").await;
    alice.delete(&format!("/api/v1/teams/{owners}/members/alice")).await.expect(422);
    alice.delete("/api/v1/orgs/club/members/alice").await.expect(422);
    alice.delete(&format!("/api/v1/teams/{owners}")).await.expect(422);
    alice.patch(&format!("/api/v1/teams/{owners}"), json!({"name": "Bosses"})).await.expect(422);
    let patch = json!({"name": "Owners", "permission": "read", "units": ["repo.code"], "includes_all_repositories": false, "can_create_org_repo": false});
    let team = alice.patch(&format!("/api/v1/teams/{owners}"), patch).await.expect(200).json();
    assert_eq!(team["permission"], "owner");
    assert_eq!(team["units_map"]["repo.wiki"], "owner");
    assert_eq!(
        (&team["includes_all_repositories"], &team["can_create_org_repo"]),
        (&json!(true), &json!(true))
    );
    // No other team takes that name.
    let other = json!({"name": "others", "permission": "read", "units": ["repo.code"]});
    let other = alice.post("/api/v1/orgs/club/teams", other).await.expect(201).json()["id"].clone();
    alice.patch(&format!("/api/v1/teams/{other}"), json!({"name": "owners"})).await.expect(422);
    // With a second owner the first may go.
    alice.put(&format!("/api/v1/teams/{owners}/members/bob"), json!({})).await.expect(204);
    alice.delete("/api/v1/orgs/club/members/alice").await.expect(204);
    alice.patch("/api/v1/orgs/club", json!({"full_name": "x"})).await.expect(403);
}

#[tokio::test]
async fn teams_show_themselves_to_whom_they_should() {
    let server = Server::start().await;
    let clients = people(&server, &["alice", "member", "outsider"]).await;
    let [alice, member, outsider] = clients.as_slice() else { unreachable!() };
    alice.post("/api/v1/orgs", json!({"username": "club"})).await.expect(201);
    let mut ids = Vec::new();
    for visibility in ["public", "limited", "private"] {
        let body = json!({"name": visibility, "permission": "read", "units": ["repo.code"], "visibility": visibility});
        ids.push(alice.post("/api/v1/orgs/club/teams", body).await.expect(201).json()["id"].clone());
    }
    let home = json!({"name": "home", "permission": "read", "units": ["repo.code"]});
    let home = alice.post("/api/v1/orgs/club/teams", home).await.expect(201).json()["id"].clone();
    alice.put(&format!("/api/v1/teams/{home}/members/member"), json!({})).await.expect(204);
    for (id, to_member, to_outsider) in [(&ids[0], 200, 200), (&ids[1], 200, 404), (&ids[2], 403, 404)] {
        member.get(&format!("/api/v1/teams/{id}")).await.expect(to_member);
        outsider.get(&format!("/api/v1/teams/{id}")).await.expect(to_outsider);
        alice.get(&format!("/api/v1/teams/{id}")).await.expect(200);
    }
    let listed = member.get("/api/v1/orgs/club/teams").await.expect(200).json();
    let names: Vec<&str> =
        listed.as_array().unwrap().iter().map(|team| team["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Owners", "home", "limited", "public"]);
    outsider.get("/api/v1/orgs/club/teams").await.expect(403);
    // Who may know of a team does not learn who is in it, nor of repositories that are hidden from them.
    outsider.get(&format!("/api/v1/teams/{}/members", ids[0])).await.expect(403);
    alice.post("/api/v1/orgs/club/repos", json!({"name": "hidden", "private": true})).await.expect(201);
    alice.put(&format!("/api/v1/teams/{}/repos/club/hidden", ids[0]), json!({})).await.expect(204);
    let repos = outsider.get(&format!("/api/v1/teams/{}/repos", ids[0])).await.expect(200);
    assert_eq!((repos.header("x-total-count"), repos.text().trim()), (Some("0"), "[]"));
    outsider.get(&format!("/api/v1/teams/{}/repos/club/hidden", ids[0])).await.expect(404);
}

#[tokio::test]
async fn a_team_reaches_repositories_of_its_organisation_only() {
    let server = Server::start().await;
    let clients = people(&server, &["alice", "bob"]).await;
    let [alice, bob] = clients.as_slice() else { unreachable!() };
    alice.post("/api/v1/orgs", json!({"username": "club"})).await.expect(201);
    let team = json!({"name": "team", "permission": "admin"});
    let team = alice.post("/api/v1/orgs/club/teams", team).await.expect(201).json()["id"].clone();
    server.repo("bob", "secret", true).await;
    server.repo("alice", "own", true).await;
    // Whether somebody else's repository exists is not to be learnt here.
    for path in ["bob/secret", "bob/nothing", "alice/own"] {
        alice.put(&format!("/api/v1/teams/{team}/repos/{path}"), json!({})).await.expect(404);
    }
    bob.put(&format!("/api/v1/teams/{team}/repos/bob/secret"), json!({})).await.expect(404);
    bob.get(&format!("/api/v1/teams/{team}/repos")).await.expect(404);
}

#[tokio::test]
async fn leaving_forgets_what_is_hidden_now() {
    let server = Server::start().await;
    let clients = people(&server, &["alice", "bob"]).await;
    let [alice, bob] = clients.as_slice() else { unreachable!() };
    alice.post("/api/v1/orgs", json!({"username": "club"})).await.expect(201);
    alice.post("/api/v1/orgs/club/repos", json!({"name": "hidden", "private": true})).await.expect(201);
    alice.post("/api/v1/orgs/club/repos", json!({"name": "open"})).await.expect(201);
    let team =
        json!({"name": "team", "units_map": {"repo.code": "write"}, "includes_all_repositories": true});
    let team = alice.post("/api/v1/orgs/club/teams", team).await.expect(201).json()["id"].clone();
    let watchers = |name: &'static str| async move {
        alice.get(&format!("/api/v1/repos/club/{name}")).await.expect(200).json()["watchers_count"].clone()
    };
    alice.put(&format!("/api/v1/teams/{team}/members/bob"), json!({})).await.expect(204);
    bob.get("/api/v1/repos/club/hidden").await.expect(200);
    assert_eq!((watchers("hidden").await, watchers("open").await), (json!(2), json!(2)));
    alice.delete(&format!("/api/v1/teams/{team}/members/bob")).await.expect(204);
    bob.get("/api/v1/repos/club/hidden").await.expect(404);
    assert_eq!((watchers("hidden").await, watchers("open").await), (json!(1), json!(2)));
    alice.get("/api/v1/orgs/club/members/bob").await.expect(404);
}

#[tokio::test]
async fn renaming_moves_everything_along() {
    let server = Server::start().await;
    let clients = people(&server, &["alice"]).await;
    let alice = &clients[0];
    alice.post("/api/v1/orgs", json!({"username": "Old"})).await.expect(201);
    let repo = json!({"name": "thing", "auto_init": true});
    alice.post("/api/v1/orgs/old/repos", repo).await.expect(201);
    // Only the case: no other name, no redirect.
    alice.post("/api/v1/orgs/old/rename", json!({"new_name": "OLD"})).await.expect(204);
    assert!(user_redirect::Entity::find().all(server.forge().db.read()).await.unwrap().is_empty());
    alice.post("/api/v1/orgs/old/rename", json!({"new_name": "New"})).await.expect(204);
    let shown = alice.get("/api/v1/repos/new/thing").await.expect(200).json();
    assert_eq!(shown["full_name"], "New/thing");
    assert!(server.forge().repository_path("new", "thing").unwrap().exists());
    alice.get("/api/v1/orgs/old").await.expect(307);
    // The old name is free again, and then leads nowhere else.
    alice.post("/api/v1/orgs", json!({"username": "old"})).await.expect(201);
    alice.get("/api/v1/orgs/old").await.expect(200);
    alice.post("/api/v1/orgs/new/rename", json!({"new_name": "OLD"})).await.expect(422);
    alice.delete("/api/v1/orgs/old").await.expect(204);
    alice.delete("/api/v1/orgs/new").await.expect(409);
}

#[tokio::test]
async fn blocking_ends_what_ties_together() {
    let server = Server::start().await;
    let clients = people(&server, &["alice", "bob"]).await;
    let [alice, bob] = clients.as_slice() else { unreachable!() };
    alice.post("/api/v1/orgs", json!({"username": "club"})).await.expect(201);
    alice.post("/api/v1/orgs/club/repos", json!({"name": "thing", "private": true})).await.expect(201);
    alice.put("/api/v1/repos/club/thing/collaborators/bob", json!({})).await.expect(204);
    bob.get("/api/v1/repos/club/thing").await.expect(200);
    alice.put("/api/v1/orgs/club/blocks/bob", json!({})).await.expect(204);
    bob.get("/api/v1/repos/club/thing").await.expect(404);
    alice.put("/api/v1/repos/club/thing/collaborators/bob", json!({})).await.expect(403);
    let owners = team_id(alice, "club", "Owners").await;
    alice.put(&format!("/api/v1/teams/{owners}/members/bob"), json!({})).await.expect(403);
}
