//! The combined state of a commit.

table! {
    /// The combined state of a commit.
    "commit_status_summary" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    RepoId repo_id: i64 = "repo_id",
    Sha sha: String = "sha",
    State state: String = "state",
    TargetUrl target_url: String = "target_url",
}
