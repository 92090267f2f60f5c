//! What a new repository can start with: licences, `.gitignore` templates and label sets, those that come with the
//! program and those that an administrator put below `custom/options`.

mod gitignore_texts;
pub mod gitignores;
pub mod labels;
pub mod licenses;
pub mod readmes;

use std::path::Path;

use oolong_config::Settings;
use oolong_core::{Result, ResultExt as _};

/// The names of the files in `custom/options/FOLDER`; none where there is no such folder.
async fn custom_names(settings: &Settings, folder: &str) -> Result<Vec<String>> {
    let mut names = Vec::new();
    let Ok(mut entries) = tokio::fs::read_dir(settings.paths.custom_path.join("options").join(folder)).await
    else {
        return Ok(names);
    };
    while let Some(entry) = entries.next_entry().await.or_internal()? {
        if let Ok(name) = entry.file_name().into_string()
            && !name.starts_with('.')
        {
            names.push(name);
        }
    }
    Ok(names)
}

/// The text of `custom/options/FOLDER/NAME`, where there is one.
async fn custom_text(settings: &Settings, folder: &str, name: &str) -> Option<String> {
    // A name is one file's name, never a path.
    if name.is_empty()
        || name.starts_with('.')
        || Path::new(name).components().count() != 1
        || name.contains(['/', '\\', '\0'])
    {
        return None;
    }
    let path = settings.paths.custom_path.join("options").join(folder).join(name);
    tokio::fs::read_to_string(path).await.ok()
}
