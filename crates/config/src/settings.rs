//! All settings together, read once and passed down.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::error::ConfigError;
use crate::ini::Ini;
use crate::known;
use crate::load::{Base, Paths, Surroundings};
use crate::schema::{Reader, SectionSpec};
use crate::section::*;

/// Every setting, checked and with defaults filled in.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Where the program and its files are.
    pub paths: Paths,
    /// The keys above the first section.
    pub app: App,
    /// `[server]`.
    pub server: Server,
    /// `[database]`.
    pub database: Database,
    /// `[security]`.
    pub security: Security,
    /// `[service]`.
    pub service: Service,
    /// `[session]`.
    pub session: Session,
    /// `[oauth2]`.
    pub oauth2: OAuth2,
    /// `[oauth2_client]`.
    pub oauth2_client: OAuth2Client,
    /// `[openid]`.
    pub openid: OpenId,
    /// `[repository]`.
    pub repository: Repository,
    /// `[git]`.
    pub git: Git,
    /// `[git.config]`: options every git command gets.
    pub git_config: BTreeMap<String, String>,
    /// `[ssh.minimum_key_sizes]`: the least bits of a key by its type; -1 refuses the type.
    pub minimum_key_sizes: BTreeMap<String, i64>,
    /// `[lfs]`.
    pub lfs: Lfs,
    /// Where each kind of file is kept.
    pub storage: Storages,
    /// `[attachment]`.
    pub attachment: Attachment,
    /// `[picture]`.
    pub picture: Picture,
    /// `[packages]`.
    pub packages: Packages,
    /// `[log]`.
    pub log: Log,
    /// `[api]`.
    pub api: Api,
    /// `[cors]`.
    pub cors: Cors,
    /// `[admin]`.
    pub admin: Admin,
    /// `[mailer]`.
    pub mailer: Mailer,
    /// `[webhook]`.
    pub webhook: Webhook,
    /// `[proxy]`.
    pub proxy: Proxy,
    /// `[mirror]`.
    pub mirror: Mirror,
    /// `[migrations]`.
    pub migrations: Migrations,
    /// `[indexer]`.
    pub indexer: Indexer,
    /// `[actions]`.
    pub actions: Actions,
    /// `[cron.TASK]`.
    pub cron: Cron,
    /// `[ui]`.
    pub ui: Ui,
    /// `[markdown]`.
    pub markdown: Markdown,
    /// `[project]`.
    pub project: Project,
    /// `[i18n]`.
    pub i18n: I18n,
    /// `[time]`.
    pub time: Time,
    /// `[other]`.
    pub other: Other,
    /// `[metrics]`.
    pub metrics: Metrics,
    /// `[federation]`.
    pub federation: Federation,
    /// `[oolong]`.
    pub oolong: Oolong,
    /// What an administrator should look at, though everything works.
    pub warnings: Vec<String>,
}

/// Every section with a struct, in the order of the sample file.
pub(crate) const SECTIONS: &[&SectionSpec] = &[
    App::SPEC,
    Server::SPEC,
    Database::SPEC,
    Security::SPEC,
    Service::SPEC,
    Session::SPEC,
    OAuth2::SPEC,
    OAuth2Client::SPEC,
    OpenId::SPEC,
    Repository::SPEC,
    Git::SPEC,
    StorageKeys::SPEC,
    Lfs::SPEC,
    Attachment::SPEC,
    Picture::SPEC,
    Packages::SPEC,
    Log::SPEC,
    LogWriter::SPEC,
    Api::SPEC,
    Cors::SPEC,
    Admin::SPEC,
    Mailer::SPEC,
    Webhook::SPEC,
    Proxy::SPEC,
    Mirror::SPEC,
    Migrations::SPEC,
    Indexer::SPEC,
    Actions::SPEC,
    CronKeys::SPEC,
    Ui::SPEC,
    Markdown::SPEC,
    Project::SPEC,
    I18n::SPEC,
    Time::SPEC,
    Other::SPEC,
    Metrics::SPEC,
    Federation::SPEC,
    Oolong::SPEC,
];

impl Settings {
    /// Reads settings from a text, for tests and tools: as if it stood in `WORK_PATH/custom/conf/app.ini`.
    pub fn parse(text: &str, work_path: &Path) -> Result<Self, ConfigError> {
        let config_file = work_path.join("custom/conf/app.ini");
        let ini =
            Ini::parse(text).map_err(|source| ConfigError::Syntax { file: config_file.clone(), source })?;
        let paths = Paths {
            app_path: PathBuf::from("/usr/local/bin/oolong"),
            work_path: work_path.to_owned(),
            custom_path: work_path.join("custom"),
            config_file,
        };
        Self::from_ini(&ini, paths, &Surroundings::default())
    }

    /// Reads settings from a document. Every problem is collected.
    pub fn from_ini(ini: &Ini, paths: Paths, surroundings: &Surroundings) -> Result<Self, ConfigError> {
        let mut reader = Reader::new(ini, paths.config_file.clone());
        let settings = Self::read(&mut reader, paths, surroundings);
        known::check(&mut reader);
        if reader.problems.is_empty() {
            Ok(Self { warnings: reader.warnings, ..settings })
        } else {
            Err(ConfigError::Values(reader.problems))
        }
    }

    fn read(reader: &mut Reader<'_>, paths: Paths, surroundings: &Surroundings) -> Self {
        let variable =
            |name: &str| surroundings.variables.get(name).filter(|value| !value.is_empty()).cloned();
        let mut app = App::read(reader);
        if app.run_user.is_empty() {
            app.run_user = variable("USER").or_else(|| variable("USERNAME")).unwrap_or_default();
        }
        app.i_am_being_unsafe_running_as_root |= variable("GITEA_I_AM_BEING_UNSAFE_RUNNING_AS_ROOT")
            .is_some_and(|text| crate::value::switch(&text) == Ok(true));
        if let Some(mode) = variable("OOLONG_RUN_MODE").or_else(|| variable("GITEA_RUN_MODE")) {
            app.run_mode = <RunMode as crate::value::IniValue>::read(&mode).unwrap_or_default();
        }
        app.work_path = paths.work_path.to_string_lossy().into_owned();
        let mut security = Security::read(reader);
        let mut base = Base {
            work_path: paths.work_path.clone(),
            custom_path: paths.custom_path.clone(),
            data_path: paths.work_path.join("data"),
            home: variable("HOME").map(PathBuf::from).unwrap_or_else(|| paths.work_path.clone()),
            run_user: app.run_user.clone(),
            installed: security.install_lock,
        };
        security.finish(reader, &base);
        let mut server = Server::read(reader);
        server.finish(reader, &mut base);
        let base = base;
        let mut database = Database::read(reader);
        database.finish(reader, &base);
        let mut mailer = Mailer::read(reader);
        mailer.finish(reader, &base, &app.app_name);
        let mut service = Service::read(reader);
        service.finish(reader, &server.domain, mailer.enabled);
        let mut session = Session::read(reader);
        session.finish(reader, &base, server.root_url.starts_with("https:"));
        let mut oauth2 = OAuth2::read(reader);
        oauth2.finish(reader, &base);
        let mut openid = OpenId::read(reader);
        openid.finish(reader, &base, !service.disable_registration);
        let mut packages = Packages::read(reader);
        let actions = Actions::read(reader);
        let mut repository = Repository::read(reader);
        repository.finish(reader, &base, packages.enabled, actions.enabled);
        let mut git = Git::read(reader);
        git.finish(&base);
        let mut storage = Storages::resolve(reader, &base);
        if let Some(older) = reader.text("server", "LFS_CONTENT_PATH")
            && storage.lfs.path == base.data(Path::new("lfs"))
        {
            storage.lfs.path = base.data(Path::new(&older));
        }
        let mut picture = Picture::read(reader);
        picture.finish(&base, &mut storage, &server.app_sub_url);
        packages.storage = storage.packages.clone();
        let mut lfs = Lfs::read(reader);
        lfs.storage = storage.lfs.clone();
        let attachment = Attachment { storage: storage.attachments.clone(), ..Attachment::read(reader) };
        let mut log = Log::read(reader);
        log.finish(reader, &base);
        let mut api = Api::read(reader);
        api.finish(reader);
        let mut admin = Admin::read(reader);
        admin.finish();
        let mut webhook = Webhook::read(reader);
        if !reader.has("webhook", "ALLOWED_HOST_LIST") {
            webhook.allowed_host_list.clone_from(&security.allowed_host_list);
        }
        let mut mirror = Mirror::read(reader);
        mirror.finish(reader);
        Self {
            git_config: git_config(reader),
            minimum_key_sizes: minimum_key_sizes(reader),
            cron: Cron::read(reader, service.active_code_live_minutes),
            oauth2_client: OAuth2Client::read(reader),
            cors: Cors::read(reader),
            proxy: Proxy::read(reader),
            migrations: Migrations::read(reader),
            indexer: Indexer::read(reader),
            ui: Ui::read(reader),
            markdown: Markdown::read(reader),
            project: Project::read(reader),
            i18n: I18n::read(reader),
            time: Time::read(reader),
            other: Other::read(reader),
            metrics: Metrics::read(reader),
            federation: Federation::read(reader),
            oolong: Oolong::read(reader),
            warnings: Vec::new(),
            paths,
            app,
            server,
            database,
            security,
            service,
            session,
            oauth2,
            openid,
            repository,
            git,
            lfs,
            storage,
            attachment,
            picture,
            packages,
            log,
            api,
            admin,
            mailer,
            webhook,
            mirror,
            actions,
        }
    }
}

/// Git options, with the defaults an administrator can replace.
fn git_config(reader: &Reader<'_>) -> BTreeMap<String, String> {
    let defaults =
        [("diff.algorithm", "histogram"), ("core.logallrefupdates", "true"), ("gc.reflogexpire", "90")];
    let mut options: BTreeMap<String, String> =
        defaults.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    for key in reader.ini.keys("git.config") {
        options.insert(git_option(key), reader.ini.get_own("git.config", key).unwrap_or_default());
    }
    options
}

/// The name of a git option in one spelling: case counts only between the first dot and the last.
fn git_option(name: &str) -> String {
    let Some((section, rest)) = name.split_once('.') else { return name.to_ascii_lowercase() };
    let section = section.to_ascii_lowercase();
    match rest.rsplit_once('.') {
        None => format!("{section}.{}", rest.to_ascii_lowercase()),
        Some((middle, key)) => format!("{section}.{middle}.{}", key.to_ascii_lowercase()),
    }
}

/// The least sizes of SSH keys that the administrator changed.
fn minimum_key_sizes(reader: &mut Reader<'_>) -> BTreeMap<String, i64> {
    const SECTION: &str = "ssh.minimum_key_sizes";
    let mut sizes = BTreeMap::new();
    let keys: Vec<String> = reader.ini.keys(SECTION).into_iter().map(str::to_owned).collect();
    for key in keys {
        let text = reader.ini.get_own(SECTION, &key).unwrap_or_default();
        match text.trim().parse() {
            Ok(bits) => drop(sizes.insert(key, bits)),
            Err(_) => reader.problem(SECTION, &key, "not a number of bits"),
        }
    }
    sizes
}
