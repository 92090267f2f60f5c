//! Where a renamed owner is now.

table! {
    /// Where a renamed owner is now.
    "user_redirect" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    LowerName lower_name: String = "lower_name",
    RedirectUserId redirect_user_id: i64 = "redirect_user_id",
}
