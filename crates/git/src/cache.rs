//! What was computed from immutable objects, kept for the next request.
//!
//! Every key is an object name, and an object never changes: nothing here can become outdated, not even when a
//! repository is deleted and another takes its place. The caches are bounded by weight, and shared by the process.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::ObjectId;
use crate::commit::CommitDetails;

/// Names in a folder → the commit that last touched each.
pub(crate) type LastCommits = Arc<HashMap<String, ObjectId>>;

/// How many commits are reachable from a commit, optionally only those touching a path.
pub(crate) static COUNTS: LazyLock<Cache<(ObjectId, Option<String>), usize>> =
    LazyLock::new(|| Cache::new(32_768));

/// Changed files and line counts of a commit.
pub(crate) static DETAILS: LazyLock<Cache<ObjectId, Arc<CommitDetails>, ByFiles>> =
    LazyLock::new(|| Cache::with_weighter(16_384, 200_000, ByFiles));

/// Last commits of a folder's entries, by commit and folder.
pub(crate) static LAST_COMMITS: LazyLock<Cache<(ObjectId, String), LastCommits, ByNames>> =
    LazyLock::new(|| Cache::with_weighter(4_096, 200_000, ByNames));

/// Subset keys of single files, so that a look at one file does not walk for its neighbours.
pub(crate) static LAST_COMMIT_OF: LazyLock<Cache<(ObjectId, String), ObjectId>> =
    LazyLock::new(|| Cache::new(32_768));

/// Weighs commit details by how many files they list.
#[derive(Clone)]
pub(crate) struct ByFiles;

impl Weighter<ObjectId, Arc<CommitDetails>> for ByFiles {
    fn weight(&self, _: &ObjectId, details: &Arc<CommitDetails>) -> u64 {
        details.files.len() as u64 + 1
    }
}

/// Weighs a folder by its entries.
#[derive(Clone)]
pub(crate) struct ByNames;

impl Weighter<(ObjectId, String), LastCommits> for ByNames {
    fn weight(&self, _: &(ObjectId, String), names: &LastCommits) -> u64 {
        names.len() as u64 + 1
    }
}
