//! Bytes of a language in a repository.

table! {
    /// Bytes of a language in a repository.
    "language_stat" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    RepoId repo_id: i64 = "repo_id",
    CommitId commit_id: String = "commit_id",
    IsPrimary is_primary: bool = "is_primary",
    Language language: String = "language",
    Size size: i64 = "size",
    CreatedUnix created_unix: i64 = "created_unix",
}
