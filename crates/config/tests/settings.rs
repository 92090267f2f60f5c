//! Settings as a site sees them: defaults, what depends on what, mistakes, and where files are looked for.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use oolong_config::{
    ConfigError, DbType, LoadOptions, LogLevel, LogMode, MailProtocol, Problem, RequireSignin, Settings,
    StorageType, Surroundings, TwoFactorAuth, generate, load_in,
};
use oolong_core::{Clock, Rng, Unit};

fn parse(text: &str) -> Settings {
    Settings::parse(text, Path::new("/srv/forge")).expect("the settings are valid")
}

fn problems(text: &str) -> Vec<Problem> {
    match Settings::parse(text, Path::new("/srv/forge")) {
        Err(ConfigError::Values(problems)) => problems,
        other => panic!("expected problems, not {other:?}"),
    }
}

#[test]
fn nothing_configured_is_a_site_that_is_not_set_up() {
    let settings = parse("");
    assert!(!settings.security.install_lock);
    assert_eq!(settings.server.root_url, "http://localhost:3000/");
    assert_eq!(settings.server.local_root_url, "http://localhost:3000/");
    assert_eq!(settings.server.app_data_path, Path::new("/srv/forge/data"));
    assert_eq!(settings.repository.root, Path::new("/srv/forge/data/gitea-repositories"));
    assert_eq!(settings.database.path, Path::new("/srv/forge/data/gitea.db"));
    assert_eq!(settings.database.sqlite_timeout, Duration::from_secs(20));
    assert_eq!(settings.security.password_hash_algo, "pbkdf2$50000$50");
    assert_eq!(settings.service.no_reply_address, "noreply.localhost");
    assert_eq!(settings.storage.attachments.path, Path::new("/srv/forge/data/attachments"));
    assert_eq!(settings.oauth2.jwt_signing_private_key_file, Path::new("/srv/forge/data/jwt/private.pem"));
    assert_eq!(settings.git_config["diff.algorithm"], "histogram");
    assert_eq!(settings.log.writers.len(), 1);
    assert_eq!(settings.warnings, [""; 0]);
}

#[test]
fn an_app_ini_of_gitea_is_read() {
    let settings = parse(
        "APP_NAME = Sample\nRUN_MODE = prod\nWORK_PATH = /srv/forge\nI_AM_BEING_UNSAFE_RUNNING_AS_ROOT = true\n\
         [server]\nHTTP_ADDR = 127.0.0.1\nHTTP_PORT = 13000\nROOT_URL = https://Git.Example.com:443/forge\n\
         DOMAIN = localhost\nOFFLINE_MODE = true\nAPP_DATA_PATH = store\nSTART_SSH_SERVER = true\nSSH_PORT = 2222\n\
         BUILTIN_SSH_SERVER_USER = git\nLFS_START_SERVER = true\n\
         [database]\nDB_TYPE = postgres\nHOST = db:5432\nPASSWD = `a#b`\nSSL_MODE = require\n\
         [repository]\nROOT = repositories\nMAX_CREATION_LIMIT = 5\n[repository.pull-request]\nDEFAULT_MERGE_STYLE = squash\n\
         [security]\nINSTALL_LOCK = true\nSECRET_KEY = k\nPASSWORD_HASH_ALGO = argon2\nPASSWORD_COMPLEXITY = lower,digit\n\
         TWO_FACTOR_AUTH = enforced\nLOGIN_REMEMBER_DAYS = 7300\n\
         [oauth2]\nREFRESH_TOKEN_EXPIRATION_TIME = 2\nDEFAULT_APPLICATIONS =\n\
         [service]\nREQUIRE_SIGNIN_VIEW = expensive\nREGISTER_EMAIL_CONFIRM = true\n\
         [session]\nPROVIDER = db\nSESSION_LIFE_TIME = 630720000\n\
         [mailer]\nENABLED = true\nSMTP_ADDR = mail\nSMTP_PORT = 587\nFROM = forge@example.com\n\
         [log]\nLEVEL = Warn\nMODE = console, own\n[log.own]\nMODE = file\nLEVEL = Debug\n\
         [actions]\nENABLED = false\n[cron]\nNOTICE_ON_SUCCESS = true\n[cron.update_checker]\nENABLED = false\n\
         [git.config]\n`URL.https://A.insteadOf` = b\n[markup.asciidoc]\nANY = thing\n",
    );
    let server = &settings.server;
    assert_eq!(
        (server.root_url.as_str(), server.app_sub_url.as_str()),
        ("https://git.example.com/forge/", "/forge")
    );
    assert_eq!((server.domain.as_str(), server.ssh_domain.as_str()), ("git.example.com", "git.example.com"));
    assert_eq!(server.local_root_url, "http://127.0.0.1:13000/");
    assert_eq!((server.ssh_user.as_str(), server.ssh_listen_port), ("git", 2222));
    assert_eq!(settings.database.db_type, DbType::Postgres);
    assert_eq!(settings.database.passwd.expose(), "a#b");
    assert_eq!(settings.repository.root, Path::new("/srv/forge/repositories"));
    assert_eq!(settings.repository.org_max_creation_limit, 5);
    assert_eq!(settings.repository.pull_request.default_merge_style.as_str(), "squash");
    assert_eq!(settings.repository.disabled_repo_units, [Unit::Actions]);
    assert_eq!(settings.security.password_hash_algo, "argon2$2$65536$8$50");
    assert_eq!(settings.security.password_complexity.len(), 2);
    assert_eq!(settings.security.two_factor_auth, TwoFactorAuth::Enforced);
    assert_eq!(settings.oauth2.refresh_token_expiration_time, Duration::from_secs(7200));
    assert_eq!(settings.oauth2.default_applications, [""; 0]);
    assert_eq!(settings.service.require_signin_view, RequireSignin::Expensive);
    assert!(!settings.service.explore.require_signin_view, "the parent's word is no mistake here");
    assert!(settings.service.register_email_confirm);
    assert!(settings.session.cookie_secure);
    assert_eq!(settings.mailer.protocol, MailProtocol::SmtpStarttls);
    let own = &settings.log.writers[1];
    assert_eq!((own.mode, own.level), (LogMode::File, LogLevel::Debug));
    assert_eq!(settings.log.writers[0].level, LogLevel::Warn);
    let checker = settings.cron.task("update_checker").expect("is a job");
    assert!(!checker.enabled && checker.notice_on_success);
    assert_eq!(settings.git_config["url.https://A.insteadof"], "b");
    assert_eq!(settings.warnings, [""; 0]);
}

#[test]
fn addresses_are_normal() {
    for (lines, root, path, domain) in [
        ("ROOT_URL = http://git.example.com:80", "http://git.example.com/", "", "git.example.com"),
        (
            "ROOT_URL = https://git.example.com:8443/a/b//",
            "https://git.example.com:8443/a/b/",
            "/a/b",
            "git.example.com",
        ),
        ("ROOT_URL = http://192.0.2.1:3000/\nDOMAIN = name", "http://192.0.2.1:3000/", "", "name"),
        ("DOMAIN = ::1\nHTTP_PORT = 80", "http://[::1]/", "", "::1"),
        ("PROTOCOL = http+unix\nHTTP_ADDR = run/x.sock", "http://localhost:3000/", "", "localhost"),
    ] {
        let server = parse(&format!("[server]\n{lines}")).server;
        assert_eq!(
            (server.root_url.as_str(), server.app_sub_url.as_str(), server.domain.as_str()),
            (root, path, domain)
        );
    }
    let server = parse("[server]\nPROTOCOL = unix\nHTTP_ADDR = run/x.sock").server;
    assert_eq!(
        (server.http_addr.as_str(), server.local_root_url.as_str()),
        ("/srv/forge/run/x.sock", "http://unix/")
    );
}

#[test]
fn every_mistake_is_reported_with_its_place() {
    for (text, section, key) in [
        ("[server]\nHTTP_PORT = 99999", "server", "HTTP_PORT"),
        ("[server]\nPROTOCOL = gopher", "server", "PROTOCOL"),
        ("[server]\nPROTOCOL = https", "server", "PROTOCOL"),
        ("[server]\nROOT_URL = git.example.com", "server", "ROOT_URL"),
        ("[server]\nROOT_URL = ftp://git.example.com", "server", "ROOT_URL"),
        ("[server]\nROOT_URL = http://a:b@git.example.com", "server", "ROOT_URL"),
        ("[server]\nDOMAIN = a b", "server", "DOMAIN"),
        ("[server]\nLFS_HTTP_AUTH_EXPIRY = 24", "server", "LFS_HTTP_AUTH_EXPIRY"),
        ("[database]\nDB_TYPE = mssql", "database", "DB_TYPE"),
        ("[database]\nDB_TYPE = postgres\nSSL_MODE = verify", "database", "SSL_MODE"),
        ("[security]\nINSTALL_LOCK = true\nSECRET_KEY = x", "database", "DB_TYPE"),
        ("[security]\nINSTALL_LOCK = maybe", "security", "INSTALL_LOCK"),
        ("[security]\nDISABLE_QUERY_AUTH_TOKEN = yep", "security", "DISABLE_QUERY_AUTH_TOKEN"),
        ("[security]\nTWO_FACTOR_AUTH = forced", "security", "TWO_FACTOR_AUTH"),
        ("[security]\nPASSWORD_HASH_ALGO = md5", "security", "PASSWORD_HASH_ALGO"),
        ("[security]\nPASSWORD_HASH_ALGO = scrypt$1$2", "security", "PASSWORD_HASH_ALGO"),
        (
            "[security]\nREVERSE_PROXY_TRUSTED_PROXIES = 10.0.0.0/33",
            "security",
            "REVERSE_PROXY_TRUSTED_PROXIES",
        ),
        (
            "[security]\nREVERSE_PROXY_AUTHENTICATION_USER = X: Y",
            "security",
            "REVERSE_PROXY_AUTHENTICATION_USER",
        ),
        ("[service]\nREQUIRE_SIGNIN_VIEW = costly", "service", "REQUIRE_SIGNIN_VIEW"),
        (
            "[service]\nALLOWED_USER_VISIBILITY_MODES = public,secret",
            "service",
            "ALLOWED_USER_VISIBILITY_MODES",
        ),
        (
            "[service]\nALLOWED_USER_VISIBILITY_MODES = public\nDEFAULT_USER_VISIBILITY = private",
            "service",
            "DEFAULT_USER_VISIBILITY",
        ),
        ("[session]\nSAME_SITE = laxer", "session", "SAME_SITE"),
        ("[session]\nCOOKIE_NAME = a b", "session", "COOKIE_NAME"),
        ("[oauth2]\nJWT_SIGNING_ALGORITHM = none", "oauth2", "JWT_SIGNING_ALGORITHM"),
        ("[oauth2]\nDEFAULT_APPLICATIONS = other", "oauth2", "DEFAULT_APPLICATIONS"),
        ("[repository]\nDISABLED_REPO_UNITS = repo.cod", "repository", "DISABLED_REPO_UNITS"),
        ("[repository]\nDEFAULT_BRANCH = a..b", "repository", "DEFAULT_BRANCH"),
        ("[storage]\nSTORAGE_TYPE = s4", "storage", "STORAGE_TYPE"),
        ("[lfs]\nSTORAGE_TYPE = mine", "lfs", "STORAGE_TYPE"),
        ("[log]\nLEVEL = loud", "log", "LEVEL"),
        ("[log]\nMODE = paper", "log", "MODE"),
        ("[mailer]\nENABLED = true\nFROM = a@b", "mailer", "SMTP_ADDR"),
        ("[cron.archive_cleanup]\nOLDER_THAN = 5", "cron.archive_cleanup", "OLDER_THAN"),
        ("[api]\nMAX_RESPONSE_ITEMS = 0", "api", "MAX_RESPONSE_ITEMS"),
    ] {
        let found = problems(text);
        let places: Vec<_> = found.iter().map(|p| (p.section.as_str(), p.key.as_str())).collect();
        assert_eq!(places, [(section, key)], "{text}");
    }
    let text = "[server]\nHTTP_PORT = x\n\n[service]\nDISABLE_REGISTRATION = perhaps\n";
    let error = Settings::parse(text, Path::new("/srv/forge")).expect_err("both are wrong").to_string();
    assert_eq!(
        error,
        "the configuration has 2 problem(s):\n  /srv/forge/custom/conf/app.ini:2: [server] HTTP_PORT = \"x\": expected a port number from 0 to 65535\
         \n  /srv/forge/custom/conf/app.ini:5: [service] DISABLE_REGISTRATION = \"perhaps\": expected true or false"
    );
}

#[test]
fn unknown_names_come_with_a_hint() {
    let settings = parse(
        "APP_NAMES = x\n[server]\nROOT_ULR = x\nENABLE_ACME = true\n[securty]\nA = b\n[zzz]\n[queue.any]\nTYPE = level\n",
    );
    assert_eq!(
        settings.warnings,
        [
            "line 1: APP_NAMES is not a key of this section; did you mean APP_NAME?",
            "line 3: [server] ROOT_ULR is not a key of this section; did you mean ROOT_URL?",
            "there is no section [securty]; did you mean [security]?",
            "there is no section [zzz]",
        ]
    );
}

#[test]
fn storages_are_found_as_gitea_finds_them() {
    let at = |text: &str| {
        let storage = parse(text).storage;
        (storage.lfs.storage_type, storage.lfs.path.display().to_string(), storage.lfs.remote.minio_base_path)
    };
    let local = |path: &str| (StorageType::Local, path.to_owned(), "lfs/".to_owned());
    assert_eq!(at(""), local("/srv/forge/data/lfs"));
    assert_eq!(at("[lfs]\nPATH = own"), local("/srv/forge/data/own"));
    assert_eq!(at("[lfs]\nPATH = /own"), local("/own"));
    assert_eq!(at("[storage]\nPATH = /all"), local("/all/lfs"));
    assert_eq!(at("[storage]\nPATH = /all\n[lfs]\nPATH = own"), local("/all/own"));
    assert_eq!(at("[storage.lfs]\nPATH = here"), local("/srv/forge/data/here"));
    assert_eq!(
        at("[lfs]\nSTORAGE_TYPE = big\n[storage.big]\nSTORAGE_TYPE = local\nPATH = /big"),
        local("/big")
    );
    assert_eq!(at("[server]\nLFS_CONTENT_PATH = /old"), local("/old"));
    let text = "[storage]\nSTORAGE_TYPE = minio\nMINIO_BASE_PATH = base\n[lfs]\nMINIO_BUCKET = special";
    let lfs = parse(text).storage.lfs;
    assert_eq!((lfs.storage_type, lfs.remote.minio_base_path.as_str()), (StorageType::Minio, "base/lfs/"));
    assert_eq!(lfs.remote.minio_bucket, "special");
    assert_eq!(parse(text).storage.avatars.remote.minio_bucket, "gitea");
    let text = "[storage.minio]\nMINIO_ENDPOINT = s3:9000\n[lfs]\nSTORAGE_TYPE = minio";
    let lfs = parse(text).storage.lfs;
    assert_eq!((lfs.storage_type, lfs.remote.minio_endpoint.as_str()), (StorageType::Minio, "s3:9000"));
}

#[test]
fn secrets_can_stand_in_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("key");
    let uri = format!("file:{}", file.display());
    let security = |lines: &str| Settings::parse(&format!("[security]\n{lines}"), folder.path());
    assert!(security(&format!("SECRET_KEY_URI = {uri}")).is_err(), "the file is missing");
    std::fs::write(&file, "  \n").expect("writes");
    assert!(security(&format!("SECRET_KEY_URI = {uri}")).is_err(), "the file is empty");
    std::fs::write(&file, " from file\n").expect("writes");
    let settings = security(&format!("SECRET_KEY_URI = {uri}")).expect("is valid");
    assert_eq!(settings.security.secret_key.expose(), "from file");
    assert!(!format!("{settings:?}").contains("from file"));
    assert!(security("SECRET_KEY_URI = https://example.com/key").is_err());
    let error = security(&format!("SECRET_KEY = hidden\nSECRET_KEY_URI = {uri}")).expect_err("both are set");
    assert!(!error.to_string().contains("hidden"), "{error}");
}

#[test]
fn files_are_looked_for_in_gitea_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().to_path_buf();
    let write = |name: &str, text: &str| {
        let file = root.join(name);
        std::fs::create_dir_all(file.parent().expect("has one")).expect("makes the folder");
        std::fs::write(file, text).expect("writes");
    };
    let work = root.join("work");
    write("bin/custom/conf/app.ini", "APP_NAME = by program");
    write("work/custom/conf/app.ini", "APP_NAME = by work path");
    write("extra/conf/app.ini", "APP_NAME = by custom path");
    write("etc/app.ini", &format!("APP_NAME = by config\nWORK_PATH = {}", work.display()));
    write("broken.ini", "APP_NAME");
    let load = |options: LoadOptions, variables: &[(&str, &Path)]| {
        let variables: BTreeMap<_, _> =
            variables.iter().map(|(name, path)| ((*name).to_owned(), path.display().to_string())).collect();
        let surroundings =
            Surroundings { variables, program: root.join("bin/oolong"), directory: root.clone() };
        load_in(&options, &surroundings)
    };
    let name = |options, variables: &[(&str, &Path)]| load(options, variables).expect("loads").app.app_name;
    let none = LoadOptions::default;
    assert_eq!(name(none(), &[]), "by program");
    assert_eq!(name(none(), &[("GITEA_WORK_DIR", &work)]), "by work path");
    assert_eq!(name(none(), &[("OOLONG_WORK_DIR", &work), ("GITEA_WORK_DIR", &root)]), "by work path");
    assert_eq!(
        name(LoadOptions { work_path: Some("work".into()), ..none() }, &[("GITEA_WORK_DIR", &root)]),
        "by work path"
    );
    assert_eq!(name(none(), &[("GITEA_CUSTOM", &root.join("extra"))]), "by custom path");
    assert!(load(none(), &[("GITEA_WORK_DIR", Path::new("relative"))]).is_err());

    let config = |file: &str| LoadOptions { config: Some(PathBuf::from(file)), ..none() };
    let settings = load(config("etc/app.ini"), &[("GITEA_WORK_DIR", &root)]).expect("loads");
    assert_eq!(settings.paths.work_path, work);
    assert_eq!(settings.paths.custom_path, work.join("custom"));
    assert_eq!(settings.paths.config_file, root.join("etc/app.ini"));
    assert_eq!(settings.warnings.len(), 1, "{:?}", settings.warnings);
    let error = load(config("broken.ini"), &[]).expect_err("is broken").to_string();
    assert!(error.contains("broken.ini: line 1:"), "{error}");
    assert!(!load(config("missing.ini"), &[]).expect("may be missing").security.install_lock);
}

#[test]
fn missing_secrets_are_made_and_saved() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("custom/conf/app.ini");
    let (rng, clock) = (Rng::seeded(1), Clock::manual(1_700_000_000));
    let text = "; mine\n[database]\nDB_TYPE = sqlite3 ; small\n[security]\nINSTALL_LOCK = true\nSECRET_KEY = k\n[server]\nLFS_START_SERVER = true\n";
    generate::write_new(&file, text).expect("writes");
    assert!(generate::write_new(&file, text).is_err(), "what exists stays");
    let options = LoadOptions { work_path: Some(folder.path().to_owned()), ..LoadOptions::default() };
    let load = || load_in(&options, &Surroundings::default()).expect("loads");
    let mut settings = load();
    generate::save_missing_secrets(&mut settings, &rng, &clock).expect("saves");
    assert!(generate::decode_jwt_secret(&settings.oauth2.jwt_secret).is_some());
    let saved = std::fs::read_to_string(&file).expect("is there");
    assert!(saved.contains("; mine\n") && saved.contains("DB_TYPE = sqlite3 ; small\n"), "{saved}");
    assert!(saved.contains(&format!("WORK_PATH = {}\n", folder.path().display())), "{saved}");
    let mut again = load();
    assert_eq!(again.security.internal_token, settings.security.internal_token);
    assert_eq!(again.server.lfs_jwt_secret, settings.server.lfs_jwt_secret);
    generate::save_missing_secrets(&mut again, &rng, &clock).expect("saves");
    assert_eq!(std::fs::read_to_string(&file).expect("is there"), saved, "nothing was missing");

    let token = generate::internal_token(&rng, &clock);
    assert_eq!(token.expose().split('.').count(), 3);
    assert_eq!(generate::secret_key(&rng).expose().len(), 64);
    assert_eq!(generate::jwt_secret(&rng).expose().len(), 43);
}

#[test]
fn a_fresh_site_is_ready() {
    let site = generate::FreshSite::local(Path::new("/srv/forge"));
    let text = generate::fresh_app_ini(&site, &Rng::System, &Clock::System).expect("is written");
    let settings = parse(&text);
    assert!(settings.security.install_lock && settings.server.lfs_start_server);
    assert_eq!(settings.server.http_addr, "127.0.0.1");
    assert_eq!(settings.app.work_path, "/srv/forge");
    assert_eq!(settings.warnings, [""; 0]);
    assert!(generate::decode_jwt_secret(&settings.oauth2.jwt_secret).is_some());
}
