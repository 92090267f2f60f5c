//! `{org}` in a path, as the organisation that the caller may use as the route needs.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use oolong_auth::Caller;
use oolong_core::{Error, OrgId, Result, Visibility};
use oolong_db::entity::user;
use oolong_db::organisations::{self, Membership};

use crate::owner::{load_owner, path_parameter};
use crate::{App, Failure, MaybeSignedIn};

/// What a handler needs of an organisation, said in its signature: `Org<org_need::Owner>`.
pub mod org_need {
    /// How the caller has to stand to the organisation.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Role {
        /// Anybody who may know of it.
        Anybody,
        /// Its members and site administrators.
        Member,
        /// Its owners and site administrators.
        Owner,
    }

    /// A requirement on an organisation.
    pub trait Need: Send + Sync + 'static {
        /// How the caller has to stand to it.
        const ROLE: Role;
    }

    /// Knowing of it.
    pub struct Visible;
    /// Belonging to it.
    pub struct Member;
    /// Owning it.
    pub struct Owner;

    impl Need for Visible {
        const ROLE: Role = Role::Anybody;
    }

    impl Need for Member {
        const ROLE: Role = Role::Member;
    }

    impl Need for Owner {
        const ROLE: Role = Role::Owner;
    }
}

/// An organisation with everything that was loaded to admit the caller.
#[derive(Clone, Debug)]
pub struct OrgAccess {
    /// The organisation.
    pub org: user::Model,
    /// Who asks.
    pub caller: Caller,
    /// How they belong to it.
    pub membership: Membership,
}

impl OrgAccess {
    /// Loads how the caller belongs to an organisation that they may know of.
    pub(crate) async fn load(app: &App, caller: Caller, org: user::Model) -> Result<Self> {
        if caller.is_public_only() && org.visible_to() != Visibility::Public {
            return Err(Error::forbidden(
                "the credential's scope public-only does not reach this organisation",
            ));
        }
        let membership = match caller.user_id() {
            Some(user) => organisations::membership(app.forge.db.read(), OrgId(org.id), user).await?,
            None => Membership::default(),
        };
        Ok(Self { org, caller, membership })
    }

    /// The typed id.
    pub fn org_id(&self) -> OrgId {
        OrgId(self.org.id)
    }

    /// Whether the caller sees what members see.
    pub fn sees_as_member(&self) -> bool {
        self.membership.is_member || self.caller.is_site_admin()
    }

    /// Whether the caller may do what owners do.
    pub fn acts_as_owner(&self) -> bool {
        self.membership.is_owner || self.caller.is_site_admin()
    }

    /// Refuses callers who do not stand to the organisation as required.
    pub fn require(&self, role: org_need::Role) -> Result<()> {
        match role {
            org_need::Role::Anybody => Ok(()),
            org_need::Role::Member if self.sees_as_member() => Ok(()),
            org_need::Role::Owner if self.acts_as_owner() => Ok(()),
            org_need::Role::Member => Err(Error::forbidden("this is for members of the organisation")),
            org_need::Role::Owner => Err(Error::forbidden("this is for owners of the organisation")),
        }
    }
}

/// An organisation that the caller may use as `N` says. Hidden ones and people are 404, a lack of rights is 403, an
/// old name answers with a redirect.
pub struct Org<N>(pub OrgAccess, pub PhantomData<N>);

impl<N: org_need::Need> FromRequestParts<App> for Org<N> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let fail = |error: Error| Failure::from(error).into_response();
        let caller = MaybeSignedIn::of(parts).map_err(IntoResponse::into_response)?;
        let name = path_parameter(parts, app, &["org"]).await?;
        let org = load_owner(app, parts, &caller, &name).await?;
        if !org.is_organization() {
            return Err(fail(Error::not_found("there is no such organisation")));
        }
        let access = OrgAccess::load(app, caller, org).await.map_err(fail)?;
        access.require(N::ROLE).map_err(fail)?;
        Ok(Self(access, PhantomData))
    }
}
