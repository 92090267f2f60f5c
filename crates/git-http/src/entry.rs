//! Who may come in: the checks before any git service speaks, in Gitea's order, which clients know.

use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use oolong_auth::{Caller, Surface, permission};
use oolong_config::RequireSignin;
use oolong_core::{AccessMode, Category, Error, Method, Result, Scope, Unit, Visibility};
use oolong_db::entity::user;
use oolong_db::second_factors;
use oolong_git::{RepositoryPath, Service};
use oolong_http::{App, Located, Location, admit, locate, owner_is_visible, redirect_first_segments};

use crate::answer::{challenge, failed, plain, write_failure};
use crate::path::{GitPath, Target};

/// Which way content goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// To the client.
    Pull,
    /// From the client.
    Push,
}

impl Direction {
    /// What a target is about; `None` for a service that nobody knows.
    pub(crate) fn of(target: &Target) -> Option<Self> {
        let service = match target {
            Target::References(Some(name)) => Service::parse(name)?,
            Target::Service(service) => *service,
            Target::References(None) | Target::File(_) | Target::WrongMethod(_) | Target::Preflight => {
                Service::UploadPack
            }
        };
        Some(if service == Service::ReceivePack { Self::Push } else { Self::Pull })
    }
}

/// A caller who has come in.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Who.
    pub(crate) caller: Caller,
    /// The repository, and what the caller may do with it.
    pub(crate) found: Located,
    /// Whether its wiki is meant.
    pub(crate) is_wiki: bool,
}

impl Entry {
    /// Where it lies.
    pub(crate) fn folder(&self, app: &App) -> Result<RepositoryPath> {
        let (owner, repo) = (&self.found.owner.name, &self.found.repo.name);
        if self.is_wiki { app.forge.wiki_path(owner, repo) } else { app.forge.repository_path(owner, repo) }
    }
}

/// Where the caller has come.
#[derive(Clone, Debug)]
pub(crate) enum Admitted {
    /// To a repository.
    Repository(Box<Entry>),
    /// To a name of this owner's that a push may give to a new repository.
    NewName {
        /// Who.
        caller: Caller,
        /// Under whom.
        owner: Box<user::Model>,
        /// The name.
        name: String,
    },
}

/// Lets the caller in, or says why not.
pub(crate) async fn enter(
    app: &App,
    head: &Parts,
    path: &GitPath,
    direction: Direction,
) -> Result<Admitted, Response> {
    let caller = admit(app, Surface::Git, head).await.map_err(write_failure)?;
    let location = locate(app, &caller, &path.owner, &path.repo).await.map_err(failed)?;
    match location {
        Location::NoOwner => Err(no_repository()),
        Location::OwnerMoved(owner) => {
            if owner_is_visible(app, &caller, &owner).await.map_err(failed)? {
                let names = [owner.name.as_str()];
                return Err(redirect_first_segments(
                    StatusCode::TEMPORARY_REDIRECT,
                    &head.method,
                    &head.uri,
                    &names,
                ));
            }
            Err(no_repository())
        }
        Location::NoRepo(owner) => {
            if is_inactive(&owner) {
                return Err(inactive_owner());
            }
            enter_missing(app, caller, Some(owner), path, direction).await
        }
        Location::RepoMoved(found) => {
            let entry = Entry { caller, found: *found, is_wiki: path.is_wiki };
            match enter_found(app, &entry, Direction::Pull).await {
                // Only who may fetch it learns its new name.
                Ok(()) => {
                    let ending = if path.is_wiki { ".wiki" } else { "" };
                    let name = format!("{}{ending}", entry.found.repo.name);
                    let names = [entry.found.owner.name.as_str(), &name];
                    Err(redirect_first_segments(
                        StatusCode::MOVED_PERMANENTLY,
                        &head.method,
                        &head.uri,
                        &names,
                    ))
                }
                Err(_) => enter_missing(app, entry.caller, None, path, direction).await,
            }
        }
        Location::Here(found) => {
            if is_inactive(&found.owner) {
                return Err(inactive_owner());
            }
            if found.repo.is_archived && direction == Direction::Push {
                return Err(plain(
                    StatusCode::FORBIDDEN,
                    "This repository is archived: you can fetch, but not push.\n",
                ));
            }
            let entry = Entry { caller, found: *found, is_wiki: path.is_wiki };
            enter_found(app, &entry, direction).await?;
            Ok(Admitted::Repository(Box::new(entry)))
        }
    }
}

fn no_repository() -> Response {
    plain(StatusCode::NOT_FOUND, "The repository was not found.\n")
}

fn forbidden(line: &'static str) -> Response {
    plain(StatusCode::FORBIDDEN, line)
}

fn is_inactive(owner: &user::Model) -> bool {
    owner.is_individual() && !owner.is_active
}

fn inactive_owner() -> Response {
    forbidden("The owner's account is not active; try again later.\n")
}

async fn enter_found(app: &App, entry: &Entry, direction: Direction) -> Result<(), Response> {
    let Entry { caller, found, is_wiki } = entry;
    let unit = if *is_wiki { Unit::Wiki } else { Unit::Code };
    let open = direction == Direction::Pull && open_to_visitors(app, found, unit).await.map_err(failed)?;
    if !open {
        check_credential(app, caller, direction).await?;
        if caller.is_public_only() && !is_public(found) {
            return Err(failed(Error::forbidden(
                "the credential's scope public-only does not reach this repository",
            )));
        }
        // On the code reading is enough to come in: what a push may change is checked reference by reference.
        let needed =
            if *is_wiki && direction == Direction::Push { AccessMode::Write } else { AccessMode::Read };
        if found.permission.unit_mode(unit) < needed {
            return Err(no_repository());
        }
        if direction == Direction::Push && found.repo.is_mirror {
            return Err(forbidden("This repository is a mirror: you can fetch, but not push.\n"));
        }
    }
    if *is_wiki && !found.permission.has_unit(Unit::Wiki) {
        return Err(forbidden("This repository has no wiki.\n"));
    }
    Ok(())
}

/// Whether everybody may fetch it, without credentials.
async fn open_to_visitors(app: &App, found: &Located, unit: Unit) -> Result<bool> {
    if app.forge.settings.service.require_signin_view == RequireSignin::Always {
        return Ok(false);
    }
    if is_public(found) {
        return Ok(true);
    }
    let rules = app.forge.rules();
    let visitor =
        permission::repo_permission(app.forge.db.read(), rules, None, &found.repo, &found.owner).await?;
    Ok(visitor.can_read(unit))
}

fn is_public(found: &Located) -> bool {
    !found.repo.is_private && found.owner.visible_to() == Visibility::Public
}

/// Whether somebody is signed in, with a credential that may speak git in this direction.
async fn check_credential(app: &App, caller: &Caller, direction: Direction) -> Result<(), Response> {
    let Some(user) = caller.user() else { return Err(challenge(app)) };
    let scope = match direction {
        Direction::Pull => Scope::read(Category::Repository),
        Direction::Push => Scope::write(Category::Repository),
    };
    if !caller.identity.scopes.allows(scope) {
        return Err(failed(Error::forbidden(format!("the credential needs the scope {scope}"))));
    }
    // A git client cannot ask for a one-time code: with a second factor enrolled a token is needed, even where a code
    // came along.
    if caller.identity.method == Method::Password {
        let factors = second_factors::find(app.forge.db.read(), user.user_id()).await.map_err(failed)?;
        if factors.totp.is_some() {
            return Err(failed(Error::unauthenticated(
                "with a second factor enrolled, git needs an access token",
            )));
        }
    }
    Ok(())
}

/// A repository that is not there: what of that is said, and whether a push may make it.
async fn enter_missing(
    app: &App,
    caller: Caller,
    owner: Option<Box<user::Model>>,
    path: &GitPath,
    direction: Direction,
) -> Result<Admitted, Response> {
    check_credential(app, &caller, direction).await?;
    let Some(owner) = owner.filter(|_| direction == Direction::Push && !path.is_wiki) else {
        return Err(no_repository());
    };
    let settings = &app.forge.settings.repository;
    if owner.is_organization() && !settings.enable_push_create_org {
        return Err(forbidden(
            "The repository was not found, and a push does not create one for an organisation.\n",
        ));
    }
    if !owner.is_organization() && !settings.enable_push_create_user {
        return Err(forbidden("The repository was not found, and a push does not create one.\n"));
    }
    if caller.is_public_only() && (settings.default_push_create_private || settings.force_private) {
        return Err(failed(Error::forbidden(
            "the credential's scope public-only cannot make a private repository",
        )));
    }
    Ok(Admitted::NewName { caller, owner, name: path.repo.clone() })
}
