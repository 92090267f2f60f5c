//! A tag protection rule.

table! {
    /// A tag protection rule.
    "protected_tag" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    RepoId repo_id: i64 = "repo_id",
    NamePattern name_pattern: String = "name_pattern",
    AllowlistUserIDs allowlist_user_i_ds: String = "allowlist_user_i_ds",
    AllowlistTeamIDs allowlist_team_i_ds: String = "allowlist_team_i_ds",
    CreatedUnix created_unix: i64 = "created_unix",
    UpdatedUnix updated_unix: i64 = "updated_unix",
}
