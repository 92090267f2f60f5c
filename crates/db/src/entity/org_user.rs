//! Membership of an organisation.

table! {
    /// Membership of an organisation.
    "org_user" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    Uid uid: i64 = "uid",
    OrgId org_id: i64 = "org_id",
    IsPublic is_public: bool = "is_public",
}
