//! Git over HTTP with the real `git` program.

mod checkout;

use std::fs;
use std::time::{Duration, Instant};

use oolong_db::entity::{action, branch, oolong_push};
use oolong_db::sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use oolong_db::{repositories, users};
use oolong_forge::push::RefUpdate;
use oolong_forge::push_journal;
use oolong_git::ObjectId;
use oolong_tests::program::Instance;
use oolong_tests::server::{PASSWORD, Server};
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use checkout::{Git, gits_in};

async fn server() -> Server {
    let server = Server::start().await;
    server.user("alice").await;
    server.user("bob").await;
    server
}

/// The address of a repository with somebody's password in it.
fn address(server: &Server, user: &str, path: &str) -> String {
    let root = &server.app.forge.settings.server.root_url;
    format!("{}/{path}", root.trim_end_matches('/').replace("://", &format!("://{user}:{PASSWORD}@")))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_with_git() {
    let server = server().await;
    let made = server.basic("alice", PASSWORD).post("/api/v1/user/repos", json!({"name": "day"})).await;
    made.expect(201);
    let url = address(&server, "alice", "alice/day.git");
    let git = Git::new();
    git.run(&["clone", "-q", &url, "w"]).await;
    for n in 1..=5 {
        git.commit("w", &format!("f{n}"), &format!("{n}\n")).await;
    }
    git.run_in("w", &["push", "-q", "origin", "HEAD:main"]).await;
    let shown = server.anonymous().get("/api/v1/repos/alice/day").await.expect(200).json();
    assert_eq!((&shown["empty"], &shown["default_branch"]), (&json!(false), &json!("main")));

    let open = address(&server, "bob", "alice/day.git");
    for version in ["0", "1", "2"] {
        let folder = format!("v{version}");
        let setting = format!("protocol.version={version}");
        git.run(&["-c", &setting, "clone", "-q", &open, &folder]).await;
        assert_eq!(
            git.run_in(&folder, &["rev-list", "--count", "HEAD"]).await.trim(),
            "5",
            "version {version}"
        );
    }
    git.run(&["clone", "-q", "--depth=2", &open, "shallow"]).await;
    assert_eq!(git.run_in("shallow", &["rev-list", "--count", "HEAD"]).await.trim(), "2");
    git.run_in("shallow", &["fetch", "-q", "--unshallow"]).await;
    assert_eq!(git.run_in("shallow", &["rev-list", "--count", "HEAD"]).await.trim(), "5");
    git.run(&["clone", "-q", "--no-checkout", "--filter=blob:none", &open, "partial"]).await;
    let missing = git.run_in("partial", &["rev-list", "--objects", "--all", "--missing=print"]).await;
    assert_eq!(missing.lines().filter(|line| line.starts_with('?')).count(), 5);
    git.run_in("partial", &["checkout", "-q", "main"]).await;
    assert_eq!(fs::read_to_string(git.path("partial/f3")).unwrap(), "3\n");

    git.run_in("w", &["push", "-q", "origin", "HEAD:topic", "HEAD~2:refs/tags/old"]).await;
    git.run_in("w", &["push", "-q", "origin", ":topic"]).await;
    let heads = git.run(&["ls-remote", &open]).await;
    let names: Vec<&str> = heads.lines().filter_map(|line| line.split('\t').nth(1)).collect();
    assert_eq!(names, ["HEAD", "refs/heads/main", "refs/tags/old"]);
    assert_eq!(
        oolong_push::Entity::find().count(server.forge().db.read()).await.unwrap(),
        0,
        "nothing is left noted"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn long_questions_come_packed() {
    let server = server().await;
    server.repo("alice", "talk", false).await;
    let url = address(&server, "alice", "alice/talk.git");
    let git = Git::new();
    git.run(&["clone", "-q", &url, "w"]).await;
    git.run(&["clone", "-q", &url, "other"]).await;
    git.commit("other", "new", "new\n").await;
    git.run_in("other", &["push", "-q"]).await;
    // Forty commits that the server does not know make a question of more than a kilobyte.
    for n in 0..40 {
        git.commit("w", "f", &format!("{n}\n")).await;
    }
    let said = git.try_in("w", &["fetch", "-q"], &[("GIT_TRACE_CURL", "1")]).await;
    assert!(said.status.success());
    let trace = String::from_utf8_lossy(&said.stderr).to_ascii_lowercase();
    assert!(trace.contains("content-encoding: gzip"), "git sent it packed");
    assert!(git.run_in("w", &["log", "--format=%s", "origin/main"]).await.contains("new"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_push_changes_nothing_and_says_why() {
    let server = server().await;
    server.repo("alice", "open", false).await;
    let git = Git::new();
    let theirs = address(&server, "bob", "alice/open.git");
    git.run(&["clone", "-q", &theirs, "w"]).await;
    git.commit("w", "x", "x\n").await;
    let said = git.try_in("w", &["push", "origin", "HEAD:mine"], &[]).await;
    let text = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(
        !said.status.success() && text.contains("remote: ") && text.contains("remote rejected"),
        "{text}"
    );

    let own = address(&server, "alice", "alice/open.git");
    let said = git.try_in("w", &["push", &own, "HEAD:fine", ":main"], &[]).await;
    let text = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(!said.status.success() && text.contains("default branch"), "{text}");
    let said = git.try_in("w", &["push", &own, "HEAD:refs/pull/1/head", "HEAD:fine"], &[]).await;
    assert!(!said.status.success());
    let heads = git.run(&["ls-remote", &own]).await;
    let names: Vec<&str> = heads.lines().filter_map(|line| line.split('\t').nth(1)).collect();
    assert_eq!(
        names,
        ["HEAD", "refs/heads/fine", "refs/heads/main"],
        "what is the server's own is refused alone"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_hangs_up_ends_git() {
    let server = server().await;
    server.repo("alice", "cut", false).await;
    let folder = server.forge().repository_path("alice", "cut").unwrap();
    let host = server
        .app
        .forge
        .settings
        .server
        .root_url
        .trim_start_matches("http://")
        .trim_end_matches('/')
        .to_owned();
    let mut connection = TcpStream::connect(&host).await.unwrap();
    let secret =
        base64::Engine::encode(&base64::engine::general_purpose::STANDARD, format!("alice:{PASSWORD}"));
    let command = format!("{} {} refs/heads/new\0 report-status", "0".repeat(40), "1".repeat(40));
    let head = format!("{:04x}{command}0000PACK\0\0\0\x02\0\0\0\x09", command.len() + 4);
    let request = format!(
        "POST /alice/cut.git/git-receive-pack HTTP/1.1\r\nHost: {host}\r\nAuthorization: Basic {secret}\r\n\
         Content-Type: application/x-git-receive-pack-request\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{head}\r\n",
        head.len()
    );
    connection.write_all(request.as_bytes()).await.unwrap();
    until("git runs", || gits_in(folder.as_path()) > 0).await;
    drop(connection);
    until("git has ended", || gits_in(folder.as_path()) == 0).await;
    let left = async || oolong_push::Entity::find().count(server.forge().db.read()).await.unwrap();
    let deadline = Instant::now() + Duration::from_secs(10);
    while left().await > 0 {
        assert!(Instant::now() < deadline, "the note is gone when git has refused");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn until(what: &str, came_true: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !came_true() {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_that_nobody_recorded_is_recorded_at_the_start() {
    let server = server().await;
    server.repo("alice", "crash", false).await;
    let forge = server.forge();
    let (repo, owner) = repositories::find_by_path(forge.db.read(), "alice", "crash").await.unwrap().unwrap();
    let doer = users::find_by_name(forge.db.read(), "alice").await.unwrap().unwrap();
    let folder = forge.repository_path(&owner.name, &repo.name).unwrap();
    let git = Git::new();
    git.run(&["clone", "-q", folder.as_path().to_str().unwrap(), "w"]).await;
    git.commit("w", "late", "late\n").await;
    let id = git.run_in("w", &["rev-parse", "HEAD"]).await;
    let id = ObjectId::from_hex(id.trim().as_bytes()).unwrap();
    let updates = [RefUpdate::branch("came", None, Some(id)), RefUpdate::branch("never", None, Some(id))];
    let _noted = push_journal::note(forge, &doer, &repo, &updates).await.unwrap();
    // Git accepts one of the two, and then the server is gone.
    let (from, to) = (git.path("w"), folder.as_path().to_str().unwrap());
    git.run(&["-C", to, "fetch", "-q", from.to_str().unwrap(), "HEAD:refs/heads/came"]).await;
    for _ in 0..2 {
        push_journal::reconcile(forge).await.unwrap();
        let mut names: Vec<String> = branch::Entity::find()
            .filter(branch::Column::RepoId.eq(repo.id))
            .all(forge.db.read())
            .await
            .unwrap()
            .into_iter()
            .map(|row| row.name)
            .collect();
        names.sort_unstable();
        assert_eq!(names, ["came", "main"]);
        let feed = action::Entity::find().filter(action::Column::RefName.eq("refs/heads/came"));
        assert_eq!(
            feed.count(forge.db.read()).await.unwrap(),
            2,
            "one for the branch, one for its commits, once"
        );
        assert_eq!(oolong_push::Entity::find().count(forge.db.read()).await.unwrap(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sha256_repositories_can_be_pushed_to_and_cloned() {
    let server = server().await;
    let new = json!({"name": "wide", "object_format_name": "sha256"});
    if !server.basic("alice", PASSWORD).post("/api/v1/user/repos", new).await.status.is_success() {
        oolong_tests::notice("this git is too old for SHA-256");
        return;
    }
    let url = address(&server, "alice", "alice/wide.git");
    let git = Git::new();
    git.run(&["init", "-q", "--object-format=sha256", "-b", "main", "w"]).await;
    git.commit("w", "f", "f\n").await;
    git.run_in("w", &["push", "-q", &url, "main"]).await;
    git.run(&["clone", "-q", &url, "again"]).await;
    assert_eq!(fs::read_to_string(git.path("again/f")).unwrap(), "f\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_big_push_and_clone_need_no_memory() {
    const BYTES: usize = 120 << 20;
    const FLAT: u64 = 48 * 1024;
    let instance = Instance::new();
    instance.user("alice", &[]);
    let running = instance.serve().await;
    let alice = running.anonymous().basic("alice", PASSWORD);
    alice.post("/api/v1/user/repos", json!({"name": "big"})).await.expect(201);
    let url = format!("http://alice:{PASSWORD}@127.0.0.1:{}/alice/big.git", instance.port());
    let git = Git::new();
    git.run(&["init", "-q", "-b", "main", "w"]).await;
    fs::write(git.path("w/small"), "small").unwrap();
    git.commit("w", "first", "first").await;
    git.run_in("w", &["push", "-q", &url, "main"]).await;
    let before = running.memory_peak();
    let mut noise = 0x9e37_79b9_7f4a_7c15_u64;
    let bytes: Vec<u8> = (0..BYTES / 8)
        .flat_map(|_| {
            noise ^= noise << 13;
            noise ^= noise >> 7;
            noise ^= noise << 17;
            noise.to_le_bytes()
        })
        .collect();
    fs::write(git.path("w/big"), bytes).unwrap();
    git.run_in("w", &["add", "."]).await;
    git.run_in("w", &["-c", "core.compression=0", "commit", "-qm", "big"]).await;
    git.run_in("w", &["-c", "core.compression=0", "push", "-q", &url, "main"]).await;
    let pushed = running.memory_peak();
    git.run(&["clone", "-q", "--bare", &url, "again.git"]).await;
    let cloned = running.memory_peak();
    assert_eq!(git.run_in("again.git", &["cat-file", "-s", "main:big"]).await.trim(), BYTES.to_string());
    oolong_tests::notice(&format!(
        "KiB at most: {before} before, {pushed} after the push, {cloned} after the clone"
    ));
    assert!(cloned < before + FLAT, "{before} KiB before, {pushed} after the push, {cloned} after the clone");
}
