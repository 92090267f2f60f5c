//! `/repos` and the lists of repositories elsewhere.

mod branches;
mod collaborators;
mod commit_statuses;
mod commits;
mod contents;
mod creation;
mod feeds;
mod file_edits;
mod files;
mod forks;
mod generate;
mod git_objects;
mod insight;
mod keys;
mod lists;
mod on_disk;
mod people;
mod repository;
mod search;
mod signing_key;
mod stars;
mod subscription;
mod tags;
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
        .with(branches::add)
        .with(collaborators::add)
        .with(commits::add)
        .with(contents::add)
        .with(creation::add)
        .with(feeds::add)
        .with(files::add)
        .with(forks::add)
        .with(generate::add)
        .with(git_objects::add)
        .with(insight::add)
        .with(keys::add)
        .with(lists::add)
        .with(people::add)
        .with(repository::add)
        .with(search::add)
        .with(signing_key::add)
        .with(stars::add)
        .with(subscription::add)
        .with(tags::add)
        .with(teams::add)
        .with(topics::add)
        .with(transfer::add)
}
