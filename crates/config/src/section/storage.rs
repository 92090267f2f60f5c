//! Where files that belong to no repository are kept: `[storage]`, `[lfs]`, `[attachment]`, `[avatar]` and others.

use std::path::{Path, PathBuf};

use oolong_core::Secret;

use crate::load::Base;
use crate::schema::{Reader, section};
use crate::value::choice;

choice! {
    /// A kind of storage.
    pub enum StorageType {
        /// A folder.
        #[default]
        Local = "local",
        /// An S3-compatible server.
        Minio = "minio",
        /// Azure Blob Storage.
        AzureBlob = "azureblob",
    }
}

section! {
    /// The storage for all files that belong to no repository. Each kind of file can have its own section:
    /// attachment, lfs, avatar, repo-avatar, repo-archive, packages, or storage.NAME.
    pub struct StorageKeys in "storage" {
        /// local, minio (which means S3), azureblob, or NAME of a section storage.NAME.
        storage_type: String = "local",
        /// local: the folder.
        path: PathBuf = "",
        /// Whether clients are sent to the storage server instead of getting files through this one.
        serve_direct: bool = "false",
        /// S3: the server as host:port.
        minio_endpoint: String = "localhost:9000",
        /// S3: the name of the access key.
        minio_access_key_id: String = "",
        /// S3: the secret of the access key.
        minio_secret_access_key: Secret = "",
        /// S3: where temporary keys come from.
        minio_iam_endpoint: String = "",
        /// S3: the bucket.
        minio_bucket: String = "gitea",
        /// S3: the region.
        minio_location: String = "us-east-1",
        /// S3: what every object's name starts with.
        minio_base_path: String = derived "NAME/",
        /// S3: whether the server speaks TLS.
        minio_use_ssl: bool = "false",
        /// S3: whether any certificate is accepted.
        minio_insecure_skip_verify: bool = "false",
        /// S3: default or md5.
        minio_checksum_algorithm: String = "default",
        /// S3: auto, dns or path.
        minio_bucket_lookup_type: String = "auto",
        /// Azure: the address.
        azure_blob_endpoint: String = "",
        /// Azure: the account.
        azure_blob_account_name: String = "",
        /// Azure: the key of the account.
        azure_blob_account_key: Secret = "",
        /// Azure: the container.
        azure_blob_container: String = "gitea",
        /// Azure: what every object's name starts with.
        azure_blob_base_path: String = derived "NAME/",
    }
}

/// Where one kind of file is kept.
#[derive(Debug, Clone, Default)]
pub struct Storage {
    /// The kind of storage.
    pub storage_type: StorageType,
    /// The folder of a local storage, absolute.
    pub path: PathBuf,
    /// How a remote storage is reached.
    pub remote: StorageKeys,
}

/// Where each kind of file is kept.
#[derive(Debug, Clone, Default)]
pub struct Storages {
    /// Files of issues, comments and releases.
    pub attachments: Storage,
    /// Git LFS objects.
    pub lfs: Storage,
    /// Pictures of people and organisations.
    pub avatars: Storage,
    /// Pictures of repositories.
    pub repo_avatars: Storage,
    /// Archives made of repositories.
    pub repo_archive: Storage,
    /// Files of packages.
    pub packages: Storage,
    /// Logs of Actions.
    pub actions_log: Storage,
    /// Artifacts of Actions.
    pub actions_artifacts: Storage,
}

impl Storages {
    /// Finds the storage of every kind of file.
    pub(crate) fn resolve(reader: &mut Reader<'_>, base: &Base) -> Self {
        let mut of = |name, own| resolve(reader, base, name, own);
        Self {
            attachments: of("attachments", Some("attachment")),
            lfs: of("lfs", Some("lfs")),
            avatars: of("avatars", Some("avatar")),
            repo_avatars: of("repo-avatars", Some("repo-avatar")),
            repo_archive: of("repo-archive", Some("repo-archive")),
            packages: of("packages", Some("packages")),
            actions_log: of("actions_log", None),
            actions_artifacts: of("actions_artifacts", Some("actions.artifacts")),
        }
    }
}

/// The keys a section of one kind of file may set on top of the storage it uses.
const OVERRIDES: [&str; 5] =
    ["SERVE_DIRECT", "MINIO_BASE_PATH", "MINIO_BUCKET", "AZURE_BLOB_BASE_PATH", "AZURE_BLOB_CONTAINER"];

/// Finds the section that describes the storage of one kind of file, and what its own section adds.
fn resolve(reader: &mut Reader<'_>, base: &Base, name: &str, own: Option<&str>) -> Storage {
    let general = "storage";
    let named = format!("storage.{name}");
    // Which section describes the storage: its own, one it names, the one called after it, the general one.
    let mut target = general.to_owned();
    let mut overriding = own.filter(|own| reader.ini.has_section(own)).map(str::to_owned);
    let own_type = own.and_then(|own| reader.ini.get_own(own, "STORAGE_TYPE").map(|text| (own, text)));
    if let Some((own, word)) = own_type.filter(|(_, word)| !word.is_empty()) {
        target = target_of(reader, own, &word).unwrap_or_else(|| own.to_owned());
    } else if let Some(word) = reader.ini.get_own(&named, "STORAGE_TYPE").filter(|word| !word.is_empty()) {
        target = target_of(reader, &named, &word).unwrap_or_else(|| named.clone());
        if target != named && overriding.is_none() {
            overriding = Some(named.clone());
        }
    } else if reader.ini.get_own(&named, "PATH").is_some() {
        target.clone_from(&named);
    } else if let Some(word) = reader.ini.get_own(general, "STORAGE_TYPE").filter(|word| !word.is_empty()) {
        target = target_of(reader, general, &word).unwrap_or(target);
    }

    let mut keys = StorageKeys::read_from(reader, &target);
    let kind = kind_of(reader, &target, &keys, target == named);
    let base_path = if target == general {
        format!("{}{name}/", folder(&keys.minio_base_path))
    } else {
        format!("{name}/")
    };
    if keys.minio_base_path.is_empty() || target == general {
        keys.minio_base_path.clone_from(&base_path);
    }
    if keys.azure_blob_base_path.is_empty() || target == general {
        keys.azure_blob_base_path = format!("{}{name}/", folder(&keys.azure_blob_base_path));
    }

    // A path of a general storage is shared, so each kind of file gets a folder in it.
    let shared = reader.ini.get_own(&target, "PATH").filter(|path| !path.is_empty());
    let mut path = match &shared {
        None => base.data(Path::new(name)),
        Some(path) if target == general => base.data(Path::new(path)).join(name),
        Some(path) => base.data(Path::new(path)),
    };
    if let Some(own) = overriding.filter(|own| *own != target) {
        if let Some(text) = reader.ini.get_own(&own, "PATH").filter(|text| !text.is_empty()) {
            path = match shared {
                Some(shared) => base.data(Path::new(&shared)).join(text),
                None => base.data(Path::new(&text)),
            };
        }
        let overrides = StorageKeys::read_from(reader, &own);
        for key in
            OVERRIDES.into_iter().filter(|key| reader.ini.get_own(&own, key).is_some_and(|v| !v.is_empty()))
        {
            match key {
                "SERVE_DIRECT" => keys.serve_direct = overrides.serve_direct,
                "MINIO_BASE_PATH" => keys.minio_base_path.clone_from(&overrides.minio_base_path),
                "MINIO_BUCKET" => keys.minio_bucket.clone_from(&overrides.minio_bucket),
                "AZURE_BLOB_BASE_PATH" => {
                    keys.azure_blob_base_path.clone_from(&overrides.azure_blob_base_path);
                }
                _ => keys.azure_blob_container.clone_from(&overrides.azure_blob_container),
            }
        }
    }
    Storage { storage_type: kind, path, remote: keys }
}

/// The section `storage.WORD`, if there is one; `None` if the word is a kind and the section speaks for itself.
fn target_of(reader: &mut Reader<'_>, section: &str, word: &str) -> Option<String> {
    let named = format!("storage.{word}");
    if reader.ini.has_section(&named) {
        return Some(named);
    }
    if <StorageType as crate::value::IniValue>::read(word).is_err() {
        let reason = format!("expected local, minio or azureblob; there is no section [{named}] either");
        reader.problem(section, "STORAGE_TYPE", reason);
    }
    None
}

/// The kind a section describes. A section called after a kind need not repeat it.
fn kind_of(reader: &mut Reader<'_>, section: &str, keys: &StorageKeys, by_path: bool) -> StorageType {
    use crate::value::IniValue as _;
    match reader.ini.get_own(section, "STORAGE_TYPE").filter(|word| !word.is_empty()) {
        Some(word) => StorageType::read(&word).unwrap_or_default(),
        None if by_path => StorageType::Local,
        None => {
            let word = section.strip_prefix("storage.").unwrap_or(&keys.storage_type);
            StorageType::read(word).or_else(|_| StorageType::read(&keys.storage_type)).unwrap_or_default()
        }
    }
}

fn folder(path: &str) -> String {
    if path.is_empty() || path.ends_with('/') { path.to_owned() } else { format!("{path}/") }
}

section! {
    /// Git LFS objects; it also takes the keys of [storage].
    pub struct Lfs in "lfs" {
    }
    computed {
        /// Where the objects are kept.
        storage: Storage,
    }
}

section! {
    /// Files of issues, comments and releases; it also takes the keys of [storage].
    pub struct Attachment in "attachment" {
        /// Whether files can be attached.
        enabled: bool = "true",
        /// Extensions and media types that are allowed; */* allows all.
        allowed_types: Vec<String> = ".avif,.cpuprofile,.csv,.dmp,.docx,.fodg,.fodp,.fods,.fodt,.gif,.gz,.jpeg,.jpg,.json,.jsonc,.log,.md,.mov,.mp4,.odf,.odg,.odp,.ods,.odt,.patch,.pdf,.png,.pptx,.svg,.tgz,.txt,.webm,.webp,.xls,.xlsx,.zip",
        /// The largest file, in megabytes.
        max_size: u64 = "100",
        /// The most files at once.
        max_files: u64 = "5",
    }
    computed {
        /// Where the files are kept.
        storage: Storage,
    }
}

section! {
    /// Pictures of people, organisations and repositories.
    pub struct Picture in "picture" {
        /// The kind of storage for pictures of people; [avatar] is the newer place.
        avatar_storage_type: String = "",
        /// The folder for pictures of people; [avatar] is the newer place.
        avatar_upload_path: PathBuf = "",
        /// The widest picture, in pixels.
        avatar_max_width: u32 = "4096",
        /// The highest picture, in pixels.
        avatar_max_height: u32 = "4096",
        /// The largest picture, in bytes.
        avatar_max_file_size: u64 = "1048576",
        /// Pictures up to so many bytes are kept as they are.
        avatar_max_origin_size: u64 = "262144",
        /// How many times larger than shown a picture is stored.
        avatar_rendered_size_factor: u32 = "2",
        /// gravatar, libravatar, or an address.
        gravatar_source: String = "gravatar",
        /// Whether no outside service is asked for pictures; a setting in the database goes before.
        disable_gravatar: bool = "true",
        /// Whether pictures are looked up at the e-mail's domain; a setting in the database goes before.
        enable_federated_avatar: bool = "false",
        /// The kind of storage for pictures of repositories; [repo-avatar] is the newer place.
        repository_avatar_storage_type: String = "",
        /// The folder for pictures of repositories; [repo-avatar] is the newer place.
        repository_avatar_upload_path: PathBuf = "",
        /// What a repository without picture shows: none, random or image.
        repository_avatar_fallback: String = "none",
        /// The picture for `image`.
        repository_avatar_fallback_image: String = derived "/assets/img/repo_default.png",
    }
    computed {
        /// Where pictures of people and organisations are kept.
        avatars: Storage,
        /// Where pictures of repositories are kept.
        repository_avatars: Storage,
    }
}

impl Picture {
    /// Completes what depends on other keys.
    pub(crate) fn finish(&mut self, base: &Base, storages: &mut Storages, sub_url: &str) {
        for (old, storage) in [
            (&self.avatar_upload_path, &mut storages.avatars),
            (&self.repository_avatar_upload_path, &mut storages.repo_avatars),
        ] {
            // The older key counts only where no newer one says anything.
            if !old.as_os_str().is_empty() && storage.path.parent() == Some(base.data_path.as_path()) {
                storage.path = base.data(old);
            }
        }
        self.avatars = storages.avatars.clone();
        self.repository_avatars = storages.repo_avatars.clone();
        if self.repository_avatar_fallback_image.is_empty() {
            self.repository_avatar_fallback_image = format!("{sub_url}/assets/img/repo_default.png");
        }
    }
}
