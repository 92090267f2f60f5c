//! Every route of the API × {nobody, wrong scope, outsider, public-only, right person}. What has to happen follows from
//! the access that the route declares; a new route is covered by being added.

use std::collections::BTreeSet;

use http::{Method, StatusCode};
use oolong_core::Category;
use oolong_http::{Access, RouteInfo, SignIn};
use oolong_tests::client::Client;
use oolong_tests::server::{PASSWORD, Server};
use serde_json::json;

use crate::world::{self, ADMIN, OUTSIDER, OWNER, fill, is_hidden};

/// What differs from the rule on purpose: `CALLER METHOD PATH`. May only shrink: one that no longer differs fails.
const EXCEPTIONS: &[&str] = &[];

#[tokio::test]
async fn each_route_admits_whom_it_says() {
    let server = Server::start().await;
    world::make(&server).await;
    let mut routes = world::routes(&server);
    // Readers first, then what removes things, from the leaves to the roots.
    routes.sort_by_key(|route| {
        let depth = usize::MAX - route.path.matches('/').count();
        (route.method != Method::GET, route.method == Method::DELETE, depth, route.path)
    });

    let mut broken = BTreeSet::new();
    for caller in
        [Caller::Nobody, Caller::WrongScope, Caller::Outsider, Caller::PublicOnly, Caller::RightPerson]
    {
        for route in &routes {
            let client = caller.client(&server, route.access, &route.method).await;
            let status = ask(&client, route).await;
            if !caller.expects(route, status) {
                broken.insert(format!("{caller:?} {} {} → {status}", route.method, route.path));
            }
        }
    }
    let is_exception = |line: &&String| EXCEPTIONS.iter().any(|exception| line.starts_with(exception));
    let unexpected: Vec<_> = broken.iter().filter(|line| !is_exception(line)).collect();
    assert!(unexpected.is_empty(), "{unexpected:#?}");
    let healed: Vec<_> = EXCEPTIONS
        .iter()
        .filter(|exception| !broken.iter().any(|line| line.starts_with(*exception)))
        .collect();
    assert!(healed.is_empty(), "take these off the list: {healed:#?}");
}

async fn ask(client: &Client, route: &RouteInfo) -> StatusCode {
    let body = (route.method != Method::GET && route.method != Method::DELETE).then(|| json!({}));
    client.send(route.method.clone(), &fill(route.path), body).await.status
}

#[derive(Clone, Copy, Debug)]
enum Caller {
    /// A visitor.
    Nobody,
    /// The owner, with a token that has every scope but the one that is needed.
    WrongScope,
    /// Somebody else, with every scope.
    Outsider,
    /// The owner, with every scope, but for public things only.
    PublicOnly,
    /// Whom the route is for.
    RightPerson,
}

impl Caller {
    async fn client(self, server: &Server, access: Access, method: &Method) -> Client {
        match self {
            Self::Nobody => server.anonymous(),
            Self::WrongScope => {
                let scopes = scopes_but(access.scopes, method);
                server.token(OWNER, &scopes.iter().map(String::as_str).collect::<Vec<_>>()).await
            }
            Self::Outsider => server.basic(OUTSIDER, PASSWORD),
            Self::PublicOnly => server.token(OWNER, &["all", "public-only"]).await,
            Self::RightPerson if access.sign_in == SignIn::SiteAdmin => server.basic(ADMIN, PASSWORD),
            Self::RightPerson => server.basic(OWNER, PASSWORD),
        }
    }

    /// Whether this answer keeps the rule.
    fn expects(self, route: &RouteInfo, status: StatusCode) -> bool {
        let access = route.access;
        let hides = matches!(status.as_u16(), 401 | 403 | 404);
        let answers = !status.is_server_error();
        match self {
            // The repository is looked for first, and this one is hidden.
            Self::Nobody if access.sign_in == SignIn::NeededInRepository => status == StatusCode::NOT_FOUND,
            Self::Nobody if access.sign_in != SignIn::NotNeeded => status == StatusCode::UNAUTHORIZED,
            Self::WrongScope if !access.scopes.is_empty() => status == StatusCode::FORBIDDEN,
            Self::Outsider if access.sign_in == SignIn::SiteAdmin => status == StatusCode::FORBIDDEN,
            Self::PublicOnly if access.refuses_public_only => status == StatusCode::FORBIDDEN,
            Self::Nobody | Self::Outsider | Self::PublicOnly if is_hidden(route.path) => hides,
            Self::RightPerson => answers && !matches!(status.as_u16(), 401 | 403),
            _ => answers,
        }
    }
}

/// Everything but the scopes that are needed; of those, reading where writing is needed.
fn scopes_but(needed: &[Category], method: &Method) -> Vec<String> {
    let others = Category::ALL
        .into_iter()
        .filter(|category| !needed.contains(category))
        .map(|category| format!("write:{}", category.name()));
    let reading =
        needed.iter().filter(|_| method != Method::GET).map(|category| format!("read:{}", category.name()));
    others.chain(reading).collect()
}
