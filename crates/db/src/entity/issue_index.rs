//! The next index of a repository's issues.

table! {
    /// The next index of a repository's issues.
    "issue_index" key(GroupId): i64, auto_increment = false;
    GroupId group_id: i64 = "group_id",
    MaxIndex max_index: i64 = "max_index",
}
