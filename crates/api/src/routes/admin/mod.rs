//! `/admin`: what only site administrators do.

mod emails;
mod keys;
mod orgs;
mod users;

use oolong_core::Category;
use oolong_http::{Access, Routes};

/// What everything below `/admin` needs.
const ADMIN: Access = Access::scoped(&[Category::Admin]).site_admin();

pub(super) fn add(routes: Routes) -> Routes {
    routes.with(emails::add).with(keys::add).with(orgs::add).with(users::add)
}
