//! Who may do what with a repository: `oolong_auth::permission` against storage-formats §12.5, and the table `access`
//! that it reads, as §12.6 says.

use std::collections::BTreeMap;

use oolong_auth::permission::repo_permission;
use oolong_core::Unit;
use oolong_db::entity::{access, collaboration, repo_unit, repository, team, user};
use oolong_db::sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, Set};
use oolong_db::users;
use oolong_forge::access_rows;
use oolong_tests::server::{PASSWORD, Server};
use serde_json::json;

/// What a person has: `none`, or the base mode and what differs on code, issues and the wiki.
async fn has(server: &Server, person: Option<&str>, path: (&str, &str)) -> String {
    let forge = server.forge();
    let (repo, owner) =
        oolong_db::repositories::find_by_path(forge.db.read(), path.0, path.1).await.unwrap().unwrap();
    let person = match person {
        Some(name) => Some(users::find_by_name(forge.db.read(), name).await.unwrap().unwrap()),
        None => None,
    };
    let permission =
        repo_permission(forge.db.read(), forge.rules(), person.as_ref(), &repo, &owner).await.unwrap();
    if !permission.has_any_access() {
        return "hidden".to_owned();
    }
    let unit = |unit| permission.unit_mode(unit).name();
    format!("{}: {} {} {}", permission.mode().name(), unit(Unit::Code), unit(Unit::Issues), unit(Unit::Wiki))
}

async fn row(server: &Server, name: &str) -> user::Model {
    users::find_by_name(server.forge().db.read(), name).await.unwrap().unwrap()
}

async fn set_visibility(server: &Server, owner: &str, visibility: i32) {
    let id = row(server, owner).await.id;
    let change = user::ActiveModel { id: Set(id), visibility: Set(visibility), ..Default::default() };
    user::Entity::update(change).exec(server.forge().db.write()).await.unwrap();
}

async fn set_private(server: &Server, repo: i64, private: bool) {
    let change = repository::ActiveModel { id: Set(repo), is_private: Set(private), ..Default::default() };
    repository::Entity::update(change).exec(server.forge().db.write()).await.unwrap();
    access_rows::recalculate_repo(server.forge().db.write(), oolong_core::RepoId(repo)).await.unwrap();
}

/// `user name → mode` of the rows of `access` for a repository.
async fn access_of(server: &Server, repo: i64) -> BTreeMap<String, i32> {
    let rows = access::Entity::find()
        .filter(access::Column::RepoId.eq(repo))
        .all(server.forge().db.read())
        .await
        .unwrap();
    let people =
        users::list_by_ids(server.forge().db.read(), rows.iter().map(|row| row.user_id)).await.unwrap();
    let name = |id| people.iter().find(|person| person.id == id).unwrap().name.clone();
    rows.into_iter().map(|row| (name(row.user_id), row.mode)).collect()
}

fn modes<const N: usize>(expected: [(&str, i32); N]) -> BTreeMap<String, i32> {
    expected.into_iter().map(|(name, mode)| (name.to_owned(), mode)).collect()
}

/// An organisation `org` of `alice` with the repository `thing`; `dev` writes code and reads issues through a team,
/// `boss` administers through a team, `fenced` is restricted and in the team of `dev`, `guest` collaborates with
/// reading, `limited` is restricted and belongs to nothing, `bob` is nobody in particular.
async fn organisation(server: &Server) -> i64 {
    for name in ["alice", "bob", "dev", "boss", "guest"] {
        server.user(name).await;
    }
    for name in ["fenced", "limited"] {
        server.account(name, |new| new.is_restricted = Some(true)).await;
    }
    server.admin("root").await;
    let alice = server.basic("alice", PASSWORD);
    alice.post("/api/v1/orgs", json!({"username": "club"})).await.expect(201);
    let repo = alice
        .post("/api/v1/orgs/club/repos", json!({"name": "thing", "private": true}))
        .await
        .expect(201)
        .json();
    let devs = json!({"name": "devs", "units_map": {"repo.code": "write", "repo.issues": "read"}});
    let devs = alice.post("/api/v1/orgs/club/teams", devs).await.expect(201).json()["id"].clone();
    let bosses = json!({"name": "bosses", "permission": "admin"});
    let bosses = alice.post("/api/v1/orgs/club/teams", bosses).await.expect(201).json()["id"].clone();
    for (team, people) in [(&devs, vec!["dev", "fenced"]), (&bosses, vec!["boss"])] {
        alice.put(&format!("/api/v1/teams/{team}/repos/club/thing"), json!({})).await.expect(204);
        for person in people {
            alice.put(&format!("/api/v1/teams/{team}/members/{person}"), json!({})).await.expect(204);
        }
    }
    alice
        .put("/api/v1/repos/club/thing/collaborators/guest", json!({"permission": "read"}))
        .await
        .expect(204);
    repo["id"].as_i64().unwrap()
}

#[tokio::test]
async fn organisation_repositories() {
    let server = Server::start().await;
    let repo = organisation(&server).await;
    // Visitor and stranger, restricted stranger, team by units, restricted in that team, team of administrators,
    // collaborator, owner of the organisation, site administrator.
    let who = [
        None,
        Some("bob"),
        Some("limited"),
        Some("dev"),
        Some("fenced"),
        Some("boss"),
        Some("guest"),
        Some("alice"),
        Some("root"),
    ];
    let all = "owner: owner owner owner";
    let read = "read: read read read";
    let units = "none: write read none";
    let cases = [
        // (private repository, visibility of the organisation, what each has)
        (true, 0, ["hidden", "hidden", "hidden", units, units, all, read, all, all]),
        (true, 2, ["hidden", "hidden", "hidden", units, units, all, read, all, all]),
        (false, 0, [read, read, read, "read: write read read", units, all, read, all, all]),
        (false, 1, ["hidden", read, "hidden", "read: write read read", units, all, read, all, all]),
        (false, 2, ["hidden", "hidden", "hidden", "read: write read read", units, all, read, all, all]),
    ];
    for (private, visibility, expected) in cases {
        set_private(&server, repo, private).await;
        set_visibility(&server, "club", visibility).await;
        for (person, expected) in who.into_iter().zip(expected) {
            let found = has(&server, person, ("club", "thing")).await;
            assert_eq!(found, expected, "{person:?}, private repository: {private}, visibility {visibility}");
        }
    }
}

#[tokio::test]
async fn repositories_of_people() {
    let server = Server::start().await;
    for name in ["alice", "bob", "reader", "writer", "chief"] {
        server.user(name).await;
    }
    server.account("limited", |new| new.is_restricted = Some(true)).await;
    server.repo("alice", "thing", true).await;
    let alice = server.basic("alice", PASSWORD);
    for (name, mode) in [("reader", "read"), ("writer", "write"), ("chief", "admin")] {
        let body = json!({"permission": mode});
        alice.put(&format!("/api/v1/repos/alice/thing/collaborators/{name}"), body).await.expect(204);
    }
    let repo = alice.get("/api/v1/repos/alice/thing").await.expect(200).json()["id"].as_i64().unwrap();
    assert_eq!(access_of(&server, repo).await, modes([("reader", 1), ("writer", 2), ("chief", 3)]));

    let who =
        [None, Some("bob"), Some("limited"), Some("reader"), Some("writer"), Some("chief"), Some("alice")];
    let read = "read: read read read";
    let (write, admin, all) =
        ("write: write write write", "admin: admin admin admin", "owner: owner owner owner");
    let cases = [
        (true, 0, ["hidden", "hidden", "hidden", read, write, admin, all]),
        (true, 2, ["hidden", "hidden", "hidden", read, write, admin, all]),
        (false, 0, [read, read, read, read, write, admin, all]),
        (false, 1, ["hidden", read, "hidden", read, write, admin, all]),
        // A reader of a public repository has no row of `access` (it would say no more than everybody has), so that
        // in a private account only the stronger collaborators remain; Gitea is the same.
        (false, 2, ["hidden", "hidden", "hidden", "hidden", write, admin, all]),
    ];
    for (private, visibility, expected) in cases {
        set_private(&server, repo, private).await;
        set_visibility(&server, "alice", visibility).await;
        for (person, expected) in who.into_iter().zip(expected) {
            let found = has(&server, person, ("alice", "thing")).await;
            assert_eq!(found, expected, "{person:?}, private repository: {private}, visibility {visibility}");
        }
    }
    assert_eq!(access_of(&server, repo).await, modes([("writer", 2), ("chief", 3)]));
}

#[tokio::test]
async fn units_opened_to_everyone() {
    for (ini, visitor, stranger) in [
        ("", "none: none read none", "none: none read write"),
        ("[repository]\nFORCE_PRIVATE = true\n", "hidden", "hidden"),
        ("[service]\nREQUIRE_SIGNIN_VIEW = true\n", "hidden", "none: none read write"),
    ] {
        let server = Server::with(ini).await;
        server.user("alice").await;
        server.user("bob").await;
        server.repo("alice", "thing", true).await;
        for (unit, anonymous, everyone) in [(Unit::Issues, 1, 0), (Unit::Wiki, 0, 4)] {
            repo_unit::Entity::update_many()
                .col_expr(repo_unit::Column::AnonymousAccessMode, anonymous.into())
                .col_expr(repo_unit::Column::EveryoneAccessMode, everyone.into())
                .filter(repo_unit::Column::Kind.eq(unit.number()))
                .exec(server.forge().db.write())
                .await
                .unwrap();
        }
        assert_eq!(has(&server, None, ("alice", "thing")).await, visitor, "visitor with {ini:?}");
        assert_eq!(has(&server, Some("bob"), ("alice", "thing")).await, stranger, "stranger with {ini:?}");
        assert_eq!(has(&server, Some("alice"), ("alice", "thing")).await, "owner: owner owner owner");
    }
}

#[tokio::test]
async fn access_follows_every_change() {
    let server = Server::start().await;
    let repo = organisation(&server).await;
    let alice = server.basic("alice", PASSWORD);
    // A team that says it unit by unit counts as no mode: only restricted people keep such a row.
    assert_eq!(
        access_of(&server, repo).await,
        modes([("alice", 4), ("boss", 3), ("fenced", 0), ("guest", 1)])
    );
    let teams = alice.get("/api/v1/orgs/club/teams").await.expect(200).json();
    let id = |name: &str| {
        teams.as_array().unwrap().iter().find(|team| team["name"] == name).unwrap()["id"].clone()
    };
    let (owners, bosses, devs) = (id("Owners"), id("bosses"), id("devs"));

    alice.put(&format!("/api/v1/teams/{owners}/members/dev"), json!({})).await.expect(204);
    alice.patch(&format!("/api/v1/teams/{devs}"), json!({"permission": "admin"})).await.expect(200);
    assert_eq!(
        access_of(&server, repo).await,
        modes([("alice", 4), ("boss", 3), ("dev", 4), ("fenced", 3), ("guest", 1)])
    );

    alice.delete(&format!("/api/v1/teams/{owners}/members/dev")).await.expect(204);
    alice.delete(&format!("/api/v1/teams/{bosses}/repos/club/thing")).await.expect(204);
    alice
        .put("/api/v1/repos/club/thing/collaborators/guest", json!({"permission": "write"}))
        .await
        .expect(204);
    assert_eq!(
        access_of(&server, repo).await,
        modes([("alice", 4), ("dev", 3), ("fenced", 3), ("guest", 2)])
    );

    alice.delete("/api/v1/orgs/club/members/dev").await.expect(204);
    alice.delete("/api/v1/repos/club/thing/collaborators/guest").await.expect(204);
    assert_eq!(access_of(&server, repo).await, modes([("alice", 4), ("fenced", 3)]));

    alice.delete(&format!("/api/v1/teams/{devs}")).await.expect(204);
    assert_eq!(access_of(&server, repo).await, modes([("alice", 4)]));

    // A second calculation changes nothing, and rows that nobody made are taken away.
    let rows = || async {
        let rows =
            access::Entity::find().order_by_asc(access::Column::Id).all(server.forge().db.read()).await;
        rows.unwrap()
    };
    let before = rows().await;
    let stray =
        access::Model { user_id: row(&server, "bob").await.id, repo_id: repo, mode: 4, ..Default::default() };
    oolong_db::accesses::insert(server.forge().db.write(), vec![stray]).await.unwrap();
    access_rows::recalculate_repo(server.forge().db.write(), oolong_core::RepoId(repo)).await.unwrap();
    assert_eq!(rows().await, before);
    assert!(collaboration::Entity::find().all(server.forge().db.read()).await.unwrap().is_empty());
}

#[tokio::test]
async fn counters_stay_true() {
    let server = Server::start().await;
    organisation(&server).await;
    let alice = server.basic("alice", PASSWORD);
    let counters = || async {
        let org = row(&server, "club").await;
        let teams =
            team::Entity::find().order_by_asc(team::Column::Id).all(server.forge().db.read()).await.unwrap();
        let teams: Vec<_> =
            teams.into_iter().map(|team| (team.name, team.num_members, team.num_repos)).collect();
        (org.num_teams, org.num_members, teams)
    };
    let team = |name: &str, members, repos| (name.to_owned(), members, repos);
    assert_eq!(
        counters().await,
        (3, 4, vec![team("Owners", 1, 1), team("devs", 2, 1), team("bosses", 1, 1)])
    );

    alice.post("/api/v1/orgs/club/repos", json!({"name": "other"})).await.expect(201);
    let all = json!({"name": "all", "permission": "admin", "includes_all_repositories": true});
    alice.post("/api/v1/orgs/club/teams", all).await.expect(201);
    alice.delete("/api/v1/orgs/club/members/fenced").await.expect(204);
    let teams = alice.get("/api/v1/orgs/club/teams").await.expect(200).json();
    let bosses =
        teams.as_array().unwrap().iter().find(|team| team["name"] == "bosses").unwrap()["id"].clone();
    alice.delete(&format!("/api/v1/teams/{bosses}")).await.expect(204);
    assert_eq!(counters().await, (3, 2, vec![team("Owners", 1, 2), team("devs", 1, 1), team("all", 0, 2)]));
}
