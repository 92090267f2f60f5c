//! A key that opens one repository.

table! {
    /// A key that opens one repository.
    "deploy_key" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    KeyId key_id: i64 = "key_id",
    RepoId repo_id: i64 = "repo_id",
    Name name: String = "name",
    Fingerprint fingerprint: String = "fingerprint",
    Mode mode: i32 = "mode",
    CreatedUnix created_unix: i64 = "created_unix",
    UpdatedUnix updated_unix: i64 = "updated_unix",
}
