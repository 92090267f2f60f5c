//! `/teams/{id}` in a path, as the team that the caller may use as the route needs.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use oolong_auth::permission;
use oolong_core::{Error, Result, TeamId, UserId, Visibility};
use oolong_db::entity::team;
use oolong_db::{teams, users};

use crate::organisation::{OrgAccess, org_need};
use crate::owner::path_parameter;
use crate::{App, Failure, MaybeSignedIn};

/// What a handler needs of a team, said in its signature: `Team<team_need::OrgOwner>`.
pub mod team_need {
    /// How the caller has to stand to the team.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Role {
        /// Whoever may know of it.
        Reader,
        /// Its members, and the owners of the organisation.
        Member,
        /// The owners of the organisation.
        OrgOwner,
    }

    /// A requirement on a team.
    pub trait Need: Send + Sync + 'static {
        /// How the caller has to stand to it.
        const ROLE: Role;
    }

    /// Knowing of it.
    pub struct Read;
    /// Being in it.
    pub struct Member;
    /// Owning its organisation.
    pub struct OrgOwner;

    impl Need for Read {
        const ROLE: Role = Role::Reader;
    }

    impl Need for Member {
        const ROLE: Role = Role::Member;
    }

    impl Need for OrgOwner {
        const ROLE: Role = Role::OrgOwner;
    }
}

/// A team with everything that was loaded to admit the caller.
#[derive(Clone, Debug)]
pub struct TeamAccess {
    /// The team.
    pub team: team::Model,
    /// Its organisation, who asks, and how they belong to it.
    pub of: OrgAccess,
}

/// A team that the caller may use as `N` says. Hidden ones are 404, a lack of rights is 403.
pub struct Team<N>(pub TeamAccess, pub PhantomData<N>);

impl<N: team_need::Need> FromRequestParts<App> for Team<N> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let caller = MaybeSignedIn::of(parts).map_err(IntoResponse::into_response)?;
        let id = path_parameter(parts, app, &["id"]).await?;
        let access = async {
            let connection = app.forge.db.read();
            let id = id.parse().map(TeamId).map_err(|_| hidden())?;
            let team = teams::find(connection, id).await?.ok_or_else(hidden)?;
            let org = users::find(connection, UserId(team.org_id)).await?.ok_or_else(hidden)?;
            if !permission::owner_is_visible(connection, app.forge.rules(), caller.user(), &org).await? {
                return Err(hidden());
            }
            let access = TeamAccess { team, of: OrgAccess::load(app, caller, org).await? };
            check(app, &access, N::ROLE).await?;
            Ok(access)
        };
        access
            .await
            .map(|access| Self(access, PhantomData))
            .map_err(|error: Error| Failure::from(error).into_response())
    }
}

fn hidden() -> Error {
    Error::not_found("there is no such team")
}

async fn check(app: &App, access: &TeamAccess, role: team_need::Role) -> Result<()> {
    let TeamAccess { team, of } = access;
    if of.acts_as_owner() {
        return Ok(());
    }
    if role == team_need::Role::OrgOwner {
        return of.require(org_need::Role::Owner);
    }
    let Some(user) = of.caller.user_id() else { return Err(hidden()) };
    if teams::is_member(app.forge.db.read(), team.team_id(), user).await? {
        return Ok(());
    }
    let may_read = match team.visible_to() {
        Visibility::Public => true,
        Visibility::Limited => of.membership.is_member,
        Visibility::Private => false,
    };
    if role == team_need::Role::Reader && may_read {
        return Ok(());
    }
    if of.membership.is_member {
        return Err(Error::forbidden("this is for members of the team"));
    }
    Err(hidden())
}
