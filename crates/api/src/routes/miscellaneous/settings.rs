//! `/settings`: what clients may want to know of the configuration.

use axum::extract::State;
use oolong_http::{Access, App, Routes};
use serde::Serialize;

use crate::dto::Json;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/settings/ui", Access::open(), ui)
        .get("/settings/api", Access::open(), api)
        .get("/settings/attachment", Access::open(), attachment)
        .get("/settings/repository", Access::open(), repository)
}

#[derive(Serialize)]
struct GeneralUiSettings {
    default_theme: String,
    allowed_reactions: Vec<String>,
    custom_emojis: Vec<String>,
}

/// `getGeneralUISettings`
async fn ui(State(app): State<App>) -> Json<GeneralUiSettings> {
    let ui = &app.forge.settings.ui;
    Json(GeneralUiSettings {
        default_theme: ui.default_theme.clone(),
        allowed_reactions: ui.reactions.clone(),
        custom_emojis: ui.custom_emojis.clone(),
    })
}

#[derive(Serialize)]
struct GeneralApiSettings {
    max_response_items: u64,
    default_paging_num: u64,
    default_git_trees_per_page: u64,
    default_max_blob_size: u64,
    default_max_response_size: u64,
}

/// `getGeneralAPISettings`
async fn api(State(app): State<App>) -> Json<GeneralApiSettings> {
    let api = &app.forge.settings.api;
    Json(GeneralApiSettings {
        max_response_items: api.max_response_items,
        default_paging_num: api.default_paging_num,
        default_git_trees_per_page: api.default_git_trees_per_page,
        default_max_blob_size: api.default_max_blob_size,
        default_max_response_size: api.default_max_response_size,
    })
}

#[derive(Serialize)]
struct GeneralAttachmentSettings {
    enabled: bool,
    allowed_types: String,
    max_size: u64,
    max_files: u64,
}

/// `getGeneralAttachmentSettings`
async fn attachment(State(app): State<App>) -> Json<GeneralAttachmentSettings> {
    let attachment = &app.forge.settings.attachment;
    Json(GeneralAttachmentSettings {
        enabled: attachment.enabled,
        allowed_types: attachment.allowed_types.join(","),
        max_size: attachment.max_size,
        max_files: attachment.max_files,
    })
}

#[derive(Serialize)]
struct GeneralRepoSettings {
    mirrors_disabled: bool,
    http_git_disabled: bool,
    migrations_disabled: bool,
    stars_disabled: bool,
    time_tracking_disabled: bool,
    lfs_disabled: bool,
}

/// `getGeneralRepositorySettings`
async fn repository(State(app): State<App>) -> Json<GeneralRepoSettings> {
    let settings = &app.forge.settings;
    Json(GeneralRepoSettings {
        mirrors_disabled: !settings.mirror.enabled,
        http_git_disabled: settings.repository.disable_http_git,
        migrations_disabled: settings.repository.disable_migrations,
        stars_disabled: settings.repository.disable_stars,
        time_tracking_disabled: !settings.service.enable_timetracking,
        lfs_disabled: !settings.server.lfs_start_server,
    })
}
