//! `Activity`.

use std::collections::HashMap;

use oolong_auth::Caller;
use oolong_core::Result;
use oolong_db::entity::{action, user};
use oolong_db::{repository_facts, users};
use oolong_forge::Forge;
use serde::Serialize;

use super::repository::Repository;
use super::time::time;
use super::user::User;

/// Gitea's `Activity`.
#[derive(Clone, Debug, Serialize)]
pub struct Activity {
    id: i64,
    user_id: i64,
    op_type: &'static str,
    act_user_id: i64,
    act_user: User,
    repo_id: i64,
    repo: Repository,
    comment_id: i64,
    comment: Option<()>,
    ref_name: String,
    is_private: bool,
    content: String,
    created: String,
}

/// Gitea's words for `action.op_type`, from 1.
const OPERATIONS: [&str; 27] = [
    "create_repo",
    "rename_repo",
    "star_repo",
    "watch_repo",
    "commit_repo",
    "create_issue",
    "create_pull_request",
    "transfer_repo",
    "push_tag",
    "comment_issue",
    "merge_pull_request",
    "close_issue",
    "reopen_issue",
    "close_pull_request",
    "reopen_pull_request",
    "delete_tag",
    "delete_branch",
    "mirror_sync_push",
    "mirror_sync_create",
    "mirror_sync_delete",
    "approve_pull_request",
    "reject_pull_request",
    "comment_pull",
    "publish_release",
    "pull_review_dismissed",
    "pull_request_ready_for_review",
    "auto_merge_pull_request",
];

fn operation(number: i32) -> &'static str {
    usize::try_from(number)
        .ok()
        .and_then(|number| OPERATIONS.get(number.checked_sub(1)?).copied())
        .unwrap_or_default()
}

impl Activity {
    /// Lines of a feed, which the viewer may see, with the people and repositories they are about.
    pub async fn load_all(forge: &Forge, viewer: &Caller, rows: Vec<action::Model>) -> Result<Vec<Self>> {
        let connection = forge.db.read();
        let distinct = |ids: &mut dyn Iterator<Item = i64>| {
            let mut ids: Vec<i64> = ids.collect();
            ids.sort_unstable();
            ids.dedup();
            ids
        };
        let people =
            users::list_by_ids(connection, distinct(&mut rows.iter().map(|row| row.act_user_id))).await?;
        let people: HashMap<i64, user::Model> =
            people.into_iter().map(|person| (person.id, person)).collect();
        let repos =
            repository_facts::repositories(connection, &distinct(&mut rows.iter().map(|row| row.repo_id)))
                .await?;
        let ids: Vec<i64> = repos.iter().map(|repo| repo.id).collect();
        let shown = Repository::load_all(forge, viewer, repos).await?;
        let repos: HashMap<i64, Repository> = ids.into_iter().zip(shown).collect();
        let lines = rows.into_iter().filter_map(|row| {
            Some(Self {
                id: row.id,
                user_id: row.user_id,
                op_type: operation(row.op_type),
                act_user_id: row.act_user_id,
                act_user: User::new(&forge.settings, people.get(&row.act_user_id)?, viewer),
                repo_id: row.repo_id,
                repo: repos.get(&row.repo_id)?.clone(),
                comment_id: row.comment_id,
                comment: None,
                ref_name: row.ref_name,
                is_private: row.is_private,
                content: row.content,
                created: time(row.created_unix),
            })
        });
        Ok(lines.collect())
    }
}
