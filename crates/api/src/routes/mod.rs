//! The routes, a file an area; each area adds its own with the access they need.

mod admin;
mod miscellaneous;
mod orgs;
mod repos;
mod teams;
mod token;
mod user;
mod users;

use oolong_http::Routes;

/// Adds every route of the API.
pub(crate) fn add_all(routes: Routes) -> Routes {
    routes
        .with(admin::add)
        .with(miscellaneous::add)
        .with(orgs::add)
        .with(repos::add)
        .with(teams::add)
        .with(token::add)
        .with(user::add)
        .with(users::add)
}
