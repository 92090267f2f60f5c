//! `/repos` and the lists of repositories elsewhere.

mod collaborators;
mod creation;
mod people;
mod repository;
mod teams;

use oolong_core::Category;
use oolong_http::{Access, Routes};

/// What most of `/repos` needs.
const REPOSITORY: Access = Access::scoped(&[Category::Repository]);
/// The same for signed-in people; a hidden repository is 404 before that.
const REPOSITORY_SIGNED_IN: Access = REPOSITORY.signed_in_repository();

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .with(collaborators::add)
        .with(creation::add)
        .with(people::add)
        .with(repository::add)
        .with(teams::add)
}
