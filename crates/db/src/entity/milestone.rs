//! A milestone.

table! {
    /// A milestone.
    "milestone" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    RepoId repo_id: i64 = "repo_id",
    Name name: String = "name",
    Content content: String = "content",
    IsClosed is_closed: bool = "is_closed",
    NumIssues num_issues: i32 = "num_issues",
    NumClosedIssues num_closed_issues: i32 = "num_closed_issues",
    Completeness completeness: i32 = "completeness",
    CreatedUnix created_unix: i64 = "created_unix",
    UpdatedUnix updated_unix: i64 = "updated_unix",
    DeadlineUnix deadline_unix: i64 = "deadline_unix",
    ClosedDateUnix closed_date_unix: i64 = "closed_date_unix",
}
