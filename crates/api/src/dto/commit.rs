//! `Commit`, and what is inside it.

use oolong_config::Settings;
use oolong_forge::commits::{Authors, CommitView};
use oolong_forge::git::rfc3339;
use oolong_git::{Commit as GitCommit, ObjectId, Signature, SignedPayload};
use serde::Serialize;

use super::links::RepoLinks;
use super::time::ZERO;
use super::user::User;

/// Gitea's `CommitMeta`.
#[derive(Clone, Debug, Serialize)]
pub struct CommitMeta {
    url: String,
    sha: String,
    created: String,
}

impl CommitMeta {
    /// An object with the time that Gitea shows for it.
    pub fn new(url: String, sha: ObjectId, created: String) -> Self {
        Self { url, sha: sha.to_string(), created }
    }

    /// A parent: Gitea does not load its time.
    pub fn parent(links: &RepoLinks, id: ObjectId) -> Self {
        Self::new(links.commit(id), id, ZERO.to_owned())
    }
}

/// Gitea's `CommitUser`.
#[derive(Clone, Debug, Serialize)]
pub struct CommitUser {
    name: String,
    email: String,
    date: String,
}

impl CommitUser {
    /// An author, committer or tagger.
    pub fn new(signature: &Signature) -> Self {
        Self { name: signature.name.clone(), email: signature.email.clone(), date: rfc3339(signature.when) }
    }
}

/// Gitea's `PayloadCommitVerification`.
#[derive(Clone, Debug, Serialize)]
pub struct Verification {
    verified: bool,
    reason: &'static str,
    signature: String,
    signer: Option<()>,
    payload: String,
}

impl Verification {
    /// What is known of a signature. Keys to verify with are not kept yet, so none is verified.
    pub fn new(signature: Option<&SignedPayload>) -> Self {
        let (reason, signature, payload) = match signature {
            None => ("gpg.error.not_signed_commit", String::new(), String::new()),
            Some(signed) => ("gpg.error.no_gpg_keys_found", signed.signature.clone(), signed.payload.clone()),
        };
        Self { verified: false, reason, signature, signer: None, payload }
    }
}

/// Gitea's `RepoCommit`.
#[derive(Clone, Debug, Serialize)]
pub struct RepoCommit {
    url: String,
    author: CommitUser,
    committer: CommitUser,
    message: String,
    tree: CommitMeta,
    verification: Option<Verification>,
}

/// Gitea's `CommitAffectedFiles`.
#[derive(Clone, Debug, Serialize)]
pub struct CommitAffectedFile {
    filename: String,
    status: &'static str,
}

/// Gitea's `CommitStats`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct CommitStats {
    total: usize,
    additions: usize,
    deletions: usize,
}

/// Gitea's `Commit`.
#[derive(Clone, Debug, Serialize)]
pub struct Commit {
    url: String,
    sha: String,
    created: String,
    html_url: String,
    commit: RepoCommit,
    author: Option<User>,
    committer: Option<User>,
    parents: Vec<CommitMeta>,
    files: Option<Vec<CommitAffectedFile>>,
    stats: Option<CommitStats>,
}

impl Commit {
    /// A commit with the accounts behind its addresses.
    pub fn new(settings: &Settings, links: &RepoLinks, view: &CommitView, authors: &Authors) -> Self {
        let GitCommit { id, parents, author, committer, message, .. } = &view.commit;
        let created = rfc3339(committer.when);
        let account =
            |signature: &Signature| authors.get(&signature.email).map(|user| User::stranger(settings, user));
        let details = view.details.as_deref();
        Self {
            url: links.commit(*id),
            sha: id.to_string(),
            created: created.clone(),
            html_url: links.commit_page(*id),
            commit: RepoCommit {
                url: links.commit(*id),
                author: CommitUser::new(author),
                committer: CommitUser::new(committer),
                message: message.clone(),
                // Gitea names the commit here, not its tree.
                tree: CommitMeta::new(links.tree(*id), *id, created),
                verification: view.parts.verification.then(|| Verification::new(view.signature.as_ref())),
            },
            author: account(author),
            committer: account(committer),
            parents: parents.iter().map(|parent| CommitMeta::parent(links, *parent)).collect(),
            files: details.filter(|_| view.parts.files).map(|details| {
                let file = |file: &oolong_git::CommitFile| CommitAffectedFile {
                    filename: file.filename.clone(),
                    status: file.status.name(),
                };
                details.files.iter().map(file).collect()
            }),
            stats: details.filter(|_| view.parts.stat).map(|details| CommitStats {
                total: details.stats.total(),
                additions: details.stats.additions,
                deletions: details.stats.deletions,
            }),
        }
    }

    /// Several commits.
    pub fn list(
        settings: &Settings,
        links: &RepoLinks,
        views: &[CommitView],
        authors: &Authors,
    ) -> Vec<Self> {
        views.iter().map(|view| Self::new(settings, links, view, authors)).collect()
    }
}

/// Gitea's `PayloadUser`.
#[derive(Clone, Debug, Serialize)]
struct PayloadUser {
    name: String,
    email: String,
    username: String,
}

/// Gitea's `PayloadCommit`: the newest commit of a branch.
#[derive(Clone, Debug, Serialize)]
pub struct PayloadCommit {
    id: String,
    message: String,
    url: String,
    author: PayloadUser,
    committer: PayloadUser,
    verification: Verification,
    timestamp: String,
    added: Option<()>,
    removed: Option<()>,
    modified: Option<()>,
}

impl PayloadCommit {
    /// A commit with the accounts behind its addresses.
    pub fn new(links: &RepoLinks, view: &CommitView, authors: &Authors) -> Self {
        let commit = &view.commit;
        let person = |signature: &Signature| PayloadUser {
            name: signature.name.clone(),
            email: signature.email.clone(),
            username: authors.get(&signature.email).map(|user| user.name.clone()).unwrap_or_default(),
        };
        Self {
            id: commit.id.to_string(),
            message: commit.message.clone(),
            url: links.commit_page(commit.id),
            author: person(&commit.author),
            committer: person(&commit.committer),
            verification: Verification::new(view.signature.as_ref()),
            timestamp: rfc3339(commit.author.when),
            added: None,
            removed: None,
            modified: None,
        }
    }
}

/// Gitea's `FileCommitResponse`: a commit just made.
#[derive(Clone, Debug, Serialize)]
pub struct FileCommit {
    url: String,
    sha: String,
    created: &'static str,
    html_url: String,
    author: CommitUser,
    committer: CommitUser,
    parents: Vec<CommitMeta>,
    message: String,
    tree: CommitMeta,
}

impl FileCommit {
    /// A commit just made. Gitea leaves out the times of the objects.
    pub fn new(links: &RepoLinks, commit: &GitCommit) -> Self {
        Self {
            url: links.commit(commit.id),
            sha: commit.id.to_string(),
            created: ZERO,
            html_url: links.commit_page(commit.id),
            author: CommitUser::new(&commit.author),
            committer: CommitUser::new(&commit.committer),
            parents: commit.parents.iter().map(|parent| CommitMeta::parent(links, *parent)).collect(),
            message: commit.message.clone(),
            tree: CommitMeta::new(links.tree(commit.tree), commit.tree, ZERO.to_owned()),
        }
    }
}

/// Gitea's `Compare`.
#[derive(Clone, Debug, Serialize)]
pub struct Compare {
    /// How many commits the head has and the base has not.
    pub total_commits: usize,
    /// Those commits.
    pub commits: Vec<Commit>,
}

/// Gitea's `Note`.
#[derive(Clone, Debug, Serialize)]
pub struct Note {
    /// The text.
    pub message: String,
    /// The commit that wrote it.
    pub commit: Commit,
}
