//! Who starred which repository.

table! {
    /// Who starred which repository.
    "star" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    Uid uid: i64 = "uid",
    RepoId repo_id: i64 = "repo_id",
    CreatedUnix created_unix: i64 = "created_unix",
}
