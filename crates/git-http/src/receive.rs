//! A push: its commands are read and judged before git runs, and what git accepted is recorded before the client
//! hears the end of the answer.

use std::collections::HashSet;
use std::io::Cursor;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::unfold;
use http::StatusCode;
use http::request::Parts;
use oolong_core::{ErrorKind, RepoId, Result};
use oolong_db::entity::user;
use oolong_db::repositories;
use oolong_forge::git::GitResultExt as _;
use oolong_forge::push::RefUpdate;
use oolong_forge::push_journal::{self, Note};
use oolong_forge::ref_rules::{ContentFacts, ContentRules, Pusher, RefRules, Verdict as Judgement};
use oolong_forge::repository_settings::{self, RepositoryEdit};
use oolong_git::{
    CommandStatus, Inspection, InspectionHook, ObjectFormat, ProcessStream, ReceiveRequest, RefCommand,
    ReportReader, RepositoryPath, RequestError, Service, read_receive_request, refusal,
};
use oolong_http::App;
use tokio::io::AsyncReadExt as _;
use tokio::sync::mpsc;

use crate::answer::failed;
use crate::body::{self, Input};
use crate::create;
use crate::entry::{Admitted, Entry};
use crate::fetch::{git_answer, options};
use crate::push_options::PushOptions;

/// The longest list of commands: a hundred thousand references.
const COMMANDS_LIMIT: usize = 16 * 1024 * 1024;

/// Serves a push.
pub(crate) async fn serve(app: &App, head: &Parts, admitted: Admitted, body: Body) -> Response {
    let mut input = match body::open(Service::ReceivePack, head, body).await {
        Ok(input) => input,
        Err(refusal) => return refusal,
    };
    let request = match read_receive_request(&mut input, COMMANDS_LIMIT).await {
        Ok(request) => request,
        Err(RequestError::TooLong) => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Err(error) => {
            tracing::debug!(%error, "a push could not be read");
            return StatusCode::BAD_REQUEST.into_response();
        }
    };
    // Before a big push clients ask with an empty one whether they may.
    if request.commands.is_empty() {
        return git_answer(Service::ReceivePack, "result", Body::empty());
    }
    let entry = match create::for_push(app, admitted, &request).await {
        Ok(entry) => entry,
        Err(refusal) => return refusal,
    };
    let open = match judge(app, &entry, &request).await {
        Ok(verdict) if verdict.is_clean() => verdict.open,
        Ok(verdict) => return refuse(&request, &verdict, input).await,
        Err(error) => return failed(error),
    };
    match start(app, head, *entry, request, open, input).await {
        Ok(response) => response,
        Err(error) => failed(error),
    }
}

/// What is held against a push: a reason for each command that may not be. One is enough to refuse the whole push, as
/// Gitea does.
#[derive(Default)]
struct Verdict {
    reasons: Vec<Option<String>>,
    /// What can be decided only when the objects are here.
    open: Vec<(RefUpdate, ContentRules)>,
}

impl Verdict {
    fn is_clean(&self) -> bool {
        self.reasons.iter().all(Option::is_none)
    }
}

/// Judges a push by the names of its references; what depends on content stays open.
async fn judge(app: &App, entry: &Entry, request: &ReceiveRequest) -> Result<Verdict> {
    let mut verdict = Verdict::default();
    // Who may write a wiki was asked at the door, and it has no rules.
    if entry.is_wiki {
        return Ok(verdict);
    }
    let found = &entry.found;
    let user = entry.caller.signed_in()?;
    let pusher = Pusher { user, permission: &found.permission, deploy_key: None };
    let rules = RefRules::load(&app.forge, Some(user), &found.repo, &found.owner).await?;
    let for_review = ["refs/for/", "refs/draft/", "refs/for-review/"];
    for command in &request.commands {
        if for_review.iter().any(|prefix| command.reference.starts_with(prefix)) {
            verdict.reasons.push(Some("this server does not take pull requests by push".to_owned()));
            continue;
        }
        let update = update(command);
        let reason = match rules.check(&pusher, &update) {
            Ok(Judgement::Allowed) => None,
            Ok(Judgement::DependsOnContent(_)) if command.new.format() == ObjectFormat::Sha256 => Some(
                "this server cannot read SHA-256 objects, which the rules of the branch ask for".to_owned(),
            ),
            Ok(Judgement::DependsOnContent(rules)) => {
                verdict.open.push((update, rules));
                None
            }
            Err(error) if error.kind() == ErrorKind::Forbidden => Some(error.message().to_owned()),
            Err(error) => return Err(error),
        };
        verdict.reasons.push(reason);
    }
    Ok(verdict)
}

/// Looks at a push in git's quarantine, by the rules that ask for it.
async fn inspect(folder: RepositoryPath, open: Vec<(RefUpdate, ContentRules)>, mut inspection: Inspection) {
    let inspected = async {
        let objects = folder.as_path().join(inspection.objects().await.or_git()?);
        let verdict = oolong_forge::git::read(folder, move |repo| {
            repo.borrow_objects(&objects)?;
            for (update, rules) in open {
                if let Err(reason) = rules.decide(&ContentFacts::read(repo, &update)?) {
                    return Ok(Err(reason));
                }
            }
            Ok(Ok(()))
        });
        // What cannot be decided is not let through.
        let verdict = verdict.await.unwrap_or_else(|error| {
            tracing::error!(?error, "a push could not be looked at");
            Err("the rules of a branch could not be applied to this push".to_owned())
        });
        inspection.decide(verdict).await.or_git()
    };
    if let Err(error) = inspected.await {
        tracing::error!(?error, "the hook of a push could not be answered");
    }
}

/// Answers a push that is refused, after reading it to its end: a client that is still sending would not read.
async fn refuse(request: &ReceiveRequest, verdict: &Verdict, mut input: Input) -> Response {
    if let Err(error) = tokio::io::copy(&mut input, &mut tokio::io::sink()).await {
        tracing::debug!(%error, "a refused push ended early");
    }
    let other = "another reference of this push was refused";
    let statuses: Vec<CommandStatus> = verdict
        .reasons
        .iter()
        .map(|reason| CommandStatus::Refused(reason.clone().unwrap_or_else(|| other.to_owned())))
        .collect();
    let mut messages: Vec<String> =
        verdict.reasons.iter().flatten().map(|reason| format!("Push denied: {reason}.")).collect();
    messages.dedup();
    messages.truncate(10);
    git_answer(Service::ReceivePack, "result", refusal(request, &statuses, &messages).into())
}

/// A push that git is working on.
struct Push {
    app: App,
    doer: user::Model,
    entry: Entry,
    folder: RepositoryPath,
    updates: Vec<RefUpdate>,
    note: Note,
    options: PushOptions,
}

async fn start(
    app: &App,
    head: &Parts,
    entry: Entry,
    request: ReceiveRequest,
    open: Vec<(RefUpdate, ContentRules)>,
    input: Input,
) -> Result<Response> {
    let doer = entry.caller.signed_in()?.clone();
    let folder = entry.folder(app)?;
    let mut options = options(app, head);
    // What pull requests point at is the server's own; git then refuses these references one by one.
    options.config.push(("receive.hideRefs".to_owned(), "refs/pull".to_owned()));
    let inspection = if open.is_empty() {
        None
    } else {
        let (hook, inspection) = hook_below(app)?;
        options.hooks = Some(hook.folder().to_owned());
        Some((hook, inspection))
    };
    let updates: Vec<RefUpdate> = request.commands.iter().map(update).collect();
    let note = if entry.is_wiki {
        Note::default()
    } else {
        push_journal::note(&app.forge, &doer, &entry.found.repo, &updates).await?
    };
    let reader = ReportReader::new(&request);
    // They say how a repository starts, so they count only for its first push.
    let starts = entry.found.repo.is_empty && !entry.is_wiki && entry.found.permission.is_admin();
    let push_options = if starts { PushOptions::read(&request.push_options) } else { PushOptions::default() };
    let whole = Cursor::new(request.replay).chain(input);
    let stream = app.forge.git.receive_pack(folder.as_path(), &options, whole).or_git()?;
    let (sender, receiver) = mpsc::channel(4);
    let push = Push { app: app.clone(), doer, entry, folder, updates, note, options: push_options };
    let (hook, inspecting) = match inspection {
        Some((hook, inspection)) => {
            (Some(hook), Some(tokio::spawn(inspect(push.folder.clone(), open, inspection))))
        }
        None => (None, None),
    };
    // Of its own: when the client hangs up, what git did by then is still recorded.
    tokio::spawn(async move {
        push.run(stream, reader, sender).await;
        // Git has ended: nobody asks any more.
        if let Some(inspecting) = inspecting {
            inspecting.abort();
        }
        drop(hook);
    });
    let output = unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|bytes| (Ok::<Bytes, std::io::Error>(bytes), receiver))
    });
    Ok(git_answer(Service::ReceivePack, "result", Body::from_stream(output)))
}

/// A hook for one push, beside the shared ones.
fn hook_below(app: &App) -> Result<(InspectionHook, Inspection)> {
    let parent = app.forge.settings.server.app_data_path.join("oolong-hooks");
    InspectionHook::make(&parent).or_git()
}

fn update(command: &RefCommand) -> RefUpdate {
    let some = |id: oolong_git::ObjectId| (!id.is_zero()).then_some(id);
    RefUpdate { ref_name: command.reference.clone(), old: some(command.old), new: some(command.new) }
}

impl Push {
    async fn run(self, mut stream: ProcessStream, mut reader: ReportReader, sender: mpsc::Sender<Bytes>) {
        let listening = pass_on(&mut stream, &mut reader, &sender).await;
        let ended = if listening { stream.finish().await } else { stream.kill().await };
        match ended {
            Ok(exit) if !exit.status.success() && listening => {
                tracing::warn!(status = %exit.status, stderr = exit.stderr.trim(), "git receive-pack failed");
            }
            Ok(_) => {}
            Err(error) => tracing::error!(%error, "git receive-pack could not be waited for"),
        }
        let mut messages = Vec::new();
        if let Err(error) = self.settle(&reader).await {
            tracing::error!(?error, "a push could not be recorded; it will be at the next start");
            messages.push(
                "Your push is stored, but the server could not take note of it everywhere yet.".to_owned(),
            );
        }
        // An error means that the client has gone, which is its right.
        let _ = sender.send(reader.finish(&messages).into()).await;
    }

    /// Records what git accepted: as its report says, or where there is none, as the repository shows.
    async fn settle(self, reader: &ReportReader) -> Result<()> {
        if self.entry.is_wiki {
            return Ok(());
        }
        let forge = &self.app.forge;
        let accepted = match reader.accepted() {
            Some(references) => {
                let references: HashSet<&str> = references.iter().map(String::as_str).collect();
                self.updates
                    .iter()
                    .filter(|update| references.contains(update.ref_name.as_str()))
                    .cloned()
                    .collect()
            }
            None => push_journal::seen_on_disk(forge, &self.folder, &self.updates).await?,
        };
        let found = &self.entry.found;
        push_journal::settle(forge, &self.doer, &found.repo, &found.owner, &accepted, self.note).await?;
        if self.options == PushOptions::default() || accepted.is_empty() {
            return Ok(());
        }
        let PushOptions { private, template } = self.options;
        let edit = RepositoryEdit { private, template, ..RepositoryEdit::default() };
        // As it is after the push: the row of before knows neither its branches nor its size.
        match repositories::find_with_owner(forge.db.read(), RepoId(found.repo.id)).await? {
            Some((repo, owner)) => {
                repository_settings::edit(forge, &self.doer, &repo, &owner, edit).await.map(drop)
            }
            None => Ok(()),
        }
    }
}

/// Passes git's answer on until it ends (true) or the client hangs up (false).
async fn pass_on(
    stream: &mut ProcessStream,
    reader: &mut ReportReader,
    sender: &mpsc::Sender<Bytes>,
) -> bool {
    let mut buffer = vec![0; 32 * 1024];
    loop {
        let read = tokio::select! {
            () = sender.closed() => return false,
            read = stream.read(&mut buffer) => read,
        };
        match read {
            Ok(0) | Err(_) => return true,
            Ok(read) => {
                let bytes = reader.pass(&buffer[..read]);
                if !bytes.is_empty() && sender.send(bytes.into()).await.is_err() {
                    return false;
                }
            }
        }
    }
}
