//! `/repos` and the lists of repositories elsewhere.

mod creation;
mod repository;

use oolong_core::Category;
use oolong_http::{Access, Routes};

/// What most of `/repos` needs.
const REPOSITORY: Access = Access::scoped(&[Category::Repository]);
/// The same for signed-in people; a hidden repository is 404 before that.
const REPOSITORY_SIGNED_IN: Access = REPOSITORY.signed_in_repository();

pub(super) fn add(routes: Routes) -> Routes {
    routes.with(creation::add).with(repository::add)
}
