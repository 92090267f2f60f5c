//! The content of a push's feed entries: Gitea's JSON in `action.content`.

use oolong_git::Commit;
use serde::Serialize;

use crate::git::rfc3339;

/// What Gitea's column holds at most; more is replaced by an empty object.
const COLUMN_LIMIT: usize = 65_535;

/// The content of a push's feed entry.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct FeedContent {
    pub(super) commits: Option<Vec<FeedCommit>>,
    pub(super) head_commit: Option<FeedCommit>,
    #[serde(rename = "CompareURL")]
    pub(super) compare_url: String,
    pub(super) len: usize,
}

/// A commit in a feed.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct FeedCommit {
    sha1: String,
    message: String,
    author_email: String,
    author_name: String,
    committer_email: String,
    committer_name: String,
    timestamp: String,
}

impl FeedCommit {
    pub(super) fn new(commit: &Commit) -> Self {
        Self {
            sha1: commit.id.to_string(),
            message: commit.message.clone(),
            author_email: commit.author.email.clone(),
            author_name: commit.author.name.clone(),
            committer_email: commit.committer.email.clone(),
            committer_name: commit.committer.name.clone(),
            timestamp: rfc3339(commit.author.when),
        }
    }
}

impl FeedContent {
    pub(super) fn to_json(&self) -> String {
        match serde_json::to_string(self) {
            Ok(text) if text.len() <= COLUMN_LIMIT => text,
            _ => "{}".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deleted_tag_is_written_as_gitea_does() {
        assert_eq!(
            FeedContent::default().to_json(),
            r#"{"Commits":null,"HeadCommit":null,"CompareURL":"","Len":0}"#
        );
    }
}
