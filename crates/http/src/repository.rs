//! `{owner}/{repo}` in a path, as the repository that the caller may reach.

use std::marker::PhantomData;

use axum::extract::{FromRequestParts, OriginalUri};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use oolong_auth::Caller;
use oolong_auth::permission::{self, RepoPermission};
use oolong_core::{AccessMode, Error, ErrorKind, Result, Unit, Visibility};
use oolong_db::entity::{repository, user};
use oolong_db::repositories;

use crate::owner::{load_owner, path_parameter, redirect_replacing};
use crate::{Access, App, Failure, MaybeSignedIn, SignIn};

/// What a handler needs of a repository, said in its signature: `Repo<need::Write<need::Code>>`.
pub mod need {
    use oolong_core::{AccessMode, Unit};

    /// A requirement on a repository.
    pub trait Need: Send + Sync + 'static {
        /// The unit, where it is about one; without, any access to the repository counts.
        const UNIT: Option<Unit>;
        /// How much.
        const MODE: AccessMode;
    }

    /// A unit, as a type.
    pub trait RepoUnit: Send + Sync + 'static {
        /// The unit.
        const UNIT: Unit;
    }

    macro_rules! units {
        ($($name:ident),*) => {$(
            /// The unit of this name.
            pub struct $name;

            impl RepoUnit for $name {
                const UNIT: Unit = Unit::$name;
            }
        )*};
    }

    units!(Code, Issues, Pulls, Releases, Wiki, Actions, Packages, Projects);

    /// Any access at all.
    pub struct Any;
    /// Reading a unit.
    pub struct Read<U>(std::marker::PhantomData<U>);
    /// Writing a unit.
    pub struct Write<U>(std::marker::PhantomData<U>);
    /// Changing the repository's settings.
    pub struct Admin;
    /// Giving it away or deleting it.
    pub struct Owner;

    impl Need for Any {
        const UNIT: Option<Unit> = None;
        const MODE: AccessMode = AccessMode::Read;
    }

    impl<U: RepoUnit> Need for Read<U> {
        const UNIT: Option<Unit> = Some(U::UNIT);
        const MODE: AccessMode = AccessMode::Read;
    }

    impl<U: RepoUnit> Need for Write<U> {
        const UNIT: Option<Unit> = Some(U::UNIT);
        const MODE: AccessMode = AccessMode::Write;
    }

    impl Need for Admin {
        const UNIT: Option<Unit> = None;
        const MODE: AccessMode = AccessMode::Admin;
    }

    impl Need for Owner {
        const UNIT: Option<Unit> = None;
        const MODE: AccessMode = AccessMode::Owner;
    }
}

/// A repository with everything that was loaded to admit the caller.
#[derive(Clone, Debug)]
pub struct RepoAccess {
    /// The repository.
    pub repo: repository::Model,
    /// Its owner.
    pub owner: user::Model,
    /// Who asks.
    pub caller: Caller,
    /// What they may do with it.
    pub permission: RepoPermission,
}

impl RepoAccess {
    /// Refuses changes to an archived repository (423).
    pub fn not_archived(&self) -> Result<()> {
        if self.repo.is_archived {
            return Err(Error::new(ErrorKind::Locked, "the repository is archived and cannot be changed"));
        }
        Ok(())
    }
}

/// A repository that the caller may use as `N` says. Hidden ones are 404, a lack of rights is 403, an old name
/// answers with a redirect.
pub struct Repo<N>(pub RepoAccess, pub PhantomData<N>);

impl<N: need::Need> FromRequestParts<App> for Repo<N> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let caller = MaybeSignedIn::of(parts).map_err(IntoResponse::into_response)?;
        let owner_name = path_parameter(parts, app, &["owner", "username"]).await?;
        let name = path_parameter(parts, app, &["repo", "reponame"]).await?;
        let access = load(app, parts, caller, &owner_name, &name).await?;
        if parts.extensions.get::<Access>().is_some_and(|access| access.sign_in == SignIn::NeededInRepository)
        {
            access.caller.signed_in().map_err(|error| Failure::from(error).into_response())?;
        }
        check::<N>(&access).map_err(|error| Failure::from(error).into_response())?;
        Ok(Self(access, PhantomData))
    }
}

async fn load(
    app: &App,
    parts: &Parts,
    caller: Caller,
    owner_name: &str,
    name: &str,
) -> Result<RepoAccess, Response> {
    let fail = |error: Error| Failure::from(error).into_response();
    let connection = app.forge.db.read();
    if let Some((repo, owner)) =
        repositories::find_by_path(connection, owner_name, name).await.map_err(fail)?
    {
        return admit(app, caller, repo, owner).await.map_err(fail);
    }
    let owner = load_owner(app, parts, &caller, owner_name).await?;
    let Some(id) = repositories::find_redirect(connection, owner.user_id(), name).await.map_err(fail)? else {
        return Err(fail(hidden()));
    };
    let Some((repo, owner)) = repositories::find_with_owner(connection, id).await.map_err(fail)? else {
        return Err(fail(hidden()));
    };
    // Only who may see the repository learns its new name.
    let moved = admit(app, caller, repo, owner).await.map_err(fail)?;
    let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |uri| &uri.0);
    let path = format!("{}/{}", moved.owner.name, moved.repo.name);
    Err(redirect_to_path(uri, owner_name, name, &path))
}

/// Replaces the two segments `owner/name` by `path`, permanently.
fn redirect_to_path(uri: &http::Uri, owner: &str, name: &str, path: &str) -> Response {
    let old = format!("/{owner}/{name}");
    let whole = uri.path();
    match whole.to_ascii_lowercase().find(&old.to_ascii_lowercase()) {
        Some(at) => {
            let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
            let location = format!("{}/{path}{}{query}", &whole[..at], &whole[at + old.len()..]);
            (StatusCode::MOVED_PERMANENTLY, [(http::header::LOCATION, location)]).into_response()
        }
        None => redirect_replacing(
            uri,
            name,
            path.rsplit('/').next().unwrap_or(name),
            StatusCode::MOVED_PERMANENTLY,
        ),
    }
}

/// The repository with the caller's permission; an error where it does not exist for them.
async fn admit(app: &App, caller: Caller, repo: repository::Model, owner: user::Model) -> Result<RepoAccess> {
    if caller.is_public_only() && (repo.is_private || owner.visible_to() != Visibility::Public) {
        return Err(hidden());
    }
    let permission =
        permission::repo_permission(app.forge.db.read(), app.forge.rules(), caller.user(), &repo, &owner)
            .await?;
    if !permission.has_any_access() {
        return Err(hidden());
    }
    Ok(RepoAccess { repo, owner, caller, permission })
}

fn hidden() -> Error {
    Error::not_found("there is no such repository")
}

fn check<N: need::Need>(access: &RepoAccess) -> Result<()> {
    let permission = &access.permission;
    let enough = match (N::UNIT, N::MODE) {
        (None, AccessMode::None | AccessMode::Read) => true,
        (None, mode) => permission.mode() >= mode,
        (Some(unit), mode) => {
            permission.unit_mode(unit) >= mode || permission.is_admin() && permission.has_unit(unit)
        }
    };
    if enough {
        return Ok(());
    }
    let unit = N::UNIT.map_or("the repository", unit_words);
    Err(Error::forbidden(format!("this needs the right to {} {unit}", verb(N::MODE))))
}

fn verb(mode: AccessMode) -> &'static str {
    match mode {
        AccessMode::None | AccessMode::Read => "read",
        AccessMode::Write => "write",
        AccessMode::Admin => "administer",
        AccessMode::Owner => "own",
    }
}

fn unit_words(unit: Unit) -> &'static str {
    match unit {
        Unit::Code => "the code",
        Unit::Issues => "the issues",
        Unit::Pulls => "the pull requests",
        Unit::Releases => "the releases",
        Unit::Wiki | Unit::ExternalWiki => "the wiki",
        Unit::ExternalTracker => "the issue tracker",
        Unit::Projects => "the projects",
        Unit::Packages => "the packages",
        Unit::Actions => "the actions",
    }
}
