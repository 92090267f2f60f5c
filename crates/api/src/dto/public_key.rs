//! `PublicKey`.

use oolong_auth::Caller;
use oolong_config::Settings;
use oolong_core::AccessMode;
use oolong_db::entity::{public_key, user};
use serde::Serialize;

use super::time::time;
use super::user::User;

/// Gitea's `PublicKey`.
#[derive(Clone, Debug, Serialize)]
pub struct PublicKey {
    id: i64,
    key: String,
    url: String,
    title: String,
    fingerprint: String,
    created_at: String,
    last_used_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<User>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    read_only: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_type: Option<&'static str>,
}

impl PublicKey {
    /// A person's key; whose it is, is shown to them and to administrators only.
    pub fn new(settings: &Settings, key: &public_key::Model, owner: &user::Model, viewer: &Caller) -> Self {
        let in_full = viewer.is(owner.user_id()) || viewer.is_site_admin();
        Self {
            id: key.id,
            key: key.content.clone(),
            url: format!("{}api/v1/user/keys/{}", settings.server.root_url, key.id),
            title: key.name.clone(),
            fingerprint: key.fingerprint.clone(),
            created_at: time(key.created_unix),
            last_used_at: time(key.updated_unix),
            user: in_full.then(|| User::new(settings, owner, viewer)),
            read_only: in_full && key.mode == AccessMode::Read.number(),
            key_type: in_full.then_some("user"),
        }
    }
}
