//! What a push may make before it is served: a repository that is not there yet, or a wiki without a page.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use oolong_auth::Caller;
use oolong_core::{Error, RepoName, Result};
use oolong_db::entity::user;
use oolong_db::organisations;
use oolong_forge::repositories::{self, NewRepository};
use oolong_git::{InitOptions, ObjectFormat, ReceiveRequest};
use oolong_http::{App, Location, locate};

use crate::answer::failed;
use crate::entry::{Admitted, Entry};
use crate::push_options::PushOptions;

/// The repository a push goes to, made now if it has to be.
pub(crate) async fn for_push(
    app: &App,
    admitted: Admitted,
    request: &ReceiveRequest,
) -> Result<Box<Entry>, Response> {
    match admitted {
        Admitted::Repository(entry) => {
            if entry.is_wiki {
                make_wiki(app, &entry).await.map_err(failed)?;
            }
            Ok(entry)
        }
        Admitted::NewName { caller, owner, name } => {
            let made = make_repository(app, &caller, &owner, &name, request).await;
            made.map_err(|error| if error.is_ours() { failed(error) } else { missing(&error) })
        }
    }
}

/// Whatever stands in the way of a new repository, for the client it is not there.
fn missing(error: &Error) -> Response {
    tracing::info!(%error, "a push could not create a repository");
    StatusCode::NOT_FOUND.into_response()
}

async fn make_repository(
    app: &App,
    caller: &Caller,
    owner: &user::Model,
    name: &str,
    request: &ReceiveRequest,
) -> Result<Box<Entry>> {
    let doer = caller.signed_in()?;
    let name = RepoName::new(name).map_err(|error| Error::invalid(format!("name: {error}")))?;
    let allowed = doer.is_admin
        || doer.id == owner.id
        || owner.is_organization()
            && organisations::may_create_repositories(app.forge.db.read(), owner, doer.user_id()).await?;
    if !allowed {
        return Err(Error::forbidden("you may not create repositories there"));
    }
    let options = PushOptions::read(&request.push_options);
    let private = options.private.unwrap_or(app.forge.settings.repository.default_push_create_private);
    let is_sha256 = request.commands.iter().any(|command| command.new.format() == ObjectFormat::Sha256);
    let object_format = if is_sha256 { ObjectFormat::Sha256 } else { ObjectFormat::Sha1 };
    let new = NewRepository { private, object_format, ..NewRepository::empty(name.clone()) };
    repositories::create(&app.forge, doer, owner, new).await?;
    match locate(app, caller, &owner.name, name.as_str()).await? {
        Location::Here(found) => {
            Ok(Box::new(Entry { caller: caller.clone(), found: *found, is_wiki: false }))
        }
        _ => Err(Error::not_found("the new repository has gone again")),
    }
}

/// A wiki's repository comes into being when it is first written.
async fn make_wiki(app: &App, entry: &Entry) -> Result<()> {
    let folder = entry.folder(app)?;
    if folder.exists() {
        return Ok(());
    }
    let branch = &entry.found.repo.default_wiki_branch;
    let branch = if branch.is_empty() { &app.forge.settings.repository.default_branch } else { branch };
    let options = InitOptions { default_branch: branch.clone(), ..InitOptions::default() };
    oolong_forge::git::blocking(move || oolong_git::init(folder.as_path(), &options)).await
}
