//! `/user/settings`.

use axum::extract::State;
use oolong_forge::accounts::edit::{self, Preferences};
use oolong_http::{App, Body, Failure, Routes, SignedIn};
use serde::Deserialize;

use super::PRIVATE;
use crate::dto::Json;
use crate::dto::user_settings::UserSettings;
use crate::field;

pub(super) fn add(routes: Routes) -> Routes {
    routes.get("/user/settings", PRIVATE, get).patch("/user/settings", PRIVATE, update)
}

/// `getUserSettings`
async fn get(SignedIn { user, .. }: SignedIn) -> Json<UserSettings> {
    Json(UserSettings::new(&user))
}

#[derive(Deserialize)]
struct UserSettingsOptions {
    full_name: Option<String>,
    website: Option<String>,
    description: Option<String>,
    location: Option<String>,
    language: Option<String>,
    theme: Option<String>,
    diff_view_style: Option<String>,
    hide_email: Option<bool>,
    hide_activity: Option<bool>,
}

/// `updateUserSettings`
async fn update(
    State(app): State<App>,
    SignedIn { user, .. }: SignedIn,
    Body(body): Body<UserSettingsOptions>,
) -> Result<Json<UserSettings>, Failure> {
    let preferences = Preferences {
        full_name: field::optional_text("full_name", body.full_name, 100)?,
        website: field::website(&app, "website", body.website)?,
        description: field::optional_text("description", body.description, 255)?,
        location: field::optional_text("location", body.location, 50)?,
        // Taken as they come, as in Gitea; what a page does not know it does not use.
        language: field::optional_text("language", body.language, 5)?,
        theme: field::optional_text("theme", body.theme, 64)?,
        diff_view_style: field::optional_text("diff_view_style", body.diff_view_style, 64)?,
        keep_email_private: body.hide_email,
        keep_activity_private: body.hide_activity,
    };
    let changed = edit::set_preferences(&app.forge, &user, preferences).await?;
    Ok(Json(UserSettings::new(&changed)))
}
