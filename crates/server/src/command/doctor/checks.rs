//! The checks of the doctor. Each looks, says what it finds, and mends it only where nothing can be lost.

use std::collections::HashSet;
use std::fmt;
use std::path::{Path, PathBuf};

use oolong_config::{Settings, StorageType};
use oolong_core::Result;
use oolong_db::{Db, repositories};
use oolong_git::{GitProgram, Root};
use oolong_migrations::State;

/// What a check is made on.
pub(super) struct Place<'a> {
    pub(super) settings: &'a Settings,
    pub(super) fix: bool,
}

/// One thing that a check has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// It is as it should be, or was mended.
    Info(String),
    /// It works, but somebody should look at it.
    Warning(String),
    /// It is broken.
    Error(String),
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Info(text) => write!(formatter, "[I] {text}"),
            Self::Warning(text) => write!(formatter, "[W] {text}"),
            Self::Error(text) => write!(formatter, "[E] {text}"),
        }
    }
}

/// A check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Check {
    /// Folders and files of the instance.
    Paths,
    /// The database and its schema.
    DatabaseVersion,
    /// Folders for files that belong to no repository.
    Storages,
    /// The git program.
    Git,
    /// Repositories on disk and in the database.
    Repositories,
}

impl Check {
    /// Every check, in the order in which they are run.
    pub(super) const ALL: [Self; 5] =
        [Self::Paths, Self::DatabaseVersion, Self::Storages, Self::Git, Self::Repositories];

    /// The word on the command line.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Paths => "paths",
            Self::DatabaseVersion => "database",
            Self::Storages => "storages",
            Self::Git => "git",
            Self::Repositories => "repositories",
        }
    }

    /// What is looked at.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Paths => "Check paths and basic configuration",
            Self::DatabaseVersion => "Check the database and its version",
            Self::Storages => "Check the storages of attachments, avatars, LFS and packages",
            Self::Git => "Check the git program",
            Self::Repositories => "Compare the repositories on disk with the database",
        }
    }

    /// The check of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|check| check.name() == name)
    }

    /// Looks.
    pub(super) async fn run(self, place: &Place<'_>) -> Vec<Finding> {
        match self {
            Self::Paths => paths(place),
            Self::DatabaseVersion => database(place).await,
            Self::Storages => storages(place),
            Self::Git => git(place).await,
            Self::Repositories => repositories_on_disk(place)
                .await
                .unwrap_or_else(|error| vec![Finding::Error(format!("{error:?}"))]),
        }
    }
}

fn paths(place: &Place<'_>) -> Vec<Finding> {
    let settings = place.settings;
    let mut findings = vec![file(&settings.paths.config_file)];
    findings.extend(secret_to_others(&settings.paths.config_file, place.fix));
    for (name, path) in [
        ("work path", &settings.paths.work_path),
        ("data path", &settings.server.app_data_path),
        ("repository root", &settings.repository.root),
    ] {
        findings.push(folder(name, path, place.fix));
    }
    findings.extend(settings.warnings.iter().cloned().map(Finding::Warning));
    findings
}

fn file(path: &Path) -> Finding {
    match std::fs::File::open(path) {
        Ok(_) => Finding::Info(format!("configuration: {}", path.display())),
        Err(error) => Finding::Error(format!("configuration: {}: {error}", path.display())),
    }
}

/// A file with secrets that other accounts of the machine can read.
fn secret_to_others(path: &Path, fix: bool) -> Option<Finding> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(path).ok()?.permissions().mode();
    if mode & 0o007 == 0 {
        return None;
    }
    if fix && std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode & 0o770)).is_ok() {
        return Some(Finding::Info(format!("{}: other accounts can no longer read it", path.display())));
    }
    Some(Finding::Warning(format!(
        "{} holds secrets, and every account of this machine can read it",
        path.display()
    )))
}

/// A folder that has to be there, and that we write to.
fn folder(name: &str, path: &Path, fix: bool) -> Finding {
    if !path.exists() {
        if !fix {
            return Finding::Info(format!(
                "{name}: {} is not there yet; it is made when it is needed",
                path.display()
            ));
        }
        return match std::fs::create_dir_all(path) {
            Ok(()) => Finding::Info(format!("{name}: {} was made", path.display())),
            Err(error) => Finding::Error(format!("{name}: {} cannot be made: {error}", path.display())),
        };
    }
    match tempfile::Builder::new().prefix(".doctor-").tempfile_in(path) {
        Ok(_) => Finding::Info(format!("{name}: {}", path.display())),
        Err(error) => {
            Finding::Error(format!("{name}: {} cannot be written to: {}", path.display(), error.kind()))
        }
    }
}

async fn database(place: &Place<'_>) -> Vec<Finding> {
    let settings = &place.settings.database;
    if settings.db_type == oolong_config::DbType::Sqlite && !settings.path.exists() {
        return vec![Finding::Warning(format!(
            "{} is not there; the first start makes it",
            settings.path.display()
        ))];
    }
    let finding = match open(place).await {
        Ok(db) => state(&db).await,
        Err(error) => Finding::Error(format!("the database cannot be opened: {error:?}")),
    };
    vec![finding]
}

async fn open(place: &Place<'_>) -> Result<Db> {
    Db::open(&place.settings.database).await
}

async fn state(db: &Db) -> Finding {
    match oolong_migrations::state(db.read()).await {
        Ok(State::Empty) => {
            Finding::Warning("the database is empty; `oolong migrate` makes the tables".to_owned())
        }
        Ok(State::Gitea(version)) if version == oolong_migrations::gitea::VERSION => {
            Finding::Info(format!("the database has the schema of Gitea 1.27 ({version})"))
        }
        Ok(State::Gitea(version)) => Finding::Error(format!(
            "the database has schema version {version}; this program works with {}",
            oolong_migrations::gitea::VERSION
        )),
        Ok(State::Foreign) => Finding::Error("the database holds tables of something else".to_owned()),
        Err(error) => Finding::Error(error.to_string()),
    }
}

fn storages(place: &Place<'_>) -> Vec<Finding> {
    let storages = &place.settings.storage;
    let all = [
        ("attachments", &storages.attachments),
        ("avatars", &storages.avatars),
        ("repository avatars", &storages.repo_avatars),
        ("archives", &storages.repo_archive),
        ("LFS objects", &storages.lfs),
        ("packages", &storages.packages),
    ];
    all.into_iter()
        .map(|(name, storage)| match storage.storage_type {
            StorageType::Local => folder(name, &storage.path, place.fix),
            StorageType::Minio | StorageType::AzureBlob => {
                Finding::Warning(format!("{name}: a remote storage, which is not looked at"))
            }
        })
        .collect()
}

async fn git(place: &Place<'_>) -> Vec<Finding> {
    let settings = &place.settings.git;
    let program =
        if settings.path.as_os_str().is_empty() { PathBuf::from("git") } else { settings.path.clone() };
    match GitProgram::detect(program, settings.home_path.clone()).await {
        Ok(git) => {
            let mut findings =
                vec![Finding::Info(format!("git {} at {}", git.version(), git.path().display()))];
            if !git.supports_sha256() {
                findings
                    .push(Finding::Warning("this git is older than 2.42: no sha256 repositories".to_owned()));
            }
            findings
        }
        Err(error) => vec![Finding::Error(error.to_string())],
    }
}

/// Rows without a folder, and folders without a row. Neither is deleted: what one of them lacks may stand in a backup.
async fn repositories_on_disk(place: &Place<'_>) -> Result<Vec<Finding>> {
    let db = open(place).await?;
    let rows = repositories::list_names(db.read()).await?;
    db.close().await?;
    let root = place.settings.repository.root.clone();
    let found = tokio::task::spawn_blocking(move || compare(&root, &rows)).await;
    Ok(found.unwrap_or_else(|error| vec![Finding::Error(error.to_string())]))
}

fn compare(root: &Path, rows: &[(String, String)]) -> Vec<Finding> {
    let repositories = Root::new(root);
    let mut findings = Vec::new();
    let mut known = HashSet::new();
    for (owner, name) in rows {
        match repositories.repo(owner, name) {
            Ok(path) => {
                if !path.exists() {
                    findings.push(Finding::Error(format!(
                        "{owner}/{name} is in the database, but {} is not there",
                        path.as_path().display()
                    )));
                }
                known.insert(path.as_path().to_owned());
            }
            Err(error) => findings.push(Finding::Error(format!("{owner}/{name}: {error}"))),
        }
        if let Ok(wiki) = repositories.wiki(owner, name) {
            known.insert(wiki.as_path().to_owned());
        }
    }
    for folder in subfolders(root).iter().flat_map(|owner| subfolders(owner)) {
        if folder.extension().is_some_and(|extension| extension == "git") && !known.contains(&folder) {
            findings.push(Finding::Warning(format!(
                "{} belongs to no repository in the database",
                folder.display()
            )));
        }
    }
    if findings.is_empty() {
        findings.push(Finding::Info(format!("{} repositories, each where it should be", rows.len())));
    }
    findings
}

fn subfolders(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_folders_are_compared() {
        let root = tempfile::tempdir().expect("a folder");
        for name in ["ada/one.git", "ada/one.wiki.git", "ada/stray.git"] {
            std::fs::create_dir_all(root.path().join(name)).expect("a folder");
        }
        let rows = [("ada".to_owned(), "one".to_owned()), ("Ada".to_owned(), "two".to_owned())];
        let findings = compare(root.path(), &rows);
        assert!(
            matches!(&findings[..], [Finding::Error(lost), Finding::Warning(stray)] if lost.contains("two") && stray.contains("stray")),
            "{findings:?}"
        );
    }
}
