//! Every section and key Gitea knows, so that only real mistakes are reported.
//!
//! What does not belong here: keys that have a field; those are known from their section's struct.

use std::collections::BTreeMap;

use crate::schema::{Reader, SectionSpec};
use crate::section::StorageKeys;
use crate::settings::SECTIONS;

/// Keys Gitea reads or once read, and Oolong does not use. A `*` in a section stands for any one word, as a key for
/// any key.
const OF_GITEA: &[(&str, &str)] = &[
    (
        "server",
        "SSL_MIN_VERSION SSL_MAX_VERSION SSL_CURVE_PREFERENCES SSL_CIPHER_SUITES ENABLE_ACME ACME_URL ACME_CA_ROOT \
         ACME_EMAIL ACME_ACCEPTTOS ACME_DIRECTORY ENABLE_LETSENCRYPT LETSENCRYPT_ACCEPTTOS LETSENCRYPT_DIRECTORY \
         LETSENCRYPT_EMAIL ALLOW_GRACEFUL_RESTARTS ENABLE_PPROF PPROF_DATA_PATH SSH_SERVER_USE_PROXY_PROTOCOL \
         SSH_CREATE_AUTHORIZED_PRINCIPALS_FILE SSH_AUTHORIZED_PRINCIPALS_BACKUP SSH_AUTHORIZED_PRINCIPALS_ALLOW \
         SSH_TRUSTED_USER_CA_KEYS SSH_TRUSTED_USER_CA_KEYS_FILENAME SSH_SERVER_CIPHERS SSH_SERVER_KEY_EXCHANGES \
         SSH_SERVER_MACS SSH_PER_WRITE_TIMEOUT SSH_PER_WRITE_PER_KB_TIMEOUT LFS_ALLOW_PURE_SSH LFS_CONTENT_PATH \
         LFS_JWT_SECRET_URI OFFLINE_MODE DISABLE_ROUTER_LOG SSH_KEY_TEST_PATH SSH_KEYGEN_PATH",
    ),
    ("ssh.minimum_key_sizes", "*"),
    ("lfs_client", "BATCH_SIZE BATCH_OPERATION_CONCURRENCY"),
    ("security", "SECRET_KEY_URI INTERNAL_TOKEN_URI CSRF_COOKIE_HTTP_ONLY COOKIE_USERNAME"),
    ("service", "RESET_PASSWD_CODE_LIVE_MINUTES"),
    ("qos", "ENABLED MAX_INFLIGHT MAX_WAITING TARGET_WAIT_TIME"),
    ("oauth2", "JWT_SECRET_URI"),
    (
        "repository",
        "DETECTED_CHARSETS_ORDER DISABLE_MIRRORS PULL_REQUEST_QUEUE_LENGTH MIRROR_QUEUE_LENGTH USE_COMPAT_SSH_URI",
    ),
    ("repository.upload", "TEMP_PATH"),
    ("repository.local", "LOCAL_COPY_PATH"),
    ("repository.mimetype_mapping", "*"),
    ("cache", "ENABLED ADAPTER INTERVAL HOST ITEM_TTL"),
    ("cache.last_commit", "ENABLED ITEM_TTL COMMITS_COUNT"),
    ("queue", "TYPE DATADIR CONN_STR LENGTH QUEUE_NAME SET_NAME BATCH_LENGTH MAX_WORKERS"),
    ("task", "QUEUE_TYPE QUEUE_LENGTH QUEUE_CONN_STR"),
    ("global_lock", "SERVICE_TYPE SERVICE_CONN_STR"),
    (
        "mailer",
        "MAILER_TYPE HOST IS_TLS_ENABLED DISABLE_HELO SKIP_VERIFY USE_CERTIFICATE CERT_FILE KEY_FILE \
         ENABLE_HTML_ALTERNATIVE SEND_BUFFER_LEN",
    ),
    ("mailer.override_header", "*"),
    (
        "email.incoming",
        "ENABLED REPLY_TO_ADDRESS HOST PORT USERNAME PASSWORD USE_TLS SKIP_TLS_VERIFY MAILBOX \
         DELETE_HANDLED_MESSAGE MAXIMUM_MESSAGE_SIZE",
    ),
    (
        "log",
        "ACCESS_LOG_TEMPLATE logger.default.MODE ACCESS ENABLE_ACCESS_LOG ROUTER DISABLE_ROUTER_LOG XORM \
         ENABLE_XORM_LOG STACKTRACE_LEVEL COLORIZE",
    ),
    (
        "log.*",
        "STACKTRACE_LEVEL PREFIX EXPRESSION FLAGS COLORIZE COMPRESSION_LEVEL RECONNECT RECONNECT_ON_MSG",
    ),
    ("git.config", "*"),
    ("git.reflog", "ENABLED EXPIRATION"),
    ("git.timeout", "DEFAULT CLONE PULL"),
    ("mirror", "DISABLED"),
    ("camo", "ENABLED SERVER_URL HMAC_KEY ALWAYS ALLWAYS"),
    (
        "indexer",
        "ISSUE_INDEXER_PATH ISSUE_INDEXER_CONN_STR ISSUE_INDEXER_NAME STARTUP_TIMEOUT REPO_INDEXER_TYPE \
         REPO_INDEXER_PATH REPO_INDEXER_CONN_STR REPO_INDEXER_NAME REPO_INDEXER_EXCLUDE_VENDORED \
         TYPE_BLEVE_MAX_FUZZINESS ISSUE_INDEXER_QUEUE_TYPE ISSUE_INDEXER_QUEUE_DIR ISSUE_INDEXER_QUEUE_CONN_STR \
         ISSUE_INDEXER_QUEUE_BATCH_NUMBER UPDATE_BUFFER_LEN",
    ),
    (
        "actions",
        "DEFAULT_ACTIONS_URL LOG_RETENTION_DAYS LOG_COMPRESSION ARTIFACT_RETENTION_DAYS ZOMBIE_TASK_TIMEOUT \
         ENDLESS_TASK_TIMEOUT ABANDONED_JOB_TIMEOUT SKIP_WORKFLOW_STRINGS WORKFLOW_DIRS SCOPED_WORKFLOW_DIRS \
         MAX_RERUN_ATTEMPTS MAX_CONCURRENT_TASK_PICKS STORAGE_TYPE",
    ),
    ("actions.artifacts", ""),
    ("avatar", ""),
    ("repo-avatar", ""),
    ("repo-archive", ""),
    ("storage.*", ""),
    ("queue.*", "TYPE DATADIR CONN_STR LENGTH QUEUE_NAME SET_NAME BATCH_LENGTH MAX_WORKERS"),
    ("markup", "MERMAID_MAX_SOURCE_CHARACTERS"),
    ("markup.*", "*"),
    ("markup.sanitizer.*", "*"),
    ("highlight.mapping", "*"),
    ("ui", "ADMIN_USER_PAGING_NUM THEME_COLOR_META_TAG USE_SERVICE_WORKER"),
    (
        "cron.*",
        "PULL_LIMIT PUSH_LIMIT TIMEOUT ARGS OLDER_THAN UPDATE_EXISTING CLEANUP_TYPE NUMBER_TO_KEEP HTTP_ENDPOINT \
         LAST_UPDATED_MORE_THAN_AGO NUMBER_TO_CHECK_PER_REPO PROPORTION_TO_CHECK_PER_REPO NO_SUCCESS_NOTICE",
    ),
    ("U2F", "APP_ID TRUSTED_FACETS"),
];

/// Sections that take the keys of `[storage]` besides their own.
const STORAGES: [&str; 8] = [
    "lfs",
    "attachment",
    "avatar",
    "repo-avatar",
    "repo-archive",
    "packages",
    "actions.artifacts",
    "storage.*",
];

/// All keys by section pattern.
fn all() -> BTreeMap<&'static str, Vec<String>> {
    fn add(known: &mut BTreeMap<&'static str, Vec<String>>, spec: &'static SectionSpec) {
        let keys = known.entry(spec.name).or_default();
        keys.extend(spec.keys.iter().map(crate::schema::KeySpec::key));
        keys.extend(spec.keys.iter().flat_map(|key| key.legacy).map(|key| (*key).to_owned()));
        for sub in spec.sections {
            add(known, sub);
        }
    }
    let mut known = BTreeMap::new();
    for spec in SECTIONS {
        add(&mut known, spec);
    }
    for (section, keys) in OF_GITEA {
        known.entry(section).or_default().extend(keys.split_whitespace().map(str::to_owned));
    }
    let storage: Vec<String> = StorageKeys::SPEC.keys.iter().map(crate::schema::KeySpec::key).collect();
    for section in STORAGES {
        known.entry(section).or_default().extend(storage.iter().cloned());
    }
    let common = known.get("cron").cloned().unwrap_or_default();
    known.entry("cron.*").or_default().extend(common);
    known
}

/// The pattern a section's name falls under: itself, or with a `*` for its last word.
fn pattern<'a>(
    known: &BTreeMap<&'static str, Vec<String>>,
    section: &'a str,
) -> Option<std::borrow::Cow<'a, str>> {
    if known.contains_key(section) {
        return Some(section.into());
    }
    let mut parent = section;
    // A name may itself hold dots: `[markup.sanitizer.a.b]`.
    while let Some((before, _)) = parent.rsplit_once('.') {
        let general = format!("{before}.*");
        if known.contains_key(general.as_str()) {
            return Some(general.into());
        }
        parent = before;
    }
    None
}

/// Warns about every section and key nobody knows.
pub(crate) fn check(reader: &mut Reader<'_>) {
    let known = all();
    let ini = reader.ini;
    for section in ini.sections() {
        let Some(pattern) = pattern(&known, section) else {
            let hint = nearest(section, known.keys().copied().filter(|name| !name.contains('*')));
            reader.warn(format!(
                "there is no section [{section}]{}",
                hint_text(hint.map(|name| format!("[{name}]")))
            ));
            continue;
        };
        let Some(keys) = known.get(pattern.as_ref()) else { continue };
        if keys.iter().any(|key| key == "*") {
            continue;
        }
        for key in ini.keys(section).into_iter().filter(|key| !keys.iter().any(|k| k == key)) {
            let place = if section.is_empty() { String::new() } else { format!("[{section}] ") };
            let line = ini.line_of(section, key).map(|line| format!("line {line}: ")).unwrap_or_default();
            let hint = nearest(key, keys.iter().map(String::as_str)).map(str::to_owned);
            reader.warn(format!("{line}{place}{key} is not a key of this section{}", hint_text(hint)));
        }
    }
}

fn hint_text(hint: Option<String>) -> String {
    hint.map(|name| format!("; did you mean {name}?")).unwrap_or_default()
}

/// The name most like `word`, if it is like it at all.
fn nearest<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_ascii_uppercase();
    names
        .filter(|name| !name.is_empty())
        .map(|name| (strsim::jaro_winkler(&word, &name.to_ascii_uppercase()), name))
        .filter(|(likeness, _)| *likeness > 0.85)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}
