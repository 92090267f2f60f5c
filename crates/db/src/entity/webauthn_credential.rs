//! A passkey or security key.

table! {
    /// A passkey or security key.
    "webauthn_credential" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    Name name: String = "name",
    LowerName lower_name: String = "lower_name",
    UserId user_id: i64 = "user_id",
    CredentialId credential_id: Vec<u8> = "credential_id",
    PublicKey public_key: Vec<u8> = "public_key",
    AttestationType attestation_type: String = "attestation_type",
    Aaguid aaguid: Vec<u8> = "aaguid",
    SignCount sign_count: i64 = "sign_count",
    CloneWarning clone_warning: bool = "clone_warning",
    CreatedUnix created_unix: i64 = "created_unix",
    UpdatedUnix updated_unix: i64 = "updated_unix",
}
