//! `/users`: other people.

mod following;
mod heatmap;
mod keys;
pub(super) mod orgs;
mod search;
mod tokens;

use axum::extract::State;
use oolong_core::{Category, Error, Result};
use oolong_http::{Access, App, Failure, OwnerPath, Routes};

use crate::dto::Json;
use crate::dto::user::User;

/// What looking at people needs.
const USER: Access = Access::scoped(&[Category::User]);

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/users/{username}", USER, get_user)
        .with(following::add)
        .with(heatmap::add)
        .with(keys::add)
        .with(orgs::add)
        .with(search::add)
        .with(tokens::add)
}

/// Whether visitors may look round (`[service.explore]`).
fn check_explore(app: &App, caller: &oolong_auth::Caller) -> Result<()> {
    if app.forge.settings.service.explore.require_signin_view && !caller.is_signed_in() {
        return Err(Error::unauthenticated("this needs a signed-in user"));
    }
    Ok(())
}

/// `userGet`
async fn get_user(
    State(app): State<App>,
    OwnerPath { owner, caller }: OwnerPath,
) -> Result<Json<User>, Failure> {
    check_explore(&app, &caller)?;
    Ok(Json(User::new(&app.forge.settings, &owner, &caller)))
}
