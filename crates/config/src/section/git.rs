//! Git itself and what talks to other sites: `[git]`, `[mirror]`, `[migrations]`, `[webhook]`, `[proxy]`, `[indexer]`,
//! `[actions]`, `[project]`.

use std::path::PathBuf;
use std::time::Duration;

use oolong_core::Secret;

use crate::load::Base;
use crate::schema::{Reader, section};
use crate::value::choice;

section! {
    /// How git is used.
    pub struct Git in "git" {
        /// The git program; empty means the one found first.
        path: PathBuf = "",
        /// The home folder git gets, relative to APP_DATA_PATH.
        home_path: PathBuf = "home",
        /// Switches colours in diffs off.
        disable_diff_highlight: bool = "false",
        /// The most lines of one file in a diff.
        max_git_diff_lines: u64 = "1000",
        /// The longest line in a diff.
        max_git_diff_line_characters: u64 = "5000",
        /// The most files in a diff.
        max_git_diff_files: u64 = "100",
        /// Commits of a page.
        commits_range_size: u64 = "50",
        /// Branches of a page.
        branches_range_size: u64 = "20",
        /// Whether a push tells what happens.
        verbose_push: bool = "true",
        /// After how long it does.
        verbose_push_delay: Duration = "5s",
        /// More arguments for `git gc`.
        gc_args: Vec<String> = "" via words,
        /// Whether newer protocol versions are offered.
        enable_auto_git_wire_protocol: bool = "true",
        /// Whether a push answers with a link for a pull request.
        pull_request_push_message: bool = "true",
        /// Files of more bytes are not searched for LFS pointers.
        large_object_threshold: u64 = "1048576",
        /// Whether file names that Windows forbids are allowed.
        disable_core_protect_ntfs: bool = "false",
        /// Switches clones of a part of a repository off.
        disable_partial_clone: bool = "false",
        /// How alike files must be to count as renamed.
        diff_rename_similarity_threshold: String = "50%",
    }
    sections {
        /// `[git.timeout]`.
        timeout: GitTimeout,
    }
}

section! {
    /// How long git commands may take, in seconds.
    pub struct GitTimeout in "git.timeout" {
        /// Copying a repository from another site.
        migrate: Duration = "600" via seconds,
        /// Updating a mirror.
        mirror: Duration = "300" via seconds,
        /// Cleaning a repository up.
        gc: Duration = "60" via seconds,
    }
}

impl Git {
    /// Completes what depends on other keys.
    pub(crate) fn finish(&mut self, base: &Base) {
        self.home_path = base.data(&self.home_path);
    }
}

section! {
    /// Mirrors.
    pub struct Mirror in "mirror" {
        /// Whether mirrors are updated.
        enabled: bool = "true",
        /// Forbids new mirrors of other sites.
        disable_new_pull: bool = "false",
        /// Forbids new mirrors on other sites.
        disable_new_push: bool = "false",
        /// How often a mirror is updated, if nobody says.
        default_interval: Duration = "8h",
        /// How often it may be updated, at most every minute.
        min_interval: Duration = "10m",
    }
}

section! {
    /// Copying repositories from other sites.
    pub struct Migrations in "migrations" {
        /// How often a request is tried.
        max_attempts: u32 = "3",
        /// The seconds between two tries.
        retry_backoff: u32 = "3",
        /// The only domains that are allowed; empty allows all.
        allowed_domains: Vec<String> = "",
        /// Domains that are refused.
        blocked_domains: Vec<String> = "",
        /// Whether addresses of private networks are allowed.
        allow_localnetworks: bool = "false",
        /// Whether any certificate is accepted.
        skip_tls_verify: bool = "false",
    }
}

section! {
    /// Webhooks.
    pub struct Webhook in "webhook" {
        /// How many deliveries may wait.
        queue_length: u64 = "1000",
        /// How many seconds a delivery may take.
        deliver_timeout: Duration = "5" via seconds,
        /// Whether any certificate is accepted.
        skip_tls_verify: bool = "false",
        /// Which hosts may be called: external, private, loopback, *, names and networks.
        allowed_host_list: Vec<String> = derived "ALLOWED_HOST_LIST of [security]",
        /// Deliveries of a page.
        paging_num: u64 = "10",
        /// The proxy deliveries go through.
        proxy_url: Secret = "",
        /// The hosts that are called through it; empty means all.
        proxy_hosts: Vec<String> = "",
    }
}

section! {
    /// The proxy that requests to other sites go through.
    pub struct Proxy in "proxy" {
        /// Whether there is one.
        proxy_enabled: bool = "false",
        /// Its address.
        proxy_url: Secret = "",
        /// The hosts that are called through it; empty means all.
        proxy_hosts: Vec<String> = "",
    }
}

choice! {
    /// What searches issues.
    pub enum IssueIndexer {
        /// Gitea's own index; here the database answers.
        #[default]
        Bleve = "bleve",
        /// The database.
        Db = "db",
        /// An Elasticsearch server.
        Elasticsearch = "elasticsearch",
        /// A Meilisearch server.
        Meilisearch = "meilisearch",
    }
}

section! {
    /// Searching.
    pub struct Indexer in "indexer" {
        /// What searches issues: db; other names are understood and lead to the database as well.
        issue_indexer_type: IssueIndexer = "bleve",
        /// Whether code can be searched.
        repo_indexer_enabled: bool = "false",
        /// Which repositories are searched: sources, forks, mirrors, templates.
        repo_indexer_repo_types: Vec<String> = "sources,forks,mirrors,templates",
        /// Files that are searched; empty means all.
        repo_indexer_include: Vec<String> = "",
        /// Files that are not searched.
        repo_indexer_exclude: Vec<String> = "",
        /// Larger files are not searched.
        max_file_size: u64 = "1048576",
    }
}

section! {
    /// Actions.
    pub struct Actions in "actions" {
        /// Whether repositories can have workflows.
        enabled: bool = "true",
    }
}

section! {
    /// Boards.
    pub struct Project in "project" {
        /// The columns of a kanban board.
        project_board_basic_kanban_type: Vec<String> = "To Do,In Progress,Done",
        /// The columns of a board for bugs.
        project_board_bug_triage_type: Vec<String> = "Needs Triage,High Priority,Low Priority,Closed",
    }
}

section! {
    /// Markdown.
    pub struct Markdown in "markdown" {
        /// What comments may do: short-issue-pattern, new-line-hard-break.
        render_options_comment: Vec<String> = "short-issue-pattern,new-line-hard-break",
        /// What wiki pages may do.
        render_options_wiki: Vec<String> = "short-issue-pattern",
        /// What files may do.
        render_options_repo_file: Vec<String> = "",
        /// Schemes that links may have besides the usual ones.
        custom_url_schemes: Vec<String> = "",
        /// The files that are Markdown.
        file_extensions: Vec<String> = ".md,.markdown,.mdown,.mkd,.livemd",
        /// Whether formulas are rendered.
        enable_math: bool = "true",
        /// What a formula starts with: inline-dollar, block-dollar, inline-parentheses, block-square-brackets.
        math_code_block_detection: Vec<String> = "inline-dollar,block-dollar",
    }
}

impl Mirror {
    /// Completes what depends on other keys.
    pub(crate) fn finish(&mut self, reader: &mut Reader<'_>) {
        let minute = Duration::from_secs(60);
        if self.min_interval < minute {
            reader.warn("[mirror] MIN_INTERVAL is less than a minute; one minute is used");
            self.min_interval = minute;
        }
        self.default_interval = self.default_interval.max(self.min_interval);
    }
}
