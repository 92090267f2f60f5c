//! The units of a repository: which are on, and how each works.

use std::net::IpAddr;

use oolong_core::{Error, Result, Unit};
use oolong_db::Classify;
use oolong_db::entity::{repo_unit, repository};
use oolong_db::sea_orm::sea_query::Expr;
use oolong_db::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use oolong_db::unit_config::{
    self, ExternalTrackerConfig, ExternalWikiConfig, IssuesConfig, ProjectsConfig, PullsConfig,
};
use url::Url;

use crate::Forge;
use crate::repositories::{default_unit, insert_unit};

/// What shall change about units; `None` keeps.
#[derive(Clone, Debug, Default)]
pub struct UnitsEdit {
    /// Code on or off.
    pub code: Option<bool>,
    /// Issues, here or elsewhere, on or off.
    pub issues: Option<bool>,
    /// How issues here work.
    pub internal_tracker: Option<IssuesConfig>,
    /// Where issues are, if not here.
    pub external_tracker: Option<ExternalTrackerConfig>,
    /// The wiki, here or elsewhere, on or off.
    pub wiki: Option<bool>,
    /// Where the wiki is, if not here.
    pub external_wiki: Option<ExternalWikiConfig>,
    /// Pull requests on or off.
    pub pulls: Option<bool>,
    /// How they work.
    pub merging: PullsEdit,
    /// Projects on or off.
    pub projects: Option<bool>,
    /// Whose projects: `repo`, `owner` or `all`.
    pub projects_mode: Option<String>,
    /// Releases on or off.
    pub releases: Option<bool>,
    /// Packages on or off.
    pub packages: Option<bool>,
    /// Actions on or off.
    pub actions: Option<bool>,
}

/// What shall change about merging; `None` keeps.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs, reason = "the fields are those of `PullsConfig`")]
pub struct PullsEdit {
    pub ignore_whitespace_conflicts: Option<bool>,
    pub allow_merge: Option<bool>,
    pub allow_rebase: Option<bool>,
    pub allow_rebase_merge: Option<bool>,
    pub allow_squash: Option<bool>,
    pub allow_fast_forward_only: Option<bool>,
    pub allow_manual_merge: Option<bool>,
    pub autodetect_manual_merge: Option<bool>,
    pub allow_merge_update: Option<bool>,
    pub allow_rebase_update: Option<bool>,
    pub default_update_style: Option<String>,
    pub default_delete_branch_after_merge: Option<bool>,
    pub default_merge_style: Option<String>,
    pub default_allow_maintainer_edit: Option<bool>,
    pub default_target_branch: Option<String>,
}

/// What is to be written: units with their configuration, and units that go.
#[derive(Debug, Default)]
pub(crate) struct UnitsPlan {
    set: Vec<(Unit, String)>,
    remove: Vec<Unit>,
}

/// Checks an edit against the units that are there, before anything is written.
pub(crate) fn plan(forge: &Forge, rows: &[repo_unit::Model], edit: &UnitsEdit) -> Result<UnitsPlan> {
    let mut planner = Planner { forge, rows, plan: UnitsPlan::default() };
    planner.simple(Unit::Code, edit.code);
    planner.issues(edit)?;
    planner.wiki(edit)?;
    planner.pulls(edit)?;
    planner.projects(edit)?;
    planner.simple(Unit::Releases, edit.releases);
    planner.simple(Unit::Packages, edit.packages);
    planner.simple(Unit::Actions, edit.actions);
    Ok(planner.plan)
}

struct Planner<'a> {
    forge: &'a Forge,
    rows: &'a [repo_unit::Model],
    plan: UnitsPlan,
}

impl Planner<'_> {
    fn row(&self, unit: Unit) -> Option<&repo_unit::Model> {
        self.rows.iter().find(|row| row.kind == unit.number())
    }

    /// The server may have switched a unit off for everybody.
    fn is_offered(&self, unit: Unit) -> bool {
        !self.forge.settings.repository.disabled_repo_units.contains(&unit)
    }

    fn default_config(&self, unit: Unit) -> String {
        default_unit(self.forge, unit).config
    }

    fn simple(&mut self, unit: Unit, on: Option<bool>) {
        match on {
            Some(true) if self.is_offered(unit) => {
                let config =
                    self.row(unit).map_or_else(|| self.default_config(unit), |row| row.config.clone());
                self.plan.set.push((unit, config));
            }
            Some(false) => self.plan.remove.push(unit),
            Some(true) | None => {}
        }
    }

    fn issues(&mut self, edit: &UnitsEdit) -> Result<()> {
        let on = edit.issues.unwrap_or(self.row(Unit::Issues).is_some());
        if !on {
            if edit.issues.is_some() {
                self.plan.remove.extend([Unit::Issues, Unit::ExternalTracker]);
            }
            return Ok(());
        }
        match &edit.external_tracker {
            Some(tracker) if self.is_offered(Unit::ExternalTracker) => {
                check_external("external_tracker_url", &tracker.url)?;
                if !tracker.format.is_empty() {
                    check_tracker_format(&tracker.format)?;
                }
                self.plan.set.push((Unit::ExternalTracker, unit_config::write(tracker)));
                self.plan.remove.push(Unit::Issues);
            }
            None if self.is_offered(Unit::Issues) => {
                let present = self.row(Unit::Issues).map(|row| row.config.clone());
                let config = match &edit.internal_tracker {
                    Some(tracker) => unit_config::write(tracker),
                    None => present.unwrap_or_else(|| unit_config::write(&IssuesConfig::default())),
                };
                self.plan.set.push((Unit::Issues, config));
                self.plan.remove.push(Unit::ExternalTracker);
            }
            _ => {}
        }
        Ok(())
    }

    fn wiki(&mut self, edit: &UnitsEdit) -> Result<()> {
        let on = edit.wiki.unwrap_or(self.row(Unit::Wiki).is_some());
        if !on {
            if edit.wiki.is_some() {
                self.plan.remove.extend([Unit::Wiki, Unit::ExternalWiki]);
            }
            return Ok(());
        }
        match &edit.external_wiki {
            Some(wiki) if self.is_offered(Unit::ExternalWiki) => {
                check_external("external_wiki_url", &wiki.url)?;
                self.plan.set.push((Unit::ExternalWiki, unit_config::write(wiki)));
                self.plan.remove.push(Unit::Wiki);
            }
            None if self.is_offered(Unit::Wiki) => {
                self.plan.set.push((
                    Unit::Wiki,
                    self.row(Unit::Wiki).map(|row| row.config.clone()).unwrap_or_default(),
                ));
                self.plan.remove.push(Unit::ExternalWiki);
            }
            _ => {}
        }
        Ok(())
    }

    fn pulls(&mut self, edit: &UnitsEdit) -> Result<()> {
        let present = self.row(Unit::Pulls);
        if !edit.pulls.unwrap_or(present.is_some()) {
            if edit.pulls.is_some() {
                self.plan.remove.push(Unit::Pulls);
            }
            return Ok(());
        }
        if !self.is_offered(Unit::Pulls) {
            return Ok(());
        }
        let mut config = present
            .map_or_else(|| crate::repositories::default_pulls(self.forge), unit_config::read::<PullsConfig>);
        edit.merging.apply(&mut config)?;
        self.plan.set.push((Unit::Pulls, unit_config::write(&config)));
        Ok(())
    }

    fn projects(&mut self, edit: &UnitsEdit) -> Result<()> {
        let present = self.row(Unit::Projects);
        match edit.projects {
            Some(true) if self.is_offered(Unit::Projects) => {}
            Some(false) => {
                self.plan.remove.push(Unit::Projects);
                return Ok(());
            }
            // Without a word on projects themselves, their mode stays as well.
            Some(true) | None => return Ok(()),
        }
        let mut config = present.map(unit_config::read::<ProjectsConfig>).unwrap_or_default();
        if let Some(mode) = &edit.projects_mode {
            if !["repo", "owner", "all"].contains(&mode.as_str()) {
                return Err(Error::invalid(format!("projects_mode: repo, owner or all, not {mode:?}")));
            }
            config.projects_mode.clone_from(mode);
        }
        self.plan.set.push((Unit::Projects, unit_config::write(&config)));
        Ok(())
    }
}

impl PullsEdit {
    fn apply(&self, config: &mut PullsConfig) -> Result<()> {
        let set = |slot: &mut bool, value: Option<bool>| *slot = value.unwrap_or(*slot);
        set(&mut config.ignore_whitespace_conflicts, self.ignore_whitespace_conflicts);
        set(&mut config.allow_merge, self.allow_merge);
        set(&mut config.allow_rebase, self.allow_rebase);
        set(&mut config.allow_rebase_merge, self.allow_rebase_merge);
        set(&mut config.allow_squash, self.allow_squash);
        set(&mut config.allow_fast_forward_only, self.allow_fast_forward_only);
        set(&mut config.allow_manual_merge, self.allow_manual_merge);
        set(&mut config.autodetect_manual_merge, self.autodetect_manual_merge);
        set(&mut config.allow_merge_update, self.allow_merge_update);
        set(&mut config.allow_rebase_update, self.allow_rebase_update);
        set(&mut config.default_delete_branch_after_merge, self.default_delete_branch_after_merge);
        set(&mut config.default_allow_maintainer_edit, self.default_allow_maintainer_edit);
        if let Some(style) = &self.default_update_style {
            let allowed = match style.as_str() {
                "merge" => config.allow_merge_update,
                "rebase" => config.allow_rebase_update,
                _ => false,
            };
            if !allowed {
                return Err(Error::invalid(format!(
                    "default_update_style: {style:?} is not allowed in this repository"
                )));
            }
            config.default_update_style.clone_from(style);
        }
        if let Some(style) = &self.default_merge_style {
            config.default_merge_style.clone_from(style);
        }
        if let Some(branch) = &self.default_target_branch {
            config.default_target_branch.clone_from(branch);
        }
        Ok(())
    }
}

/// Writes a plan. A unit that stays keeps its row, and with it what was granted to everybody.
pub(crate) async fn write(
    connection: &impl ConnectionTrait,
    forge: &Forge,
    repo: &repository::Model,
    rows: &[repo_unit::Model],
    plan: UnitsPlan,
) -> Result<()> {
    use repo_unit::Column;
    if !plan.remove.is_empty() {
        repo_unit::Entity::delete_many()
            .filter(Column::RepoId.eq(repo.id))
            .filter(Column::Kind.is_in(plan.remove.iter().map(|unit| unit.number())))
            .exec(connection)
            .await
            .classify()?;
    }
    for (unit, config) in plan.set {
        match rows.iter().find(|row| row.kind == unit.number()) {
            Some(row) if row.config == config => {}
            Some(row) => {
                repo_unit::Entity::update_many()
                    .col_expr(Column::Config, Expr::value(config))
                    .filter(Column::Id.eq(row.id))
                    .exec(connection)
                    .await
                    .classify()?;
            }
            None => {
                let row = repo_unit::Model {
                    kind: unit.number(),
                    config,
                    created_unix: forge.clock.now().0,
                    ..Default::default()
                };
                insert_unit(connection, repo.id, row).await?;
            }
        }
    }
    Ok(())
}

/// An address elsewhere: http or https, and not this machine.
fn check_external(field: &str, text: &str) -> Result<()> {
    let refuse = || Error::invalid(format!("{field}: {text:?} is no address of another site"));
    let url = Url::parse(text).map_err(|_| refuse())?;
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_lowercase();
    let is_local = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if !matches!(url.scheme(), "http" | "https") || host.is_empty() || is_local {
        return Err(refuse());
    }
    Ok(())
}

/// The address of an issue: its placeholders stand in braces.
fn check_tracker_format(text: &str) -> Result<()> {
    check_external("external_tracker_format", &text.replace(['{', '}'], ""))?;
    for word in ["user", "repo", "index"] {
        for (at, _) in text.match_indices(word) {
            let opened = text[..at].ends_with('{');
            let closed = text[at + word.len()..].starts_with('}');
            if opened != closed {
                return Err(Error::invalid(format!(
                    "external_tracker_format: the placeholder is written {{{word}}}"
                )));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_elsewhere() {
        for good in ["https://bugs.example.com", "http://10.0.0.1/x"] {
            assert!(check_external("x", good).is_ok(), "{good}");
        }
        for bad in [
            "nonsense",
            "ftp://example.com",
            "http://localhost/",
            "http://127.0.0.1",
            "http://[::1]/",
            "https://",
            "javascript:alert(1)",
        ] {
            assert!(check_external("x", bad).is_err(), "{bad}");
        }
        assert!(check_tracker_format("https://b.example.com/{user}/{repo}/{index}").is_ok());
        assert!(check_tracker_format("https://b.example.com/{user/{index}").is_err());
    }
}
