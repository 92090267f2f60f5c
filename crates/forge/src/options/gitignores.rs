//! `.gitignore` templates.

use oolong_config::Settings;
use oolong_core::Result;

use super::gitignore_texts::BUILT_IN;
use super::{custom_names, custom_text};

const FOLDER: &str = "gitignore";
const ENDING: &str = ".gitignore";

/// The names of all templates, sorted.
pub async fn names(settings: &Settings) -> Result<Vec<String>> {
    let mut names: Vec<String> = BUILT_IN.iter().map(|(name, _)| (*name).to_owned()).collect();
    names.extend(
        custom_names(settings, FOLDER)
            .await?
            .into_iter()
            .map(|name| name.strip_suffix(ENDING).unwrap_or(&name).to_owned()),
    );
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

/// The text of a template; an administrator's goes before ours.
pub async fn find(settings: &Settings, name: &str) -> Option<String> {
    for file in [format!("{name}{ENDING}"), name.to_owned()] {
        if let Some(text) = custom_text(settings, FOLDER, &file).await {
            return Some(text);
        }
    }
    BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned())
}
