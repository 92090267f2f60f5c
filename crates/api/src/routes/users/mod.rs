//! `/users`: other people.

mod tokens;

use axum::extract::State;
use oolong_core::Category;
use oolong_http::{Access, App, OwnerPath, Routes};

use crate::dto::Json;
use crate::dto::user::User;

pub(super) fn add(routes: Routes) -> Routes {
    routes.get("/users/{username}", Access::scoped(&[Category::User]), get_user).with(tokens::add)
}

/// `userGet`
async fn get_user(State(app): State<App>, OwnerPath { owner, caller }: OwnerPath) -> Json<User> {
    Json(User::new(&app.forge.settings, &owner, &caller))
}
