//! Membership of a team.

table! {
    /// Membership of a team.
    "team_user" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    OrgId org_id: i64 = "org_id",
    TeamId team_id: i64 = "team_id",
    Uid uid: i64 = "uid",
}
