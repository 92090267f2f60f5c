//! Who blocks whom.

table! {
    /// Who blocks whom.
    "user_blocking" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    BlockerId blocker_id: i64 = "blocker_id",
    BlockeeId blockee_id: i64 = "blockee_id",
    Note note: String = "note",
    CreatedUnix created_unix: i64 = "created_unix",
}
