//! Who people are and how they prove it: passwords, access tokens, second factors, e-mail addresses and
//! keys, in the formats Gitea stores.
//!
//! The leaf modules here are pure: they take a clock reading and a source of randomness as arguments and
//! know neither the database nor HTTP. What may be done with an identity is decided in `auth`, not here.

pub mod access_token;
pub mod avatar;
pub mod email_address;
pub mod email_code;
pub mod password;
pub mod password_hasher;
pub mod password_policy;
pub mod remember;
pub mod secret_box;
pub mod ssh_key;
pub mod totp;
