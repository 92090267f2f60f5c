//! `Tag` and `AnnotatedTag`.

use oolong_forge::git::rfc3339;
use oolong_git::{AnnotatedTag as GitAnnotatedTag, Signature, Tag as GitTag};
use serde::Serialize;

use super::commit::{CommitMeta, CommitUser, Verification};
use super::links::{self, RepoLinks};
use super::time::ZERO;

/// Gitea's `Tag`.
#[derive(Clone, Debug, Serialize)]
pub struct Tag {
    name: String,
    message: String,
    id: String,
    commit: CommitMeta,
    zipball_url: String,
    tarball_url: String,
}

impl Tag {
    /// A tag.
    pub fn new(repo: &RepoLinks, tag: &GitTag) -> Self {
        let archive = format!("{}/archive/{}", repo.page, links::segment(&tag.name));
        let created = tag.created().map_or_else(|| ZERO.to_owned(), rfc3339);
        Self {
            name: tag.name.clone(),
            message: tag.message.clone(),
            id: tag.id.to_string(),
            // Gitea's address names the tag object.
            commit: CommitMeta::new(repo.commit(tag.id), tag.target, created),
            zipball_url: format!("{archive}.zip"),
            tarball_url: format!("{archive}.tar.gz"),
        }
    }
}

/// Gitea's `AnnotatedTagObject`.
#[derive(Clone, Debug, Serialize)]
struct AnnotatedTagObject {
    #[serde(rename = "type")]
    kind: &'static str,
    url: String,
    sha: String,
}

/// Gitea's `AnnotatedTag`.
#[derive(Clone, Debug, Serialize)]
pub struct AnnotatedTag {
    tag: String,
    sha: String,
    url: String,
    message: String,
    tagger: CommitUser,
    object: AnnotatedTagObject,
    verification: Verification,
}

impl AnnotatedTag {
    /// A tag object.
    pub fn new(repo: &RepoLinks, tag: &GitAnnotatedTag) -> Self {
        let nobody = || Signature::new("", "", oolong_git::Moment::utc(0));
        Self {
            tag: tag.name.clone(),
            sha: tag.id.to_string(),
            url: repo.tag(tag.id),
            message: tag.message.clone(),
            tagger: CommitUser::new(&tag.tagger.clone().unwrap_or_else(nobody)),
            object: AnnotatedTagObject {
                kind: tag.target_kind.name(),
                url: repo.object(tag.target_kind, tag.target),
                sha: tag.target.to_string(),
            },
            verification: Verification::new(tag.signature.as_ref()),
        }
    }
}
