//! `/user`: the signed-in person.

mod blocks;
mod emails;
mod following;
pub(crate) mod keys;
mod orgs;
mod settings;

use axum::extract::State;
use oolong_auth::Caller;
use oolong_core::{Category, Error, Result, Visibility};
use oolong_db::entity::user;
use oolong_db::users;
use oolong_http::{Access, App, Routes, SignedIn};

use crate::dto::Json;
use crate::dto::user::User;

/// What most of `/user` needs.
const USER: Access = Access::scoped(&[Category::User]).signed_in();
/// What a `public-only` credential does not reach.
const PRIVATE: Access = USER.not_public_only();

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/user", USER, get_self)
        .with(blocks::add)
        .with(emails::add)
        .with(following::add)
        .with(keys::add)
        .with(orgs::add)
        .with(settings::add)
}

/// `userGetCurrent`
async fn get_self(State(app): State<App>, SignedIn { caller, user }: SignedIn) -> Json<User> {
    Json(User::new(&app.forge.settings, &user, &caller))
}

/// Somebody whom one wants to be rid of: they are found whether or not one may see them.
async fn anybody(app: &App, caller: &Caller, name: &str) -> Result<user::Model> {
    let found = users::find_by_name(app.forge.db.read(), name)
        .await?
        .ok_or_else(|| Error::not_found("there is no such user"))?;
    if caller.is_public_only() && found.visible_to() != Visibility::Public {
        return Err(Error::forbidden("the credential's scope public-only does not reach this person"));
    }
    Ok(found)
}
