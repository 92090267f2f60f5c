//! What `repo_unit.config` holds: Gitea's JSON, with the values that Gitea assumes where a field is missing.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::entity::repo_unit;

/// The configuration of the issues unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct IssuesConfig {
    /// Whether time can be tracked.
    pub enable_timetracker: bool,
    /// Whether only contributors track time.
    pub allow_only_contributors_to_track_time: bool,
    /// Whether issues can depend on each other.
    pub enable_dependencies: bool,
}

impl Default for IssuesConfig {
    fn default() -> Self {
        Self {
            enable_timetracker: true,
            allow_only_contributors_to_track_time: true,
            enable_dependencies: true,
        }
    }
}

/// The configuration of the pull requests unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PullsConfig {
    /// Whether conflicts in white space alone are none.
    pub ignore_whitespace_conflicts: bool,
    /// Whether a merge commit may be made.
    pub allow_merge: bool,
    /// Whether commits may be rebased.
    pub allow_rebase: bool,
    /// Whether commits may be rebased and then merged.
    pub allow_rebase_merge: bool,
    /// Whether commits may be squashed.
    pub allow_squash: bool,
    /// Whether the base may be moved forward.
    pub allow_fast_forward_only: bool,
    /// Whether a merge made outside may be noted.
    pub allow_manual_merge: bool,
    /// Whether merges made outside are found by themselves.
    pub autodetect_manual_merge: bool,
    /// Whether a pull request may be updated by merging its base.
    pub allow_merge_update: bool,
    /// Whether a pull request may be updated by rebasing it.
    pub allow_rebase_update: bool,
    /// How a pull request is updated: `merge` or `rebase`.
    pub default_update_style: String,
    /// Whether the branch goes after the merge.
    pub default_delete_branch_after_merge: bool,
    /// How a pull request is merged; empty means the configured style.
    pub default_merge_style: String,
    /// Whether maintainers may push to the branch.
    pub default_allow_maintainer_edit: bool,
    /// The branch that pull requests go to; empty means the default branch.
    pub default_target_branch: String,
}

impl Default for PullsConfig {
    fn default() -> Self {
        Self {
            ignore_whitespace_conflicts: false,
            allow_merge: true,
            allow_rebase: true,
            allow_rebase_merge: true,
            allow_squash: true,
            allow_fast_forward_only: true,
            allow_manual_merge: false,
            autodetect_manual_merge: false,
            allow_merge_update: true,
            allow_rebase_update: true,
            default_update_style: "merge".to_owned(),
            default_delete_branch_after_merge: false,
            default_merge_style: String::new(),
            default_allow_maintainer_edit: true,
            default_target_branch: String::new(),
        }
    }
}

impl PullsConfig {
    /// Whether pull requests may be merged in this style.
    pub fn allows_merge_style(&self, style: &str) -> bool {
        match style {
            "merge" => self.allow_merge,
            "rebase" => self.allow_rebase,
            "rebase-merge" => self.allow_rebase_merge,
            "squash" => self.allow_squash,
            "fast-forward-only" => self.allow_fast_forward_only,
            "manually-merged" => self.allow_manual_merge,
            _ => false,
        }
    }
}

/// The configuration of a wiki elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExternalWikiConfig {
    /// The address.
    #[serde(rename = "ExternalWikiURL")]
    pub url: String,
}

/// The configuration of an issue tracker elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExternalTrackerConfig {
    /// The address.
    #[serde(rename = "ExternalTrackerURL")]
    pub url: String,
    /// The address of an issue, with `{user}`, `{repo}` and `{index}`.
    #[serde(rename = "ExternalTrackerFormat")]
    pub format: String,
    /// `numeric`, `alphanumeric` or `regexp`.
    #[serde(rename = "ExternalTrackerStyle")]
    pub style: String,
    /// The pattern for `regexp`.
    #[serde(rename = "ExternalTrackerRegexpPattern")]
    pub regexp_pattern: String,
}

/// The configuration of the projects unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ProjectsConfig {
    /// `repo`, `owner` or `all`.
    pub projects_mode: String,
}

impl Default for ProjectsConfig {
    fn default() -> Self {
        Self { projects_mode: "all".to_owned() }
    }
}

/// Reads a unit's configuration. An empty or damaged one counts as the default, as everything in it is a preference.
pub fn read<T: DeserializeOwned + Default>(row: &repo_unit::Model) -> T {
    serde_json::from_str(&row.config).unwrap_or_default()
}

/// The stored form.
pub fn write(config: &impl Serialize) -> String {
    serde_json::to_string(config).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_form_is_giteas() {
        assert_eq!(
            write(&IssuesConfig::default()),
            r#"{"EnableTimetracker":true,"AllowOnlyContributorsToTrackTime":true,"EnableDependencies":true}"#
        );
        let stored = r#"{"IgnoreWhitespaceConflicts":false,"AllowMerge":true,"AllowRebase":true,"AllowRebaseMerge":true,"AllowSquash":true,"AllowFastForwardOnly":true,"AllowManualMerge":false,"AutodetectManualMerge":false,"AllowMergeUpdate":true,"AllowRebaseUpdate":true,"DefaultUpdateStyle":"merge","DefaultDeleteBranchAfterMerge":false,"DefaultMergeStyle":"merge","DefaultAllowMaintainerEdit":true,"DefaultTargetBranch":""}"#;
        let config: PullsConfig = read(&repo_unit::Model { config: stored.to_owned(), ..Default::default() });
        assert_eq!(write(&config), stored);
        assert_eq!(read::<PullsConfig>(&repo_unit::Model::default()), PullsConfig::default());
        let tracker = ExternalTrackerConfig { url: "u".into(), ..Default::default() };
        assert_eq!(
            write(&tracker),
            r#"{"ExternalTrackerURL":"u","ExternalTrackerFormat":"","ExternalTrackerStyle":"","ExternalTrackerRegexpPattern":""}"#
        );
    }
}
