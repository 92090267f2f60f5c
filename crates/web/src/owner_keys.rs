//! `/{username}.keys`: a person's SSH keys, as `ssh-import-id` and administrators of other machines read them.

use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderValue, Method, header};
use oolong_auth::Surface;
use oolong_config::RequireSignin;
use oolong_core::{Page, Result};
use oolong_db::entity::user;
use oolong_db::{public_keys, users};
use oolong_http::{App, admit, owner_is_visible};
use oolong_identity::ssh_key::SshPublicKey;

use crate::answer::{failed, not_found, write_failure};
use crate::sign_in_first;

/// The name of the person whose keys a path asks for.
pub fn parse<'a>(method: &Method, path: &'a str) -> Option<&'a str> {
    if *method != Method::GET && *method != Method::HEAD {
        return None;
    }
    let name = path.strip_prefix('/')?.strip_suffix(".keys")?;
    (!name.is_empty() && !name.contains('/')).then_some(name)
}

/// Answers with the keys of the person called `name`.
pub async fn answer(app: &App, name: &str, head: &Parts) -> Response {
    let caller = match admit(app, Surface::Raw, head).await {
        Ok(caller) => caller,
        Err(failure) => return write_failure(failure),
    };
    if app.forge.settings.service.require_signin_view == RequireSignin::Always && !caller.is_signed_in() {
        return sign_in_first(app, head);
    }
    let found = async {
        let owner =
            users::find_by_name(app.forge.db.read(), name).await?.filter(|owner| !owner.is_organization());
        Ok::<_, oolong_core::Error>(match owner {
            Some(owner) if owner_is_visible(app, &caller, &owner).await? => Some(keys(app, &owner).await?),
            _ => None,
        })
    };
    match found.await {
        Ok(Some(text)) => {
            let kind = HeaderValue::from_static("text/plain; charset=utf-8");
            ([(header::CONTENT_TYPE, kind)], text).into_response()
        }
        Ok(None) => not_found(),
        Err(error) => failed(error),
    }
}

/// One key a line, without the comments: those are private notes.
async fn keys(app: &App, owner: &user::Model) -> Result<String> {
    let all = Page::new(1, 1000);
    let (keys, _) = public_keys::list(app.forge.db.read(), owner.user_id(), None, all).await?;
    let mut text =
        "# These keys are as their owner uploaded them; nobody here vouches for them.\n".to_owned();
    for key in keys {
        if let Ok(key) = SshPublicKey::parse(&key.content) {
            text.push_str(&key.without_comment());
            text.push('\n');
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        assert_eq!(parse(&Method::GET, "/alice.keys"), Some("alice"));
        for (method, path) in [
            (Method::POST, "/alice.keys"),
            (Method::GET, "/.keys"),
            (Method::GET, "/alice/x.keys"),
            (Method::GET, "/alice"),
        ] {
            assert_eq!(parse(&method, path), None, "{method} {path}");
        }
    }
}
