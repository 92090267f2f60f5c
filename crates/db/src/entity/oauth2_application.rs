//! A client of the OAuth2 provider.

table! {
    /// A client of the OAuth2 provider.
    "oauth2_application" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    Uid uid: i64 = "uid",
    Name name: String = "name",
    ClientId client_id: String = "client_id",
    ClientSecret client_secret: String = "client_secret",
    ConfidentialClient confidential_client: bool = "confidential_client",
    SkipSecondaryAuthorization skip_secondary_authorization: bool = "skip_secondary_authorization",
    RedirectUris redirect_uris: String = "redirect_uris",
    CreatedUnix created_unix: i64 = "created_unix",
    UpdatedUnix updated_unix: i64 = "updated_unix",
}
