//! One row of `protected_branch`, read as rules.

use oolong_db::entity::protected_branch;

use super::{Pattern, Pusher};

/// A branch protection rule.
#[derive(Clone, Debug)]
pub struct BranchRule {
    /// The stored row.
    pub row: protected_branch::Model,
    pattern: Pattern,
}

/// Whether a stored JSON list of ids names `id`. What cannot be read names nobody.
pub(super) fn names(list: &str, id: i64) -> bool {
    serde_json::from_str::<Option<Vec<i64>>>(list).ok().flatten().is_some_and(|ids| ids.contains(&id))
}

impl BranchRule {
    /// Rules in the order they are asked: by priority, plain names before patterns, older before newer.
    pub(super) fn sorted(rows: Vec<protected_branch::Model>) -> Vec<Self> {
        let mut rules: Vec<Self> = rows.into_iter().map(Self::new).collect();
        rules.sort_by_key(|rule| (rule.row.priority, !rule.pattern.is_plain(), rule.row.created_unix));
        rules
    }

    /// Reads a row.
    pub fn new(row: protected_branch::Model) -> Self {
        Self { pattern: Pattern::of_branches(&row.branch_name), row }
    }

    /// Whether it guards a branch.
    pub fn fits(&self, branch: &str) -> bool {
        self.pattern.fits(branch)
    }

    /// Whether it names one branch rather than a pattern.
    pub fn is_plain(&self) -> bool {
        self.pattern.is_plain()
    }

    /// Whether an ordinary push is allowed.
    pub fn may_push(&self, pusher: &Pusher<'_>, teams: &[i64]) -> bool {
        let row = &self.row;
        if !row.can_push {
            return false;
        }
        match (row.enable_whitelist, pusher.deploy_key) {
            (false, _) => pusher.can_write_code(),
            (true, Some(_)) => row.whitelist_deploy_keys,
            (true, None) => listed(&row.whitelist_user_i_ds, &row.whitelist_team_i_ds, pusher.user.id, teams),
        }
    }

    /// Whether a push that drops commits is allowed.
    pub fn may_force_push(&self, pusher: &Pusher<'_>, teams: &[i64]) -> bool {
        let row = &self.row;
        if !row.can_force_push || !self.may_push(pusher, teams) {
            return false;
        }
        match (row.enable_force_push_allowlist, pusher.deploy_key) {
            (false, _) => true,
            (true, Some(_)) => row.force_push_allowlist_deploy_keys,
            (true, None) => listed(
                &row.force_push_allowlist_user_i_ds,
                &row.force_push_allowlist_team_i_ds,
                pusher.user.id,
                teams,
            ),
        }
    }

    /// Whether merging a pull request into the branch is allowed to the person.
    pub fn may_merge(&self, pusher: &Pusher<'_>, teams: &[i64]) -> bool {
        if !self.row.enable_merge_whitelist {
            return pusher.can_write_code();
        }
        listed(
            &self.row.merge_whitelist_user_i_ds,
            &self.row.merge_whitelist_team_i_ds,
            pusher.user.id,
            teams,
        )
    }
}

fn listed(users: &str, team_list: &str, user: i64, teams: &[i64]) -> bool {
    names(users, user) || teams.iter().any(|team| names(team_list, *team))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_as_gitea_writes_them() {
        assert!(names("[1,2]", 2));
        for none in ["null", "", "[]", "nonsense", "[3]"] {
            assert!(!names(none, 2), "{none:?}");
        }
    }

    #[test]
    fn plain_names_come_before_patterns_of_the_same_priority() {
        let row = |name: &str, priority, created_unix| protected_branch::Model {
            branch_name: name.to_owned(),
            priority,
            created_unix,
            ..Default::default()
        };
        let sorted = BranchRule::sorted(vec![row("*", 1, 1), row("main", 1, 2), row("rel", 0, 9)]);
        let order: Vec<&str> = sorted.iter().map(|rule| rule.row.branch_name.as_str()).collect();
        assert_eq!(order, ["rel", "main", "*"]);
    }
}
