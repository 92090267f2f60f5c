//! The gate in front of every handler: what was presented becomes a caller, once; then standing, `Sudo`, scopes and
//! sign-in, in Gitea's order. Surfaces whose paths a parser reads (git, raw files) call [`admit`] themselves.

use std::borrow::Cow;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use oolong_auth::{Caller, Outcome, Presented, Rejection, Surface, standing};
use oolong_config::RequireSignin;
use oolong_core::{Error, Level, Scope, Standing};
use oolong_db::users;

use crate::log::Asker;
use crate::{Access, App, ClientIp, Failure, SignIn};

/// The largest form body that is looked into for a token.
const FORM_LIMIT: usize = 1024 * 1024;

/// What a client may say beside its credentials, in the query or in a form: tokens and `sudo`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiSwitches {
    token: Option<String>,
    access_token: Option<String>,
    sudo: Option<String>,
}

impl ApiSwitches {
    /// Reads a query or form body; the first value of a name counts, and an empty one counts as none.
    pub fn parse(text: &str) -> Self {
        let mut switches = Self::default();
        if !["token", "sudo"].iter().any(|word| text.contains(word)) {
            return switches;
        }
        let pairs: Vec<(Cow<'_, str>, Cow<'_, str>)> = serde_urlencoded::from_str(text).unwrap_or_default();
        for (name, value) in pairs {
            let slot = match name.as_ref() {
                "token" => &mut switches.token,
                "access_token" => &mut switches.access_token,
                "sudo" => &mut switches.sudo,
                _ => continue,
            };
            if !value.is_empty() {
                slot.get_or_insert(value.into_owned());
            }
        }
        switches
    }

    fn or(self, other: Self) -> Self {
        Self {
            token: self.token.or(other.token),
            access_token: self.access_token.or(other.access_token),
            sudo: self.sudo.or(other.sudo),
        }
    }

    fn into_token(self) -> Option<String> {
        self.token.or(self.access_token)
    }
}

/// The layer that [`crate::Routes`] puts before each handler.
pub async fn gate(
    State((app, surface, access)): State<(App, Surface, Access)>,
    request: Request,
    next: Next,
) -> Response {
    match open(&app, surface, access, request).await {
        Ok(request) => next.run(request).await,
        Err(refusal) => refusal,
    }
}

async fn open(app: &App, surface: Surface, access: Access, request: Request) -> Result<Request, Response> {
    let (request, switches) = read_switches(surface, request).await.map_err(IntoResponse::into_response)?;
    let (mut head, body) = request.into_parts();
    let caller = admit_with(app, surface, &head, switches).await?;
    check_access(access, &head.method, &caller).map_err(IntoResponse::into_response)?;
    head.extensions.insert(caller);
    head.extensions.insert(access);
    Ok(Request::from_parts(head, body))
}

/// Turns what a request presents into who asks, on a surface whose paths a parser reads: authentication and standing.
/// What the caller may do with the thing is the surface's to ask. The refusal carries its [`Failure`], whose body the
/// surface writes; browsers that have to change a password are sent there instead.
pub async fn admit(app: &App, surface: Surface, head: &Parts) -> Result<Caller, Response> {
    let switches = ApiSwitches::parse(head.uri.query().unwrap_or_default());
    admit_with(app, surface, head, switches).await
}

async fn admit_with(
    app: &App,
    surface: Surface,
    head: &Parts,
    switches: ApiSwitches,
) -> Result<Caller, Response> {
    let fail = IntoResponse::into_response;
    let sudo = sudo_name(&head.headers, &switches);
    let presented = present(app, head, switches);
    let caller =
        match app.chain.authenticate(surface, &presented).await.map_err(Failure::from).map_err(fail)? {
            Outcome::Caller(caller) => caller,
            Outcome::Refused(rejection) => return Err(fail(refused(rejection, presented.client))),
        };
    if let Some(asker) = head.extensions.get::<Asker>() {
        asker.is(&caller);
    }
    match surface {
        Surface::Api => {
            check_standing(&caller).map_err(fail)?;
            check_required_sign_in(app, &caller).map_err(fail)?;
            act_for(app, caller, sudo.as_deref()).await.map_err(fail)
        }
        Surface::Git | Surface::Raw => {
            if let Some(refusal) = must_change_password(app, head, &caller) {
                return Err(refusal);
            }
            check_standing(&caller).map_err(fail)?;
            Ok(caller)
        }
        Surface::Web => Ok(caller),
    }
}

/// A git client is told that its credentials do not do; whatever else asks is a browser, and is sent to the form.
fn must_change_password(app: &App, head: &Parts, caller: &Caller) -> Option<Response> {
    if caller.user().map(standing) != Some(Standing::MustChangePassword) {
        return None;
    }
    let agent = head.headers.get(header::USER_AGENT).map(HeaderValue::as_bytes).unwrap_or_default();
    if agent.starts_with(b"git") {
        let error = Error::unauthenticated("you have to change your password on the web pages first");
        return Some(Failure::bare(error).into_response());
    }
    Some(see_other(app, "/user/settings/change_password"))
}

/// 303 to a page of ours; `path` starts with a slash and is joined to a path in ROOT_URL.
pub fn see_other(app: &App, path: &str) -> Response {
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    let location = format!("{}{path}", app.forge.settings.server.app_sub_url);
    (StatusCode::SEE_OTHER, [(header::CONTENT_TYPE, html)], [(header::LOCATION, location)]).into_response()
}

/// The challenge of the git surface. Credential helpers choose OAuth by this realm.
pub fn git_challenge(app: &App) -> HeaderValue {
    HeaderValue::from_static(if app.forge.settings.oauth2.enabled {
        "Basic realm=\"Gitea\""
    } else {
        "Basic realm=\"Gitea (Basic Auth)\""
    })
}

/// Reads the query's switches and, of a form, the body's; the body is put back.
async fn read_switches(surface: Surface, request: Request) -> Result<(Request, ApiSwitches), Failure> {
    let switches = ApiSwitches::parse(request.uri().query().unwrap_or_default());
    let is_form = surface == Surface::Api
        && matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH)
        && request
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
    if !is_form {
        return Ok((request, switches));
    }
    let (head, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, FORM_LIMIT)
        .await
        .map_err(|_| Error::new(oolong_core::ErrorKind::TooLarge, "the form is larger than one MiB"))?;
    // A form wins over the query, as in Go's request parsing.
    let switches = ApiSwitches::parse(&String::from_utf8_lossy(&bytes)).or(switches);
    Ok((Request::from_parts(head, Body::from(bytes)), switches))
}

fn sudo_name(headers: &HeaderMap, switches: &ApiSwitches) -> Option<String> {
    let header = || headers.get("sudo").and_then(|value| value.to_str().ok()).filter(|name| !name.is_empty());
    switches.sudo.clone().or_else(|| header().map(str::to_owned))
}

fn present(app: &App, head: &Parts, switches: ApiSwitches) -> Presented {
    let headers = &head.headers;
    let client = head.extensions.get::<ClientIp>().copied().unwrap_or(ClientIp::LOCAL);
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let mut presented = Presented::new(authorization, client.0);
    if !app.forge.settings.security.disable_query_auth_token {
        presented.query_token = switches.into_token().map(Into::into);
    }
    presented.one_time_code =
        headers.get("x-gitea-otp").and_then(|value| value.to_str().ok()).map(Into::into);
    presented
}

fn refused(rejection: Rejection, client: std::net::IpAddr) -> Failure {
    tracing::info!(target: "oolong::auth", %client, ?rejection, "a credential was refused");
    // One sentence for all: which part was wrong is for the log.
    Failure::from(Error::unauthenticated("the user name, password or token is not valid"))
}

fn check_standing(caller: &Caller) -> Result<(), Failure> {
    let message = match caller.user().map(standing) {
        None | Some(Standing::Good) => return Ok(()),
        Some(Standing::NeedsActivation) => "this account is not activated",
        Some(Standing::Prohibited) => "this account may not sign in; ask your administrator",
        Some(Standing::MustChangePassword) => "you have to change your password on the web pages first",
        Some(Standing::SecondFactorRequired) => "you have to enrol a second factor first",
    };
    Err(Failure::bare(Error::forbidden(message)))
}

fn check_required_sign_in(app: &App, caller: &Caller) -> Result<(), Failure> {
    if app.forge.settings.service.require_signin_view == RequireSignin::Always && !caller.is_signed_in() {
        return Err(Failure::bare(Error::forbidden("this server is for signed-in users only")));
    }
    Ok(())
}

/// `Sudo`: an administrator acts for somebody else. Only accounts in good standing can be acted for.
async fn act_for(app: &App, caller: Caller, name: Option<&str>) -> Result<Caller, Failure> {
    let Some(name) = name else { return Ok(caller) };
    if !caller.is_site_admin() {
        return Err(Failure::bare(Error::forbidden("only administrators may act for others")));
    }
    match users::find_by_name(app.forge.db.read(), name).await? {
        // Unlike Gitea: a closed account stays closed, and an organisation is nobody to be.
        Some(user) if user.prohibit_login => {
            Err(Failure::bare(Error::forbidden("nobody may act for a closed account")))
        }
        Some(user) if !user.is_organization() => Ok(caller.acting_for(user)),
        _ => Err(Error::not_found("there is no such user to act for").into()),
    }
}

fn check_access(access: Access, method: &Method, caller: &Caller) -> Result<(), Failure> {
    let level = match *method {
        Method::GET | Method::HEAD | Method::OPTIONS => Level::Read,
        _ => Level::Write,
    };
    let missing = access
        .scopes
        .iter()
        .map(|&category| Scope { category, level })
        .find(|&scope| !caller.identity.scopes.allows(scope));
    if let Some(scope) = missing {
        return Err(Error::forbidden(format!("the credential needs the scope {scope}")).into());
    }
    if access.refuses_public_only && caller.is_public_only() {
        return Err(
            Error::forbidden("this is not available to a credential with the scope public-only").into()
        );
    }
    match access.sign_in {
        SignIn::NotNeeded | SignIn::NeededInRepository => Ok(()),
        SignIn::Needed => caller.signed_in().map(drop).map_err(Failure::from),
        SignIn::ByBasic => {
            caller.signed_in()?;
            if caller.identity.via_basic {
                Ok(())
            } else {
                Err(Error::unauthenticated("this needs user name and password").into())
            }
        }
        SignIn::SiteAdmin => {
            if caller.signed_in()?.is_admin {
                Ok(())
            } else {
                Err(Error::forbidden("this is for site administrators").into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches() {
        let parse = |text| ApiSwitches::parse(text);
        assert_eq!(parse("token=a&access_token=b").into_token().as_deref(), Some("a"));
        assert_eq!(parse("token=&access_token=b").into_token().as_deref(), Some("b"));
        assert_eq!(parse("sudo=x&sudo=y").sudo.as_deref(), Some("x"));
        assert_eq!(parse("q=1&page=2"), ApiSwitches::default());
        assert_eq!(parse("token=%ZZ&sudo"), ApiSwitches { token: Some("%ZZ".into()), ..Default::default() });
    }
}
