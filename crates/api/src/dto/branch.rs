//! `Branch`.

use oolong_core::Unit;
use oolong_forge::commits::{Authors, CommitView};
use oolong_forge::ref_rules::{Pusher, RefRules};
use oolong_http::RepoAccess;
use serde::Serialize;

use super::commit::PayloadCommit;
use super::links::RepoLinks;

/// Gitea's `Branch`.
#[derive(Clone, Debug, Serialize)]
pub struct Branch {
    name: String,
    commit: PayloadCommit,
    protected: bool,
    required_approvals: i64,
    enable_status_check: bool,
    status_check_contexts: Option<Vec<String>>,
    user_can_push: bool,
    user_can_merge: bool,
    effective_branch_protection_name: String,
}

impl Branch {
    /// A branch as the caller sees it, with the rule that guards it.
    pub fn new(
        links: &RepoLinks,
        access: &RepoAccess,
        rules: &RefRules,
        name: &str,
        newest: &CommitView,
        authors: &Authors,
    ) -> Self {
        let commit = PayloadCommit::new(links, newest, authors);
        let person = access.caller.user();
        let pusher = person.map(|user| Pusher { user, permission: &access.permission, deploy_key: None });
        let Some(rule) = rules.branch_rule(name) else {
            let may_write = person.is_some() && access.permission.can_write(Unit::Code);
            return Self {
                name: name.to_owned(),
                commit,
                protected: false,
                required_approvals: 0,
                enable_status_check: false,
                status_check_contexts: Some(Vec::new()),
                user_can_push: may_write,
                user_can_merge: may_write,
                effective_branch_protection_name: String::new(),
            };
        };
        let is_admin = person.is_some() && access.permission.is_admin();
        Self {
            name: name.to_owned(),
            commit,
            protected: true,
            required_approvals: rule.row.required_approvals,
            enable_status_check: rule.row.enable_status_check,
            status_check_contexts: serde_json::from_str(&rule.row.status_check_contexts).unwrap_or_default(),
            user_can_push: pusher.as_ref().is_some_and(|pusher| rule.may_push(pusher, rules.teams())),
            user_can_merge: pusher.as_ref().is_some_and(|pusher| rule.may_merge(pusher, rules.teams())),
            effective_branch_protection_name: if is_admin {
                rule.row.branch_name.clone()
            } else {
                String::new()
            },
        }
    }
}
