//! A large file that a repository may hand out.

table! {
    /// A large file that a repository may hand out.
    "lfs_meta_object" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    Oid oid: String = "oid",
    Size size: i64 = "size",
    RepositoryId repository_id: i64 = "repository_id",
    CreatedUnix created_unix: i64 = "created_unix",
    UpdatedUnix updated_unix: i64 = "updated_unix",
}
