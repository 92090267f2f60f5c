//! `CommitStatus` and `CombinedStatus`.

use oolong_config::Settings;
use oolong_db::entity::{commit_status, user};
use serde::Serialize;

use super::links::RepoLinks;
use super::repository::Repository;
use super::time::time;
use super::user::User;

/// Gitea's `CommitStatus`.
#[derive(Clone, Debug, Serialize)]
pub struct CommitStatus {
    id: i64,
    status: String,
    target_url: String,
    description: String,
    url: String,
    context: String,
    creator: Option<User>,
    created_at: String,
    updated_at: String,
}

impl CommitStatus {
    /// A report, with the account that made it.
    pub fn new(
        settings: &Settings,
        links: &RepoLinks,
        row: &commit_status::Model,
        creator: Option<&user::Model>,
    ) -> Self {
        Self {
            // Gitea shows the number among the commit's reports, not the row's.
            id: row.index,
            status: row.state.clone(),
            target_url: row.target_url.clone(),
            description: row.description.clone(),
            url: format!("{}/statuses/{}", links.api, row.sha),
            context: row.context.clone(),
            creator: creator.map(|creator| User::stranger(settings, creator)),
            created_at: time(row.created_unix),
            updated_at: time(row.updated_unix),
        }
    }

    /// Several reports; `creators` are found by id.
    pub fn list(
        settings: &Settings,
        links: &RepoLinks,
        rows: &[commit_status::Model],
        creators: &[user::Model],
    ) -> Vec<Self> {
        let creator = |id: i64| creators.iter().find(|user| user.id == id);
        rows.iter().map(|row| Self::new(settings, links, row, creator(row.creator_id))).collect()
    }
}

/// Gitea's `CombinedStatus`.
#[derive(Clone, Debug, Serialize)]
pub struct CombinedStatus {
    state: &'static str,
    sha: String,
    total_count: usize,
    statuses: Option<Vec<CommitStatus>>,
    repository: Repository,
    commit_url: String,
    url: String,
}

impl CombinedStatus {
    /// The latest reports of a commit, combined.
    pub fn new(
        links: &RepoLinks,
        sha: String,
        state: &'static str,
        total: usize,
        statuses: Vec<CommitStatus>,
        repository: Repository,
    ) -> Self {
        let commit_url = format!("{}/commits/{sha}", links.api);
        Self {
            state,
            total_count: total,
            statuses: Some(statuses).filter(|statuses| !statuses.is_empty()),
            repository,
            url: format!("{commit_url}/status"),
            commit_url,
            sha,
        }
    }
}
