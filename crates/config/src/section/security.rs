//! `[security]`: secrets, passwords and trust.

use std::net::IpAddr;

use oolong_core::Secret;

use crate::load::Base;
use crate::schema::{Reader, section};
use crate::value::{IniValue, Read, choice};

/// What Gitea encrypts with when no key is configured; kept so that existing rows stay readable.
const WELL_KNOWN_KEY: &str = "!#@FDEWREWR&*(";

choice! {
    /// Whether everybody needs a second factor.
    pub enum TwoFactorAuth {
        /// Everybody decides alone.
        #[default]
        Optional = "",
        /// Without one, an account can do little more than enrol one.
        Enforced = "enforced",
    }
}

/// A kind of character a password must have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PasswordClass {
    /// A lower-case letter.
    #[default]
    Lower,
    /// An upper-case letter.
    Upper,
    /// A digit.
    Digit,
    /// A punctuation mark or blank.
    Special,
}

section! {
    /// Secrets, passwords and trust.
    pub struct Security in "security" {
        /// Whether the site is set up. While it is not, nothing but setting it up works.
        install_lock: bool = "false",
        /// The key that encrypts second factors, mirror passwords and the like in the database. Never change it.
        secret_key: Secret = "",
        /// Lets our own commands and hooks talk to the server; made at the first start.
        internal_token: Secret = "",
        /// How many days "remember this device" lasts.
        login_remember_days: u32 = "31",
        /// The cookie that remembers a device.
        cookie_remember_name: String = "gitea_incredible",
        /// The header in which a trusted proxy names the user.
        reverse_proxy_authentication_user: String = "X-WEBAUTH-USER",
        /// The header in which a trusted proxy gives the e-mail address.
        reverse_proxy_authentication_email: String = "X-WEBAUTH-EMAIL",
        /// The header in which a trusted proxy gives the full name.
        reverse_proxy_authentication_full_name: String = "X-WEBAUTH-FULLNAME",
        /// How many proxies stand before the server; 0 ignores their headers.
        reverse_proxy_limit: u32 = "1",
        /// The addresses and networks whose headers are believed; * believes everybody.
        reverse_proxy_trusted_proxies: Vec<String> = "127.0.0.0/8,::1/128",
        /// Where a sign-out leads when a proxy signs people in.
        reverse_proxy_logout_redirect: String = "",
        /// The fewest characters of a password.
        min_password_length: usize = "8",
        /// What a password must hold: lower, upper, digit, spec, or off.
        password_complexity: Vec<PasswordClass> = "off" via password_classes,
        /// pbkdf2, argon2, bcrypt or scrypt, also with parameters such as pbkdf2$320000$50.
        password_hash_algo: String = "pbkdf2" via password_hash,
        /// Whether new passwords are looked up at haveibeenpwned.com.
        password_check_pwn: bool = "false",
        /// How many recently used tokens are kept in memory.
        successful_tokens_cache_size: usize = "20",
        /// Refuses tokens in the query of an address, where they end in logs.
        disable_query_auth_token: bool = "false",
        /// `enforced` makes everybody use a second factor.
        two_factor_auth: TwoFactorAuth = "",
        /// Forbids editing git hooks on the web.
        disable_git_hooks: bool = "true",
        /// Switches webhooks off.
        disable_webhooks: bool = "false",
        /// Whether administrators may import repositories from folders of the server.
        import_local_paths: bool = "false",
        /// Whether hooks refuse pushes that did not come through the server.
        only_allow_push_if_gitea_environment_set: bool = "true",
        /// Whether the address and browser of a sign-up are stored.
        record_user_signup_metadata: bool = "false",
        /// The X-Frame-Options header; `unset` leaves it out.
        x_frame_options: String = derived "SAMEORIGIN",
        /// The X-Content-Type-Options header; `unset` leaves it out.
        x_content_type_options: String = "nosniff",
        /// `unset` leaves the Content-Security-Policy header out.
        content_security_policy_general: String = "",
        /// Which hosts the server may connect to: external, private, loopback, *, names and networks.
        allowed_host_list: Vec<String> = "external",
    }
}

impl Security {
    /// Completes what depends on other keys.
    pub(crate) fn finish(&mut self, reader: &mut Reader<'_>, base: &Base) {
        let section = Self::SPEC.name;
        self.secret_key = base.secret(reader, section, "SECRET_KEY");
        self.internal_token = base.secret(reader, section, "INTERNAL_TOKEN");
        if self.secret_key.is_empty() {
            self.secret_key = Secret::from(WELL_KNOWN_KEY);
            if base.installed {
                reader.warn(
                    "[security] SECRET_KEY is empty: stored secrets are encrypted with a key everybody knows",
                );
            }
        }
        if self.x_frame_options.is_empty() {
            let fallback = reader.text("cors", "X_FRAME_OPTIONS");
            self.x_frame_options = fallback.unwrap_or_else(|| "SAMEORIGIN".to_owned());
        }
        if !matches!(self.content_security_policy_general.as_str(), "" | "unset") {
            reader.problem(section, "CONTENT_SECURITY_POLICY_GENERAL", "only `unset` or nothing is possible");
        }
        if let Some(bad) = self.reverse_proxy_trusted_proxies.iter().find(|proxy| !is_network(proxy)) {
            let reason = format!("{bad:?} is neither an IP address, a network such as 10.0.0.0/8, nor *");
            reader.problem(section, "REVERSE_PROXY_TRUSTED_PROXIES", reason);
        }
        for (key, name) in [
            ("REVERSE_PROXY_AUTHENTICATION_USER", &self.reverse_proxy_authentication_user),
            ("REVERSE_PROXY_AUTHENTICATION_EMAIL", &self.reverse_proxy_authentication_email),
            ("REVERSE_PROXY_AUTHENTICATION_FULL_NAME", &self.reverse_proxy_authentication_full_name),
        ] {
            if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_') {
                reader.problem(section, key, "expected the name of a header");
            }
        }
    }
}

fn is_network(text: &str) -> bool {
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (text, None),
    };
    let Ok(address) = address.parse::<IpAddr>() else { return text == "*" };
    let longest = if address.is_ipv4() { 32 } else { 128 };
    prefix.is_none_or(|prefix| prefix.parse::<u8>().is_ok_and(|bits| bits <= longest))
}

impl IniValue for PasswordClass {
    fn read(text: &str) -> Read<Self> {
        match text.to_ascii_lowercase().as_str() {
            "lower" => Ok(Self::Lower),
            "upper" => Ok(Self::Upper),
            "digit" => Ok(Self::Digit),
            "spec" => Ok(Self::Special),
            _ => Err("expected a list out of lower, upper, digit and spec, or off".to_owned()),
        }
    }
}
