//! A "remember me" cookie that was given out.

table! {
    /// A "remember me" cookie that was given out.
    "auth_token" key(Id): String, auto_increment = false;
    Id id: String = "id",
    TokenHash token_hash: String = "token_hash",
    UserId user_id: i64 = "user_id",
    ExpiresUnix expires_unix: i64 = "expires_unix",
}
