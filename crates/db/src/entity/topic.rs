//! A topic and how many repositories have it.

table! {
    /// A topic and how many repositories have it.
    "topic" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    Name name: String = "name",
    RepoCount repo_count: i32 = "repo_count",
    CreatedUnix created_unix: i64 = "created_unix",
    UpdatedUnix updated_unix: i64 = "updated_unix",
}
