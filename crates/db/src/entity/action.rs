//! A line of somebody's activity feed.

table! {
    /// A line of somebody's activity feed.
    "action" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    UserId user_id: i64 = "user_id",
    OpType op_type: i32 = "op_type",
    ActUserId act_user_id: i64 = "act_user_id",
    RepoId repo_id: i64 = "repo_id",
    CommentId comment_id: i64 = "comment_id",
    IsDeleted is_deleted: bool = "is_deleted",
    RefName ref_name: String = "ref_name",
    IsPrivate is_private: bool = "is_private",
    Content content: String = "content",
    CreatedUnix created_unix: i64 = "created_unix",
}
