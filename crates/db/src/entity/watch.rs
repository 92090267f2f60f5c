//! Who watches which repository.

table! {
    /// Who watches which repository.
    "watch" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    UserId user_id: i64 = "user_id",
    RepoId repo_id: i64 = "repo_id",
    Mode mode: i16 = "mode",
    CreatedUnix created_unix: i64 = "created_unix",
    UpdatedUnix updated_unix: i64 = "updated_unix",
}
