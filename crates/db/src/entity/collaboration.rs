//! A collaborator's mode on a repository.

table! {
    /// A collaborator's mode on a repository.
    "collaboration" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    RepoId repo_id: i64 = "repo_id",
    UserId user_id: i64 = "user_id",
    Mode mode: i32 = "mode",
    CreatedUnix created_unix: i64 = "created_unix",
    UpdatedUnix updated_unix: i64 = "updated_unix",
}
