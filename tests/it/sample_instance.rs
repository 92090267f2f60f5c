//! An instance that Gitea has made goes on under Oolong: opening it changes nothing, everybody gets in as before, and it
//! answers as Gitea did.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use oolong_core::Clock;
use oolong_identity::totp::TotpSecret;
use oolong_tests::client::Client;
use oolong_tests::database::TestDatabase;
use oolong_tests::git::Git;
use oolong_tests::program::{Running, binary};
use oolong_tests::sample::{self, Sample};
use oolong_tests::{notice, reference};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use serde_json::Value;

use crate::schema::introspect::rows;

/// Reading pages, as anybody and as people with tokens see them.
const PAGES: [&str; 20] = [
    "/api/v1/version",
    "/api/v1/user",
    "/api/v1/user/repos?limit=50",
    "/api/v1/user/orgs",
    "/api/v1/user/teams",
    "/api/v1/user/emails",
    "/api/v1/user/starred",
    "/api/v1/users/search?limit=50",
    "/api/v1/users/ada",
    "/api/v1/users/gus",
    "/api/v1/orgs/acme",
    "/api/v1/orgs/vault/members",
    "/api/v1/repos/search?limit=50",
    "/api/v1/repos/ada/public",
    "/api/v1/repos/ada/public/branches",
    "/api/v1/repos/ada/public/contents/README.md",
    "/api/v1/repos/ada/public/commits",
    "/api/v1/repos/ben/private",
    "/ada/public/raw/branch/main/main.go",
    "/ada/public.git/info/refs?service=git-upload-pack",
];

fn reader(running: &Running, sample: &Sample, key: &str) -> Client {
    running.anonymous().token(sample.token(key))
}

/// Gitea's tables. When a credential was last used is no content, and stands in the last column of its row.
async fn content(database: &TestDatabase) -> BTreeMap<String, Vec<String>> {
    let mut all = rows(&database.connection).await;
    all.retain(|table, _| !table.starts_with("oolong_"));
    for row in all.get_mut("access_token").into_iter().flatten() {
        let (kept, _) = row.rsplit_once(['|', ',']).expect("tokens have several columns");
        row.truncate(kept.len());
    }
    all
}

fn assert_same_content(before: &BTreeMap<String, Vec<String>>, after: &BTreeMap<String, Vec<String>>) {
    for (table, before) in before {
        let after = &after[table];
        let gone: Vec<_> = before.iter().filter(|row| !after.contains(row)).collect();
        let new: Vec<_> = after.iter().filter(|row| !before.contains(row)).collect();
        assert!(gone.is_empty() && new.is_empty(), "{table} changed\nwas: {gone:#?}\nis: {new:#?}");
    }
    assert_eq!(before.len(), after.len());
}

/// All files below a folder, but for the database's.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("the folder can be read").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("forge.db")) {
            let content = fs::read(&path).expect("the file can be read");
            found.insert(path, content);
        }
    }
    found
}

#[tokio::test]
async fn opening_and_reading_change_nothing() {
    for sample in Sample::on_each().await {
        println!("on {:?}", sample.database.backend);
        let data = sample.instance.folder().join("data");
        let (rows_before, files_before) = (content(&sample.database).await, files(&data));
        let running = sample.instance.serve().await;
        for client in [
            running.anonymous(),
            reader(&running, &sample, "ada:all"),
            reader(&running, &sample, "ben:all"),
            reader(&running, &sample, "fay:read-everything"),
            reader(&running, &sample, "robo:all"),
        ] {
            for page in PAGES {
                let status = client.get(page).await.status;
                assert!(!status.is_server_error(), "{page}: {status}");
            }
        }
        assert!(running.stop(), "it stops well");
        assert_same_content(&rows_before, &content(&sample.database).await);
        let files_after = files(&data);
        for (path, content) in &files_before {
            assert!(files_after.get(path) == Some(content), "{} changed", path.display());
        }
        sample.remove().await;
    }
}

#[tokio::test]
async fn everybody_signs_in_with_their_password() {
    for sample in Sample::on_each().await {
        println!("on {:?}", sample.database.backend);
        let running = sample.instance.serve().await;
        let status = async |user: &str, password: &str| {
            running.anonymous().basic(user, password).get("/api/v1/user").await.status.as_u16()
        };
        // All of Gitea's algorithms; twice, since the first time rewrites the hash as this site is set up.
        for _ in 0..2 {
            for user in ["ada", "ben", "fay", "gus", "hana", "mia"] {
                assert_eq!(status(user, sample.password(user)).await, 200, "{user}");
                assert_eq!(status(user, "wrong").await, 401, "{user}");
                assert_eq!(status(user, &sample.password(user).to_uppercase()).await, 401, "{user}");
            }
        }
        // Inactive, with a password that has to be changed, and prohibited.
        for (user, expected) in [("cleo", 403), ("eve", 403), ("dov", 401)] {
            assert_eq!(status(user, sample.password(user)).await, expected, "{user}");
        }
        // A second factor is missing or cannot be given here; no password; a password of somewhere else.
        assert_eq!(status("tao", sample.password("tao")).await, 401);
        assert_eq!(status("wen", sample.password("wen")).await, 401);
        for user in ["joy", "nora", "kim", "robo"] {
            for password in ["", "no-password", &format!("Pass-{user}-2026!")] {
                assert_eq!(status(user, password).await, 401, "{user}");
            }
        }
        for user in ["ada", "ben", "fay", "gus", "hana", "mia"] {
            let sql = format!(
                "SELECT passwd_hash_algo FROM {} WHERE lower_name = '{user}'",
                user_table(&sample.database)
            );
            let statement = Statement::from_string(sample.database.backend, sql);
            let row = sample.database.connection.query_one_raw(statement).await.unwrap().unwrap();
            assert_eq!(row.try_get_by_index::<String>(0).unwrap(), "pbkdf2$50000$50", "{user}");
        }
        drop(running);
        sample.remove().await;
    }
}

fn user_table(database: &TestDatabase) -> &'static str {
    if database.backend == DbBackend::MySql { "`user`" } else { "\"user\"" }
}

#[tokio::test]
async fn a_one_time_password_opens_once() {
    let Some(sample) = Sample::on_sqlite().await else { return };
    let running = sample.instance.serve().await;
    let tao = running.anonymous().basic("tao", sample.password("tao"));
    let code = TotpSecret::parse(sample.totp_secret("tao")).unwrap().code_at(Clock::System.now());
    tao.header("x-gitea-otp", &code).get("/api/v1/user").await.expect(200);
    tao.header("x-gitea-otp", &code).get("/api/v1/user").await.expect(401);
    tao.header("x-gitea-otp", "000000").get("/api/v1/user").await.expect(401);
}

#[tokio::test]
async fn tokens_work_within_their_scopes() {
    let expected = |key: &str| match key {
        "ben:deleted" => 401,
        "cleo:all" | "dov:all" | "eve:all" => 403,
        "ben:read-repo" | "ben:packages" | "ada:admin-read" | "hana:notifications" => 403,
        _ => 200,
    };
    for sample in Sample::on_each().await {
        println!("on {:?}", sample.database.backend);
        let running = sample.instance.serve().await;
        // Twice: the second time the answer comes from the digest.
        for _ in 0..2 {
            for key in sample.token_keys() {
                let (user, _) = key.split_once(':').unwrap();
                let as_token = reader(&running, &sample, key).get("/api/v1/user").await;
                assert_eq!(as_token.status, expected(key), "{key}: {}", as_token.text());
                if as_token.status == 200 {
                    assert_eq!(as_token.json()["login"], user);
                }
                let as_password =
                    running.anonymous().basic(user, sample.token(key)).get("/api/v1/user").await;
                assert_eq!(as_password.status, expected(key), "{key} as a password");
                let as_name =
                    running.anonymous().basic(sample.token(key), "x-oauth-basic").get("/api/v1/user").await;
                assert_eq!(as_name.status, expected(key), "{key} as a user name");
            }
        }
        for (key, path, status) in [
            ("ben:read-repo", "/api/v1/repos/ben/private", 200),
            ("ben:public-only", "/api/v1/repos/ben/private", 404),
            ("ben:public-only", "/api/v1/repos/ada/public", 200),
            ("ada:admin-read", "/api/v1/admin/users", 200),
            ("ada:no-admin", "/api/v1/admin/users", 403),
            ("ben:all", "/api/v1/admin/users", 403),
        ] {
            let answer = reader(&running, &sample, key).get(path).await;
            assert_eq!(answer.status, status, "{key} {path}: {}", answer.text());
        }
        drop(running);
        sample.remove().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn clones_and_pushes_work() {
    for sample in Sample::on_each().await {
        println!("on {:?}", sample.database.backend);
        let running = sample.instance.serve().await;
        let work = tempfile::tempdir().unwrap();
        let address = |credentials: &str, path: &str| {
            format!("http://{credentials}127.0.0.1:{}/{path}", sample.instance.port())
        };
        let here = Git::at(work.path());
        for path in ["ada/public.git", "ada/public.wiki.git", "ada/mirror", "gus/hidden.git"] {
            let expected = path != "gus/hidden.git";
            let (success, said) = here.attempt(&["clone", "--bare", "--quiet", &address("", path)]);
            assert_eq!(success, expected, "{path}: {said}");
        }
        let ben = format!("ben:{}@", sample.token("ben:all"));
        here.run(&["clone", "--quiet", &address(&ben, "ben/private.git"), "private"]);
        let clone = work.path().join("private");
        let git = Git::at(&clone);
        fs::write(clone.join("new.txt"), "from Oolong\n").unwrap();
        git.run(&["add", "new.txt"]);
        git.run(&["commit", "--quiet", "-m", "A new file"]);
        git.run(&["push", "--quiet", "origin", "HEAD:main", "HEAD:refs/heads/topic", "HEAD:refs/tags/v9"]);
        let head = git.run(&["rev-parse", "HEAD"]);
        let head = head.trim();

        // In the repository, in the database, and for everybody else.
        let api = reader(&running, &sample, "ben:all");
        let branch = api.get("/api/v1/repos/ben/private/branches/main").await.expect(200).json();
        assert_eq!(branch["commit"]["id"], head);
        let sql = "SELECT COUNT(*) FROM branch WHERE repo_id = 2 AND name IN ('main', 'topic') AND pusher_id = 2 \
                   AND commit_message = 'A new file' AND commit_id = ";
        assert_eq!(count(&sample.database, &format!("{sql}'{head}'")).await, 2);
        let sql =
            format!("SELECT COUNT(*) FROM release WHERE repo_id = 2 AND tag_name = 'v9' AND sha1 = '{head}'");
        let sql = if sample.database.backend == DbBackend::MySql {
            sql.replace("release", "`release`")
        } else {
            sql
        };
        assert_eq!(count(&sample.database, &sql).await, 1);
        // 5 a push, 9 a new tag; a new branch is told of twice.
        for (operation, reference, entries) in
            [(5, "refs/heads/main", 1), (9, "refs/tags/v9", 1), (5, "refs/heads/topic", 2)]
        {
            let sql = format!(
                "SELECT COUNT(*) FROM action WHERE repo_id = 2 AND user_id = 2 AND act_user_id = 2 AND is_private = {} \
                 AND op_type = {operation} AND ref_name = '{reference}'",
                if sample.database.backend == DbBackend::Postgres { "true" } else { "1" }
            );
            assert_eq!(count(&sample.database, &sql).await, entries, "{reference}");
        }

        // Not with a token that may only read, nor by somebody else.
        let read_only = format!("ben:{}@", sample.token("ben:read-repo"));
        let (success, _) =
            git.attempt(&["push", &address(&read_only, "ben/private.git"), "HEAD:refs/heads/no"]);
        assert!(!success);
        let mia = format!("mia:{}@", sample.token("mia:all"));
        let (success, _) = git.attempt(&["push", &address(&mia, "ben/private.git"), "HEAD:refs/heads/no"]);
        assert!(!success);
        // What Gitea left in the repository's hooks is as it was: the paths in it exist on Gitea's machine only.
        let hook =
            sample.instance.folder().join("data/repositories/ben/private.git/hooks/post-receive.d/gitea");
        let original =
            sample::folder().unwrap().join("data/repositories/ben/private.git/hooks/post-receive.d/gitea");
        assert_eq!(reference::read(&hook), reference::read(&original));
        drop(running);
        sample.remove().await;
    }
}

async fn count(database: &TestDatabase, sql: &str) -> i64 {
    let statement = Statement::from_string(database.backend, sql);
    let row =
        database.connection.query_one_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    row.unwrap().try_get_by_index(0).unwrap()
}

/// Whether the text matches a pattern in which `*` stands for anything.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some(found) = rest.find(part) else { return false };
        rest = &rest[found + part.len()..];
    }
    rest.ends_with(last)
}

/// The recorded answers but for those that `parity/sample-later.txt` leaves out: lines of a pattern for
/// `METHOD PATH CREDENTIAL`, two spaces, and the reason.
fn expectations(recorded: &str) -> String {
    let rules = include_str!("../parity/sample-later.txt");
    let rules: Vec<_> = rules.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let mut used = vec![false; rules.len()];
    let mut kept = String::new();
    for line in recorded.lines() {
        let parsed: Value = serde_json::from_str(line).expect("a line is JSON");
        let request = &parsed["request"];
        let text = |key: &str| request[key].as_str().unwrap_or_default();
        let shown = format!("{} {} {}", text("method"), text("path"), request["auth"]);
        let rule = rules.iter().position(|rule| {
            let (pattern, _) = rule.split_once("  ").expect("a rule has a reason, after two spaces");
            matches(pattern, &shown)
        });
        match rule {
            Some(rule) => used[rule] = true,
            None => kept.extend([line, "\n"]),
        }
    }
    let unused: Vec<_> = rules.iter().zip(used).filter(|(_, used)| !used).collect();
    assert!(unused.is_empty(), "no expectation needs these any more: {unused:#?}");
    kept
}

#[test]
fn patterns_match() {
    for (pattern, text, expected) in [
        ("GET /a *", "GET /a null", true),
        ("GET /a *", "GET /ab null", false),
        ("GET /*/x *", "GET /a/b/x null", true),
        ("GET /a", "GET /a null", false),
        ("* {\"cookie\"*", "GET /a {\"cookie\":\"c\"}", true),
    ] {
        assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_answers_as_gitea_did() {
    let Some(folder) = sample::folder() else { return };
    if Command::new("python3").arg("--version").output().is_err() {
        notice("python3 is not here, so the sample instance's answers are not compared");
        return;
    }
    let expectations = expectations(&reference::read(&folder.join("expect.jsonl")));
    let mut file = tempfile::NamedTempFile::new().unwrap();
    std::io::Write::write_all(&mut file, expectations.as_bytes()).unwrap();
    let mut databases = vec![None];
    for (database, dump) in
        [(TestDatabase::postgres().await, "db-postgres.sql"), (TestDatabase::mariadb().await, "db-mysql.sql")]
    {
        if let Some(database) = database {
            database.connection.execute_unprepared(&reference::read(&folder.join(dump))).await.unwrap();
            databases.push(Some(database));
        }
    }
    for database in databases {
        let mut check = Command::new("python3");
        // Its folder is read-only, and no place for compiled files.
        check.env("PYTHONDONTWRITEBYTECODE", "1").arg(folder.join("check.py"));
        check.arg("--bin").arg(binary()).arg("--expect").arg(file.path()).arg("--verbose");
        if let Some(database) = &database {
            let kind = if database.backend == DbBackend::Postgres { "postgres" } else { "mysql" };
            let url: url::Url = database.url.parse().unwrap();
            let host = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
            check.args([
                "--db",
                kind,
                &host,
                url.path().trim_start_matches('/'),
                url.username(),
                url.password().unwrap(),
            ]);
        }
        let output =
            tokio::task::spawn_blocking(move || check.output()).await.unwrap().expect("python3 can be run");
        let said = [output.stdout, output.stderr].concat();
        let backend = database.as_ref().map(|database| database.backend);
        assert!(output.status.success(), "on {backend:?}: {}", String::from_utf8_lossy(&said));
        if let Some(database) = database {
            database.remove().await;
        }
    }
}
