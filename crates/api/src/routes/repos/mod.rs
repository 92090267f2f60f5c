//! `/repos` and the lists of repositories elsewhere.

mod collaborators;
mod creation;
mod forks;
mod insight;
mod keys;
mod lists;
mod people;
mod repository;
mod search;
mod stars;
mod subscription;
mod teams;
mod topics;
mod transfer;

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
        .with(forks::add)
        .with(insight::add)
        .with(keys::add)
        .with(lists::add)
        .with(people::add)
        .with(repository::add)
        .with(search::add)
        .with(stars::add)
        .with(subscription::add)
        .with(teams::add)
        .with(topics::add)
        .with(transfer::add)
}
