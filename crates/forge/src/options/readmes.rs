//! README templates.

use oolong_config::Settings;
use oolong_core::Result;
use oolong_db::entity::user;

use super::{custom_names, custom_text};
use crate::addresses;

const FOLDER: &str = "readme";
const DEFAULT: &str = "# {Name}\n\n{Description}";

/// The names of all templates.
pub async fn names(settings: &Settings) -> Result<Vec<String>> {
    let mut names = vec!["Default".to_owned()];
    names.extend(custom_names(settings, FOLDER).await?.into_iter().filter(|name| name != "Default"));
    Ok(names)
}

/// The text of a template; an administrator's goes before ours.
pub async fn find(settings: &Settings, name: &str) -> Option<String> {
    match custom_text(settings, FOLDER, name).await {
        Some(text) => Some(text),
        None => (name == "Default").then(|| DEFAULT.to_owned()),
    }
}

/// A template with a repository's name, description, owner and addresses.
pub fn made_out(
    text: &str,
    settings: &Settings,
    owner: &user::Model,
    name: &str,
    description: &str,
) -> String {
    let (ssh, https) =
        (addresses::ssh(settings, &owner.name, name), addresses::clone(settings, &owner.name, name));
    let values = [
        ("{Name}", name),
        ("{OwnerName}", &owner.name),
        ("{CloneURL.SSH}", &ssh),
        ("{CloneURL.HTTPS}", &https),
        // Last: what a person wrote is not searched for placeholders.
        ("{Description}", description),
    ];
    values.into_iter().fold(text.to_owned(), |text, (placeholder, value)| text.replace(placeholder, value))
}
