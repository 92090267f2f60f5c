//! Where a renamed or moved repository is now.

table! {
    /// Where a renamed or moved repository is now.
    "repo_redirect" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    OwnerId owner_id: i64 = "owner_id",
    LowerName lower_name: String = "lower_name",
    RedirectRepoId redirect_repo_id: i64 = "redirect_repo_id",
}
