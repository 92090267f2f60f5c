//! The journal of pushes (our own table).

table! {
    /// One reference that a push is about to move, or has moved without a record of it.
    "oolong_push" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    RepoId repo_id: i64 = "repo_id",
    PusherId pusher_id: i64 = "pusher_id",
    RefName ref_name: String = "ref_name",
    OldOid old_oid: String = "old_oid",
    NewOid new_oid: String = "new_oid",
    CreatedUnix created_unix: i64 = "created_unix",
    State state: i16 = "state",
}
