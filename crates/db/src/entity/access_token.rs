//! A personal access token; the text itself is never stored.

table! {
    /// A personal access token; the text itself is never stored.
    "access_token" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    Uid uid: i64 = "uid",
    Name name: String = "name",
    TokenHash token_hash: String = "token_hash",
    TokenSalt token_salt: String = "token_salt",
    TokenLastEight token_last_eight: String = "token_last_eight",
    Scope scope: String = "scope",
    CreatedUnix created_unix: i64 = "created_unix",
    UpdatedUnix updated_unix: i64 = "updated_unix",
}
