//! The rows we write are those Gitea writes: what people do over the API is done here as it was done to make the sample
//! instance, and the rows that come of it are compared column by column.

use std::collections::BTreeMap;

use oolong_tests::client::Client;
use oolong_tests::database::TestDatabase;
use oolong_tests::git::Git;
use oolong_tests::sample;
use oolong_tests::server::{PASSWORD, Server};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

/// A row: each column's SQL literal.
type Row = BTreeMap<String, String>;

/// Our rows and Gitea's.
struct Comparison<'a, C> {
    ours: &'a C,
    theirs: &'a C,
    differences: Vec<String>,
}

async fn rows(database: &impl ConnectionTrait, table: &str, condition: &str) -> Vec<Row> {
    let backend = database.get_database_backend();
    let query = async |sql: String| {
        let rows = database.query_all_raw(Statement::from_string(backend, &sql)).await;
        rows.unwrap_or_else(|error| panic!("{sql}: {error}"))
    };
    let columns = query(format!("SELECT name FROM pragma_table_info('{table}')")).await;
    let columns: Vec<String> = columns.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    let quoted: Vec<_> = columns.iter().map(|column| format!("quote(`{column}`)")).collect();
    let found =
        query(format!("SELECT {} FROM `{table}` WHERE {condition} ORDER BY 1", quoted.join(", "))).await;
    let literal = |row: &sea_orm::QueryResult, index: usize| row.try_get_by_index::<String>(index).unwrap();
    found
        .iter()
        .map(|row| columns.iter().enumerate().map(|(i, name)| (name.clone(), literal(row, i))).collect())
        .collect()
}

/// What remains of a literal whose content is of no importance.
fn class(literal: &str) -> String {
    let is_number = literal.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    match literal {
        "NULL" | "0" | "''" => literal.to_owned(),
        _ if is_number => "a number".to_owned(),
        _ => "a text".to_owned(),
    }
}

/// The keys of JSON, and what kind of value each has.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), shape(value))).collect(),
        Value::Array(items) => items.iter().take(1).map(shape).collect(),
        Value::String(text) if text.is_empty() => json!(""),
        Value::String(_) => json!("text"),
        Value::Number(_) => json!("number"),
        other => other.clone(),
    }
}

impl<C: ConnectionTrait> Comparison<'_, C> {
    /// The rows of one condition each, in any order. The columns named in `varies`, ids and times need only be of the same
    /// class: both NULL, both 0, both '', both some number, or both some text.
    async fn same(&mut self, table: &str, ours: &str, theirs: &str, varies: &str) {
        let varies: Vec<_> = varies.split_whitespace().collect();
        let is_free = |column: &str| {
            varies.contains(&column)
                || column == "id"
                || column.ends_with("_unix")
                || column.ends_with("_time")
        };
        let sorted = |mut rows: Vec<Row>| {
            rows.sort_by_cached_key(|row| -> Vec<String> {
                let fixed = row.iter().filter(|(column, _)| !is_free(column));
                fixed.map(|(_, literal)| literal.clone()).collect()
            });
            rows
        };
        let left = sorted(rows(self.ours, table, ours).await);
        let right = sorted(rows(self.theirs, table, theirs).await);
        if left.len() != right.len() {
            let counts =
                format!("{table}: {} rows of `{ours}`, Gitea has {} of `{theirs}`", left.len(), right.len());
            self.differences.push(counts);
        }
        for (left, right) in left.iter().zip(&right) {
            for (column, literal) in left {
                let expected = &right[column];
                let agrees =
                    if is_free(column) { class(literal) == class(expected) } else { literal == expected };
                if !agrees {
                    let what = format!(
                        "{table}.{column} of `{ours}` is {literal}, Gitea's of `{theirs}` {expected}"
                    );
                    self.differences.push(what);
                }
            }
        }
    }

    /// A column of JSON, which has to have the same keys and kinds of values in the same order.
    async fn same_shape(&mut self, table: &str, column: &str, ours: &str, theirs: &str) {
        let (left, right) = (rows(self.ours, table, ours).await, rows(self.theirs, table, theirs).await);
        let (Some(left), Some(right)) = (left.first(), right.first()) else {
            self.differences.push(format!("{table}: no row of `{ours}` or of `{theirs}`"));
            return;
        };
        let read = |literal: &str| -> Value {
            serde_json::from_str(&literal.trim_matches('\'').replace("''", "'")).unwrap_or(Value::Null)
        };
        let (left, right) = (shape(&read(&left[column])), shape(&read(&right[column])));
        let (left, right) = (left.to_string(), right.to_string());
        if left != right {
            self.differences
                .push(format!("{table}.{column} of `{ours}`\n  is      {left}\n  Gitea's {right}"));
        }
    }
}

/// Somebody's repository or organisation, in SQL.
fn user(name: &str) -> String {
    format!("(SELECT id FROM user WHERE lower_name = '{name}')")
}

fn repo(path: &str) -> String {
    let (owner, name) = path.split_once('/').unwrap();
    format!("(SELECT id FROM repository WHERE owner_name = '{owner}' AND lower_name = '{name}')")
}

async fn api(client: &Client, method: &str, path: &str, body: Value) -> Value {
    let body = if body.is_null() { None } else { Some(body) };
    let answer = client.send(method.parse().unwrap(), &format!("/api/v1{path}"), body).await;
    assert!(answer.status.is_success(), "{method} {path}: {} {}", answer.status, answer.text());
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

/// People, organisations, teams: as the sample's README tells.
async fn people(server: &Server) {
    server.admin("ada").await;
    let ada = server.basic("ada", PASSWORD);
    for name in ["ben", "tao", "fay", "gus", "hana", "mia"] {
        let full_name = format!("{}{} Example", name[..1].to_uppercase(), &name[1..]);
        let body = json!({
            "username": name, "email": format!("{name}@example.com"), "password": PASSWORD, "full_name": full_name,
            "must_change_password": false,
        });
        api(&ada, "POST", "/admin/users", body).await;
    }
    for (name, visibility) in [("acme", "public"), ("guild", "limited")] {
        let body = json!({"username": name, "visibility": visibility, "full_name": "Guild Org", "location": "Earth",
            "website": "https://guild.example.com", "description": "limited organisation"});
        api(&ada, "POST", "/orgs", body).await;
    }
    let units: Vec<String> =
        ["code", "issues", "pulls", "releases", "wiki", "projects", "packages", "actions"]
            .map(|unit| format!("repo.{unit}"))
            .to_vec();
    let team = async |org: &str, name: &str, permission: &str, all: bool, map: Value| {
        let mut body = json!({"name": name, "description": format!("{permission} team"), "permission": permission,
            "includes_all_repositories": all, "can_create_org_repo": permission == "admin", "units": units});
        if !map.is_null() {
            body["units_map"] = map;
            body["description"] = "mixed team".into();
        }
        api(&ada, "POST", &format!("/orgs/{org}/teams"), body).await["id"].as_i64().unwrap()
    };
    let mixed =
        json!({"repo.code": "read", "repo.issues": "write", "repo.pulls": "read", "repo.wiki": "none"});
    let readers = team("acme", "Readers", "read", true, Value::Null).await;
    let writers = team("acme", "Writers", "write", true, Value::Null).await;
    let admins = team("acme", "Admins", "admin", true, Value::Null).await;
    let triage = team("acme", "Triage", "read", false, mixed).await;
    let members = team("guild", "Members", "read", true, Value::Null).await;
    for (team, name) in [
        (readers, "fay"),
        (writers, "ben"),
        (writers, "mia"),
        (admins, "hana"),
        (triage, "gus"),
        (members, "ben"),
        (members, "tao"),
    ] {
        api(&ada, "PUT", &format!("/teams/{team}/members/{name}"), Value::Null).await;
    }
    let ben = server.basic("ben", PASSWORD);
    api(&ben, "PUT", "/orgs/acme/public_members/ben", Value::Null).await;
    api(&ada, "PATCH", "/admin/users/fay", json!({"source_id": 0, "login_name": "fay", "restricted": true}))
        .await;
    api(&ada, "PUT", "/user/blocks/gus?note=spam", Value::Null).await;
    api(&ben, "PUT", "/user/following/ada", Value::Null).await;
    let ada_key = sample_text("ssh_keys/ada-ed25519/public");
    api(&ada, "POST", "/user/keys", json!({"title": "laptop", "key": ada_key})).await;
    for (name, scopes) in [
        ("all", json!(["all"])),
        ("read-user", json!(["read:user"])),
        ("repo-and-issue", json!(["write:repository", "write:issue", "read:user"])),
        (
            "public-only",
            json!(["public-only", "read:user", "read:repository", "read:organization", "read:issue"]),
        ),
        ("public-all", json!(["public-only", "all"])),
    ] {
        api(&ben, "POST", "/users/ben/tokens", json!({"name": name, "scopes": scopes})).await;
    }
}

fn sample_text(path: &str) -> String {
    let secrets = oolong_tests::reference::read(&sample::folder().unwrap().join("secrets.json"));
    let secrets: Value = serde_json::from_str(&secrets).unwrap();
    secrets.pointer(&format!("/{path}")).and_then(Value::as_str).unwrap().to_owned()
}

#[tokio::test]
async fn of_people_and_organisations() {
    let Some(folder) = sample::folder() else { return };
    let server = Server::with("[security]\nPASSWORD_HASH_ALGO = pbkdf2\n").await;
    people(&server).await;
    let gitea = TestDatabase::sqlite_copy(&folder.join("data/forge.db")).await;
    let mut comparison =
        Comparison { ours: server.forge().db.read(), theirs: &gitea.connection, differences: Vec::new() };

    // Gitea's people have signed in on its pages, which sets their language.
    let tao = "lower_name = 'tao'";
    gitea.connection.execute_unprepared("UPDATE user SET language = '', last_login_unix = 0").await.unwrap();
    comparison.same("user", tao, tao, "passwd rands salt").await;
    comparison
        .same("email_address", "lower_email = 'tao@example.com'", "lower_email = 'tao@example.com'", "uid")
        .await;
    // The sample's guild has a repository and a picture.
    gitea
        .connection
        .execute_unprepared("UPDATE user SET num_repos = 0 WHERE lower_name = 'guild'")
        .await
        .unwrap();
    comparison.same("user", "lower_name = 'guild'", "lower_name = 'guild'", "rands salt avatar").await;
    for org in ["acme", "guild"] {
        let of_org = format!("org_id = {}", user(org));
        gitea.connection.execute_unprepared("UPDATE team SET num_repos = 0").await.unwrap();
        comparison.same("team", &of_org, &of_org, "org_id").await;
        comparison.same("org_user", &of_org, &of_org, "uid org_id").await;
        comparison.same("team_user", &of_org, &of_org, "uid org_id team_id").await;
        for team in ["owners", "readers", "writers", "admins", "triage", "members"] {
            let of_team = format!(
                "{of_org} AND team_id = (SELECT id FROM team WHERE {of_org} AND lower_name = '{team}')"
            );
            comparison.same("team_unit", &of_team, &of_team, "org_id team_id").await;
        }
    }
    comparison.same("user_blocking", "true", "true", "blocker_id blockee_id").await;
    let bens = format!("user_id = {}", user("ben"));
    comparison.same("follow", &bens, &bens, "user_id follow_id").await;
    comparison.same("public_key", "name = 'laptop'", "name = 'laptop'", "owner_id").await;
    for token in ["all", "read-user", "repo-and-issue", "public-only", "public-all"] {
        let of_token = format!("uid = {} AND name = '{token}'", user("ben"));
        comparison
            .same("access_token", &of_token, &of_token, "uid token_hash token_salt token_last_eight")
            .await;
    }
    // Counters.
    for (name, columns) in [("ada", "num_followers"), ("ben", "num_following")] {
        let (ours, theirs) = (format!("lower_name = '{name}'"), format!("lower_name = '{name}'"));
        let left = rows(comparison.ours, "user", &ours).await.remove(0);
        let right = rows(comparison.theirs, "user", &theirs).await.remove(0);
        assert_eq!(class(&left[columns]), class(&right[columns]), "{name}.{columns}");
    }
    assert!(comparison.differences.is_empty(), "{}", comparison.differences.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_repositories() {
    let Some(folder) = sample::folder() else { return };
    let server = Server::with("").await;
    people(&server).await;
    let (ada, ben) = (server.basic("ada", PASSWORD), server.basic("ben", PASSWORD));
    let new = |name: &str, private: bool, auto_init: bool| {
        json!({"name": name, "description": format!("The repository {name}"), "private": private, "auto_init": auto_init,
            "default_branch": "main"})
    };
    api(&ada, "POST", "/user/repos", new("public", false, false)).await;
    api(&ben, "POST", "/user/repos", new("private", true, true)).await;
    api(&ada, "POST", "/orgs/guild/repos", new("docs", false, true)).await;
    api(&ada, "POST", "/orgs/acme/repos", new("secret", true, true)).await;
    api(&ada, "POST", "/user/repos", new("template", false, true)).await;
    api(&ada, "POST", "/user/repos", new("archived", false, true)).await;
    api(&ada, "POST", "/user/repos", new("empty", false, false)).await;
    api(&ben, "POST", "/user/repos", new("renamed-before", false, true)).await;
    for (name, permission) in [("fay", "read"), ("gus", "write"), ("hana", "admin")] {
        let body = json!({"permission": permission});
        api(&ben, "PUT", &format!("/repos/ben/private/collaborators/{name}"), body).await;
    }
    api(&ada, "PATCH", "/repos/ada/template", json!({"template": true, "has_actions": false})).await;
    api(&ada, "PATCH", "/repos/ada/archived", json!({"archived": true})).await;
    api(&ben, "PATCH", "/repos/ben/renamed-before", json!({"name": "renamed-after"})).await;
    api(&ben, "POST", "/repos/ben/renamed-after/transfer", json!({"new_owner": "hana"})).await;
    api(&ada, "PUT", "/repos/ada/public/topics", json!({"topics": ["sample", "forge", "auth"]})).await;
    api(&ben, "PUT", "/user/starred/ada/public", Value::Null).await;
    for (title, key, read_only) in [("reader", "deploy-ro", true), ("writer", "deploy-rw", false)] {
        let key = sample_text(&format!("ssh_keys/{key}/public"));
        api(
            &ada,
            "POST",
            "/repos/ada/public/keys",
            json!({"title": title, "key": key, "read_only": read_only}),
        )
        .await;
    }

    let gitea = TestDatabase::sqlite_copy(&folder.join("data/forge.db")).await;
    let db = &gitea.connection;
    // What was done to the sample's repositories and is not done here.
    for sql in [
        "UPDATE repository SET num_issues = 0 WHERE name = 'private'",
        "DELETE FROM action WHERE op_type IN (6, 7, 23)",
        "UPDATE watch SET mode = 1 WHERE mode = 0",
    ] {
        db.execute_unprepared(sql).await.unwrap();
    }
    let mut comparison = Comparison { ours: server.forge().db.read(), theirs: db, differences: Vec::new() };
    for path in [
        "ben/private",
        "guild/docs",
        "acme/secret",
        "ada/template",
        "ada/archived",
        "ada/empty",
        "ben/renamed-after",
    ] {
        let id = repo(path);
        comparison
            .same("repository", &format!("id = {id}"), &format!("id = {id}"), "owner_id size git_size")
            .await;
        let of_repo = format!("repo_id = {id}");
        comparison.same("repo_unit", &of_repo, &of_repo, "repo_id").await;
        comparison.same("branch", &of_repo, &of_repo, "repo_id commit_id pusher_id").await;
        comparison.same("access", &of_repo, &of_repo, "repo_id user_id").await;
        comparison.same("collaboration", &of_repo, &of_repo, "repo_id user_id").await;
        comparison.same("team_repo", &of_repo, &of_repo, "org_id team_id repo_id").await;
        comparison.same("watch", &of_repo, &of_repo, "user_id repo_id").await;
        let owners = format!("{of_repo} AND user_id = act_user_id");
        comparison.same("action", &owners, &owners, "user_id act_user_id repo_id").await;
    }
    let public = repo("ada/public");
    for (table, varies) in [("deploy_key", "key_id repo_id"), ("repo_topic", "repo_id topic_id")] {
        comparison.same(table, &format!("repo_id = {public}"), &format!("repo_id = {public}"), varies).await;
    }
    comparison.same("topic", "true", "true", "").await;
    comparison.same("public_key", "type = 2", "type = 2", "").await;
    let redirect = "lower_name = 'renamed-before'";
    comparison.same("repo_redirect", redirect, redirect, "owner_id redirect_repo_id").await;
    comparison.same("repo_transfer", "true", "true", "doer_id recipient_id repo_id").await;
    let star = format!("uid = {} AND repo_id = {public}", user("ben"));
    comparison.same("star", &star, &star, "uid repo_id").await;
    for column in ["topics", "num_stars"] {
        let left = rows(comparison.ours, "repository", &format!("id = {public}")).await.remove(0);
        let right = rows(comparison.theirs, "repository", &format!("id = {public}")).await.remove(0);
        let agrees = left[column] == right[column] || column == "num_stars" && left[column] == "1";
        assert!(agrees, "{column}: {} {}", left[column], right[column]);
    }
    pushed(&server, &mut comparison).await;
    assert!(comparison.differences.is_empty(), "{}", comparison.differences.join("\n"));
}

/// What a push of a first branch, a second and a tag leaves.
async fn pushed(server: &Server, comparison: &mut Comparison<'_, impl ConnectionTrait>) {
    let work = tempfile::tempdir().unwrap();
    let git = Git::at(work.path());
    git.run(&["init", "--quiet", "--initial-branch=main"]);
    std::fs::write(work.path().join("main.go"), "package main\n").unwrap();
    git.run(&["add", "."]);
    git.run(&["commit", "--quiet", "-m", "First"]);
    git.run(&["tag", "v0.1"]);
    let address = server.forge().settings.server.root_url.replace("://", &format!("://ada:{PASSWORD}@"));
    let address = format!("{address}ada/public.git");
    git.run(&["checkout", "--quiet", "-b", "feature-a"]);
    git.run(&["commit", "--quiet", "--allow-empty", "-m", "More"]);
    // All at once: of a commit on both branches only a first push of one alone would tell.
    git.run(&["push", "--quiet", &address, "main", "feature-a", "v0.1"]);

    let public = repo("ada/public");
    for (operation, reference) in [(5, "refs/heads/main"), (9, "refs/tags/v0.1"), (5, "refs/heads/feature-a")]
    {
        let of_ref = format!(
            "repo_id = {public} AND user_id = act_user_id AND op_type = {operation} AND ref_name = '{reference}'"
        );
        // Gitea's later pushes to the branch are left out.
        let first = format!("{of_ref} AND id IN (SELECT id FROM action WHERE {of_ref} ORDER BY id LIMIT 2)");
        comparison.same("action", &first, &first, "user_id act_user_id repo_id content").await;
        let content = format!("{first} AND content <> ''");
        comparison.same_shape("action", "content", &content, &content).await;
    }
    let tag = format!("repo_id = {public} AND tag_name = 'v0.1'");
    comparison.same("release", &tag, &tag, "repo_id publisher_id sha1 title").await;
}
