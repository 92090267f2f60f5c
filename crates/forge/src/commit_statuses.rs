//! What checks report for commits, one by one and combined.

use oolong_core::{Error, RepoId, Result};
use oolong_db::entity::{commit_status, commit_status_summary, repository, user};
use oolong_db::{Classify, commit_statuses};
use oolong_git::ObjectId;
use sha1::{Digest, Sha1};

use crate::Forge;

/// A report to make.
#[derive(Clone, Debug)]
pub struct NewStatus {
    /// pending, success, error, failure, warning or skipped.
    pub state: String,
    /// Where the details are.
    pub target_url: String,
    /// A sentence.
    pub description: String,
    /// Which check it is of.
    pub context: String,
}

/// The states there are.
pub const STATES: [&str; 6] = ["pending", "success", "error", "failure", "warning", "skipped"];

/// The combined state of the latest report of each context.
pub fn combine(latest: &[commit_status::Model]) -> &'static str {
    let state = |row: &commit_status::Model| {
        STATES.into_iter().find(|state| *state == row.state).unwrap_or("pending")
    };
    if latest.iter().any(|row| matches!(state(row), "error" | "failure" | "warning")) {
        return "failure";
    }
    let all_done = !latest.is_empty() && latest.iter().all(|row| matches!(state(row), "success" | "skipped"));
    if all_done { "success" } else { "pending" }
}

/// Stores a report for a commit, and what follows from all of them.
pub async fn create(
    forge: &Forge,
    creator: &user::Model,
    repo: &repository::Model,
    commit: ObjectId,
    new: NewStatus,
) -> Result<commit_status::Model> {
    if !STATES.contains(&new.state.as_str()) {
        return Err(Error::invalid(format!("state: one of {}, not {:?}", STATES.join(", "), new.state)));
    }
    let now = forge.clock.now();
    let sha = commit.to_string();
    let transaction = forge.db.begin().await?;
    let index = commit_statuses::next_index(&transaction, RepoId(repo.id), &sha).await?;
    let row = commit_status::Model {
        index,
        repo_id: repo.id,
        state: new.state,
        sha: sha.clone(),
        target_url: new.target_url,
        description: new.description.trim().to_owned(),
        context_hash: context_hash(new.context.trim()),
        context: new.context.trim().to_owned(),
        creator_id: creator.id,
        created_unix: now.0,
        updated_unix: now.0,
        ..Default::default()
    };
    let row = commit_statuses::insert(&transaction, row).await?;
    let latest = commit_statuses::list_latest(&transaction, RepoId(repo.id), &sha).await?;
    let summary = commit_status_summary::Model {
        repo_id: repo.id,
        sha,
        state: combine(&latest).to_owned(),
        target_url: row.target_url.clone(),
        ..Default::default()
    };
    commit_statuses::write_summary(&transaction, summary).await?;
    transaction.commit().await.classify()?;
    Ok(row)
}

/// Gitea's key for a context.
fn context_hash(context: &str) -> String {
    hex::encode(Sha1::digest(context.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_combine_as_in_gitea() {
        let row = |state: &str| commit_status::Model { state: state.to_owned(), ..Default::default() };
        let combined = |states: &[&str]| combine(&states.iter().map(|state| row(state)).collect::<Vec<_>>());
        assert_eq!(combined(&[]), "pending");
        assert_eq!(combined(&["success", "skipped"]), "success");
        assert_eq!(combined(&["success", "pending"]), "pending");
        assert_eq!(combined(&["success", "warning"]), "failure");
        assert_eq!(context_hash("ci/build"), "3b86e4076bfd0d0ae826f2c605a94c19181d95b3");
    }
}
