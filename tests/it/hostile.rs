//! Whatever a client sends, the answer is a 4xx with a message: no 5xx, no panic, no broken connection.
//!
//! Random requests of every route, from a seed: `OOLONG_TEST_SEED=…` tries other ones, `OOLONG_TEST_REQUESTS=…` more.

use axum::body::Bytes;
use http::Method;
use oolong_http::RouteInfo;
use oolong_tests::client::Client;
use oolong_tests::server::{PASSWORD, Server};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Map, Value, json};

use crate::world::{self, ADMIN, ORG, OUTSIDER, OWNER, REPO};

/// How many requests one world has to stand; they delete it bit by bit.
const REQUESTS_A_WORLD: u32 = 400;

/// Names as they stand in a path: percent-encoded where they have to be.
const NAMES: &[&str] = &[
    "",
    ".",
    "..",
    "%2e%2e",
    "%2E%2E%2Fetc",
    "..%2f..",
    "%00",
    "a%00b",
    "%0a",
    "%0D%0A",
    "%2F",
    "%5C",
    "-",
    "_",
    "--help",
    "-1",
    "0",
    "1",
    "9223372036854775808",
    "-9223372036854775809",
    "1e9",
    "NaN",
    "true",
    "null",
    "admin",
    "new",
    "user",
    "api",
    ".git",
    "x.git",
    "x.wiki",
    "x.keys",
    "HEAD",
    "refs%2Fheads%2Fmain",
    "refs",
    "main..main",
    "main...x",
    "main%40%7B1%7D",
    "%5E",
    "main~1",
    "%3A",
    "%3F",
    "%23",
    "*",
    "%F0%9F%98%80",
    "%C3%A9",
    "e%CC%81",
    "%E2%80%AE",
    "%FF%FE",
    "%C0%AF",
    "%D0%B0lice",
    "'",
    "%22",
    "%3Cscript%3E",
    "%27%20OR%201=1--",
    "$(id)",
    "%60id%60",
    "0000000000000000000000000000000000000000",
    "deadbeef",
    "README.md",
    "main",
    "x",
];

/// Names of fields that some body has.
const FIELDS: &[&str] = &[
    "name",
    "username",
    "login_name",
    "email",
    "emails",
    "password",
    "full_name",
    "description",
    "website",
    "location",
    "visibility",
    "scopes",
    "key",
    "title",
    "read_only",
    "private",
    "auto_init",
    "gitignores",
    "license",
    "readme",
    "default_branch",
    "template",
    "object_format_name",
    "trust_model",
    "permission",
    "units",
    "units_map",
    "new_owner",
    "team_ids",
    "new_name",
    "new_username",
    "new_repo_name",
    "topics",
    "content",
    "message",
    "branch",
    "new_branch",
    "sha",
    "from_path",
    "files",
    "author",
    "committer",
    "dates",
    "old_ref_name",
    "old_branch_name",
    "new_branch_name",
    "new_branch_name",
    "tag_name",
    "target",
    "image",
    "source_id",
    "admin",
    "active",
    "max_repo_creation",
    "must_change_password",
    "prohibit_login",
    "restricted",
    "created_at",
    "external_tracker",
    "internal_tracker",
    "mirror_interval",
    "archived",
    "has_wiki",
    "has_issues",
    "rule_name",
    "priority",
    "required_approvals",
    "ref",
    "force",
];

#[tokio::test]
async fn no_request_is_our_fault() {
    let number = |name: &str, default: u64| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let seed = number("OOLONG_TEST_SEED", 1);
    let mut left = u32::try_from(number("OOLONG_TEST_REQUESTS", 2000)).expect("a number of requests");
    let mut random = StdRng::seed_from_u64(seed);
    while left > 0 {
        let server = Server::start().await;
        world::make(&server).await;
        let routes = world::routes(&server);
        let callers = [
            server.anonymous(),
            server.basic(OUTSIDER, PASSWORD),
            server.basic(OWNER, PASSWORD),
            server.basic(ADMIN, PASSWORD),
        ];
        for _ in 0..left.min(REQUESTS_A_WORLD) {
            let caller = callers.choose(&mut random).expect("there are callers");
            check(caller, routes.choose(&mut random).expect("there are routes"), &mut random, seed).await;
            left -= 1;
        }
    }
}

async fn check(caller: &Client, route: &RouteInfo, random: &mut StdRng, seed: u64) {
    let path = path(route.path, random) + &query(random);
    let (kind, body) = if route.method == Method::GET { (None, Bytes::new()) } else { body(random) };
    let shown = format!(
        "seed {seed}: {} {path} {}",
        route.method,
        String::from_utf8_lossy(&body[..body.len().min(500)])
    );
    let answer = caller.try_send(route.method.clone(), &path, kind, body).await;
    let answer = answer.unwrap_or_else(|error| panic!("{shown}: no answer: {error}"));
    assert!(!answer.status.is_server_error(), "{shown}: {} {}", answer.status, answer.text());
    let is_json = answer.header("content-type").is_some_and(|kind| kind.starts_with("application/json"));
    if answer.status.is_client_error() && is_json && !answer.body.is_empty() {
        let message = answer.json()["message"].as_str().map(str::to_owned);
        assert!(message.is_some_and(|text| !text.is_empty()), "{shown}: {} {}", answer.status, answer.text());
    }
}

/// The route's path: most parameters lead somewhere, so that what stands behind them is reached; some are hostile.
fn path(path: &str, random: &mut StdRng) -> String {
    let long = "a".repeat(random.random_range(200..4000));
    let mut chosen = Vec::new();
    for _ in 0..path.matches('{').count() {
        chosen.push(random.random_ratio(1, 3).then(|| {
            if random.random_ratio(1, 12) {
                long.as_str()
            } else {
                NAMES.choose(random).expect("there are names")
            }
        }));
    }
    let mut chosen = chosen.into_iter();
    world::fill_with(path, |name| {
        let usual = match name {
            "username" | "owner" | "user" => OWNER,
            "repo" => REPO,
            "org" => ORG,
            "id" | "index" => "1",
            "filepath" => "README.md",
            _ => "main",
        };
        chosen.next().flatten().unwrap_or(usual)
    })
}

fn query(random: &mut StdRng) -> String {
    if random.random_ratio(1, 2) {
        return String::new();
    }
    let names = [
        "page",
        "limit",
        "sort",
        "order",
        "q",
        "ref",
        "sha",
        "path",
        "type",
        "visibility",
        "token",
        "sudo",
        "recursive",
        "per_page",
        "uid",
        "since",
        "until",
        "private",
    ];
    let pairs: Vec<String> = (0..random.random_range(1..4))
        .map(|_| format!("{}={}", names.choose(random).expect("names"), NAMES.choose(random).expect("names")))
        .collect();
    format!("?{}", pairs.join("&"))
}

fn body(random: &mut StdRng) -> (Option<&'static str>, Bytes) {
    let json = Some("application/json");
    match random.random_range(0..12) {
        0 => (json, Bytes::from_static(b"{\"name\": \"x\"")),
        1 => (json, Bytes::from_static(b"\xff\xfe{}")),
        2 => (json, value(random, 0).to_string().into()),
        3 => (json, format!("{{\"name\":{}1{}}}", "[".repeat(2000), "]".repeat(2000)).into()),
        4 => (
            json,
            json!({"name": "n".repeat(1 << 20), "description": "d".repeat(1 << 20)}).to_string().into(),
        ),
        5 => (Some("text/plain"), Bytes::from_static(b"name=x")),
        6 => (Some("application/x-www-form-urlencoded"), Bytes::from_static(b"name=%ZZ&sudo=root&token=x")),
        _ => (json, object(random, 0).to_string().into()),
    }
}

fn object(random: &mut StdRng, depth: u32) -> Value {
    let fields = (0..random.random_range(0..10)).map(|_| {
        let name = (*FIELDS.choose(random).expect("there are fields")).to_owned();
        (name, value(random, depth + 1))
    });
    Value::Object(fields.collect::<Map<_, _>>())
}

fn value(random: &mut StdRng, depth: u32) -> Value {
    const TEXTS: &[&str] = &[
        "",
        " ",
        "x",
        "..",
        "../../etc/passwd",
        "/",
        "a\0b",
        "\u{202e}x",
        "e\u{301}",
        "😀",
        "admin",
        "-",
        "main",
        "refs/heads/main",
        "README.md",
        "all",
        "read:user",
        "public",
        "private",
        "sha256",
        "alice",
        "bob",
        "root",
        "secrets",
        "hidden",
        "not@an@address",
        "a@b",
        "x@example.com",
        "2026-01-02T03:04:05Z",
        "0001-01-01T00:00:00Z",
        "9999-99-99",
        "ssh-ed25519 AAAA",
        "http://[",
        "javascript:1",
        "repo.code",
        "write",
        "owner",
        "MIT",
        "Go",
        "aGVsbG8=",
        "not base64!",
    ];
    match random.random_range(0..if depth > 2 { 6 } else { 8 }) {
        0 => Value::Null,
        1 => json!(random.random::<bool>()),
        2 => (*[json!(-1), json!(0), json!(1), json!(i64::MAX), json!(u64::MAX), json!(1.5), json!(1e300)]
            .choose(random)
            .expect("numbers"))
        .clone(),
        3..6 => json!(TEXTS.choose(random).expect("texts")),
        6 => Value::Array((0..random.random_range(0..4)).map(|_| value(random, depth + 1)).collect()),
        _ => object(random, depth),
    }
}

#[tokio::test]
async fn a_body_without_end_is_refused() {
    let server = Server::start().await;
    server.user(OWNER).await;
    let body = Bytes::from(vec![b' '; 65 << 20]);
    let path = format!("/api/v1/users/{OWNER}/tokens");
    let answer =
        server.basic(OWNER, PASSWORD).try_send(Method::POST, &path, Some("application/json"), body).await;
    // The server may stop reading before everything is sent; then there may be no answer to read.
    if let Ok(answer) = answer {
        assert_eq!(answer.status, 413);
    }
    server.anonymous().get("/api/v1/version").await.expect(200);
}
