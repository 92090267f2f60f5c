//! The program is killed, again and again, while people push and make tokens: what was acknowledged stays.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use http::Method;
use oolong_tests::client::Client;
use oolong_tests::database::TestDatabase;
use oolong_tests::git::Git;
use oolong_tests::program::{Instance, Running};
use oolong_tests::server::PASSWORD;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use serde_json::{Value, json};

/// How many pushes and how many tokens have to be acknowledged.
const WANTED: usize = 200;
/// After how many acknowledgements the program is killed.
const BETWEEN_KILLS: usize = 45;
/// When to give up.
const PATIENCE: Duration = Duration::from_secs(150);
const REPOS: [&str; 3] = ["one", "two", "shared"];

/// What the server has said yes to.
#[derive(Default)]
struct Acknowledged {
    /// (repository, branch, commit)
    pushes: Mutex<Vec<(String, String, String)>>,
    tokens: Mutex<Vec<String>>,
    count: AtomicUsize,
    enough: AtomicBool,
}

impl Acknowledged {
    fn add<T>(&self, list: &Mutex<Vec<T>>, one: T) {
        list.lock().unwrap().push(one);
        self.count.fetch_add(1, Ordering::SeqCst);
    }

    fn is_complete(&self) -> bool {
        self.pushes.lock().unwrap().len() >= WANTED && self.tokens.lock().unwrap().len() >= WANTED
    }
}

/// Pushes commit after commit to one branch, one push for each, until it is enough.
fn push_on(acknowledged: &Acknowledged, clone: &Path, repo: &str, branch: &str) {
    let git = Git::at(clone);
    for number in 0.. {
        fs::write(clone.join(format!("{branch}.txt")), format!("{number}\n")).unwrap();
        git.run(&["add", "."]);
        git.run(&["commit", "--quiet", "-m", &format!("{branch} {number}")]);
        let commit = git.run(&["rev-parse", "HEAD"]).trim().to_owned();
        let (pushed, _) = git.attempt(&["push", "--quiet", "origin", &format!("HEAD:refs/heads/{branch}")]);
        if pushed {
            acknowledged.add(&acknowledged.pushes, (repo.to_owned(), branch.to_owned(), commit));
        }
        if acknowledged.enough.load(Ordering::SeqCst) {
            return;
        }
    }
}

/// Makes tokens, until it is enough.
async fn make_tokens(acknowledged: Arc<Acknowledged>, client: Client, maker: usize) {
    for number in 0.. {
        if acknowledged.enough.load(Ordering::SeqCst) {
            return;
        }
        if acknowledged.tokens.lock().unwrap().len() >= 2 * WANTED {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        }
        let body = json!({"name": format!("{maker}-{number}"), "scopes": ["read:user"]}).to_string();
        let made = client
            .try_send(Method::POST, "/api/v1/users/amy/tokens", Some("application/json"), body.into())
            .await;
        match made {
            Ok(answer) => {
                let token = answer.expect(201).json()["sha1"].as_str().unwrap().to_owned();
                acknowledged.add(&acknowledged.tokens, token);
                tokio::time::sleep(Duration::from_millis(40)).await;
            }
            // It is being killed and started.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}

async fn setup(instance: &Instance) -> (Running, Client) {
    instance.configure(&[("security__PASSWORD_HASH_ALGO", "pbkdf2$1000$50")]);
    instance.succeed(&["migrate"]);
    instance.user("amy", &[]);
    let running = instance.serve().await;
    let amy = running.anonymous().basic("amy", PASSWORD);
    for name in REPOS {
        let body = json!({"name": name, "auto_init": true, "default_branch": "main"});
        amy.post("/api/v1/user/repos", body).await.expect(201);
    }
    (running, amy)
}

async fn nothing_acknowledged_is_lost(database: &TestDatabase, instance: Instance) {
    let (mut running, amy) = setup(&instance).await;
    let work = tempfile::tempdir().unwrap();
    let acknowledged = Arc::new(Acknowledged::default());
    let mut pushers = Vec::new();
    for (repo, branch) in [("one", "main"), ("two", "topic"), ("shared", "main"), ("shared", "other")] {
        let clone = work.path().join(format!("{repo}-{branch}"));
        let address = format!("http://amy:{PASSWORD}@127.0.0.1:{}/amy/{repo}.git", instance.port());
        Git::at(work.path()).run(&["clone", "--quiet", &address, clone.to_str().unwrap()]);
        let acknowledged = Arc::clone(&acknowledged);
        pushers.push(tokio::task::spawn_blocking(move || push_on(&acknowledged, &clone, repo, branch)));
    }
    let makers: Vec<_> = (0..2)
        .map(|maker| tokio::spawn(make_tokens(Arc::clone(&acknowledged), amy.clone(), maker)))
        .collect();

    let start = Instant::now();
    let mut kills = 0;
    loop {
        let goal = acknowledged.count.load(Ordering::SeqCst) + BETWEEN_KILLS;
        while acknowledged.count.load(Ordering::SeqCst) < goal && !acknowledged.is_complete() {
            assert!(
                start.elapsed() < PATIENCE,
                "{} acknowledged in time",
                acknowledged.count.load(Ordering::SeqCst)
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // At any moment of what runs.
        tokio::time::sleep(Duration::from_millis(u64::from(rand::random::<u8>()))).await;
        let complete = acknowledged.is_complete();
        running.kill();
        kills += 1;
        if complete {
            acknowledged.enough.store(true, Ordering::SeqCst);
            break;
        }
        running = instance.serve().await;
    }
    for pusher in pushers {
        pusher.await.unwrap();
    }
    for maker in makers {
        maker.await.unwrap();
    }
    let running = instance.serve().await;
    let pushes = acknowledged.pushes.lock().unwrap().clone();
    let tokens = acknowledged.tokens.lock().unwrap().clone();
    println!("{} pushes, {} tokens, {kills} kills, {:?}", pushes.len(), tokens.len(), start.elapsed());

    for token in &tokens {
        running.anonymous().token(token).get("/api/v1/user").await.expect(200);
    }
    check_repositories(database, &instance, &pushes).await;
    assert!(running.stop(), "it stops well");
    let log = fs::read_to_string(instance.folder().join("server.log")).unwrap();
    assert!(!log.contains("panic") && !log.contains("could not be recorded"), "{log}");
}

async fn check_repositories(
    database: &TestDatabase,
    instance: &Instance,
    pushes: &[(String, String, String)],
) {
    for repo in REPOS {
        let path = repository(instance, repo);
        let git = Git::at(&path);
        git.run(&["fsck", "--full", "--strict", "--no-dangling"]);
        let tips = git.run(&["for-each-ref", "--format=%(refname:lstrip=2) %(objectname)", "refs/heads"]);
        let tips: BTreeMap<_, _> = tips.lines().filter_map(|line| line.split_once(' ')).collect();
        let stored = texts(
            database,
            &format!(
                "SELECT b.name, b.commit_id FROM branch b JOIN repository r ON r.id = b.repo_id \
                 WHERE r.lower_name = '{repo}' AND NOT b.is_deleted"
            ),
        )
        .await;
        let stored: BTreeMap<_, _> = stored.iter().map(|row| (row[0].as_str(), row[1].as_str())).collect();
        assert_eq!(stored, tips, "{repo}: the database's branches are those of the repository");

        for branch in tips.keys() {
            let history = git.run(&["rev-list", branch]);
            let history: BTreeSet<_> = history.lines().collect();
            let feeds = heads_in_feed(database, repo, branch).await;
            for (_, _, commit) in pushes.iter().filter(|push| push.0 == repo && push.1 == *branch) {
                assert!(
                    history.contains(commit.as_str()),
                    "{repo} {branch}: {commit} is not in the repository"
                );
                let entries = feeds.iter().filter(|head| *head == commit).count();
                assert_eq!(
                    entries, 1,
                    "{repo} {branch}: the feed has {entries} entries of the push of {commit}"
                );
            }
        }
    }
    // What is still noted never came true. On a server it stays for a while, since another process could be at it.
    let waiting = texts(database, "SELECT ref_name, new_oid FROM oolong_push").await;
    assert!(
        waiting.is_empty() || database.backend != DbBackend::Sqlite,
        "the journal is settled: {waiting:?}"
    );
    for row in waiting {
        assert!(!pushes.iter().any(|push| push.2 == row[1]), "still noted, though acknowledged: {row:?}");
    }
}

/// The commits that the pusher's feed says a branch was moved to.
async fn heads_in_feed(database: &TestDatabase, repo: &str, branch: &str) -> Vec<String> {
    let sql = format!(
        "SELECT a.ref_name, a.content FROM action a JOIN repository r ON r.id = a.repo_id \
         WHERE r.lower_name = '{repo}' AND a.op_type = 5 AND a.user_id = a.act_user_id \
         AND a.ref_name = 'refs/heads/{branch}'"
    );
    let head = |row: Vec<String>| -> Option<String> {
        let content: Value = serde_json::from_str(&row[1]).ok()?;
        Some(content["HeadCommit"]["Sha1"].as_str()?.to_owned())
    };
    texts(database, &sql).await.into_iter().filter_map(head).collect()
}

/// Two columns of text.
async fn texts(database: &TestDatabase, sql: &str) -> Vec<Vec<String>> {
    let rows = database.connection.query_all_raw(Statement::from_string(database.backend, sql)).await;
    let rows = rows.unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.iter().map(|row| (0..2).map(|column| row.try_get_by_index(column).unwrap()).collect()).collect()
}

fn repository(instance: &Instance, name: &str) -> PathBuf {
    let root = instance.folder().join("data");
    let usual = ["gitea-repositories", "repositories"]
        .map(|folder| root.join(folder).join(format!("amy/{name}.git")));
    usual.into_iter().find(|path| path.exists()).expect("the repository is in the data folder")
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_on_sqlite() {
    let instance = Instance::new();
    instance.succeed(&["migrate"]);
    let file = ["gitea.db", "oolong.db", "forge.db"].map(|name| instance.folder().join("data").join(name));
    let file = file.into_iter().find(|path| path.exists()).expect("the database is in the data folder");
    let database = TestDatabase::sqlite_at(&file).await;
    nothing_acknowledged_is_lost(&database, instance).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_on_postgres() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let instance = Instance::new();
    let ini = database.ini_keys();
    let keys: Vec<(String, &str)> = ini
        .lines()
        .filter_map(|line| line.split_once(" = "))
        .map(|(key, value)| (format!("database__{key}"), value))
        .collect();
    let keys: Vec<(&str, &str)> = keys.iter().map(|(key, value)| (key.as_str(), *value)).collect();
    instance.configure(&keys);
    nothing_acknowledged_is_lost(&database, instance).await;
    database.remove().await;
}
