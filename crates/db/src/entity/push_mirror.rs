//! A push mirror.

table! {
    /// A push mirror.
    "push_mirror" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    RepoId repo_id: i64 = "repo_id",
    RemoteName remote_name: String = "remote_name",
    RemoteAddress remote_address: String = "remote_address",
    SyncOnCommit sync_on_commit: bool = "sync_on_commit",
    Interval interval: i64 = "interval",
    CreatedUnix created_unix: i64 = "created_unix",
    LastUpdate last_update: i64 = "last_update",
    LastError last_error: String = "last_error",
}
