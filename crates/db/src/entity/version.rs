//! The version of the schema.

table! {
    /// The version of the schema.
    "version" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    Version version: i64 = "version",
}
