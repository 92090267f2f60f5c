//! `?page=&limit=` in, `X-Total-Count` and `Link` out.

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, IntoResponseParts, Response, ResponseParts};
use http::request::Parts;
use http::{HeaderName, HeaderValue, Uri, header};
use oolong_core::Page;

use crate::{App, Failure};

static TOTAL_COUNT: HeaderName = HeaderName::from_static("x-total-count");

/// Which page the client asks for, and what is needed to link to the others.
#[derive(Clone, Debug)]
pub struct Paging {
    /// The page, its limit already cut to `MAX_RESPONSE_ITEMS`.
    pub page: Page,
    /// Whether the client named a limit or a page; some lists are whole without.
    pub asked: bool,
    /// The path and query of the request, to link from.
    uri: Uri,
    root_url: String,
}

impl FromRequestParts<App> for Paging {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let api = &app.forge.settings.api;
        // The path that the client asked for: the surface's router sees it without its prefix.
        let uri = parts
            .extensions
            .get::<axum::extract::OriginalUri>()
            .map_or_else(|| parts.uri.clone(), |uri| uri.0.clone());
        let number = |name: &str| {
            query_value(&parts.uri, name).and_then(|value| value.parse::<i64>().ok()).filter(|&n| n > 0)
        };
        let maximum = api.max_response_items.max(1);
        let default = api.default_paging_num.max(1);
        let limit = number("limit").map_or(default, i64::unsigned_abs).min(maximum);
        Ok(Self {
            page: Page::new(number("page").map_or(1, i64::unsigned_abs), limit),
            asked: number("limit").is_some() || number("page").is_some(),
            uri,
            root_url: app.forge.settings.server.root_url.clone(),
        })
    }
}

/// The first value of a query parameter, decoded.
fn query_value(uri: &Uri, name: &str) -> Option<String> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(uri.query()?).ok()?;
    pairs.into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

impl Paging {
    /// The headers for a list of `total` items: the count, and links to the other pages.
    pub fn total(&self, total: u64) -> Total {
        Total { total, link: Some(self.links(total)).filter(|link| !link.is_empty()) }
    }

    /// The count alone: some of Gitea's lists have no `Link`.
    pub fn total_without_links(total: u64) -> Total {
        Total { total, link: None }
    }

    /// The same request where a list has a smaller greatest page of its own.
    #[must_use]
    pub fn at_most(self, limit: u64) -> Self {
        Self { page: Page::new(self.page.number, self.page.limit.min(limit)), ..self }
    }

    fn links(&self, total: u64) -> String {
        let Page { number, limit } = self.page;
        let last = total.div_ceil(limit).max(1);
        // Beyond the end, Gitea links as from the last page.
        let number = number.min(last);
        let mut links = Vec::new();
        if number < last {
            links.push((number + 1, "next"));
            links.push((last, "last"));
        }
        if number > 1 {
            links.push((1, "first"));
            links.push((number - 1, "prev"));
        }
        links
            .into_iter()
            .map(|(page, name)| format!("<{}>; rel=\"{name}\"", self.link_to(page)))
            .collect::<Vec<_>>()
            .join(",")
    }

    /// The request's address with another page. Parameters are sorted, as Go's query encoder does.
    fn link_to(&self, page: u64) -> String {
        let mut pairs: Vec<(String, String)> =
            self.uri.query().and_then(|query| serde_urlencoded::from_str(query).ok()).unwrap_or_default();
        pairs.retain(|(name, _)| name != "page");
        pairs.push(("page".to_owned(), page.to_string()));
        pairs.sort_by(|a, b| a.0.cmp(&b.0));
        let query = serde_urlencoded::to_string(&pairs).unwrap_or_default();
        format!("{}{}?{query}", self.root_url, self.uri.path().trim_start_matches('/'))
    }
}

/// The headers of a list.
#[derive(Clone, Debug)]
pub struct Total {
    total: u64,
    link: Option<String>,
}

impl IntoResponseParts for Total {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut response: ResponseParts) -> Result<ResponseParts, Self::Error> {
        let headers = response.headers_mut();
        headers.insert(&TOTAL_COUNT, HeaderValue::from(self.total));
        if let Some(link) = self.link.and_then(|link| HeaderValue::try_from(link).ok()) {
            headers.insert(header::LINK, link);
        }
        headers
            .insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("X-Total-Count, Link"));
        Ok(response)
    }
}

impl IntoResponse for Total {
    fn into_response(self) -> Response {
        (self, ()).into_response()
    }
}
