//! `[cron.TASK]`: jobs that run by the clock.

use std::time::Duration;

use crate::schema::{Reader, section};
use crate::value;

section! {
    /// What every job has in common; each has its own section cron.TASK besides.
    pub struct CronKeys in "cron" {
        /// Whether the job runs.
        enabled: bool = derived "depends on the job",
        /// Whether it also runs at the start.
        run_at_start: bool = derived "depends on the job",
        /// When it runs: @every 10m, @midnight, @hourly, @daily, @weekly, @monthly, @annually, or a cron line.
        schedule: String = derived "depends on the job",
        /// Whether a run that went well is noted.
        notice_on_success: bool = "false",
    }
}

/// A job that runs by the clock.
#[derive(Debug, Clone)]
pub struct CronTask {
    /// The job.
    pub name: &'static str,
    /// Whether it runs.
    pub enabled: bool,
    /// Whether it also runs at the start.
    pub run_at_start: bool,
    /// When it runs.
    pub schedule: String,
    /// Whether a run that went well is noted.
    pub notice_on_success: bool,
    /// How old a thing must be for a job that clears away.
    pub older_than: Option<Duration>,
    /// `update_mirrors`: how many mirrors a run updates (of other sites, on other sites).
    pub limits: Option<(i64, i64)>,
    /// `sync_external_users`: whether accounts that exist are updated.
    pub update_existing: bool,
    /// `cleanup_hook_task_table`: keep so many deliveries of each hook instead of looking at their age.
    pub number_to_keep: Option<u64>,
}

/// All jobs.
#[derive(Debug, Clone, Default)]
pub struct Cron {
    /// Every job with its settings.
    pub tasks: Vec<CronTask>,
}

/// Name, whether it runs, whether at the start, when, and the age of what it clears away.
type Row = (&'static str, bool, bool, &'static str, Option<&'static str>);

const TASKS: [Row; 29] = [
    ("update_mirrors", true, false, "@every 10m", None),
    ("repo_health_check", true, false, "@midnight", None),
    ("check_repo_stats", true, true, "@midnight", None),
    ("archive_cleanup", true, true, "@midnight", Some("24h")),
    ("sync_external_users", true, false, "@midnight", None),
    ("deleted_branches_cleanup", true, true, "@midnight", Some("24h")),
    ("update_migration_poster_id", true, true, "@midnight", None),
    ("cleanup_hook_task_table", true, false, "@midnight", Some("168h")),
    ("cleanup_packages", true, true, "@midnight", Some("24h")),
    ("sync_repo_licenses", false, false, "@annually", None),
    ("delete_inactive_accounts", false, false, "@annually", Some("3h")),
    ("delete_repo_archives", false, false, "@annually", None),
    ("git_gc_repos", false, false, "@every 72h", None),
    ("resync_all_sshkeys", false, false, "@every 72h", None),
    ("resync_all_sshprincipals", false, false, "@every 72h", None),
    ("resync_all_hooks", false, false, "@every 72h", None),
    ("reinit_missing_repos", false, false, "@every 72h", None),
    ("delete_missing_repos", false, false, "@every 72h", None),
    ("delete_generated_repository_avatars", false, false, "@every 72h", None),
    ("delete_old_actions", false, false, "@every 168h", Some("8760h")),
    ("update_checker", true, false, "@every 168h", None),
    ("delete_old_system_notices", false, false, "@every 168h", Some("8760h")),
    ("gc_lfs", false, false, "@every 24h", Some("168h")),
    ("rebuild_issue_indexer", false, false, "@annually", None),
    ("stop_zombie_tasks", true, true, "@every 5m", None),
    ("stop_endless_tasks", true, true, "@every 30m", None),
    ("cancel_abandoned_jobs", true, true, "@every 6h", None),
    ("start_schedule_tasks", true, false, "@every 1m", None),
    ("cleanup_actions", true, false, "@midnight", None),
];

impl Cron {
    /// Reads the section of every job.
    pub(crate) fn read(reader: &mut Reader<'_>, active_code: Duration) -> Self {
        let tasks = TASKS.iter().map(|row| CronTask::read(reader, row, active_code)).collect();
        Self { tasks }
    }

    /// The settings of one job.
    pub fn task(&self, name: &str) -> Option<&CronTask> {
        self.tasks.iter().find(|task| task.name == name)
    }
}

impl CronTask {
    fn read(reader: &mut Reader<'_>, row: &Row, active_code: Duration) -> Self {
        let (name, enabled, run_at_start, schedule, older_than) = *row;
        let section = format!("cron.{name}");
        let keys = CronKeys::read_from(reader, &section);
        let mut number =
            |key: &str, default: i64| match reader.text(&section, key).map(|text| value::integer(&text)) {
                None => default,
                Some(Ok(number)) => number,
                Some(Err(reason)) => {
                    reader.problem(&section, key, reason);
                    default
                }
            };
        let limits = (name == "update_mirrors").then(|| (number("PULL_LIMIT", 50), number("PUSH_LIMIT", 50)));
        let number_to_keep = (name == "cleanup_hook_task_table").then(|| number("NUMBER_TO_KEEP", 10));
        let by_number =
            reader.text(&section, "CLEANUP_TYPE").is_some_and(|kind| kind.eq_ignore_ascii_case("PerWebhook"));
        let older_than = older_than.map(|default| {
            let default = if name == "delete_inactive_accounts" {
                active_code
            } else {
                value::duration(default).unwrap_or_default()
            };
            match reader.text(&section, "OLDER_THAN").map(|text| value::duration(&text)) {
                None => default,
                Some(Ok(age)) => age,
                // A wrong age would clear away too much.
                Some(Err(reason)) => {
                    reader.problem(&section, "OLDER_THAN", reason);
                    default
                }
            }
        });
        Self {
            name,
            enabled: if reader.has(&section, "ENABLED") { keys.enabled } else { enabled },
            run_at_start: if reader.has(&section, "RUN_AT_START") { keys.run_at_start } else { run_at_start },
            schedule: if keys.schedule.is_empty() { schedule.to_owned() } else { keys.schedule },
            notice_on_success: keys.notice_on_success,
            older_than,
            limits,
            update_existing: reader
                .text(&section, "UPDATE_EXISTING")
                .is_none_or(|text| value::switch(&text).unwrap_or(true)),
            number_to_keep: number_to_keep
                .filter(|_| by_number)
                .and_then(|number| u64::try_from(number).ok()),
        }
    }
}
