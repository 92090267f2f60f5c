//! What goes to the client: the list of references, packs, remote archives.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::{StreamExt as _, once};
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, header};
use oolong_core::Result;
use oolong_forge::git::GitResultExt as _;
use oolong_git::{OnFailure, Service, ServiceOptions, wire};
use oolong_http::App;
use tokio::io::AsyncReadExt as _;

use crate::answer::{NO_CACHE, failed, plain};
use crate::body;
use crate::entry::{Admitted, Entry};

/// The most bytes of a fetch's questions: a million commits that a client has.
const QUESTIONS_LIMIT: u64 = 64 * 1024 * 1024;

/// What every service is started with.
pub(crate) fn options(app: &App, head: &Parts) -> ServiceOptions {
    let protocol = head.headers.get("git-protocol").and_then(|value| value.to_str().ok()).map(str::to_owned);
    ServiceOptions {
        protocol: protocol.filter(|_| app.forge.settings.git.enable_auto_git_wire_protocol),
        partial_clone: !app.forge.settings.git.disable_partial_clone,
        ..ServiceOptions::default()
    }
}

/// An answer of git's, never to be kept anywhere.
pub(crate) fn git_answer(service: Service, what: &str, body: Body) -> Response {
    let kind = format!("application/x-{}-{what}", service.name());
    let kind = HeaderValue::try_from(kind).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    (StatusCode::OK, NO_CACHE, [(header::CONTENT_TYPE, kind)], body).into_response()
}

/// `info/refs?service=…`: the references and what the service can do.
pub(crate) async fn advertise(app: &App, head: &Parts, admitted: &Admitted, service: Service) -> Response {
    if service == Service::UploadArchive {
        return StatusCode::BAD_REQUEST.into_response();
    }
    if head.method == Method::HEAD {
        return git_answer(service, "advertisement", Body::empty());
    }
    let options = options(app, head);
    let advertised = match admitted {
        Admitted::Repository(entry) => references(app, entry, service, &options).await,
        Admitted::NewName { .. } => nothing_yet(app, service, &options).await,
    };
    match advertised {
        Ok(Some(body)) => git_answer(service, "advertisement", body),
        Ok(None) => plain(StatusCode::NOT_FOUND, "The repository was not found.\n"),
        Err(error) => failed(error),
    }
}

async fn references(
    app: &App,
    entry: &Entry,
    service: Service,
    options: &ServiceOptions,
) -> Result<Option<Body>> {
    let folder = entry.folder(app)?;
    if !folder.exists() {
        // A wiki comes into being with its first page or push.
        let push_to_wiki = entry.is_wiki && service == Service::ReceivePack;
        return if push_to_wiki { nothing_yet(app, service, options).await } else { Ok(None) };
    }
    let mut stream = app.forge.git.advertise_refs(service, folder.as_path(), options).or_git()?;
    // The first bytes decide whether this is an answer at all.
    let mut first = vec![0; 8 * 1024];
    let read = stream.read(&mut first).await.map_err(oolong_core::Error::internal)?;
    let header = Bytes::from(wire::service_header(service.name()));
    if read == 0 {
        stream.finish().await.or_git()?.success(service.command()).or_git()?;
        return Ok(Some(Body::from(header)));
    }
    first.truncate(read);
    let start = once(async move { Ok(header) }).chain(once(async move { Ok(Bytes::from(first)) }));
    Ok(Some(Body::from_stream(start.chain(stream.into_stream(service.command(), OnFailure::Abort)))))
}

/// What a repository offers that a push will make: an empty one's references.
async fn nothing_yet(app: &App, service: Service, options: &ServiceOptions) -> Result<Option<Body>> {
    let folder = oolong_forge::git::blocking(|| {
        let folder = tempfile::tempdir()?;
        oolong_git::init(&folder.path().join("new.git"), &oolong_git::InitOptions::default())?;
        Ok(folder)
    })
    .await?;
    let mut stream =
        app.forge.git.advertise_refs(service, &folder.path().join("new.git"), options).or_git()?;
    let mut answer = wire::service_header(service.name());
    stream.read_to_end(&mut answer).await.map_err(oolong_core::Error::internal)?;
    stream.finish().await.or_git()?.success(service.command()).or_git()?;
    Ok(Some(answer.into()))
}

/// A fetch, or a remote archive: streams both ways. A client that hangs up ends git.
pub(crate) async fn serve(app: &App, head: &Parts, entry: &Entry, service: Service, body: Body) -> Response {
    let input = match body::open(service, head, body).await {
        Ok(input) => input.take(QUESTIONS_LIMIT),
        Err(refusal) => return refusal,
    };
    let folder = match entry.folder(app) {
        Ok(folder) if folder.exists() => folder,
        Ok(_) => return plain(StatusCode::NOT_FOUND, "The repository was not found.\n"),
        Err(error) => return failed(error),
    };
    match app.forge.git.serve(service, folder.as_path(), &options(app, head), input).or_git() {
        Ok(stream) => {
            let output = stream.into_stream(service.command(), OnFailure::Log);
            git_answer(service, "result", Body::from_stream(output))
        }
        Err(error) => failed(error),
    }
}
