//! What a client presents, parsed once into data.

use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use oolong_core::Secret;

/// User name and password of HTTP Basic (RFC 7617). Either may be a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basic {
    /// What stands before the first colon.
    pub user: String,
    /// What stands behind it.
    pub password: Secret,
}

impl Basic {
    /// The part that may be a token: the user name where the password is empty or the fixed word some clients
    /// send, else the password.
    pub fn token_candidate(&self) -> &str {
        match self.password.expose() {
            "" | "x-oauth-basic" => &self.user,
            password => password,
        }
    }
}

/// Everything a request presents to prove who sent it.
#[derive(Clone, Debug)]
pub struct Presented {
    /// `Authorization: token X` or `Bearer X` (RFC 6750 §2.1).
    pub bearer: Option<Secret>,
    /// `Authorization: Basic …`.
    pub basic: Option<Basic>,
    /// `?token=` or `?access_token=`, where configuration still allows it (RFC 6750 §2.3).
    pub query_token: Option<Secret>,
    /// `X-Gitea-OTP`: the one-time code that goes with a password.
    pub one_time_code: Option<Secret>,
    /// Where the request came from.
    pub client: IpAddr,
}

impl Presented {
    /// Parses an `Authorization` header. A header that is not understood presents nothing, as in Gitea: two words
    /// exactly, a known scheme in any case, and for Basic padded base64 with a colon inside.
    pub fn new(authorization: Option<&str>, client: IpAddr) -> Self {
        let mut presented =
            Self { bearer: None, basic: None, query_token: None, one_time_code: None, client };
        let mut words = authorization.unwrap_or_default().split_ascii_whitespace();
        if let (Some(scheme), Some(value), None) = (words.next(), words.next(), words.next()) {
            if scheme.eq_ignore_ascii_case("token") || scheme.eq_ignore_ascii_case("bearer") {
                presented.bearer = Some(value.into());
            } else if scheme.eq_ignore_ascii_case("basic") {
                presented.basic = parse_basic(value);
            }
        }
        presented
    }

    /// Whether anything explicit was presented.
    pub fn is_anonymous(&self) -> bool {
        self.bearer.is_none() && self.basic.is_none() && self.query_token.is_none()
    }
}

fn parse_basic(value: &str) -> Option<Basic> {
    let text = String::from_utf8(STANDARD.decode(value).ok()?).ok()?;
    let (user, password) = text.split_once(':')?;
    Some(Basic { user: user.to_owned(), password: password.into() })
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use proptest::prelude::*;

    use super::*;

    fn parse(header: &str) -> Presented {
        Presented::new(Some(header), Ipv4Addr::LOCALHOST.into())
    }

    #[test]
    fn headers() {
        for (header, bearer, user) in [
            ("token abc", Some("abc"), None),
            ("bEARER  abc", Some("abc"), None),
            ("TOKEN\tabc", Some("abc"), None),
            ("Basic YWxpY2U6cHc=", None, Some("alice")),
            ("bAsIc YWxpY2U6", None, Some("alice")),
            ("Basic Og==", None, Some("")),
            ("Basic YWxpY2U=", None, None),
            ("Basic !!!!", None, None),
            ("Digest abc", None, None),
            ("token", None, None),
            ("token a b", None, None),
            ("", None, None),
        ] {
            let presented = parse(header);
            assert_eq!(presented.bearer.as_ref().map(Secret::expose), bearer, "{header}");
            assert_eq!(presented.basic.as_ref().map(|b| b.user.as_str()), user, "{header}");
        }
    }

    #[test]
    fn token_candidates() {
        let basic = |user: &str, password: &str| Basic { user: user.into(), password: password.into() };
        assert_eq!(basic("t", "").token_candidate(), "t");
        assert_eq!(basic("t", "x-oauth-basic").token_candidate(), "t");
        assert_eq!(basic("anyone", "t").token_candidate(), "t");
    }

    proptest! {
        #[test]
        fn never_panics(header in "\\PC{0,60}") {
            parse(&header);
            parse(&format!("Basic {header}"));
        }
    }
}
