//! Accounts: finding, hiding, renaming and deleting people, on every kind of database.

use oolong_db::entity::{access_token, email_address, follow, public_key, user};
use oolong_db::sea_orm::{EntityTrait as _, PaginatorTrait as _};
use oolong_tests::database::each_backend;
use oolong_tests::server::{PASSWORD, Server};
use serde_json::json;

const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICoHn2RjDLNW8KbeX2gSDGTA1Bdou5VePCLwQ3VWR78y one@laptop";

#[tokio::test]
async fn finding_people() {
    each_backend(async |database| {
        let server = Server::on_database(database).await;
        server.admin("root").await;
        server.user("al_ice").await;
        server.user("alXice").await;
        let (root, alice) = (server.basic("root", PASSWORD), server.basic("al_ice", PASSWORD));

        let found = root.get("/api/v1/users/search?q=L_I").await.expect(200).json();
        assert_eq!(found["data"].as_array().unwrap().len(), 1, "an underscore stands for itself: {found}");
        let found = root
            .get("/api/v1/admin/users?sort=created&order=desc&is_2fa_enabled=false&limit=1")
            .await
            .expect(200);
        assert_eq!(found.header("x-total-count"), Some("3"));
        let found = root.get("/api/v1/admin/emails/search?q=AL_ICE").await.expect(200);
        assert_eq!(found.header("x-total-count"), Some("1"));
        alice.get("/api/v1/users/root/heatmap").await.expect(200);
        server.anonymous().get("/api/v1/users/root/heatmap").await.expect(200);
        root.get("/api/v1/admin/users?sort=charm").await.expect(422);

        root.patch("/api/v1/admin/users/alXice", json!({"login_name": "x", "visibility": "private"}))
            .await
            .expect(200);
        alice.get("/api/v1/users/alXice").await.expect(404);
        alice.get("/api/v1/users/alXice/followers").await.expect(404);
        alice.put("/api/v1/user/following/alXice", json!({})).await.expect(404);
        let found = alice.get("/api/v1/users/search?q=al").await.expect(200);
        assert_eq!(found.header("x-total-count"), Some("1"));
    })
    .await;
}

#[tokio::test]
async fn deleting_leaves_nothing_behind() {
    each_backend(async |database| {
        let server = Server::on_database(database).await;
        server.admin("root").await;
        server.user("alice").await;
        server.user("bob").await;
        let (root, alice) = (server.basic("root", PASSWORD), server.basic("alice", PASSWORD));
        let token = server.token("alice", &["all"]).await;
        token.get("/api/v1/user").await.expect(200);
        alice.put("/api/v1/user/following/bob", json!({})).await.expect(204);
        alice.post("/api/v1/user/keys", json!({"title": "k", "key": KEY})).await.expect(201);
        alice.post("/api/v1/user/emails", json!({"emails": ["more@example.com"]})).await.expect(201);
        server.repo("alice", "r", false).await;

        root.delete("/api/v1/admin/users/alice").await.expect(422);
        root.delete("/api/v1/admin/users/root").await.expect(422);
        server.basic("bob", PASSWORD).delete("/api/v1/admin/users/alice").await.expect(403);
        root.delete("/api/v1/admin/users/alice?purge=true").await.expect(204);

        token.get("/api/v1/user").await.expect(401);
        let connection = server.forge().db.read();
        assert_eq!(access_token::Entity::find().count(connection).await.unwrap(), 0);
        assert_eq!(public_key::Entity::find().count(connection).await.unwrap(), 0);
        assert_eq!(follow::Entity::find().count(connection).await.unwrap(), 0);
        assert_eq!(email_address::Entity::find().count(connection).await.unwrap(), 2);
        let bob = oolong_db::users::find_by_name(connection, "bob").await.unwrap().unwrap();
        assert_eq!(bob.num_followers, 0);
        assert_eq!(user::Entity::find().count(connection).await.unwrap(), 2);
        assert!(!server.forge().repository_path("alice", "r").unwrap().exists());
    })
    .await;
}

#[tokio::test]
async fn a_renamed_person_is_found_again() {
    let server = Server::start().await;
    server.admin("root").await;
    server.user("alice").await;
    server.repo("alice", "r", true).await;
    let root = server.basic("root", PASSWORD);
    root.post("/api/v1/admin/users/alice/rename", json!({"new_username": "alicia"})).await.expect(204);
    let moved = root.get("/api/v1/users/alice").await.expect(307);
    assert_eq!(moved.header("location"), Some("/api/v1/users/alicia"));
    root.get("/api/v1/repos/alicia/r").await.expect(200);
    assert!(server.forge().repository_path("alicia", "r").unwrap().exists());
    // Once somebody has the old name, it leads to them.
    let again = json!({"username": "alice", "email": "another@example.com", "password": PASSWORD, "must_change_password": false});
    root.post("/api/v1/admin/users", again).await.expect(201);
    root.get("/api/v1/repos/alice/r").await.expect(404);
}

#[tokio::test]
async fn nobody_acts_for_closed_accounts_and_organisations() {
    let server = Server::start().await;
    server.admin("root").await;
    server.user("alice").await;
    let root = server.basic("root", PASSWORD);
    let body = json!({"username": "acme"});
    server.basic("alice", PASSWORD).post("/api/v1/orgs", body).await.expect(201);
    root.get("/api/v1/user?sudo=alice").await.expect(200);
    root.get("/api/v1/user?sudo=acme").await.expect(404);
    root.patch("/api/v1/admin/users/alice", json!({"login_name": "", "prohibit_login": true}))
        .await
        .expect(422);
    root.patch("/api/v1/admin/users/alice", json!({"login_name": "a", "prohibit_login": true}))
        .await
        .expect(200);
    root.get("/api/v1/user?sudo=alice").await.expect(403);
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let server = Server::start().await;
    server.admin("root").await;
    let root = server.basic("root", PASSWORD);
    root.patch("/api/v1/admin/users/root", json!({"login_name": "root", "admin": false})).await.expect(400);
    server.admin("second").await;
    root.patch("/api/v1/admin/users/root", json!({"login_name": "root", "admin": false})).await.expect(200);
    root.get("/api/v1/admin/users").await.expect(403);
}
