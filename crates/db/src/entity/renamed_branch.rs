//! A branch that has another name now.

table! {
    /// A branch that has another name now.
    "renamed_branch" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    RepoId repo_id: i64 = "repo_id",
    From from: String = "from",
    To to: String = "to",
    CreatedUnix created_unix: i64 = "created_unix",
}
