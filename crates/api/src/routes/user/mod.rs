//! `/user`: the signed-in person.

use axum::extract::State;
use oolong_core::Category;
use oolong_http::{Access, App, Routes, SignedIn};

use crate::dto::Json;
use crate::dto::user::User;

/// What most of `/user` needs.
const USER: Access = Access::scoped(&[Category::User]).signed_in();

pub(super) fn add(routes: Routes) -> Routes {
    routes.get("/user", USER, get_self)
}

/// `userGetCurrent`
async fn get_self(State(app): State<App>, SignedIn { caller, user }: SignedIn) -> Json<User> {
    Json(User::new(&app.forge.settings, &user, &caller))
}
