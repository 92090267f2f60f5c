//! An SSH key.

table! {
    /// An SSH key.
    "public_key" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    OwnerId owner_id: i64 = "owner_id",
    Name name: String = "name",
    Fingerprint fingerprint: String = "fingerprint",
    Content content: String = "content",
    Mode mode: i32 = "mode",
    Kind kind: i32 = "type",
    LoginSourceId login_source_id: i64 = "login_source_id",
    CreatedUnix created_unix: i64 = "created_unix",
    UpdatedUnix updated_unix: i64 = "updated_unix",
    Verified verified: bool = "verified",
}
