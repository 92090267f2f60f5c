//! A team's mode on a unit.

table! {
    /// A team's mode on a unit.
    "team_unit" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    OrgId org_id: i64 = "org_id",
    TeamId team_id: i64 = "team_id",
    Kind kind: i32 = "type",
    AccessMode access_mode: i32 = "access_mode",
}
