//! A label of a repository or organisation.

table! {
    /// A label of a repository or organisation.
    "label" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    RepoId repo_id: i64 = "repo_id",
    OrgId org_id: i64 = "org_id",
    Name name: String = "name",
    Exclusive exclusive: bool = "exclusive",
    ExclusiveOrder exclusive_order: i32 = "exclusive_order",
    Description description: String = "description",
    Color color: String = "color",
    NumIssues num_issues: i32 = "num_issues",
    NumClosedIssues num_closed_issues: i32 = "num_closed_issues",
    CreatedUnix created_unix: i64 = "created_unix",
    UpdatedUnix updated_unix: i64 = "updated_unix",
    ArchivedUnix archived_unix: i64 = "archived_unix",
}
