//! The description of the API for programs (Swagger 2.0, as Gitea's), made from the routes themselves.

use http::Method;
use oolong_core::Level;
use oolong_http::{Access, RouteInfo, SignIn};
use serde_json::{Map, Value, json};

use crate::version::VERSION;

/// The description of these routes.
pub fn document(routes: &[RouteInfo], query_tokens: bool) -> Value {
    let mut paths = Map::new();
    for route in routes {
        let methods = paths.entry(route.path.to_owned()).or_insert_with(|| json!({}));
        methods[route.method.as_str().to_ascii_lowercase()] = operation(route);
    }
    let definitions = security_definitions(query_tokens);
    let security: Vec<Value> = definitions.keys().map(|name| json!({ name: [] })).collect();
    json!({
        "swagger": "2.0",
        "info": {
            "title": "Oolong API",
            "description": "The interface for programs, compatible with Gitea's.",
            "version": VERSION,
        },
        "basePath": "/api/v1",
        "schemes": ["http", "https"],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "paths": paths,
        "securityDefinitions": definitions,
        "security": security,
    })
}

fn security_definitions(query_tokens: bool) -> Map<String, Value> {
    let mut definitions = Map::new();
    let mut add = |name: &str, definition: Value| definitions.insert(name.to_owned(), definition);
    add("BasicAuth", json!({ "type": "basic" }));
    let header = "A token, behind the word \"token\" or \"Bearer\".";
    add(
        "AuthorizationHeaderToken",
        json!({ "type": "apiKey", "in": "header", "name": "Authorization", "description": header }),
    );
    add("SudoHeader", json!({ "type": "apiKey", "in": "header", "name": "Sudo" }));
    add("SudoParam", json!({ "type": "apiKey", "in": "query", "name": "sudo" }));
    add("TOTPHeader", json!({ "type": "apiKey", "in": "header", "name": "X-Gitea-OTP" }));
    if query_tokens {
        add("Token", json!({ "type": "apiKey", "in": "query", "name": "token" }));
        add("AccessToken", json!({ "type": "apiKey", "in": "query", "name": "access_token" }));
    }
    definitions
}

fn operation(route: &RouteInfo) -> Value {
    let tag = route.path.split('/').nth(1).unwrap_or_default();
    let parameters: Vec<Value> = route
        .path
        .split('/')
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| json!({ "name": name.trim_start_matches('*'), "in": "path", "required": true, "type": "string" }))
        .collect();
    json!({
        "tags": [tag],
        "description": needs(route.access, &route.method),
        "parameters": parameters,
        "responses": {
            "default": { "description": "See Gitea's documentation of the operation of this path." },
        },
    })
}

/// What a route needs, in words.
fn needs(access: Access, method: &Method) -> String {
    let who = match access.sign_in {
        SignIn::NotNeeded => "Open to visitors",
        SignIn::Needed | SignIn::NeededInRepository => "For signed-in people",
        SignIn::ByBasic => "For signed-in people, with HTTP Basic",
        SignIn::SiteAdmin => "For site administrators",
    };
    let level = if *method == Method::GET { Level::Read } else { Level::Write };
    let word = if level == Level::Read { "read" } else { "write" };
    let scopes: Vec<String> =
        access.scopes.iter().map(|category| format!("{word}:{}", category.name())).collect();
    let scopes = if scopes.is_empty() { String::new() } else { format!("; scopes: {}", scopes.join(", ")) };
    let limit = if access.refuses_public_only { "; not with public-only" } else { "" };
    format!("{who}{scopes}{limit}.")
}

#[cfg(test)]
mod tests {
    use oolong_core::Category;

    use super::*;

    #[test]
    fn describes_a_route() {
        let access = Access::scoped(&[Category::User]).signed_in();
        let route = RouteInfo { method: Method::PUT, path: "/user/following/{username}", access };
        let document = document(&[route], false);
        let operation = &document["paths"]["/user/following/{username}"]["put"];
        assert_eq!(operation["parameters"][0]["name"], "username");
        assert_eq!(operation["description"], "For signed-in people; scopes: write:user.");
        assert!(document["securityDefinitions"].get("Token").is_none());
    }
}
