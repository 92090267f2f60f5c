//! Finding `app.ini` and the folders around it, and reading the file.
//!
//! What does not belong here: the meaning of keys.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use oolong_core::Secret;

use crate::error::ConfigError;
use crate::ini::Ini;
use crate::schema::Reader;
use crate::settings::Settings;

/// What the command line says about paths.
#[derive(Debug, Clone, Default)]
pub struct LoadOptions {
    /// `--config`: the file.
    pub config: Option<PathBuf>,
    /// `--work-path`.
    pub work_path: Option<PathBuf>,
    /// `--custom-path`.
    pub custom_path: Option<PathBuf>,
}

/// The folders and files the program lives in, all absolute.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paths {
    /// The program.
    pub app_path: PathBuf,
    /// Where relative paths start.
    pub work_path: PathBuf,
    /// What an administrator adds: public files, options, templates.
    pub custom_path: PathBuf,
    /// The file settings are read from; it need not exist.
    pub config_file: PathBuf,
}

/// What the operating system tells a process.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// Environment variables.
    pub variables: BTreeMap<String, String>,
    /// The program.
    pub program: PathBuf,
    /// The current folder.
    pub directory: PathBuf,
}

impl Surroundings {
    /// Those of this process.
    pub fn of_process() -> Self {
        let directory = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
        // Values that are no text are of no use to any setting.
        let variables: BTreeMap<_, _> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let program =
            program(std::env::args_os().next().map(PathBuf::from), &directory, variables.get("PATH"));
        Self { variables, program, directory }
    }

    fn variable(&self, names: &[&str]) -> Option<&str> {
        names
            .iter()
            .find_map(|name| self.variables.get(*name))
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }
}

/// The path a shell would find the program at. It ends in hooks and `authorized_keys`, so a wrapper or link the
/// program was called through must stay as it is.
fn program(called: Option<PathBuf>, directory: &Path, search: Option<&String>) -> PathBuf {
    let running = || std::env::current_exe().unwrap_or_default();
    let Some(called) = called.filter(|path| !path.as_os_str().is_empty()) else { return running() };
    if called.components().count() > 1 || called.is_absolute() {
        return clean(&directory.join(called));
    }
    let folders = search.map(std::env::split_paths);
    let found = folders.and_then(|mut folders| folders.find(|folder| folder.join(&called).is_file()));
    found.map_or_else(running, |folder| clean(&directory.join(folder).join(called)))
}

/// Removes `.` and resolves `..` by name, as a shell shows paths.
pub(crate) fn clean(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut cleaned = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if cleaned.file_name().is_some() => {
                cleaned.pop();
            }
            Component::ParentDir if cleaned.has_root() => {}
            other => cleaned.push(other),
        }
    }
    cleaned
}

/// Where relative paths of keys start, and what else sections need from outside.
#[derive(Debug, Clone, Default)]
pub(crate) struct Base {
    pub(crate) work_path: PathBuf,
    pub(crate) custom_path: PathBuf,
    pub(crate) data_path: PathBuf,
    pub(crate) home: PathBuf,
    pub(crate) run_user: String,
    pub(crate) installed: bool,
}

impl Base {
    pub(crate) fn work(&self, path: &Path) -> PathBuf {
        clean(&self.work_path.join(path))
    }

    pub(crate) fn custom(&self, path: &Path) -> PathBuf {
        clean(&self.custom_path.join(path))
    }

    pub(crate) fn data(&self, path: &Path) -> PathBuf {
        clean(&self.data_path.join(path))
    }

    /// A secret that stands in the file, or in another one named by `KEY_URI`.
    #[expect(clippy::unused_self, reason = "secrets are asked for where paths are")]
    pub(crate) fn secret(&self, reader: &mut Reader<'_>, section: &str, key: &str) -> Secret {
        let direct = reader.text(section, key);
        let uri_key = format!("{key}_URI");
        let Some(uri) = reader.text(section, &uri_key) else {
            return direct.map(Secret::from).unwrap_or_default();
        };
        let content = if direct.is_some() {
            Err(format!("{key} is set as well; only one of the two may be"))
        } else {
            read_uri(&uri)
        };
        content.map(Secret::from).unwrap_or_else(|reason| {
            reader.problem(section, &uri_key, reason);
            Secret::default()
        })
    }
}

fn read_uri(uri: &str) -> Result<String, String> {
    let Some(path) = uri.strip_prefix("file:") else {
        return Err("expected file: and a path".to_owned());
    };
    // file:///path and file://localhost/path name the same file as file:/path.
    let path = match path.strip_prefix("//") {
        Some(rest) => rest.find('/').map_or("", |slash| &rest[slash..]),
        None => path,
    };
    let text = std::fs::read_to_string(path).map_err(|error| format!("cannot be read: {error}"))?;
    let text = text.trim();
    if text.is_empty() { Err("the file is empty".to_owned()) } else { Ok(text.to_owned()) }
}

/// Reads a file that need not exist.
pub(crate) fn read_ini(file: &Path) -> Result<Option<Ini>, ConfigError> {
    let failed = |source| ConfigError::File { file: file.to_owned(), source };
    let text = match std::fs::read(file) {
        Ok(bytes) => String::from_utf8(bytes)
            .map_err(|_| failed(io::Error::new(io::ErrorKind::InvalidData, "the file is not UTF-8")))?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let ini = Ini::parse(&text).map_err(|source| ConfigError::Syntax { file: file.to_owned(), source })?;
    Ok(Some(ini))
}

/// Finds and reads the configuration of this process. A missing file gives the settings of a site that is not
/// set up.
pub fn load(options: &LoadOptions) -> Result<Settings, ConfigError> {
    load_in(options, &Surroundings::of_process())
}

/// The same for given surroundings.
pub fn load_in(options: &LoadOptions, surroundings: &Surroundings) -> Result<Settings, ConfigError> {
    let (paths, ini, mut warnings) = locate(options, surroundings)?;
    let mut settings = Settings::from_ini(&ini, paths, surroundings)?;
    warnings.append(&mut settings.warnings);
    settings.warnings = warnings;
    Ok(settings)
}

/// Finds the paths, and reads the file without judging its values. For commands that must work on a broken
/// configuration.
pub fn locate(
    options: &LoadOptions,
    surroundings: &Surroundings,
) -> Result<(Paths, Ini, Vec<String>), ConfigError> {
    let absolute = |name: &str, value: &Path| {
        if value.is_absolute() {
            Ok(clean(value))
        } else {
            Err(ConfigError::Location(format!("{name} must be an absolute path, not {:?}", value.display())))
        }
    };
    let given = match (&options.work_path, surroundings.variable(&["OOLONG_WORK_DIR", "GITEA_WORK_DIR"])) {
        // A flag is typed by a person who sees the current folder.
        (Some(path), _) => Some(clean(&surroundings.directory.join(path))),
        (None, Some(path)) => Some(absolute("the work path in the environment", Path::new(path))?),
        (None, None) => None,
    };
    let first_work_path =
        given.clone().or_else(|| surroundings.program.parent().map(Path::to_owned)).unwrap_or_default();
    let custom = match (&options.custom_path, surroundings.variable(&["OOLONG_CUSTOM", "GITEA_CUSTOM"])) {
        (Some(path), _) => path.clone(),
        (None, Some(path)) => absolute("the custom path in the environment", Path::new(path))?,
        (None, None) => PathBuf::from("custom"),
    };
    let config_file = match &options.config {
        Some(path) => clean(&surroundings.directory.join(path)),
        None => clean(&first_work_path.join(&custom).join("conf/app.ini")),
    };
    let ini = read_ini(&config_file)?.unwrap_or_default();
    let mut warnings = Vec::new();
    let work_path = match ini.get("", "WORK_PATH").filter(|path| !path.is_empty()) {
        None => first_work_path,
        Some(path) => {
            let path = absolute(&format!("WORK_PATH in {}", config_file.display()), Path::new(&path))?;
            if let Some(given) = given.filter(|given| *given != path) {
                warnings.push(format!(
                    "the work path is {} by WORK_PATH in {}; {} from the command line or environment is not used",
                    path.display(),
                    config_file.display(),
                    given.display()
                ));
            }
            path
        }
    };
    let custom_path = clean(&work_path.join(custom));
    Ok((Paths { app_path: surroundings.program.clone(), work_path, custom_path, config_file }, ini, warnings))
}
