//! Checks of single fields of a body: each refusal is 422 and names the field.

use oolong_core::{Error, Result, UnixSeconds, UserName, Visibility};
use oolong_http::App;
use oolong_identity::email_address::EmailAddress;
use url::Url;

/// A text of at most `maximum` characters; absent and `null` are empty.
pub(crate) fn text(name: &str, value: Option<String>, maximum: usize) -> Result<String> {
    let value = value.unwrap_or_default();
    check_length(name, &value, maximum)?;
    Ok(value)
}

/// A text of at most `maximum` characters, where one was sent.
pub(crate) fn optional_text(name: &str, value: Option<String>, maximum: usize) -> Result<Option<String>> {
    value.map(|value| text(name, Some(value), maximum)).transpose()
}

/// Refuses a text of more than `maximum` characters, and one that no database stores.
pub(crate) fn check_length(name: &str, value: &str, maximum: usize) -> Result<()> {
    if value.chars().count() > maximum {
        return Err(Error::invalid(format!("{name}: at most {maximum} characters")));
    }
    if value.contains('\0') {
        return Err(Error::invalid(format!("{name}: must not contain a NUL character")));
    }
    Ok(())
}

/// A text that has to be there.
pub(crate) fn required(name: &str, value: Option<String>, maximum: usize) -> Result<String> {
    let value = text(name, value, maximum)?;
    if value.is_empty() {
        return Err(Error::invalid(format!("{name}: is required")));
    }
    Ok(value)
}

/// The name of a new owner.
pub(crate) fn user_name(name: &str, value: Option<String>) -> Result<UserName> {
    UserName::new(&value.unwrap_or_default()).map_err(|error| Error::invalid(format!("{name}: {error}")))
}

/// An e-mail address.
pub(crate) fn email(name: &str, value: &str) -> Result<EmailAddress> {
    EmailAddress::parse(value).map_err(|error| Error::invalid(format!("{name}: {error}")))
}

/// A visibility; empty counts as absent.
pub(crate) fn visibility(name: &str, value: Option<String>) -> Result<Option<Visibility>> {
    let Some(word) = value.filter(|word| !word.is_empty()) else { return Ok(None) };
    let found = Visibility::parse(&word);
    found
        .map(Some)
        .ok_or_else(|| Error::invalid(format!("{name}: has to be public, limited or private, not {word:?}")))
}

/// The address of a page, with one of the configured schemes; empty is none.
pub(crate) fn website(app: &App, name: &str, value: Option<String>) -> Result<Option<String>> {
    let Some(text) = optional_text(name, value, 255)? else { return Ok(None) };
    if text.is_empty() {
        return Ok(Some(text));
    }
    let schemes = &app.forge.settings.service.valid_site_url_schemes;
    let good = Url::parse(&text)
        .is_ok_and(|url| schemes.iter().any(|scheme| scheme == url.scheme()) && url.has_host());
    if good {
        return Ok(Some(text));
    }
    Err(Error::invalid(format!("{name}: has to be an address beginning with one of {}", schemes.join(", "))))
}

/// An RFC 3339 time.
pub(crate) fn time(name: &str, value: Option<String>) -> Result<Option<UnixSeconds>> {
    let Some(text) = value else { return Ok(None) };
    let time = UnixSeconds::parse_rfc3339(&text);
    time.map(Some).ok_or_else(|| Error::invalid(format!("{name}: {text:?} is no RFC 3339 time")))
}
