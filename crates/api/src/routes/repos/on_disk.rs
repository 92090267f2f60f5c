//! What the handlers of a repository's content share.

use axum::body::Body as HttpBody;
use axum::response::{IntoResponse, Response};
use http::header::{self, HeaderValue};
use oolong_core::{Error, ErrorKind, Result};
use oolong_forge::file_edits::Editing;
use oolong_git::{OnFailure, ProcessStream, RepositoryPath};
use oolong_http::{App, RepoAccess};

use crate::dto::links::RepoLinks;

/// The addresses of a repository.
pub(super) fn links(app: &App, access: &RepoAccess) -> RepoLinks {
    RepoLinks::new(&app.forge.settings, &access.owner, &access.repo)
}

/// The folder of a repository.
pub(super) fn path(app: &App, access: &RepoAccess) -> Result<RepositoryPath> {
    app.forge.repository_path(&access.owner.name, &access.repo.name)
}

/// The signed-in person as the one who changes a repository.
pub(super) fn editing(access: &RepoAccess) -> Result<Editing<'_>> {
    let doer = access.caller.signed_in()?;
    Ok(Editing { repo: &access.repo, owner: &access.owner, doer, permission: &access.permission })
}

/// Where Gitea answers 400 to what is not there.
pub(super) fn missing_is_malformed(error: Error) -> Error {
    if error.kind() == ErrorKind::NotFound { error.with_kind(ErrorKind::Malformed) } else { error }
}

/// The output of git, as plain text.
pub(super) fn plain_text(stream: ProcessStream, command: &'static str) -> Response {
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    let body = HttpBody::from_stream(stream.into_stream(command, OnFailure::Abort));
    ([(header::CONTENT_TYPE, kind)], body).into_response()
}
