//! What every request goes through: parsing credentials and scopes, finding a token, evaluating a permission.

#![allow(missing_docs, reason = "criterion's macros make functions without")]

use std::hint::black_box;
use std::net::Ipv4Addr;

use criterion::{Criterion, criterion_group, criterion_main};
use oolong_auth::permission::repo_permission;
use oolong_auth::{Presented, Surface};
use oolong_core::ScopeSet;
use oolong_db::repositories;
use oolong_tests::server::Server;
use tokio::runtime::Runtime;

fn parsing(criterion: &mut Criterion) {
    let client = Ipv4Addr::LOCALHOST.into();
    for (name, header) in [
        ("authorization: none", None),
        ("authorization: token", Some("token 0123456789abcdef0123456789abcdef01234567")),
        (
            "authorization: basic",
            Some("Basic YWxpY2U6MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nw=="),
        ),
    ] {
        criterion.bench_function(name, |bench| bench.iter(|| Presented::new(black_box(header), client)));
    }
    criterion.bench_function("scopes: parse", |bench| {
        bench.iter(|| ScopeSet::parse(black_box("write:repository,read:user,read:organization,public-only")));
    });
}

fn looking_up(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime can be made");
    let (server, token) = runtime.block_on(async {
        let server = Server::start().await;
        server.user("alice").await;
        server.user("bob").await;
        server.repo("alice", "thing", false).await;
        let token = server.token_text("bob", &["all"]).await;
        (server, token)
    });
    let presented = Presented::new(Some(&format!("token {token}")), Ipv4Addr::LOCALHOST.into());
    criterion.bench_function("token: look-up", |bench| {
        bench.iter(|| runtime.block_on(server.app.chain.authenticate(Surface::Api, &presented)));
    });
    let unknown =
        Presented::new(Some("token 0123456789abcdef0123456789abcdef01234567"), Ipv4Addr::LOCALHOST.into());
    criterion.bench_function("token: unknown", |bench| {
        bench.iter(|| runtime.block_on(server.app.chain.authenticate(Surface::Api, &unknown)));
    });
    let forge = server.forge();
    let (repo, owner) = runtime
        .block_on(repositories::find_by_path(forge.db.read(), "alice", "thing"))
        .expect("the database answers")
        .expect("it was made");
    let bob = runtime
        .block_on(oolong_db::users::find_by_name(forge.db.read(), "bob"))
        .expect("the database answers");
    criterion.bench_function("permission: a stranger on a public repository", |bench| {
        bench.iter(|| {
            runtime.block_on(repo_permission(forge.db.read(), forge.rules(), bob.as_ref(), &repo, &owner))
        });
    });
    drop(server);
}

criterion_group!(benches, parsing, looking_up);
criterion_main!(benches);
