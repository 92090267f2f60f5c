//! The addresses of what is in a repository, escaped as Go escapes them.

use oolong_config::Settings;
use oolong_db::entity::{repository, user};
use oolong_forge::addresses;
use oolong_git::{ObjectId, ObjectKind};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What Go's `url.PathEscape` leaves as it is.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

/// One path segment; slashes are escaped too.
pub fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// A path; slashes stay.
pub fn path(text: &str) -> String {
    text.split('/').map(segment).collect::<Vec<_>>().join("/")
}

/// A query's value.
pub fn query(text: &str) -> String {
    const QUERY: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b' ');
    utf8_percent_encode(text, QUERY).to_string().replace(' ', "+")
}

/// The addresses of a repository.
#[derive(Clone, Debug)]
pub struct RepoLinks {
    /// The page.
    pub page: String,
    /// In the API.
    pub api: String,
}

impl RepoLinks {
    /// The addresses of a repository.
    pub fn new(settings: &Settings, owner: &user::Model, repo: &repository::Model) -> Self {
        Self {
            page: addresses::page(settings, &owner.name, &repo.name),
            api: addresses::api(settings, &owner.name, &repo.name),
        }
    }

    /// A commit in the API.
    pub fn commit(&self, id: ObjectId) -> String {
        format!("{}/git/commits/{id}", self.api)
    }

    /// A commit's page.
    pub fn commit_page(&self, id: ObjectId) -> String {
        format!("{}/commit/{id}", self.page)
    }

    /// A folder in the API.
    pub fn tree(&self, id: ObjectId) -> String {
        format!("{}/git/trees/{id}", self.api)
    }

    /// A file's object in the API.
    pub fn blob(&self, id: ObjectId) -> String {
        format!("{}/git/blobs/{id}", self.api)
    }

    /// A tag object in the API.
    pub fn tag(&self, id: ObjectId) -> String {
        format!("{}/git/tags/{id}", self.api)
    }

    /// Any object in the API.
    pub fn object(&self, kind: ObjectKind, id: ObjectId) -> String {
        match kind {
            ObjectKind::Commit => self.commit(id),
            ObjectKind::Tree => self.tree(id),
            ObjectKind::Blob => self.blob(id),
            ObjectKind::Tag => self.tag(id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_as_go_does() {
        assert_eq!(segment("release/3 ü"), "release%2F3%20%C3%BC");
        assert_eq!(path("a b/c#d/e+f"), "a%20b/c%23d/e+f");
        assert_eq!(query("feature/x y"), "feature%2Fx+y");
    }
}
