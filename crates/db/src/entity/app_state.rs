//! Small state of the instance, JSON by key.

table! {
    /// Small state of the instance, JSON by key.
    "app_state" key(Id): String, auto_increment = false;
    Id id: String = "id",
    Revision revision: i64 = "revision",
    Content content: String = "content",
}
