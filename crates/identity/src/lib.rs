//! Who people are and how they prove it: passwords, access tokens, second factors, e-mail addresses and
//! keys, in the formats Gitea stores.
//!
//! The leaf modules here are pure: they take a clock reading and a source of randomness as arguments and
//! know neither the database nor HTTP. What may be done with an identity is decided in `auth`, not here.

pub mod access_token;
pub mod password;
pub mod password_hasher;
pub mod password_policy;
