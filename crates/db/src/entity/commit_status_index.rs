//! The next index of a commit's statuses.

table! {
    /// The next index of a commit's statuses.
    "commit_status_index" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    RepoId repo_id: i64 = "repo_id",
    Sha sha: String = "sha",
    MaxIndex max_index: i64 = "max_index",
}
