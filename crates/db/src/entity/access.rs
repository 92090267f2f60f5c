//! The highest access of a person to a repository, materialised (`storage-formats` §12.6).

table! {
    /// The highest access of a person to a repository, materialised (`storage-formats` §12.6).
    "access" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    UserId user_id: i64 = "user_id",
    RepoId repo_id: i64 = "repo_id",
    Mode mode: i32 = "mode",
}
