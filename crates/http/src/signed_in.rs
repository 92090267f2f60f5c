//! Who asks, as an extractor.

use axum::extract::FromRequestParts;
use http::request::Parts;
use oolong_auth::Caller;
use oolong_core::Error;
use oolong_db::entity::user;

use crate::{App, Failure};

/// Who asks; anonymous too. The gate has put it there.
#[derive(Clone, Debug)]
pub struct MaybeSignedIn(pub Caller);

impl MaybeSignedIn {
    pub(crate) fn of(parts: &Parts) -> Result<Caller, Failure> {
        let caller = parts.extensions.get::<Caller>().cloned();
        caller.ok_or_else(|| Error::internal("a handler ran without its gate").into())
    }
}

impl FromRequestParts<App> for MaybeSignedIn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Failure> {
        Self::of(parts).map(Self)
    }
}

/// The signed-in person who asks; 401 for visitors.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The caller.
    pub caller: Caller,
    /// The person's account.
    pub user: user::Model,
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Failure> {
        let caller = MaybeSignedIn::of(parts)?;
        let user = caller.signed_in()?.clone();
        Ok(Self { caller, user })
    }
}
