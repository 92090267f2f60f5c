//! A licence found in a repository.

table! {
    /// A licence found in a repository.
    "repo_license" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    RepoId repo_id: i64 = "repo_id",
    CommitId commit_id: String = "commit_id",
    License license: String = "license",
    CreatedUnix created_unix: i64 = "created_unix",
    UpdatedUnix updated_unix: i64 = "updated_unix",
}
