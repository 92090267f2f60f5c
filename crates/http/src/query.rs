//! The query of an address, read as leniently as Gitea reads it: the first value of a name counts.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::request::Parts;

use crate::App;

/// The parameters of a query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryValues(Vec<(String, String)>);

impl FromRequestParts<App> for QueryValues {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        Ok(Self::parse(parts.uri.query().unwrap_or_default()))
    }
}

impl QueryValues {
    /// Reads a query; what cannot be decoded is no parameter.
    pub fn parse(query: &str) -> Self {
        Self(serde_urlencoded::from_str(query).unwrap_or_default())
    }

    /// The text of a parameter; an empty one counts as absent.
    pub fn text(&self, name: &str) -> Option<&str> {
        let value = self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        value.filter(|value| !value.is_empty())
    }

    /// The number of a parameter; what is no number counts as absent.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.text(name).and_then(|text| text.trim().parse().ok())
    }

    /// The switch of a parameter; a word that is neither yes nor no counts as no.
    pub fn switch(&self, name: &str) -> Option<bool> {
        self.text(name).map(|text| {
            matches!(text, "1" | "t" | "T" | "true" | "TRUE" | "True") || text.eq_ignore_ascii_case("on")
        })
    }

    /// Every value of a parameter that may be repeated.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::QueryValues;

    #[test]
    fn lenient() {
        let query = QueryValues::parse("q=a%20b&q=c&n=x&m=-3&yes=true&no=maybe&empty=");
        assert_eq!((query.text("q"), query.text("empty"), query.text("none")), (Some("a b"), None, None));
        assert_eq!((query.number("n"), query.number("m")), (None, Some(-3)));
        assert_eq!(
            (query.switch("yes"), query.switch("no"), query.switch("none")),
            (Some(true), Some(false), None)
        );
        assert_eq!(query.all("q").collect::<Vec<_>>(), ["a b", "c"]);
    }
}
