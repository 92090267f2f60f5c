//! No push is forgotten: what a push means to do is noted before git runs, and the note goes in the transaction that
//! records what it did. After a crash, the repository itself says which of the notes came true.

use std::collections::HashMap;

use oolong_core::{RepoId, Result, UserId};
use oolong_db::entity::{oolong_push, repository, user};
use oolong_db::{Classify, pushes, repositories, users};
use oolong_git::{ObjectFormat, ObjectId, RepositoryPath};

use crate::git::GitResultExt as _;
use crate::push::{self, RefUpdate};
use crate::{Forge, git};

/// What was noted of a push.
#[derive(Clone, Debug, Default)]
#[must_use = "a note that is not settled is looked into at the next start"]
pub struct Note {
    rows: Vec<i64>,
}

/// How old a note must be before another process's push cannot be behind it any more.
const ABANDONED: i64 = 24 * 60 * 60;

/// How many notes are looked into at a time.
const BATCH: u64 = 1000;

/// Notes what a push is about to do. Only then git may run.
pub async fn note(
    forge: &Forge,
    doer: &user::Model,
    repo: &repository::Model,
    updates: &[RefUpdate],
) -> Result<Note> {
    let mut note = Note::default();
    let now = forge.clock.now();
    let transaction = forge.db.begin().await?;
    for update in
        updates.iter().filter(|update| update.branch_name().is_some() || update.tag_name().is_some())
    {
        let (old, new) = (text(update.old), text(update.new));
        let change = (update.ref_name.as_str(), old.as_str(), new.as_str());
        note.rows.push(pushes::insert(&transaction, RepoId(repo.id), doer.user_id(), change, now).await?);
    }
    transaction.commit().await.classify()?;
    Ok(note)
}

/// Records what a push did; the note goes with it. On an error it stays, and is looked into at the next start.
pub async fn settle(
    forge: &Forge,
    doer: &user::Model,
    repo: &repository::Model,
    owner: &user::Model,
    accepted: &[RefUpdate],
    note: Note,
) -> Result<()> {
    push::record_noted(forge, doer, repo, owner, accepted, &note.rows).await
}

/// Which of these updates the repository shows: the reference is where the update wanted it.
pub async fn seen_on_disk(
    forge: &Forge,
    path: &RepositoryPath,
    updates: &[RefUpdate],
) -> Result<Vec<RefUpdate>> {
    let format = ObjectFormat::Sha256;
    let is_sha256 = updates
        .iter()
        .any(|update| [update.old, update.new].into_iter().flatten().any(|id| id.format() == format));
    let places = if is_sha256 { listed_by_git(forge, path).await? } else { looked_up(path, updates).await? };
    let came_true = |update: &&RefUpdate| places.get(&update.ref_name).copied() == update.new;
    Ok(updates.iter().filter(came_true).cloned().collect())
}

async fn looked_up(path: &RepositoryPath, updates: &[RefUpdate]) -> Result<HashMap<String, ObjectId>> {
    let names: Vec<String> = updates.iter().map(|update| update.ref_name.clone()).collect();
    git::read(path.clone(), move |repo| {
        let mut places = HashMap::new();
        for name in names {
            if let Some(id) = repo.reference_target(&name)? {
                places.insert(name, id);
            }
        }
        Ok(places)
    })
    .await
}

/// libgit2 does not read SHA-256 repositories, git does.
async fn listed_by_git(forge: &Forge, path: &RepositoryPath) -> Result<HashMap<String, ObjectId>> {
    let arguments = ["for-each-ref", "--format=%(objectname) %(refname)"];
    let output = forge.git.run(path.as_path(), &arguments).await.or_git()?;
    let text = String::from_utf8_lossy(&output);
    let place = |line: &str| {
        let (id, name) = line.split_once(' ')?;
        Some((name.to_owned(), ObjectId::from_hex(id.as_bytes())?))
    };
    Ok(text.lines().filter_map(place).collect())
}

/// Makes up for what a crash left: records every noted push that git accepted, and drops the notes of the others.
/// To be called at the start, before requests are served.
pub async fn reconcile(forge: &Forge) -> Result<()> {
    let mut after = 0;
    loop {
        let rows = pushes::list_pending(forge.db.read(), after, BATCH).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.id;
        let same_push = |a: &oolong_push::Model, b: &oolong_push::Model| {
            (a.repo_id, a.pusher_id, a.created_unix) == (b.repo_id, b.pusher_id, b.created_unix)
        };
        for push in rows.chunk_by(same_push) {
            // One push that cannot be made up for must not keep the server from starting.
            if let Err(error) = reconcile_push(forge, push).await {
                tracing::error!(
                    repo = push[0].repo_id,
                    ?error,
                    "a push from before the start could not be recorded"
                );
            }
        }
    }
}

async fn reconcile_push(forge: &Forge, rows: &[oolong_push::Model]) -> Result<()> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let connection = forge.db.read();
    let found = repositories::find_with_owner(connection, RepoId(rows[0].repo_id)).await?;
    let doer = users::find(connection, UserId(rows[0].pusher_id)).await?;
    let (Some((repo, owner)), Some(doer)) = (found, doer) else {
        // Repository or pusher are gone, and what followed from their pushes with them.
        return pushes::take(forge.db.write(), &ids).await.map(drop);
    };
    let updates: Vec<RefUpdate> = rows
        .iter()
        .map(|row| RefUpdate { ref_name: row.ref_name.clone(), old: id(&row.old_oid), new: id(&row.new_oid) })
        .collect();
    let path = forge.repository_path(&owner.name, &repo.name)?;
    let accepted = if path.exists() { seen_on_disk(forge, &path, &updates).await? } else { Vec::new() };
    if accepted.is_empty() && !is_abandoned(forge, &rows[0]) {
        // Another process may be at it this very moment.
        return Ok(());
    }
    if !accepted.is_empty() {
        tracing::info!(repo = repo.id, references = accepted.len(), "recording a push from before the start");
    }
    push::record_noted(forge, &doer, &repo, &owner, &accepted, &ids).await
}

/// Whether nobody can be at a push any more. An SQLite database has one process, and that one is just starting.
fn is_abandoned(forge: &Forge, row: &oolong_push::Model) -> bool {
    forge.settings.database.db_type == oolong_config::DbType::Sqlite
        || forge.clock.now().0 - row.created_unix > ABANDONED
}

fn text(id: Option<ObjectId>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

fn id(text: &str) -> Option<ObjectId> {
    ObjectId::from_hex(text.as_bytes()).filter(|id| !id.is_zero())
}
