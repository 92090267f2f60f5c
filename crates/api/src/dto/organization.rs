//! `Organization` and `OrganizationPermissions`.

use oolong_config::Settings;
use oolong_core::{AccessMode, Visibility};
use oolong_db::entity::user;
use oolong_forge::organisations::Powers;
use serde::Serialize;

use super::user::avatar_url;

/// Gitea's `Organization`.
#[derive(Clone, Debug, Serialize)]
pub struct Organization {
    id: i64,
    name: String,
    full_name: String,
    email: String,
    avatar_url: String,
    description: String,
    website: String,
    location: String,
    visibility: &'static str,
    repo_admin_change_team_access: bool,
    username: String,
}

impl Organization {
    /// An organisation as signed-in people see it.
    pub fn new(settings: &Settings, org: &user::Model) -> Self {
        Self {
            id: org.id,
            name: org.name.clone(),
            full_name: org.full_name.clone(),
            email: org.email.clone(),
            avatar_url: avatar_url(settings, org),
            description: org.description.clone(),
            website: org.website.clone(),
            location: org.location.clone(),
            visibility: Visibility::from_number(org.visibility).name(),
            repo_admin_change_team_access: org.repo_admin_change_team_access,
            username: org.name.clone(),
        }
    }

    /// The same without the address: visitors do not see it.
    #[must_use]
    pub fn without_email(self) -> Self {
        Self { email: String::new(), ..self }
    }
}

/// Gitea's `OrganizationPermissions`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct OrganizationPermissions {
    is_owner: bool,
    is_admin: bool,
    can_write: bool,
    can_read: bool,
    can_create_repository: bool,
}

impl OrganizationPermissions {
    /// What a person may do in an organisation.
    pub fn new(powers: Powers) -> Self {
        Self {
            is_owner: powers.mode >= AccessMode::Owner,
            is_admin: powers.mode >= AccessMode::Admin,
            can_write: powers.mode >= AccessMode::Write,
            can_read: powers.mode >= AccessMode::Read,
            can_create_repository: powers.creates_repositories,
        }
    }
}
