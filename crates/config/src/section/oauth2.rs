//! `[openid]`, `[oauth2_client]` and `[oauth2]`.

use std::path::PathBuf;
use std::time::Duration;

use oolong_core::Secret;

use crate::load::Base;
use crate::schema::{Reader, section};
use crate::value::choice;

section! {
    /// Signing in with OpenID 2.0.
    pub struct OpenId in "openid" {
        /// Whether people can sign in with it.
        enable_openid_signin: bool = derived "only while the site is not set up",
        /// Whether people can sign up with it.
        enable_openid_signup: bool = derived "whether people can sign up and sign in with it",
        /// Patterns of the addresses that are allowed, separated by blanks.
        whitelisted_uris: Vec<String> = "" via words,
        /// Patterns of the addresses that are refused, separated by blanks.
        blacklisted_uris: Vec<String> = "" via words,
    }
}

impl OpenId {
    /// Completes what depends on other keys.
    pub(crate) fn finish(&mut self, reader: &Reader<'_>, base: &Base, registration: bool) {
        if !reader.has(Self::SPEC.name, "ENABLE_OPENID_SIGNIN") {
            self.enable_openid_signin = !base.installed;
        }
        if !reader.has(Self::SPEC.name, "ENABLE_OPENID_SIGNUP") {
            self.enable_openid_signup = registration && self.enable_openid_signin;
        }
    }
}

choice! {
    /// Which claim of an outside account becomes the user name.
    pub enum UsernameClaim {
        /// The subject.
        UserId = "userid",
        /// The nickname.
        #[default]
        Nickname = "nickname",
        /// What stands before the @ of the e-mail address.
        Email = "email",
        /// The preferred user name.
        PreferredUsername = "preferred_username",
    }
}

choice! {
    /// What happens when an outside account has the name or address of a local one.
    pub enum AccountLinking {
        /// It is refused.
        Disabled = "disabled",
        /// The person proves the local account by signing in.
        #[default]
        Login = "login",
        /// The accounts are joined at once.
        Auto = "auto",
    }
}

section! {
    /// Signing in with accounts of other sites.
    pub struct OAuth2Client in "oauth2_client" {
        /// Whether such new accounts are confirmed by mail.
        register_email_confirm: bool = "false",
        /// More scopes to ask OpenID Connect providers for, separated by blanks.
        openid_connect_scopes: Vec<String> = "" via words,
        /// Whether an account is made at the first sign-in.
        enable_auto_registration: bool = "false",
        /// What becomes the user name: userid, nickname, email or preferred_username.
        username: UsernameClaim = "nickname",
        /// Whether the picture is taken over at each sign-in.
        update_avatar: bool = "false",
        /// What happens to accounts that look alike: disabled, login or auto.
        account_linking: AccountLinking = "login",
    }
}

choice! {
    /// How our tokens are signed.
    pub enum SigningAlgorithm {
        /// RSA with SHA-256.
        #[default]
        Rs256 = "RS256",
        /// RSA with SHA-384.
        Rs384 = "RS384",
        /// RSA with SHA-512.
        Rs512 = "RS512",
        /// ECDSA on P-256.
        Es256 = "ES256",
        /// ECDSA on P-384.
        Es384 = "ES384",
        /// ECDSA on P-521.
        Es512 = "ES512",
        /// Ed25519.
        EdDsa = "EdDSA",
        /// HMAC with SHA-256 and JWT_SECRET.
        Hs256 = "HS256",
        /// HMAC with SHA-384 and JWT_SECRET.
        Hs384 = "HS384",
        /// HMAC with SHA-512 and JWT_SECRET.
        Hs512 = "HS512",
    }
}

section! {
    /// This site as a provider of OAuth2 and OpenID Connect.
    pub struct OAuth2 in "oauth2" {
        /// Whether other applications can ask for access.
        enabled: bool = "true" formerly "ENABLE",
        /// How many seconds an access token is good for.
        access_token_expiration_time: Duration = "3600" via seconds,
        /// How many hours a refresh token is good for.
        refresh_token_expiration_time: Duration = "730" via hours,
        /// Whether a refresh token can be used only once.
        invalidate_refresh_tokens: bool = "false",
        /// RS256, RS384, RS512, ES256, ES384, ES512, EdDSA, HS256, HS384 or HS512.
        jwt_signing_algorithm: SigningAlgorithm = "RS256",
        /// The private key that signs, relative to APP_DATA_PATH; made when it is missing.
        jwt_signing_private_key_file: PathBuf = "jwt/private.pem",
        /// The secret for tokens the site makes for itself, 32 bytes in base64url; made at the first start.
        jwt_secret: Secret = "",
        /// The issuer in tokens; empty means ROOT_URL.
        jwt_claim_issuer: String = "",
        /// The longest token accepted from a provider.
        max_token_length: usize = "32767",
        /// Applications that are known from the start; an empty value means none.
        default_applications: Vec<String> = "git-credential-oauth, git-credential-manager, tea",
        /// More schemes that addresses of applications may have.
        custom_schemes: Vec<String> = "",
    }
}

impl OAuth2 {
    /// Completes what depends on other keys.
    pub(crate) fn finish(&mut self, reader: &mut Reader<'_>, base: &Base) {
        let section = Self::SPEC.name;
        self.jwt_signing_private_key_file = base.data(&self.jwt_signing_private_key_file);
        self.jwt_secret = base.secret(reader, section, "JWT_SECRET");
        // The one list where "empty" says something else than "missing".
        if reader.ini.get(section, "DEFAULT_APPLICATIONS").is_some_and(|text| text.trim().is_empty()) {
            self.default_applications.clear();
        }
        const KNOWN: [&str; 3] = ["git-credential-oauth", "git-credential-manager", "tea"];
        if let Some(other) = self.default_applications.iter().find(|name| !KNOWN.contains(&name.as_str())) {
            let reason = format!("{other:?} is unknown; expected a list out of {}", KNOWN.join(", "));
            reader.problem(section, "DEFAULT_APPLICATIONS", reason);
        }
    }
}
