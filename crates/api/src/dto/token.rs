//! `AccessToken`.

use oolong_db::entity::{access_token, user};
use oolong_forge::tokens::NewToken;
use serde::Serialize;

use super::time::{ZERO, time};

/// Gitea's `AccessToken`.
#[derive(Clone, Debug, Serialize)]
pub struct AccessToken {
    id: i64,
    name: String,
    sha1: String,
    token_last_eight: String,
    scopes: Vec<String>,
    created_at: String,
    last_used_at: String,
}

impl AccessToken {
    /// A token in a list: its text is not known any more.
    pub fn listed(row: &access_token::Model) -> Self {
        Self {
            id: row.id,
            name: row.name.clone(),
            sha1: String::new(),
            token_last_eight: row.token_last_eight.clone(),
            scopes: scopes(&row.scope),
            created_at: time(row.created_unix),
            last_used_at: time(row.updated_unix),
        }
    }

    /// A token just made, with its text. Gitea leaves the times out of this answer.
    pub fn created(new: &NewToken) -> Self {
        Self {
            sha1: new.plain.expose().to_owned(),
            created_at: ZERO.to_owned(),
            last_used_at: ZERO.to_owned(),
            ..Self::listed(&new.row)
        }
    }
}

/// The stored scopes as a list.
pub fn scopes(stored: &str) -> Vec<String> {
    stored.split(',').map(str::to_owned).collect()
}

/// Gitea's `CurrentAccessToken`: what a token may know about itself.
#[derive(Clone, Debug, Serialize)]
pub struct CurrentAccessToken {
    id: i64,
    name: String,
    scopes: Vec<String>,
    created_at: String,
    last_used_at: String,
    user: TokenOwner,
}

#[derive(Clone, Debug, Serialize)]
struct TokenOwner {
    id: i64,
    login: String,
}

impl CurrentAccessToken {
    /// A token and its owner.
    pub fn new(row: &access_token::Model, owner: &user::Model) -> Self {
        Self {
            id: row.id,
            name: row.name.clone(),
            scopes: scopes(&row.scope),
            created_at: time(row.created_unix),
            last_used_at: time(row.updated_unix),
            user: TokenOwner { id: owner.id, login: owner.name.clone() },
        }
    }
}
