//! Commits made over the API: files created, changed, moved and deleted, and patches applied.

use oolong_auth::permission::RepoPermission;
use oolong_core::{Error, ErrorKind, Result, UnixSeconds};
use oolong_db::entity::{repository, user};
use oolong_git::{
    ApplyPatch, CommitFiles, CommitOutcome, FileChange, FileOperation, Moment, Repo, Signature,
};

use crate::push::{self, RefUpdate};
use crate::ref_rules::{Pusher, RefRules};
use crate::{Forge, git};

/// A person as a request names them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The address; without one the whole counts as absent.
    pub email: String,
}

/// What every edit says about its commit.
#[derive(Clone, Debug, Default)]
pub struct EditOptions {
    /// The branch to start from; the default branch where it is empty.
    pub branch: String,
    /// The branch to make, if another.
    pub new_branch: String,
    /// Whether the new branch may exist, and then loses what it has.
    pub force: bool,
    /// The message; one that names the files where it is empty.
    pub message: String,
    /// The author, where that is not the doer.
    pub author: Option<Named>,
    /// The committer, where that is not the author.
    pub committer: Option<Named>,
    /// When it was written, where that is not now.
    pub author_date: Option<Moment>,
    /// When it was committed, where that is not now.
    pub committer_date: Option<Moment>,
    /// Whether to sign off.
    pub signoff: bool,
}

/// Where an edit goes, and who makes it.
#[derive(Clone, Copy, Debug)]
pub struct Editing<'a> {
    /// The repository.
    pub repo: &'a repository::Model,
    /// Its owner.
    pub owner: &'a user::Model,
    /// Who edits.
    pub doer: &'a user::Model,
    /// What they may do.
    pub permission: &'a RepoPermission,
}

impl Editing<'_> {
    fn pusher(&self) -> Pusher<'_> {
        Pusher { user: self.doer, permission: self.permission, deploy_key: None }
    }
}

/// An edit with everything filled in.
struct Prepared {
    branch: String,
    new_branch: Option<String>,
    force: bool,
    message: String,
    author: Signature,
    committer: Signature,
    signoff: bool,
}

impl Prepared {
    fn target(&self) -> &str {
        self.new_branch.as_deref().unwrap_or(&self.branch)
    }
}

/// Changes files in one commit.
pub async fn change_files(
    forge: &Forge,
    editing: Editing<'_>,
    options: EditOptions,
    changes: Vec<FileChange>,
) -> Result<CommitOutcome> {
    let mut paths: Vec<String> = changes.iter().map(|change| change.path.clone()).collect();
    paths.extend(changes.iter().filter_map(|change| change.from_path.clone()));
    let message = default_message(&changes);
    let prepared = prepare(forge, editing, options, message);
    check(forge, editing, &prepared, &paths).await?;
    let path = forge.repository_path(&editing.owner.name, &editing.repo.name)?;
    let outcome = git::blocking(move || {
        path.open()?.commit_files(&CommitFiles {
            branch: &prepared.branch,
            new_branch: prepared.new_branch.as_deref(),
            force: prepared.force,
            message: &prepared.message,
            author: prepared.author,
            committer: prepared.committer,
            signoff: prepared.signoff,
            last_commit: None,
            changes,
        })
    })
    .await
    .map_err(refused)?;
    record(forge, editing, &outcome).await?;
    Ok(outcome)
}

/// Applies a patch in one commit.
pub async fn apply_patch(
    forge: &Forge,
    editing: Editing<'_>,
    options: EditOptions,
    patch: String,
) -> Result<CommitOutcome> {
    let prepared = prepare(forge, editing, options, "apply-patch".to_owned());
    let path = forge.repository_path(&editing.owner.name, &editing.repo.name)?;
    let (branch, text) = (prepared.branch.clone(), patch.clone());
    let paths = git::read(path.clone(), move |repo| {
        repo.branch(&branch)?;
        Repo::patch_paths(text.as_bytes())
    })
    .await?;
    check(forge, editing, &prepared, &paths).await?;
    let outcome = git::blocking(move || {
        path.open()?.apply_patch(&ApplyPatch {
            branch: &prepared.branch,
            new_branch: prepared.new_branch.as_deref(),
            force: prepared.force,
            message: &prepared.message,
            author: prepared.author,
            committer: prepared.committer,
            signoff: prepared.signoff,
            patch: patch.as_bytes(),
        })
    })
    .await
    .map_err(refused)?;
    record(forge, editing, &outcome).await?;
    Ok(outcome)
}

async fn check(forge: &Forge, editing: Editing<'_>, prepared: &Prepared, paths: &[String]) -> Result<()> {
    let rules = RefRules::load(forge, Some(editing.doer), editing.repo, editing.owner).await?;
    rules.check_edit(&editing.pusher(), prepared.target(), paths, prepared.force)
}

async fn record(forge: &Forge, editing: Editing<'_>, outcome: &CommitOutcome) -> Result<()> {
    let update = RefUpdate::branch(&outcome.branch, outcome.previous, Some(outcome.commit.id));
    push::record(forge, editing.doer, editing.repo, editing.owner, &[update]).await
}

/// Edits answer 422 where the file or branch is not as the caller thinks.
fn refused(error: Error) -> Error {
    let raced = error.kind() == ErrorKind::Conflict && error.message().ends_with("another writer");
    if error.kind() == ErrorKind::Conflict && !raced { error.with_kind(ErrorKind::Invalid) } else { error }
}

fn prepare(forge: &Forge, editing: Editing<'_>, options: EditOptions, default_message: String) -> Prepared {
    let now = Moment::utc(forge.clock.now().0);
    let branch = if options.branch.is_empty() { editing.repo.default_branch.clone() } else { options.branch };
    let new_branch = Some(options.new_branch).filter(|new| !new.is_empty() && *new != branch);
    let message = if options.message.trim().is_empty() { default_message } else { options.message };
    let named = |person: Option<Named>| person.filter(|person| !person.email.trim().is_empty());
    let (author, committer) = match (named(options.author), named(options.committer)) {
        (Some(author), Some(committer)) => (Some(author), Some(committer)),
        (Some(one), None) | (None, Some(one)) => (Some(one.clone()), Some(one)),
        (None, None) => (None, None),
    };
    let signature = |person: Option<Named>, date: Option<Moment>| match person {
        Some(person) => Signature::new(person.name, person.email, date.unwrap_or(now)),
        None => Signature {
            when: date.unwrap_or(now),
            ..doer_signature(forge, editing.doer, UnixSeconds(now.seconds))
        },
    };
    Prepared {
        author: signature(author, options.author_date),
        committer: signature(committer, options.committer_date),
        force: options.force && new_branch.is_some(),
        branch,
        new_branch,
        message,
        signoff: options.signoff,
    }
}

/// How an account signs commits and tags: with its full name, and with a placeholder where its address is private.
pub fn doer_signature(forge: &Forge, doer: &user::Model, now: UnixSeconds) -> Signature {
    let full_name = doer.full_name.trim();
    let name = if full_name.is_empty() { doer.name.as_str() } else { full_name };
    let email = if doer.keep_email_private {
        format!("{}+{}@{}", doer.id, doer.lower_name, forge.settings.service.no_reply_address)
    } else {
        doer.email.clone()
    };
    Signature::new(name, email, Moment::utc(now.0))
}

fn default_message(changes: &[FileChange]) -> String {
    let named = |verb: &str, fits: fn(FileOperation) -> bool| {
        let paths: Vec<&str> = changes
            .iter()
            .filter(|change| fits(change.operation))
            .map(|change| change.path.as_str())
            .collect();
        (!paths.is_empty()).then(|| format!("{verb} {}", paths.join(", ")))
    };
    let lines = [
        named("Add", |operation| operation == FileOperation::Create),
        named("Update", |operation| {
            matches!(operation, FileOperation::Update | FileOperation::Upload | FileOperation::Rename)
        }),
        named("Delete", |operation| operation == FileOperation::Delete),
    ];
    lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
}
