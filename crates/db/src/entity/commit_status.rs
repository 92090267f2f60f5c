//! A result that a check reported for a commit.

table! {
    /// A result that a check reported for a commit.
    "commit_status" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    Index index: i64 = "index",
    RepoId repo_id: i64 = "repo_id",
    State state: String = "state",
    Sha sha: String = "sha",
    TargetUrl target_url: String = "target_url",
    Description description: String = "description",
    ContextHash context_hash: String = "context_hash",
    Context context: String = "context",
    CreatorId creator_id: i64 = "creator_id",
    CreatedUnix created_unix: i64 = "created_unix",
    UpdatedUnix updated_unix: i64 = "updated_unix",
}
