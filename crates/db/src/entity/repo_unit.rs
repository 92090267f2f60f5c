//! A unit that a repository has; no row, no unit.

table! {
    /// A unit that a repository has; no row, no unit.
    "repo_unit" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    RepoId repo_id: i64 = "repo_id",
    Kind kind: i32 = "type",
    Config config: String = "config",
    CreatedUnix created_unix: i64 = "created_unix",
    AnonymousAccessMode anonymous_access_mode: i32 = "anonymous_access_mode",
    EveryoneAccessMode everyone_access_mode: i32 = "everyone_access_mode",
}
