//! An outside source of identities.

table! {
    /// An outside source of identities.
    "login_source" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    Kind kind: i32 = "type",
    Name name: String = "name",
    IsActive is_active: bool = "is_active",
    IsSyncEnabled is_sync_enabled: bool = "is_sync_enabled",
    TwoFactorPolicy two_factor_policy: String = "two_factor_policy",
    Cfg cfg: String = "cfg",
    CreatedUnix created_unix: i64 = "created_unix",
    UpdatedUnix updated_unix: i64 = "updated_unix",
}
