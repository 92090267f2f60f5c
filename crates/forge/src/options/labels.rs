//! Sets of labels that a repository can start with.

use oolong_config::Settings;
use oolong_core::{Error, Result};

use super::{custom_names, custom_text};

const FOLDER: &str = "label";

/// A label of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelTemplate {
    /// The name; what stands before the last `/` is its scope.
    pub name: String,
    /// Whether an issue has one label of the scope at most.
    pub exclusive: bool,
    /// `#rrggbb`.
    pub color: String,
    /// What it means.
    pub description: String,
}

type BuiltIn = (&'static str, bool, &'static str, &'static str);

const DEFAULT: &[BuiltIn] = &[
    ("bug", false, "#ee0701", "Something is not working"),
    ("duplicate", false, "#cccccc", "This issue or pull request already exists"),
    ("enhancement", false, "#84b6eb", "New feature"),
    ("help wanted", false, "#128a0c", "Need some help"),
    ("invalid", false, "#e6e6e6", "Something is wrong"),
    ("question", false, "#cc317c", "More information is needed"),
    ("wontfix", false, "#ffffff", "This won't be fixed"),
];

const ADVANCED: &[BuiltIn] = &[
    ("Kind/Bug", false, "#ee0701", "Something is not working"),
    ("Kind/Feature", false, "#0288d1", "New functionality"),
    ("Kind/Enhancement", false, "#84b6eb", "Improve existing functionality"),
    ("Kind/Security", false, "#9c27b0", "This is security issue"),
    ("Kind/Testing", false, "#795548", "Issue or pull request related to testing"),
    ("Kind/Documentation", false, "#37474f", "Documentation changes"),
    ("Compat/Breaking", false, "#c62828", "Breaking change that won't be backward compatible"),
    ("Reviewed/Duplicate", true, "#616161", "This issue or pull request already exists"),
    ("Reviewed/Invalid", true, "#546e7a", "Invalid issue"),
    ("Reviewed/Confirmed", true, "#795548", "Issue has been confirmed"),
    ("Reviewed/Won't Fix", true, "#eeeeee", "This issue won't be fixed"),
    ("Status/Need More Info", true, "#424242", "Feedback is required to reproduce issue or to continue work"),
    ("Status/Blocked", true, "#880e4f", "Something is blocking this issue or pull request"),
    ("Status/Abandoned", true, "#222222", "Somebody has started to work on this but abandoned work"),
    ("Priority/Critical", true, "#b71c1c", "The priority is critical"),
    ("Priority/High", true, "#d32f2f", "The priority is high"),
    ("Priority/Medium", true, "#e64a19", "The priority is medium"),
    ("Priority/Low", true, "#4caf50", "The priority is low"),
];

const BUILT_IN: &[(&str, &[BuiltIn])] = &[("Advanced", ADVANCED), ("Default", DEFAULT)];

/// The names of all sets, sorted.
pub async fn names(settings: &Settings) -> Result<Vec<String>> {
    let mut names: Vec<String> = BUILT_IN.iter().map(|(name, _)| (*name).to_owned()).collect();
    for file in custom_names(settings, FOLDER).await? {
        let name = [".yaml", ".yml"].iter().find_map(|ending| file.strip_suffix(ending)).unwrap_or(&file);
        names.push(name.to_owned());
    }
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

/// The labels of a set; an administrator's goes before ours. One that cannot be read is refused.
pub async fn find(settings: &Settings, name: &str) -> Result<Option<Vec<LabelTemplate>>> {
    for ending in [".yaml", ".yml", ""] {
        let Some(text) = custom_text(settings, FOLDER, &format!("{name}{ending}")).await else { continue };
        let parsed = if ending.is_empty() { parse_lines(&text) } else { parse_yaml(&text) };
        return parsed
            .map(Some)
            .ok_or_else(|| Error::invalid(format!("the label set {name:?} of this server is damaged")));
    }
    let built_in = BUILT_IN.iter().find(|(known, _)| *known == name);
    Ok(built_in.map(|(_, labels)| {
        labels
            .iter()
            .map(|&(name, exclusive, color, description)| LabelTemplate {
                name: name.to_owned(),
                exclusive,
                color: color.to_owned(),
                description: description.to_owned(),
            })
            .collect()
    }))
}

/// `#rrggbb` of what people write: with or without `#`, three digits or six.
pub fn normal_color(text: &str) -> Option<String> {
    let digits = text.trim().trim_start_matches('#').to_lowercase();
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    match digits.len() {
        6 => Some(format!("#{digits}")),
        3 => Some(digits.chars().fold("#".to_owned(), |color, digit| format!("{color}{digit}{digit}"))),
        _ => None,
    }
}

/// The older form: `#rrggbb name ; description`, a line each.
fn parse_lines(text: &str) -> Option<Vec<LabelTemplate>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("# "));
    lines
        .map(|line| {
            let (label, description) = line.split_once(';').unwrap_or((line, ""));
            let (color, name) = label.trim().split_once([' ', '\t'])?;
            Some(LabelTemplate {
                name: name.trim().to_owned(),
                exclusive: false,
                color: normal_color(color)?,
                description: description.trim().to_owned(),
            })
        })
        .collect()
}

/// The newer form: a YAML list `labels` of `name`, `color`, `exclusive`, `description`, each on a line of its own.
fn parse_yaml(text: &str) -> Option<Vec<LabelTemplate>> {
    let mut labels: Vec<LabelTemplate> = Vec::new();
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') || trimmed == "labels:" || trimmed == "---" {
            continue;
        }
        let field = match trimmed.strip_prefix("- ") {
            Some(field) => {
                let (name, color) = (String::new(), String::new());
                labels.push(LabelTemplate { name, exclusive: false, color, description: String::new() });
                field.trim()
            }
            None => trimmed,
        };
        let (key, value) = field.split_once(':')?;
        let label = labels.last_mut()?;
        let value = unquoted(value.trim());
        match key.trim() {
            "name" => label.name = value,
            "color" => label.color = normal_color(&value)?,
            "exclusive" => label.exclusive = value == "true",
            "description" => label.description = value,
            _ => {}
        }
    }
    labels.iter().all(|label| !label.name.is_empty() && !label.color.is_empty()).then_some(labels)
}

fn unquoted(text: &str) -> String {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return inner.replace("''", "'").replace("\\\"", "\"");
        }
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors() {
        for (text, color) in [
            ("#abc", Some("#aabbcc")),
            ("ABCDEF", Some("#abcdef")),
            ("abcd", None),
            ("#gggggg", None),
            ("", None),
        ] {
            assert_eq!(normal_color(text).as_deref(), color, "{text}");
        }
    }

    #[test]
    fn both_forms() {
        let yaml = "labels:\n  - name: \"Kind/It's\"\n    color: ee0701\n    exclusive: true\n    description: 'Says ''hello'''\n  - name: b\n    color: '#fff'\n";
        let labels = parse_yaml(yaml).expect("a good file");
        assert_eq!((labels.len(), labels[0].exclusive, labels[1].color.as_str()), (2, true, "#ffffff"));
        assert_eq!(labels[0].description, "Says 'hello'");
        let labels = parse_lines("#ee0701 bug ; It is broken\n\n#fff  two words\n").expect("a good file");
        assert_eq!((labels[0].description.as_str(), labels[1].name.as_str()), ("It is broken", "two words"));
        assert_eq!(parse_lines("nonsense"), None);
    }
}
