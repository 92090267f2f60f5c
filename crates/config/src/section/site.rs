//! What visitors and programs see: `[api]`, `[cors]`, `[admin]`, `[ui]`, `[i18n]`, `[other]`, `[time]`, `[metrics]`,
//! `[federation]`.

use std::time::Duration;

use oolong_core::Secret;

use crate::schema::{Reader, section};
use crate::value::choice;

section! {
    /// The HTTP API.
    pub struct Api in "api" {
        /// Whether the description of the API is served.
        enable_swagger: bool = "true",
        /// The most items of a page.
        max_response_items: u64 = "50",
        /// The items of a page when a client does not say.
        default_paging_num: u64 = "30",
        /// The entries of a page of a git tree.
        default_git_trees_per_page: u64 = "1000",
        /// The largest file content in an answer, in bytes.
        default_max_blob_size: u64 = "10485760",
        /// The most bytes of file content in an answer with several files.
        default_max_response_size: u64 = "104857600",
    }
}

section! {
    /// Scripts of other sites.
    pub struct Cors in "cors" {
        /// Whether they may use the API.
        enabled: bool = "false",
        /// The origins that may; * means all.
        allow_domain: Vec<String> = "*",
        /// The methods they may use.
        methods: Vec<String> = "GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS",
        /// How long a browser may remember the answer.
        max_age: Duration = "10m",
        /// Whether they may send cookies.
        allow_credentials: bool = "false",
        /// The headers they may send.
        headers: Vec<String> = "Content-Type,User-Agent",
        /// The X-Frame-Options header; [security] is the newer place.
        x_frame_options: String = "",
    }
}

choice! {
    /// Which notifications are mailed.
    pub enum EmailNotifications {
        /// All.
        #[default]
        Enabled = "enabled",
        /// Only when one is mentioned.
        OnMention = "onmention",
        /// None.
        Disabled = "disabled",
        /// All, also about what one does oneself.
        AndYourOwn = "andyourown",
    }
}

choice! {
    /// Something people may be kept from doing with their account.
    pub enum UserFeature {
        /// Deleting it.
        #[default]
        Deletion = "deletion",
        /// Changing SSH keys.
        ManageSshKeys = "manage_ssh_keys",
        /// Changing GPG keys.
        ManageGpgKeys = "manage_gpg_keys",
        /// Changing second factors.
        ManageMfa = "manage_mfa",
        /// Changing passwords, addresses and passkeys.
        ManageCredentials = "manage_credentials",
        /// Changing the user name.
        ChangeUsername = "change_username",
        /// Changing the full name.
        ChangeFullName = "change_full_name",
    }
}

section! {
    /// What administrators decide for everybody.
    pub struct Admin in "admin" {
        /// Whether only administrators may create organisations.
        disable_regular_org_creation: bool = "false",
        /// Which notifications new accounts are mailed: enabled, onmention, disabled or andyourown.
        default_email_notifications: EmailNotifications = "enabled",
        /// What nobody may do with an account: deletion, manage_ssh_keys, manage_gpg_keys, manage_mfa,
        /// manage_credentials, change_username, change_full_name.
        user_disabled_features: Vec<UserFeature> = "",
        /// The same for accounts that come from outside; what nobody may do is part of it.
        external_user_disable_features: Vec<UserFeature> = "",
    }
}

impl Admin {
    /// Completes what depends on other keys.
    pub(crate) fn finish(&mut self) {
        for feature in &self.user_disabled_features {
            if !self.external_user_disable_features.contains(feature) {
                self.external_user_disable_features.push(*feature);
            }
        }
    }
}

section! {
    /// How pages look.
    pub struct Ui in "ui" {
        /// Entries of a page of the explore lists.
        explore_paging_num: u64 = "20",
        /// Entries of a page of the site map.
        sitemap_paging_num: u64 = "20",
        /// Issues of a page.
        issue_paging_num: u64 = "20",
        /// Repositories of a page of search results.
        repo_search_paging_num: u64 = "20",
        /// Members of a page.
        members_paging_num: u64 = "20",
        /// Commits shown for a push in the activity feed.
        feed_max_commit_num: u64 = "5",
        /// Entries of a page of the activity feed.
        feed_paging_num: u64 = "20",
        /// Packages of a page.
        packages_paging_num: u64 = "20",
        /// Commits of a page of the graph.
        graph_max_commit_num: u64 = "100",
        /// Lines of code shown above a comment.
        code_comment_lines: u64 = "4",
        /// People named for a reaction.
        reaction_max_user_num: u64 = "10",
        /// The largest file shown, in bytes.
        max_display_file_size: u64 = "8388608",
        /// Whether profiles show the e-mail address.
        show_user_email: bool = "true",
        /// The theme for people who have not chosen one.
        default_theme: String = "gitea-auto",
        /// The themes to choose from; empty offers all.
        themes: Vec<String> = "",
        /// The pictures for files.
        file_icon_theme: String = "material",
        /// The pictures for folders.
        folder_icon_theme: String = "basic",
        /// The reactions people can choose from.
        reactions: Vec<String> = "+1,-1,laugh,hooray,confused,heart,rocket,eyes",
        /// Emoji besides those of Unicode.
        custom_emojis: Vec<String> = "git,gitea,codeberg,gitlab,github,gogs",
        /// The emoji that are rendered; empty means all.
        enabled_emojis: Vec<String> = "",
        /// Whether searching repositories looks at descriptions.
        search_repo_description: bool = "true",
        /// Whether lists leave out repositories without description, topic or picture.
        only_show_relevant_repos: bool = "false",
        /// How the explore lists are sorted.
        explore_paging_default_sort: String = "recentupdate",
        /// mixed or absolute: how times are written.
        preferred_timestamp_tense: String = "mixed",
        /// Whether characters that look like others are marked.
        ambiguous_unicode_detection: bool = "true",
        /// Whether full names are shown instead of user names.
        default_show_full_name: bool = "false",
    }
    sections {
        /// `[ui.notification]`.
        notification: UiNotification,
        /// `[ui.svg]`.
        svg: UiSvg,
        /// `[ui.csv]`.
        csv: UiCsv,
        /// `[ui.admin]`.
        admin: UiAdmin,
        /// `[ui.user]`.
        user: UiUser,
        /// `[ui.meta]`.
        meta: UiMeta,
    }
}

section! {
    /// How often pages ask for the number of notifications.
    pub struct UiNotification in "ui.notification" {
        /// The shortest pause.
        min_timeout: Duration = "10s",
        /// How much longer each pause is.
        timeout_step: Duration = "10s",
        /// The longest pause; 0 or less never asks.
        max_timeout: Duration = "60s",
        /// How often the server looks.
        event_source_update_time: Duration = "10s",
    }
}

section! {
    /// SVG files.
    pub struct UiSvg in "ui.svg" {
        /// Whether they are shown as pictures.
        enable_render: bool = "true",
    }
}

section! {
    /// CSV files.
    pub struct UiCsv in "ui.csv" {
        /// The largest file shown as a table, in bytes.
        max_file_size: u64 = "524288",
        /// The most rows shown.
        max_rows: u64 = "2500",
    }
}

section! {
    /// Pages for administrators.
    pub struct UiAdmin in "ui.admin" {
        /// People of a page.
        user_paging_num: u64 = "50",
        /// Repositories of a page.
        repo_paging_num: u64 = "50",
        /// Notices of a page.
        notice_paging_num: u64 = "25",
        /// Organisations of a page.
        org_paging_num: u64 = "50",
    }
}

section! {
    /// Profiles.
    pub struct UiUser in "ui.user" {
        /// Repositories of a page.
        repo_paging_num: u64 = "15",
        /// Organisations of a page.
        org_paging_num: u64 = "15",
    }
}

section! {
    /// What search engines read.
    pub struct UiMeta in "ui.meta" {
        /// The author of the site.
        author: String = "Oolong: a git forge",
        /// The description of the site.
        description: String = "Oolong is a self-hosted git forge",
        /// Keywords of the site.
        keywords: String = "git,self-hosted,forge,oolong",
    }
}

section! {
    /// Languages.
    pub struct I18n in "i18n" {
        /// The languages to choose from; the first is for visitors whose language is missing.
        langs: Vec<String> = "en-US,zh-CN,zh-HK,zh-TW,de-DE,fr-FR,ga-IE,nl-NL,lv-LV,ru-RU,uk-UA,ja-JP,es-ES,pt-BR,pt-PT,pl-PL,bg-BG,it-IT,fi-FI,tr-TR,cs-CZ,sv-SE,ko-KR,el-GR,fa-IR,hu-HU,id-ID,ml-IN",
        /// Their names, in the same order.
        names: Vec<String> = "",
    }
}

section! {
    /// Small things at the edge of pages.
    pub struct Other in "other" {
        /// Whether the version is shown.
        show_footer_version: bool = "true",
        /// Whether the time a page took is shown.
        show_footer_template_load_time: bool = "true",
        /// Whether the program is named.
        show_footer_powered_by: bool = "true",
        /// Whether there is a site map.
        enable_sitemap: bool = "true",
        /// Whether there are feeds.
        enable_feed: bool = "true",
    }
}

section! {
    /// Times.
    pub struct Time in "time" {
        /// The time zone of pages, such as Europe/Berlin; empty means the server's.
        default_ui_location: String = "",
    }
}

section! {
    /// Numbers for monitoring, at /metrics.
    pub struct Metrics in "metrics" {
        /// Whether they are served.
        enabled: bool = "false",
        /// The bearer token a monitor must send; empty means none.
        token: Secret = "",
        /// Whether issues are counted by label.
        enabled_issue_by_label: bool = "false",
        /// Whether issues are counted by repository.
        enabled_issue_by_repository: bool = "false",
    }
}

section! {
    /// Talking to other forges.
    pub struct Federation in "federation" {
        /// Whether nodeinfo and ActivityPub are served.
        enabled: bool = "false",
        /// Whether nodeinfo tells how many people use the site.
        share_user_statistics: bool = "true",
        /// The largest answer of another forge, in megabytes.
        max_size: u64 = "4",
        /// The signature algorithms that are accepted.
        algorithms: Vec<String> = "rsa-sha256,rsa-sha512,ed25519",
        /// The digest algorithm.
        digest_algorithm: String = "SHA-256",
        /// The headers signed in GET requests.
        get_headers: Vec<String> = "(request-target),Date",
        /// The headers signed in POST requests.
        post_headers: Vec<String> = "(request-target),Date,Digest",
    }
}

impl Api {
    /// A page of nothing helps nobody, so 0 counts as missing.
    pub(crate) fn finish(&mut self, reader: &mut Reader<'_>) {
        for (key, value) in [
            ("MAX_RESPONSE_ITEMS", self.max_response_items),
            ("DEFAULT_PAGING_NUM", self.default_paging_num),
            ("DEFAULT_GIT_TREES_PER_PAGE", self.default_git_trees_per_page),
        ] {
            if value == 0 {
                reader.problem(Self::SPEC.name, key, "expected at least 1");
            }
        }
    }
}
