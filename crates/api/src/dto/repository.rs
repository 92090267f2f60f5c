//! `Repository`, and what is inside it.

use oolong_auth::Caller;
use oolong_auth::permission::RepoPermission;
use oolong_config::Settings;
use oolong_core::{AccessMode, Result, Unit, Visibility};
use oolong_db::entity::{repo_unit, repository};
use oolong_db::unit_config::{
    self, ExternalTrackerConfig, ExternalWikiConfig, IssuesConfig, ProjectsConfig, PullsConfig,
};
use oolong_forge::repository_views::{self, RepositoryView, TransferView};
use oolong_forge::{Forge, addresses};
use oolong_http::RepoAccess;
use serde::{Deserialize, Serialize};

use super::time::{ZERO, time};
use super::user::User;

/// Gitea's `Repository`.
#[derive(Clone, Debug, Serialize)]
pub struct Repository {
    id: i64,
    owner: User,
    name: String,
    full_name: String,
    description: String,
    empty: bool,
    private: bool,
    fork: bool,
    template: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<Box<Repository>>,
    mirror: bool,
    size: i64,
    language: String,
    languages_url: String,
    html_url: String,
    url: String,
    link: String,
    ssh_url: String,
    clone_url: String,
    original_url: String,
    website: String,
    stars_count: i32,
    forks_count: i32,
    watchers_count: i32,
    branch_count: i64,
    open_issues_count: i32,
    open_pr_counter: i32,
    release_counter: i64,
    default_branch: String,
    archived: bool,
    created_at: String,
    updated_at: String,
    archived_at: String,
    permissions: Permission,
    has_code: bool,
    has_issues: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    internal_tracker: Option<InternalTracker>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_tracker: Option<ExternalTracker>,
    has_wiki: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_wiki: Option<ExternalWiki>,
    has_pull_requests: bool,
    has_projects: bool,
    projects_mode: String,
    has_releases: bool,
    has_packages: bool,
    has_actions: bool,
    #[serde(flatten)]
    merging: Merging,
    avatar_url: String,
    internal: bool,
    mirror_interval: String,
    object_format_name: String,
    mirror_updated: String,
    mirror_last_sync_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    repo_transfer: Option<RepoTransfer>,
    topics: Vec<String>,
    licenses: Vec<String>,
}

/// Gitea's `Permission`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Permission {
    admin: bool,
    push: bool,
    pull: bool,
}

impl Permission {
    fn of(permission: &RepoPermission) -> Self {
        Self {
            admin: permission.is_admin(),
            push: permission.unit_mode(Unit::Code) >= AccessMode::Write,
            pull: permission.unit_mode(Unit::Code) >= AccessMode::Read,
        }
    }
}

/// Gitea's `InternalTracker`.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct InternalTracker {
    /// Whether time can be tracked.
    pub enable_time_tracker: bool,
    /// Whether only contributors track time.
    pub allow_only_contributors_to_track_time: bool,
    /// Whether issues can depend on each other.
    pub enable_issue_dependencies: bool,
}

/// Gitea's `ExternalTracker`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ExternalTracker {
    /// The address.
    pub external_tracker_url: String,
    /// The address of an issue.
    pub external_tracker_format: String,
    /// `numeric`, `alphanumeric` or `regexp`.
    pub external_tracker_style: String,
    /// The pattern for `regexp`.
    pub external_tracker_regexp_pattern: String,
}

/// Gitea's `ExternalWiki`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ExternalWiki {
    /// The address.
    pub external_wiki_url: String,
}

/// How pull requests are merged: fields of `Repository`.
#[derive(Clone, Debug, Serialize)]
struct Merging {
    ignore_whitespace_conflicts: bool,
    allow_merge_commits: bool,
    allow_rebase: bool,
    allow_rebase_explicit: bool,
    allow_squash_merge: bool,
    allow_fast_forward_only_merge: bool,
    allow_merge_update: bool,
    allow_rebase_update: bool,
    allow_manual_merge: bool,
    autodetect_manual_merge: bool,
    default_delete_branch_after_merge: bool,
    default_merge_style: String,
    default_update_style: String,
    default_allow_maintainer_edit: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    default_target_branch: String,
}

/// Gitea's `RepoTransfer`.
#[derive(Clone, Debug, Serialize)]
pub struct RepoTransfer {
    doer: User,
    recipient: User,
    teams: [(); 0],
}

impl Repository {
    /// One repository as `viewer` sees it.
    pub async fn load(forge: &Forge, viewer: &Caller, repo: repository::Model) -> Result<Self> {
        let view = repository_views::load(forge, viewer, repo).await?;
        Ok(Self::new(&forge.settings, &view))
    }

    /// A repository that was admitted to the caller.
    pub async fn load_admitted(forge: &Forge, access: RepoAccess) -> Result<Self> {
        let RepoAccess { repo, owner, caller, permission } = access;
        let view = repository_views::load_admitted(forge, &caller, repo, owner, permission).await?;
        Ok(Self::new(&forge.settings, &view))
    }

    /// These repositories, in the same order.
    pub async fn load_all(
        forge: &Forge,
        viewer: &Caller,
        repos: Vec<repository::Model>,
    ) -> Result<Vec<Self>> {
        let views = repository_views::load_all(forge, viewer, repos).await?;
        Ok(views.iter().map(|view| Self::new(&forge.settings, view)).collect())
    }

    /// The same without its language, which Gitea does not load in every place.
    #[must_use]
    pub fn without_language(self) -> Self {
        Self { language: String::new(), ..self }
    }

    /// The same with what a key of this mode may do.
    #[must_use]
    pub fn for_a_key(mut self, mode: AccessMode) -> Self {
        self.permissions = Permission {
            admin: mode >= AccessMode::Admin,
            push: mode >= AccessMode::Write,
            pull: mode >= AccessMode::Read,
        };
        self
    }

    /// The same with what somebody could do before the request changed it.
    #[must_use]
    pub fn with_permission(mut self, permission: &RepoPermission) -> Self {
        self.permissions = Permission::of(permission);
        self
    }

    /// A repository with everything that was loaded for it.
    pub fn new(settings: &Settings, view: &RepositoryView) -> Self {
        let RepositoryView { repo, owner, permission, .. } = view;
        let unit = |unit: Unit| permission.unit_row(unit);
        let issues = unit(Unit::Issues);
        let tracker = unit(Unit::ExternalTracker).filter(|_| issues.is_none());
        let wiki = unit(Unit::Wiki);
        let external_wiki = unit(Unit::ExternalWiki).filter(|_| wiki.is_none());
        let projects = unit(Unit::Projects).map(unit_config::read::<ProjectsConfig>);
        let api = addresses::api(settings, &owner.name, &repo.name);
        Self {
            id: repo.id,
            owner: User::owner(settings, owner, permission.mode()),
            name: repo.name.clone(),
            full_name: format!("{}/{}", owner.name, repo.name),
            description: repo.description.clone(),
            empty: repo.is_empty,
            private: repo.is_private,
            fork: repo.is_fork,
            template: repo.is_template,
            parent: view.parent.as_ref().map(|parent| {
                // Gitea does not load a parent's languages, and shows beside it what the viewer may do with the fork.
                let shown = Self::new(settings, parent).with_permission(permission);
                Box::new(Self { language: String::new(), ..shown })
            }),
            mirror: repo.is_mirror,
            size: repo.size / 1024,
            language: view.language.clone(),
            languages_url: format!("{api}/languages"),
            html_url: addresses::page(settings, &owner.name, &repo.name),
            url: api,
            link: String::new(),
            ssh_url: addresses::ssh(settings, &owner.name, &repo.name),
            clone_url: addresses::clone(settings, &owner.name, &repo.name),
            original_url: repo.original_url.clone(),
            website: repo.website.clone(),
            stars_count: repo.num_stars,
            forks_count: repo.num_forks,
            watchers_count: repo.num_watches,
            branch_count: view.branches,
            open_issues_count: repo.num_issues - repo.num_closed_issues,
            open_pr_counter: repo.num_pulls - repo.num_closed_pulls,
            release_counter: view.releases,
            default_branch: repo.default_branch.clone(),
            archived: repo.is_archived,
            created_at: time(repo.created_unix),
            updated_at: time(repo.updated_unix),
            archived_at: time(repo.archived_unix),
            permissions: Permission::of(permission),
            has_code: permission.has_unit(Unit::Code),
            has_issues: issues.is_some() || tracker.is_some(),
            internal_tracker: issues.map(InternalTracker::of),
            external_tracker: tracker.map(ExternalTracker::of),
            has_wiki: wiki.is_some() || external_wiki.is_some(),
            external_wiki: external_wiki.map(ExternalWiki::of),
            has_pull_requests: permission.has_unit(Unit::Pulls),
            has_projects: projects.is_some(),
            projects_mode: projects.unwrap_or_default().projects_mode,
            has_releases: permission.has_unit(Unit::Releases),
            has_packages: permission.has_unit(Unit::Packages),
            has_actions: permission.has_unit(Unit::Actions),
            merging: Merging::of(settings, unit(Unit::Pulls)),
            avatar_url: addresses::avatar(settings, &repo.avatar),
            internal: !repo.is_private && owner.visible_to() == Visibility::Private,
            mirror_interval: view
                .mirror
                .as_ref()
                .map(|mirror| go_duration(mirror.interval))
                .unwrap_or_default(),
            object_format_name: repo.object_format_name.clone(),
            mirror_updated: view
                .mirror
                .as_ref()
                .map_or_else(|| ZERO.to_owned(), |mirror| time(mirror.updated_unix)),
            mirror_last_sync_at: view
                .mirror
                .as_ref()
                .map_or_else(|| ZERO.to_owned(), |mirror| time(mirror.last_sync_unix)),
            repo_transfer: view.transfer.as_ref().map(|transfer| RepoTransfer::of(settings, transfer)),
            topics: topics(repo),
            licenses: view.licenses.clone(),
        }
    }
}

/// The topics of a repository.
pub fn topics(repo: &repository::Model) -> Vec<String> {
    serde_json::from_str::<Option<Vec<String>>>(&repo.topics).ok().flatten().unwrap_or_default()
}

impl InternalTracker {
    fn of(row: &repo_unit::Model) -> Self {
        let config: IssuesConfig = unit_config::read(row);
        Self {
            enable_time_tracker: config.enable_timetracker,
            allow_only_contributors_to_track_time: config.allow_only_contributors_to_track_time,
            enable_issue_dependencies: config.enable_dependencies,
        }
    }
}

impl ExternalTracker {
    fn of(row: &repo_unit::Model) -> Self {
        let config: ExternalTrackerConfig = unit_config::read(row);
        Self {
            external_tracker_url: config.url,
            external_tracker_format: config.format,
            external_tracker_style: config.style,
            external_tracker_regexp_pattern: config.regexp_pattern,
        }
    }
}

impl ExternalWiki {
    fn of(row: &repo_unit::Model) -> Self {
        Self { external_wiki_url: unit_config::read::<ExternalWikiConfig>(row).url }
    }
}

impl Merging {
    fn of(settings: &Settings, row: Option<&repo_unit::Model>) -> Self {
        let Some(row) = row else { return Self::without_pulls() };
        let config: PullsConfig = unit_config::read(row);
        let configured = settings.repository.pull_request.default_merge_style.as_str();
        Self {
            ignore_whitespace_conflicts: config.ignore_whitespace_conflicts,
            allow_merge_commits: config.allow_merge,
            allow_rebase: config.allow_rebase,
            allow_rebase_explicit: config.allow_rebase_merge,
            allow_squash_merge: config.allow_squash,
            allow_fast_forward_only_merge: config.allow_fast_forward_only,
            allow_merge_update: config.allow_merge_update,
            allow_rebase_update: config.allow_rebase_update,
            allow_manual_merge: config.allow_manual_merge,
            autodetect_manual_merge: config.autodetect_manual_merge,
            default_delete_branch_after_merge: config.default_delete_branch_after_merge,
            default_merge_style: if config.default_merge_style.is_empty() {
                configured.to_owned()
            } else {
                config.default_merge_style
            },
            default_update_style: config.default_update_style,
            default_allow_maintainer_edit: config.default_allow_maintainer_edit,
            default_target_branch: config.default_target_branch,
        }
    }

    /// What Gitea shows where there are no pull requests.
    fn without_pulls() -> Self {
        Self {
            ignore_whitespace_conflicts: false,
            allow_merge_commits: false,
            allow_rebase: false,
            allow_rebase_explicit: false,
            allow_squash_merge: false,
            allow_fast_forward_only_merge: false,
            allow_merge_update: false,
            allow_rebase_update: false,
            allow_manual_merge: true,
            autodetect_manual_merge: false,
            default_delete_branch_after_merge: false,
            default_merge_style: "merge".to_owned(),
            default_update_style: "merge".to_owned(),
            default_allow_maintainer_edit: false,
            default_target_branch: String::new(),
        }
    }
}

impl RepoTransfer {
    fn of(settings: &Settings, transfer: &TransferView) -> Self {
        Self {
            doer: User::stranger(settings, &transfer.doer),
            recipient: User::stranger(settings, &transfer.recipient),
            teams: [],
        }
    }
}

/// Nanoseconds as Go writes them: `8h0m0s`.
fn go_duration(nanoseconds: i64) -> String {
    let seconds = nanoseconds / 1_000_000_000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds}s"),
        (0, _) => format!("{minutes}m{seconds}s"),
        _ => format!("{hours}h{minutes}m{seconds}s"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn durations_are_gos() {
        for (seconds, text) in
            [(0, "0s"), (59, "59s"), (600, "10m0s"), (28_800, "8h0m0s"), (90_061, "25h1m1s")]
        {
            assert_eq!(super::go_duration(seconds * 1_000_000_000), text);
        }
    }
}
