//! Making secrets, saving them into `app.ini`, and the first `app.ini` of a new site.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use oolong_core::{Clock, Rng, Secret};
use sha2::Sha256;

use crate::error::ConfigError;
use crate::ini::{Ini, IniError};
use crate::load::read_ini;
use crate::settings::Settings;
use crate::write;

/// A key for `[security] SECRET_KEY`: 64 letters and digits.
pub fn secret_key(rng: &Rng) -> Secret {
    Secret::from(rng.alphanumeric(64))
}

/// A token for `[security] INTERNAL_TOKEN`. It looks like a JWT because Gitea's does; it is only ever compared.
pub fn internal_token(rng: &Rng, clock: &Clock) -> Secret {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let header = part(r#"{"alg":"HS256","typ":"JWT"}"#);
    let claims = part(&format!(r#"{{"nbf":{}}}"#, clock.now().0));
    let signed = format!("{header}.{claims}");
    let mut mac = Hmac::<Sha256>::new_from_slice(rng.alphanumeric(64).as_bytes())
        .expect("HMAC takes keys of any length");
    mac.update(signed.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    Secret::from(format!("{signed}.{signature}"))
}

/// A secret for `[oauth2] JWT_SECRET` and `[server] LFS_JWT_SECRET`: 32 bytes in base64url.
pub fn jwt_secret(rng: &Rng) -> Secret {
    Secret::from(URL_SAFE_NO_PAD.encode(rng.bytes::<32>()))
}

/// The bytes of such a secret; `None` if it is not 32 bytes in base64url.
pub fn decode_jwt_secret(secret: &Secret) -> Option<[u8; 32]> {
    URL_SAFE_NO_PAD.decode(secret.expose()).ok()?.try_into().ok()
}

/// Makes the secrets an installed site lacks, and saves them with `WORK_PATH` into its `app.ini`. The settings carry
/// them afterwards; what could not be saved but does no harm is added to the warnings.
pub fn save_missing_secrets(settings: &mut Settings, rng: &Rng, clock: &Clock) -> Result<(), ConfigError> {
    if !settings.security.install_lock {
        return Ok(());
    }
    let mut missing = Vec::new();
    if settings.security.internal_token.is_empty() {
        settings.security.internal_token = internal_token(rng, clock);
        missing.push(("security", "INTERNAL_TOKEN", settings.security.internal_token.clone()));
    }
    let jwt_secrets = [
        ("oauth2", "JWT_SECRET", true, &mut settings.oauth2.jwt_secret),
        ("server", "LFS_JWT_SECRET", settings.server.lfs_start_server, &mut settings.server.lfs_jwt_secret),
    ];
    for (section, key, needed, secret) in jwt_secrets {
        if needed && decode_jwt_secret(secret).is_none() {
            if !secret.is_empty() {
                settings
                    .warnings
                    .push(format!("[{section}] {key} was not 32 bytes in base64url; a new one is made"));
            }
            *secret = jwt_secret(rng);
            missing.push((section, key, secret.clone()));
        }
    }
    let file = settings.paths.config_file.clone();
    let mut ini = read_ini(&file)?.unwrap_or_default();
    if let Some((_, key, _)) = missing
        .iter()
        .find(|(section, key, _)| ini.get(section, &format!("{key}_URI")).is_some_and(|uri| !uri.is_empty()))
    {
        return Err(ConfigError::Location(format!(
            "{key}_URI in {} names a file that does not hold 32 bytes in base64url",
            file.display()
        )));
    }
    let unwritable = |source: IniError| ConfigError::Syntax { file: file.clone(), source };
    for (section, key, secret) in &missing {
        ini.set(section, key, secret.expose()).map_err(unwritable)?;
    }
    let without_work_path = ini.get("", "WORK_PATH").is_none_or(|path| path.is_empty());
    if without_work_path {
        ini.set("", "WORK_PATH", &settings.paths.work_path.to_string_lossy()).map_err(unwritable)?;
    }
    if missing.is_empty() && !without_work_path {
        return Ok(());
    }
    match write::replace(&file, &ini.to_string()) {
        Ok(()) => Ok(()),
        Err(error) if missing.is_empty() => {
            settings.warnings.push(format!("WORK_PATH could not be saved into {}: {error}", file.display()));
            Ok(())
        }
        Err(source) => Err(ConfigError::File { file, source }),
    }
}

/// What a first `app.ini` says.
#[derive(Debug, Clone)]
pub struct FreshSite {
    /// The absolute folder of the site; its data goes to `data` in there.
    pub work_path: PathBuf,
    /// The address to listen on.
    pub http_addr: String,
    /// The port to listen on.
    pub http_port: u16,
}

impl FreshSite {
    /// A site for this machine alone: 127.0.0.1:3000.
    pub fn local(work_path: &Path) -> Self {
        Self { work_path: work_path.to_owned(), http_addr: "127.0.0.1".to_owned(), http_port: 3000 }
    }
}

/// The text of a first `app.ini`: SQLite in the data folder, new secrets, ready to run.
pub fn fresh_app_ini(site: &FreshSite, rng: &Rng, clock: &Clock) -> Result<String, IniError> {
    let mut ini = Ini::parse("; Written for a new site. app.ini.sample explains every key.\nWORK_PATH =\n")?;
    let port = site.http_port.to_string();
    let root_url = format!("http://localhost:{port}/");
    let (secret_key, token) = (secret_key(rng), internal_token(rng, clock));
    let (jwt, lfs) = (jwt_secret(rng), jwt_secret(rng));
    let work_path = site.work_path.to_string_lossy();
    for (section, key, value) in [
        ("", "WORK_PATH", work_path.as_ref()),
        ("server", "HTTP_ADDR", site.http_addr.as_str()),
        ("server", "HTTP_PORT", &port),
        ("server", "ROOT_URL", &root_url),
        ("server", "LFS_START_SERVER", "true"),
        ("server", "LFS_JWT_SECRET", lfs.expose()),
        ("database", "DB_TYPE", "sqlite3"),
        ("security", "INSTALL_LOCK", "true"),
        ("security", "SECRET_KEY", secret_key.expose()),
        ("security", "INTERNAL_TOKEN", token.expose()),
        ("oauth2", "JWT_SECRET", jwt.expose()),
    ] {
        ini.set(section, key, value)?;
    }
    Ok(ini.to_string())
}

/// Writes a new file, readable only by its owner; one that exists is never touched.
pub fn write_new(file: &Path, text: &str) -> Result<(), ConfigError> {
    let failed = |source| ConfigError::File { file: file.to_owned(), source };
    if file.exists() {
        return Err(failed(std::io::ErrorKind::AlreadyExists.into()));
    }
    write::replace(file, text).map_err(failed)
}
