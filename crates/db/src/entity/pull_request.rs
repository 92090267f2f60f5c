//! What a pull request has beyond its issue.

table! {
    /// What a pull request has beyond its issue.
    "pull_request" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    Kind kind: i32 = "type",
    Status status: i32 = "status",
    ConflictedFiles conflicted_files: String = "conflicted_files",
    CommitsAhead commits_ahead: i32 = "commits_ahead",
    CommitsBehind commits_behind: i32 = "commits_behind",
    ChangedProtectedFiles changed_protected_files: String = "changed_protected_files",
    IssueId issue_id: i64 = "issue_id",
    Index index: i64 = "index",
    HeadRepoId head_repo_id: i64 = "head_repo_id",
    BaseRepoId base_repo_id: i64 = "base_repo_id",
    HeadBranch head_branch: String = "head_branch",
    BaseBranch base_branch: String = "base_branch",
    MergeBase merge_base: String = "merge_base",
    AllowMaintainerEdit allow_maintainer_edit: bool = "allow_maintainer_edit",
    HasMerged has_merged: bool = "has_merged",
    MergedCommitId merged_commit_id: String = "merged_commit_id",
    MergerId merger_id: i64 = "merger_id",
    MergedUnix merged_unix: i64 = "merged_unix",
    Flow flow: i32 = "flow",
}
