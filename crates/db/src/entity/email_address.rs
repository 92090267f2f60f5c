//! An address of a person, the primary one included.

table! {
    /// An address of a person, the primary one included.
    "email_address" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    Uid uid: i64 = "uid",
    Email email: String = "email",
    LowerEmail lower_email: String = "lower_email",
    IsActivated is_activated: bool = "is_activated",
    IsPrimary is_primary: bool = "is_primary",
}
