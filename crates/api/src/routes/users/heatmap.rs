//! `/users/{username}/heatmap`: how much somebody did when.

use axum::extract::State;
use oolong_core::Error;
use oolong_db::heatmap::{self, Looker};
use oolong_http::{App, Failure, OwnerPath, Routes};
use serde::Serialize;

use super::USER;
use crate::dto::Json;

pub(super) fn add(routes: Routes) -> Routes {
    routes.get("/users/{username}/heatmap", USER, get)
}

#[derive(Serialize)]
struct UserHeatmapData {
    timestamp: i64,
    contributions: i64,
}

/// `userGetHeatmapData`
async fn get(
    State(app): State<App>,
    OwnerPath { owner, caller }: OwnerPath,
) -> Result<Json<Vec<UserHeatmapData>>, Failure> {
    if !app.forge.settings.service.enable_user_heatmap {
        return Err(Error::not_found("heat maps are switched off on this server").into());
    }
    let public_only = caller.is_public_only();
    let in_full = caller.is(owner.user_id()) || caller.is_site_admin();
    if owner.keep_activity_private && !in_full {
        return Ok(Json(Vec::new()));
    }
    let looker = match caller.user_id() {
        Some(_) if in_full && !public_only => Looker::Everything,
        Some(id) if !public_only => Looker::Person(id),
        _ => Looker::Public,
    };
    let rows = heatmap::list(app.forge.db.read(), owner.user_id(), looker, app.forge.clock.now()).await?;
    let shown =
        rows.into_iter().map(|(timestamp, contributions)| UserHeatmapData { timestamp, contributions });
    Ok(Json(shown.collect()))
}
