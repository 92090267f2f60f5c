//! A cached archive of a repository.

table! {
    /// A cached archive of a repository.
    "repo_archiver" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    RepoId repo_id: i64 = "repo_id",
    Kind kind: i32 = "type",
    Status status: i32 = "status",
    CommitId commit_id: String = "commit_id",
    CreatedUnix created_unix: i64 = "created_unix",
}
