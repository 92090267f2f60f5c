//! `[repository]` and its sub-sections.

use std::path::PathBuf;

use oolong_core::Unit;

use crate::load::Base;
use crate::schema::{Reader, section};
use crate::value::choice;

choice! {
    /// Whether the form for a new repository proposes a private one.
    pub enum DefaultPrivate {
        /// As the person chose the last time.
        #[default]
        Last = "last",
        /// Private.
        Private = "private",
        /// Public.
        Public = "public",
    }
}

choice! {
    /// The address `go get` is told to clone.
    pub enum GoGetProtocol {
        /// The HTTP(S) address.
        #[default]
        Https = "https",
        /// The SSH address.
        Ssh = "ssh",
    }
}

choice! {
    /// How a pull request is merged.
    pub enum MergeStyle {
        /// A merge commit.
        #[default]
        Merge = "merge",
        /// Commits are moved onto the base, which is fast-forwarded.
        Rebase = "rebase",
        /// Commits are moved onto the base, then joined by a merge commit.
        RebaseMerge = "rebase-merge",
        /// One commit with all changes.
        Squash = "squash",
        /// The base is moved forward, or nothing happens.
        FastForwardOnly = "fast-forward-only",
        /// Somebody merged it outside.
        ManuallyMerged = "manually-merged",
    }
}

choice! {
    /// Where the title of a new pull request comes from.
    pub enum TitleSource {
        /// The only commit, or else the branch.
        #[default]
        Auto = "auto",
        /// The first commit.
        FirstCommit = "first-commit",
    }
}

choice! {
    /// Whose signatures a repository trusts.
    pub enum TrustModel {
        /// Collaborators'.
        #[default]
        Collaborator = "collaborator",
        /// The committer's.
        Committer = "committer",
        /// A collaborator's who is the committer.
        CollaboratorCommitter = "collaboratorcommitter",
    }
}

choice! {
    /// The form of the server's signatures.
    pub enum SigningFormat {
        /// GnuPG.
        #[default]
        Openpgp = "openpgp",
        /// SSH keys.
        Ssh = "ssh",
    }
}

section! {
    /// Repositories: where they are kept, and what people may do with them.
    pub struct Repository in "repository" {
        /// The folder of all repositories, relative to WORK_PATH.
        root: PathBuf = derived "APP_DATA_PATH/gitea-repositories",
        /// The shell that hook scripts of Gitea start with; kept for them.
        script_type: String = "bash",
        /// The charset of texts that are not UTF-8, if it is not guessed.
        ansi_charset: String = "",
        /// Whether every new repository is private.
        force_private: bool = "false",
        /// What the form for a new repository proposes: last, private or public.
        default_private: DefaultPrivate = "last",
        /// Whether repositories created by a push are private.
        default_push_create_private: bool = "true",
        /// How many repositories an owner may have; -1 means any number.
        max_creation_limit: i64 = "-1",
        /// The same for people.
        user_max_creation_limit: i64 = derived "MAX_CREATION_LIMIT",
        /// The same for organisations.
        org_max_creation_limit: i64 = derived "MAX_CREATION_LIMIT",
        /// The licences at the top of the list.
        preferred_licenses: Vec<String> = "Apache License 2.0,MIT License",
        /// Switches cloning and pushing over HTTP off.
        disable_http_git: bool = "false",
        /// The origins whose scripts may use git over HTTP.
        access_control_allow_origin: String = "",
        /// Whether SSH addresses are always written as ssh://.
        use_compat_ssh_uri: bool = "false",
        /// What `go get` is told to clone with: https or ssh.
        go_get_clone_url_protocol: GoGetProtocol = "https",
        /// Whether commits on any branch close issues.
        default_close_issues_via_commits_in_any_branch: bool = "false",
        /// Whether a push creates a missing repository of a person.
        enable_push_create_user: bool = "false",
        /// Whether a push creates a missing repository of an organisation.
        enable_push_create_org: bool = "false",
        /// Units no repository can have.
        disabled_repo_units: Vec<Unit> = "" via units,
        /// Units of a new repository.
        default_repo_units: Vec<Unit> = "repo.code,repo.releases,repo.issues,repo.pulls,repo.wiki,repo.projects,repo.packages,repo.actions" via units,
        /// Units of a new fork.
        default_fork_repo_units: Vec<Unit> = "repo.code,repo.pulls" via units,
        /// Units of a new mirror.
        default_mirror_repo_units: Vec<Unit> = "repo.code,repo.releases,repo.issues,repo.wiki,repo.projects,repo.packages" via units,
        /// Units of a repository made from a template.
        default_template_repo_units: Vec<Unit> = "repo.code,repo.releases,repo.issues,repo.pulls,repo.wiki,repo.projects,repo.packages" via units,
        /// Whether files in an archive lie in a folder with the repository's name.
        prefix_archive_files: bool = "true",
        /// Switches copying repositories from other sites off.
        disable_migrations: bool = "false",
        /// Switches stars off.
        disable_stars: bool = "false",
        /// The branch new repositories start with.
        default_branch: String = "main",
        /// Whether people may take over repository folders that belong to nobody.
        allow_adoption_of_unadopted_repositories: bool = "false",
        /// Whether people may delete repository folders that belong to nobody.
        allow_delete_of_unadopted_repositories: bool = "false",
        /// Switches downloading archives off.
        disable_download_source_archives: bool = "false",
        /// Whether forks do not count against the limit.
        allow_fork_without_maximum_limit: bool = "true",
        /// Whether one may fork into the owner of the original.
        allow_fork_into_same_owner: bool = "false",
        /// Whether archives are sent while they are made.
        stream_archives: bool = "true",
    }
    sections {
        /// `[repository.editor]`.
        editor: Editor,
        /// `[repository.upload]`.
        upload: Upload,
        /// `[repository.pull-request]`.
        pull_request: PullRequest,
        /// `[repository.issue]`.
        issue: Issue,
        /// `[repository.release]`.
        release: Release,
        /// `[repository.signing]`.
        signing: Signing,
    }
}

section! {
    /// The editor for files.
    pub struct Editor in "repository.editor" {
        /// Files with these extensions are shown with wrapped lines.
        line_wrap_extensions: Vec<String> = ".txt,.md,.markdown,.mdown,.mkd,.livemd,",
    }
}

section! {
    /// Files uploaded to a repository on the web.
    pub struct Upload in "repository.upload" {
        /// Whether files can be uploaded.
        enabled: bool = "true",
        /// Extensions and media types that are allowed; empty allows all.
        allowed_types: Vec<String> = "",
        /// The largest file, in megabytes.
        file_max_size: u64 = "50",
        /// The most files at once.
        max_files: u64 = "5",
    }
}

section! {
    /// Pull requests.
    pub struct PullRequest in "repository.pull-request" {
        /// Titles that start so say the work is not finished.
        work_in_progress_prefixes: Vec<String> = "WIP:,[WIP]",
        /// Words before an issue's number that close it.
        close_keywords: Vec<String> = "close,closes,closed,fix,fixes,fixed,resolve,resolves,resolved",
        /// Words before an issue's number that open it again.
        reopen_keywords: Vec<String> = "reopen,reopens,reopened",
        /// How new repositories merge: merge, rebase, rebase-merge, squash or fast-forward-only.
        default_merge_style: MergeStyle = "merge",
        /// How many commits a squash message lists; -1 means all.
        default_merge_message_commits_limit: i64 = "50",
        /// How many bytes a squash message may have; -1 means any number.
        default_merge_message_size: i64 = "5120",
        /// Whether a squash message lists all authors as co-authors.
        default_merge_message_all_authors: bool = "false",
        /// How many approvers a merge message lists; -1 means all.
        default_merge_message_max_approvers: i64 = "10",
        /// Whether only official approvals are listed.
        default_merge_message_official_approvers_only: bool = "true",
        /// Whether a squash message holds the commits' messages.
        populate_squash_comment_with_commit_messages: bool = "false",
        /// Whether people who differ from the committer are added as trailers.
        add_co_committer_trailers: bool = "true",
        /// Whether pull requests onto a merged branch move to its base.
        retarget_children_on_merge: bool = "true",
        /// Pull requests untouched for so many days are checked only when shown; 0 checks all, -1 none.
        delay_check_for_inactive_days: i64 = "7",
        /// Whether new repositories delete a branch after merging it.
        default_delete_branch_after_merge: bool = "false",
        /// Where the title of a new pull request comes from: auto or first-commit.
        default_title_source: TitleSource = "auto",
    }
}

section! {
    /// Issues.
    pub struct Issue in "repository.issue" {
        /// The reasons for locking a conversation.
        lock_reasons: Vec<String> = "Too heated,Off-topic,Spam,Resolved",
        /// How many issues can be pinned.
        max_pinned: i64 = "3",
    }
}

section! {
    /// Releases.
    pub struct Release in "repository.release" {
        /// Extensions and media types that may be attached; empty allows all.
        allowed_types: Vec<String> = "",
        /// How many releases a page shows.
        default_paging_num: u64 = "10",
        /// The largest file, in megabytes.
        file_max_size: u64 = "2048",
        /// The most files at once.
        max_files: u64 = "5",
    }
}

section! {
    /// Commits the server signs.
    pub struct Signing in "repository.signing" {
        /// The key: none, default (what git is configured with), a key id, or the path of an SSH public key.
        signing_key: String = "default",
        /// The name that signs.
        signing_name: String = "",
        /// The e-mail address that signs.
        signing_email: String = "",
        /// openpgp or ssh.
        signing_format: SigningFormat = "openpgp",
        /// When the first commit of a repository is signed.
        initial_commit: Vec<String> = "always",
        /// When commits made on the web are signed.
        crud_actions: Vec<String> = "pubkey,twofa,parentsigned",
        /// When merges are signed.
        merges: Vec<String> = "pubkey,twofa,basesigned,commitssigned",
        /// When wiki commits are signed.
        wiki: Vec<String> = "never",
        /// Whose signatures new repositories trust: collaborator, committer or collaboratorcommitter.
        default_trust_model: TrustModel = "collaborator",
        /// SSH public keys that are trusted without belonging to a user.
        trusted_ssh_keys: Vec<String> = "",
    }
}

impl Repository {
    /// Completes what depends on other keys.
    pub(crate) fn finish(&mut self, reader: &mut Reader<'_>, base: &Base, packages: bool, actions: bool) {
        let section = Self::SPEC.name;
        self.root = if self.root.as_os_str().is_empty() {
            base.data_path.join("gitea-repositories")
        } else {
            base.work(&self.root)
        };
        if !reader.has(section, "USER_MAX_CREATION_LIMIT") {
            self.user_max_creation_limit = self.max_creation_limit;
        }
        if !reader.has(section, "ORG_MAX_CREATION_LIMIT") {
            self.org_max_creation_limit = self.max_creation_limit;
        }
        for (unit, enabled) in [(Unit::Packages, packages), (Unit::Actions, actions)] {
            if !enabled && !self.disabled_repo_units.contains(&unit) {
                self.disabled_repo_units.push(unit);
            }
        }
        let branch = &self.default_branch;
        let bad =
            branch.starts_with(['-', '/', '.']) || branch.ends_with(['/', '.']) || branch.contains("..");
        if bad || branch.contains(|c: char| c.is_whitespace() || c.is_control() || "~^:?*[\\".contains(c)) {
            reader.problem(section, "DEFAULT_BRANCH", "git does not allow this name");
        }
    }
}
