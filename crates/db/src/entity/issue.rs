//! An issue or pull request.

table! {
    /// An issue or pull request.
    "issue" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    RepoId repo_id: i64 = "repo_id",
    Index index: i64 = "index",
    PosterId poster_id: i64 = "poster_id",
    OriginalAuthor original_author: String = "original_author",
    OriginalAuthorId original_author_id: i64 = "original_author_id",
    Name name: String = "name",
    Content content: String = "content",
    ContentVersion content_version: i32 = "content_version",
    MilestoneId milestone_id: i64 = "milestone_id",
    Priority priority: i32 = "priority",
    IsClosed is_closed: bool = "is_closed",
    IsPull is_pull: bool = "is_pull",
    NumComments num_comments: i32 = "num_comments",
    Reference reference: String = "ref",
    DeadlineUnix deadline_unix: i64 = "deadline_unix",
    CreatedUnix created_unix: i64 = "created_unix",
    UpdatedUnix updated_unix: i64 = "updated_unix",
    ClosedUnix closed_unix: i64 = "closed_unix",
    IsLocked is_locked: bool = "is_locked",
    TimeEstimate time_estimate: i64 = "time_estimate",
}
