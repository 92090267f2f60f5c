//! `/repos/{owner}/{repo}` and `/repositories/{id}`.

use axum::extract::State;
use http::StatusCode;
use oolong_auth::permission;
use oolong_core::{Error, RepoId, Visibility};
use oolong_db::repositories;
use oolong_db::unit_config::{ExternalTrackerConfig, ExternalWikiConfig, IssuesConfig};
use oolong_forge::repository_deletion;
use oolong_forge::repository_settings::{self, RepositoryEdit};
use oolong_forge::repository_units::{PullsEdit, UnitsEdit};
use oolong_http::{App, Body, Failure, PathText, Repo, Routes, SignedIn, need};
use serde::Deserialize;

use super::{REPOSITORY, REPOSITORY_SIGNED_IN};
use crate::dto::Json;
use crate::dto::repository::{ExternalTracker, ExternalWiki, InternalTracker, Repository};

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/repos/{owner}/{repo}", REPOSITORY, get_repository)
        .patch("/repos/{owner}/{repo}", REPOSITORY_SIGNED_IN, edit)
        .delete("/repos/{owner}/{repo}", REPOSITORY_SIGNED_IN, delete)
        .get("/repositories/{id}", REPOSITORY.signed_in(), get_by_id)
}

/// `repoGet`
async fn get_repository(
    State(app): State<App>,
    Repo(access, _): Repo<need::Any>,
) -> Result<Json<Repository>, Failure> {
    Ok(Json(Repository::load_admitted(&app.forge, access).await?))
}

/// `repoGetByID`
async fn get_by_id(
    State(app): State<App>,
    SignedIn { caller, user }: SignedIn,
    PathText(id): PathText<i64>,
) -> Result<Json<Repository>, Failure> {
    let hidden = || Error::not_found("there is no such repository");
    let connection = app.forge.db.read();
    let (repo, owner) = repositories::find_with_owner(connection, RepoId(id)).await?.ok_or_else(hidden)?;
    let permission =
        permission::repo_permission(connection, app.forge.rules(), Some(&user), &repo, &owner).await?;
    let is_public = !repo.is_private && owner.visible_to() == Visibility::Public;
    if !permission.has_any_access() || caller.is_public_only() && !is_public {
        return Err(hidden().into());
    }
    Ok(Json(Repository::load(&app.forge, &caller, repo).await?.without_language()))
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct EditRepoOption {
    name: Option<String>,
    description: Option<String>,
    website: Option<String>,
    private: Option<bool>,
    template: Option<bool>,
    has_code: Option<bool>,
    has_issues: Option<bool>,
    internal_tracker: Option<InternalTracker>,
    external_tracker: Option<ExternalTracker>,
    has_wiki: Option<bool>,
    external_wiki: Option<ExternalWiki>,
    default_branch: Option<String>,
    has_pull_requests: Option<bool>,
    has_projects: Option<bool>,
    projects_mode: Option<String>,
    has_releases: Option<bool>,
    has_packages: Option<bool>,
    has_actions: Option<bool>,
    ignore_whitespace_conflicts: Option<bool>,
    allow_merge_commits: Option<bool>,
    allow_rebase: Option<bool>,
    allow_rebase_explicit: Option<bool>,
    allow_squash_merge: Option<bool>,
    allow_fast_forward_only_merge: Option<bool>,
    allow_manual_merge: Option<bool>,
    autodetect_manual_merge: Option<bool>,
    allow_merge_update: Option<bool>,
    allow_rebase_update: Option<bool>,
    default_update_style: Option<String>,
    default_delete_branch_after_merge: Option<bool>,
    default_merge_style: Option<String>,
    default_allow_maintainer_edit: Option<bool>,
    default_target_branch: Option<String>,
    archived: Option<bool>,
    mirror_interval: Option<String>,
    enable_prune: Option<bool>,
}

impl EditRepoOption {
    fn parse(self, is_mirror: bool) -> Result<RepositoryEdit, Error> {
        let mirror_interval = match self.mirror_interval {
            Some(text) if is_mirror => Some(
                go_duration(&text)
                    .ok_or_else(|| Error::invalid("mirror_interval: no duration such as 8h0m0s"))?,
            ),
            _ => None,
        };
        Ok(RepositoryEdit {
            name: self.name,
            description: self.description,
            website: self.website,
            private: self.private,
            template: self.template,
            archived: self.archived,
            default_branch: self.default_branch,
            mirror_interval,
            enable_prune: self.enable_prune,
            units: UnitsEdit {
                code: self.has_code,
                issues: self.has_issues,
                internal_tracker: self.internal_tracker.map(|tracker| IssuesConfig {
                    enable_timetracker: tracker.enable_time_tracker,
                    allow_only_contributors_to_track_time: tracker.allow_only_contributors_to_track_time,
                    enable_dependencies: tracker.enable_issue_dependencies,
                }),
                external_tracker: self.external_tracker.map(|tracker| ExternalTrackerConfig {
                    url: tracker.external_tracker_url,
                    format: tracker.external_tracker_format,
                    style: tracker.external_tracker_style,
                    regexp_pattern: tracker.external_tracker_regexp_pattern,
                }),
                wiki: self.has_wiki,
                external_wiki: self
                    .external_wiki
                    .map(|wiki| ExternalWikiConfig { url: wiki.external_wiki_url }),
                pulls: self.has_pull_requests,
                merging: PullsEdit {
                    ignore_whitespace_conflicts: self.ignore_whitespace_conflicts,
                    allow_merge: self.allow_merge_commits,
                    allow_rebase: self.allow_rebase,
                    allow_rebase_merge: self.allow_rebase_explicit,
                    allow_squash: self.allow_squash_merge,
                    allow_fast_forward_only: self.allow_fast_forward_only_merge,
                    allow_manual_merge: self.allow_manual_merge,
                    autodetect_manual_merge: self.autodetect_manual_merge,
                    allow_merge_update: self.allow_merge_update,
                    allow_rebase_update: self.allow_rebase_update,
                    default_update_style: self.default_update_style,
                    default_delete_branch_after_merge: self.default_delete_branch_after_merge,
                    default_merge_style: self.default_merge_style,
                    default_allow_maintainer_edit: self.default_allow_maintainer_edit,
                    default_target_branch: self.default_target_branch,
                },
                projects: self.has_projects,
                projects_mode: self.projects_mode,
                releases: self.has_releases,
                packages: self.has_packages,
                actions: self.has_actions,
            },
        })
    }
}

/// Nanoseconds of a duration as Go writes it: `1h30m`, `90s`.
fn go_duration(text: &str) -> Option<i64> {
    if text.is_empty() || text == "0" {
        return Some(0);
    }
    let mut total = 0.0_f64;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let unit = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let seconds = match &rest[..unit] {
            "h" => 3600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 1e-3,
            _ => return None,
        };
        total += number * seconds;
        rest = &rest[unit..];
    }
    (total.is_finite() && total < 9e9).then_some((total * 1e9) as i64)
}

/// `repoEdit`
async fn edit(
    State(app): State<App>,
    Repo(access, _): Repo<need::Admin>,
    Body(body): Body<EditRepoOption>,
) -> Result<Json<Repository>, Failure> {
    let doer = access.caller.signed_in()?;
    let edit = body.parse(access.repo.is_mirror)?;
    let repo = repository_settings::edit(&app.forge, doer, &access.repo, &access.owner, edit).await?;
    Ok(Json(Repository::load(&app.forge, &access.caller, repo).await?))
}

/// `repoDelete`
async fn delete(State(app): State<App>, Repo(access, _): Repo<need::Owner>) -> Result<StatusCode, Failure> {
    repository_deletion::delete(&app.forge, &access.repo, &access.owner).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::go_duration;

    #[test]
    fn durations() {
        for (text, seconds) in [
            ("8h0m0s", Some(28_800)),
            ("90s", Some(90)),
            ("", Some(0)),
            ("1h30m", Some(5400)),
            ("8", None),
            ("x", None),
            ("1y", None),
        ] {
            assert_eq!(go_duration(text), seconds.map(|seconds: i64| seconds * 1_000_000_000), "{text}");
        }
    }
}
