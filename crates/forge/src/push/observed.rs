//! What a push did, seen in the repository: read once, in one go, beside the async threads.

use std::collections::HashMap;

use oolong_git::{Commit, Error, LogQuery, ObjectId, ObjectKind, Repo, RepositoryPath, Result, Slice};

use super::RefUpdate;
use super::feed::FeedCommit;

/// What a push did, and how the repository is afterwards.
#[derive(Debug, Default)]
pub(super) struct Observed {
    /// The branches that moved.
    pub(super) branches: Vec<SeenBranch>,
    /// The tags that moved.
    pub(super) tags: Vec<SeenTag>,
    /// The branches that did not move, if they were asked for.
    pub(super) at_rest: Vec<SeenBranch>,
    /// The names of every branch there is now.
    pub(super) names: Vec<String>,
    /// Bytes on disk.
    pub(super) size: u64,
}

/// A branch that moved.
#[derive(Debug, Default)]
pub(super) struct SeenBranch {
    pub(super) name: String,
    pub(super) old: Option<ObjectId>,
    pub(super) new: Option<ObjectId>,
    /// The newest commit's first line.
    pub(super) summary: String,
    /// When the newest commit was made.
    pub(super) commit_time: i64,
    /// The newest commit.
    pub(super) head: Option<FeedCommit>,
    /// What the push brought, newest first, cut to what feeds show.
    pub(super) commits: Vec<FeedCommit>,
    /// How many commits the push brought.
    pub(super) total: usize,
    /// Of a new branch: where it left what was there before.
    pub(super) fork_point: Option<ObjectId>,
}

/// A tag that moved.
#[derive(Debug, Default)]
pub(super) struct SeenTag {
    pub(super) name: String,
    pub(super) old: Option<ObjectId>,
    pub(super) new: Option<ObjectId>,
    /// The commit it leads to; tags of other objects have none.
    pub(super) commit: Option<ObjectId>,
    pub(super) head: Option<FeedCommit>,
    /// The tag's message, or the commit's.
    pub(super) message: String,
    /// When it was tagged or committed.
    pub(super) created: i64,
}

/// How many commits of a new branch are looked at.
const NEW_BRANCH_LIMIT: usize = 10;

impl Observed {
    pub(super) fn look(
        path: &RepositoryPath,
        updates: Vec<RefUpdate>,
        feed_limit: usize,
        scan: bool,
    ) -> Result<Self> {
        let size = path.disk_size()?;
        let repo = match path.open() {
            Ok(repo) => repo,
            // libgit2 cannot read SHA-256: the rows then know the names alone.
            Err(Error::Unsupported(_)) => return Ok(Self::unread(updates, size)),
            Err(error) => return Err(error),
        };
        repo.update_server_info()?;
        let tips: HashMap<String, ObjectId> = repo
            .references("refs/heads/")?
            .into_iter()
            .map(|reference| (reference.name["refs/heads/".len()..].to_owned(), reference.target))
            .collect();
        let mut observed = Self { size, ..Default::default() };
        for update in updates {
            if let Some(name) = update.branch_name() {
                observed.branches.push(see_branch(&repo, name, &update, &tips, feed_limit)?);
            } else if let Some(name) = update.tag_name() {
                observed.tags.push(see_tag(&repo, name, &update)?);
            }
        }
        for (name, tip) in tips {
            if scan && !observed.branches.iter().any(|branch| branch.name == name) {
                observed.at_rest.push(at_rest(&repo, name.clone(), tip)?);
            }
            observed.names.push(name);
        }
        observed.names.sort_unstable();
        Ok(observed)
    }

    fn unread(updates: Vec<RefUpdate>, size: u64) -> Self {
        let mut observed = Self { size, ..Default::default() };
        for update in updates {
            let (old, new) = (update.old, update.new);
            if let Some(name) = update.branch_name().map(str::to_owned) {
                if new.is_some() {
                    observed.names.push(name.clone());
                }
                observed.branches.push(SeenBranch { name, old, new, ..Default::default() });
            } else if let Some(name) = update.tag_name().map(str::to_owned) {
                observed.tags.push(SeenTag { name, old, new, ..Default::default() });
            }
        }
        observed
    }
}

/// A branch that did not move.
fn at_rest(repo: &Repo, name: String, tip: ObjectId) -> Result<SeenBranch> {
    let commit = repo.commit(tip)?;
    Ok(SeenBranch {
        name,
        new: Some(tip),
        summary: commit.summary().to_owned(),
        commit_time: commit.committer.when.seconds,
        ..Default::default()
    })
}

fn see_branch(
    repo: &Repo,
    name: &str,
    update: &RefUpdate,
    tips: &HashMap<String, ObjectId>,
    feed_limit: usize,
) -> Result<SeenBranch> {
    let Some(new) = update.new else {
        return Ok(SeenBranch { name: name.to_owned(), old: update.old, ..Default::default() });
    };
    let head = repo.commit(new)?;
    let exclude = match update.old {
        // After a forced push the old commit may be gone, if something collected garbage meanwhile.
        Some(old) if repo.has_object(old)? => vec![old],
        Some(_) => Vec::new(),
        None => tips.iter().filter(|(other, _)| *other != name).map(|(_, tip)| *tip).collect(),
    };
    let limit = if update.old.is_none() { NEW_BRANCH_LIMIT } else { feed_limit };
    let log = repo.log(&LogQuery { exclude, ..LogQuery::from(new) }, Slice { skip: 0, limit })?;
    let (fork_point, total) = match update.old {
        Some(_) => (None, log.total),
        None => (log.items.last().and_then(|oldest| oldest.parents.first().copied()), log.items.len()),
    };
    Ok(SeenBranch {
        name: name.to_owned(),
        old: update.old,
        new: Some(new),
        summary: head.summary().to_owned(),
        commit_time: head.committer.when.seconds,
        commits: log.items.iter().take(feed_limit).map(FeedCommit::new).collect(),
        head: Some(FeedCommit::new(&head)),
        total,
        fork_point,
    })
}

fn see_tag(repo: &Repo, name: &str, update: &RefUpdate) -> Result<SeenTag> {
    let mut seen = SeenTag { name: name.to_owned(), old: update.old, new: update.new, ..Default::default() };
    let Some(new) = update.new else { return Ok(seen) };
    let commit = match repo.peeled_commit(new) {
        Ok(id) => Some(repo.commit(id)?),
        Err(Error::NotFound { .. }) => None,
        Err(error) => return Err(error),
    };
    seen.commit = commit.as_ref().map(|commit| commit.id);
    seen.head = commit.as_ref().map(FeedCommit::new);
    seen.created = commit.as_ref().map_or(0, |commit: &Commit| commit.author.when.seconds);
    seen.message = commit.map(|commit| commit.message).unwrap_or_default();
    if repo.object_kind(new)? == ObjectKind::Tag {
        let tag = repo.annotated_tag(new)?;
        seen.message = tag.message;
        if let Some(tagger) = tag.tagger {
            seen.created = tagger.when.seconds;
        }
    }
    Ok(seen)
}
