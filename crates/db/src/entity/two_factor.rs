//! A person's TOTP enrolment.

table! {
    /// A person's TOTP enrolment.
    "two_factor" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    Uid uid: i64 = "uid",
    Secret secret: String = "secret",
    ScratchSalt scratch_salt: String = "scratch_salt",
    ScratchHash scratch_hash: String = "scratch_hash",
    LastUsedPasscode last_used_passcode: String = "last_used_passcode",
    CreatedUnix created_unix: i64 = "created_unix",
    UpdatedUnix updated_unix: i64 = "updated_unix",
}
