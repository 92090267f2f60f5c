//! A release, or a tag that is not one yet.

table! {
    /// A release, or a tag that is not one yet.
    "release" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    RepoId repo_id: i64 = "repo_id",
    PublisherId publisher_id: i64 = "publisher_id",
    TagName tag_name: String = "tag_name",
    OriginalAuthor original_author: String = "original_author",
    OriginalAuthorId original_author_id: i64 = "original_author_id",
    LowerTagName lower_tag_name: String = "lower_tag_name",
    Target target: String = "target",
    Title title: String = "title",
    Sha1 sha1: String = "sha1",
    NumCommits num_commits: i64 = "num_commits",
    Note note: String = "note",
    IsDraft is_draft: bool = "is_draft",
    IsPrerelease is_prerelease: bool = "is_prerelease",
    IsTag is_tag: bool = "is_tag",
    CreatedUnix created_unix: i64 = "created_unix",
}
