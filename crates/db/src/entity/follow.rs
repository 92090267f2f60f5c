//! Who follows whom.

table! {
    /// Who follows whom.
    "follow" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    UserId user_id: i64 = "user_id",
    FollowId follow_id: i64 = "follow_id",
    CreatedUnix created_unix: i64 = "created_unix",
}
