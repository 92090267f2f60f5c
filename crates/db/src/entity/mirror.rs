//! A pull mirror's schedule.

table! {
    /// A pull mirror's schedule.
    "mirror" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    RepoId repo_id: i64 = "repo_id",
    Interval interval: i64 = "interval",
    EnablePrune enable_prune: bool = "enable_prune",
    UpdatedUnix updated_unix: i64 = "updated_unix",
    NextUpdateUnix next_update_unix: i64 = "next_update_unix",
    LastSyncUnix last_sync_unix: i64 = "last_sync_unix",
    LfsEnabled lfs_enabled: bool = "lfs_enabled",
    LfsEndpoint lfs_endpoint: String = "lfs_endpoint",
    RemoteAddress remote_address: String = "remote_address",
}
