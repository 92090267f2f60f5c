//! What the last push left on a branch.

table! {
    /// What the last push left on a branch.
    "branch" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    RepoId repo_id: i64 = "repo_id",
    Name name: String = "name",
    CommitId commit_id: String = "commit_id",
    CommitMessage commit_message: String = "commit_message",
    PusherId pusher_id: i64 = "pusher_id",
    IsDeleted is_deleted: bool = "is_deleted",
    DeletedById deleted_by_id: i64 = "deleted_by_id",
    DeletedUnix deleted_unix: i64 = "deleted_unix",
    CommitTime commit_time: i64 = "commit_time",
    CreatedUnix created_unix: i64 = "created_unix",
    UpdatedUnix updated_unix: i64 = "updated_unix",
}
