//! A pending transfer of a repository.

table! {
    /// A pending transfer of a repository.
    "repo_transfer" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    DoerId doer_id: i64 = "doer_id",
    RecipientId recipient_id: i64 = "recipient_id",
    RepoId repo_id: i64 = "repo_id",
    TeamIDs team_i_ds: String = "team_i_ds",
    CreatedUnix created_unix: i64 = "created_unix",
    UpdatedUnix updated_unix: i64 = "updated_unix",
}
