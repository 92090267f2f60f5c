//! The repositories a team reaches.

table! {
    /// The repositories a team reaches.
    "team_repo" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    OrgId org_id: i64 = "org_id",
    TeamId team_id: i64 = "team_id",
    RepoId repo_id: i64 = "repo_id",
}
