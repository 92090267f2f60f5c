//! Text with marks, as HTML that is safe to show: whatever people write, what comes out runs nothing and loads
//! nothing from us but what the marks allow.

use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use oolong_core::{Error, Result};
use pulldown_cmark::{Event, Options, Parser, html};

/// How a text is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A page: single line ends mean nothing.
    Page,
    /// A comment: line ends stay.
    Comment,
}

/// The endings of files that are shown as Markdown.
const MARKDOWN_ENDINGS: [&str; 4] = ["md", "markdown", "mdown", "mkd"];

impl Mode {
    /// The mode that the API calls `name`; `path` says what a file is.
    pub fn parse(name: &str, path: &str) -> Result<Self> {
        match name {
            "" | "markdown" | "wiki" => Ok(Self::Page),
            "gfm" | "comment" => Ok(Self::Comment),
            "file" => {
                let ending =
                    path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
                if MARKDOWN_ENDINGS.contains(&ending.as_str()) {
                    return Ok(Self::Page);
                }
                Err(Error::invalid(format!("FilePath: nothing here renders {path:?}")))
            }
            other => Err(Error::invalid(format!("Mode: there is no mode {other:?}"))),
        }
    }
}

/// Markdown as HTML. Takes time with long texts: call it beside the async threads.
pub fn markdown(text: &str, mode: Mode) -> String {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_GFM;
    let events = Parser::new_ext(text, options).map(|event| match event {
        Event::SoftBreak if mode == Mode::Comment => Event::HardBreak,
        other => other,
    });
    let mut unsafe_html = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut unsafe_html, events);
    SANITISER.clean(&unsafe_html).to_string()
}

/// What may stay: ammonia's own list, and what Markdown makes besides.
static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder
        .add_tags(["input"])
        .add_tag_attributes("input", ["type", "checked", "disabled"])
        .add_tag_attribute_values("input", "type", ["checkbox"])
        .add_tag_attributes("code", ["class"])
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("code", "class") => value.starts_with("language-").then(|| value.into()),
            _ => Some(value.into()),
        })
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("nofollow"));
    builder
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks() {
        assert_eq!(markdown("# a *b*", Mode::Page), "<h1>a <em>b</em></h1>\n");
        assert_eq!(markdown("a\nb", Mode::Page), "<p>a\nb</p>\n");
        assert_eq!(markdown("a\nb", Mode::Comment), "<p>a<br>\nb</p>\n");
        assert!(
            markdown("- [x] done", Mode::Page)
                .contains("<input disabled=\"\" type=\"checkbox\" checked=\"\">")
        );
        assert!(markdown("```rust\nfn\n```", Mode::Page).contains("<code class=\"language-rust\">"));
    }

    #[test]
    fn nothing_runs() {
        for text in [
            "<script>alert(1)</script>",
            "[x](javascript:alert(1))",
            "<img src=x onerror=alert(1)>",
            "<a href=\"data:text/html,x\">",
        ] {
            let html = markdown(text, Mode::Page);
            assert!(!html.contains("alert") && !html.contains("data:"), "{html}");
        }
    }

    #[test]
    fn modes() {
        assert_eq!(Mode::parse("file", "a.MD").expect("known"), Mode::Page);
        assert!(Mode::parse("file", "a.unknown").is_err() && Mode::parse("no-such-mode", "").is_err());
    }
}
