//! The topics of a repository.

table! {
    /// The topics of a repository.
    "repo_topic" key(RepoId, TopicId): (i64, i64), auto_increment = false;
    RepoId repo_id: i64 = "repo_id",
    TopicId topic_id: i64 = "topic_id",
}
