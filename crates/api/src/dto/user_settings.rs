//! `UserSettings`.

use oolong_db::entity::user;
use serde::Serialize;

/// Gitea's `UserSettings`.
#[derive(Clone, Debug, Serialize)]
pub struct UserSettings {
    full_name: String,
    website: String,
    description: String,
    location: String,
    language: String,
    theme: String,
    diff_view_style: String,
    hide_email: bool,
    hide_activity: bool,
}

impl UserSettings {
    /// A person's settings.
    pub fn new(user: &user::Model) -> Self {
        Self {
            full_name: user.full_name.clone(),
            website: user.website.clone(),
            description: user.description.clone(),
            location: user.location.clone(),
            language: user.language.clone(),
            theme: user.theme.clone(),
            diff_view_style: user.diff_view_style.clone(),
            hide_email: user.keep_email_private,
            hide_activity: user.keep_activity_private,
        }
    }
}
