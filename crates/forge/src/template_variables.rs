//! The variables that a template's files may use, as Gitea has them: `$REPO_NAME`, `${REPO_OWNER_UPPER}`.

use std::collections::BTreeMap;

use oolong_config::Settings;
use oolong_core::UnixSeconds;
use oolong_db::entity::{repository, user};

use crate::addresses;

/// The values by name.
pub(crate) struct Variables(BTreeMap<String, String>);

impl Variables {
    pub(crate) fn new(
        settings: &Settings,
        template: (&repository::Model, &user::Model),
        made: (&str, &str, &user::Model),
        now: UnixSeconds,
    ) -> Self {
        let mut values = BTreeMap::new();
        let (name, description, owner) = made;
        for (prefix, owner, name, description) in [
            ("REPO", owner, name, description),
            ("TEMPLATE", template.1, template.0.name.as_str(), template.0.description.as_str()),
        ] {
            for (word, value) in [("NAME", name), ("OWNER", owner.name.as_str())] {
                values.insert(format!("{prefix}_{word}"), value.to_owned());
                for (suffix, changed) in spellings(value) {
                    values.insert(format!("{prefix}_{word}_{suffix}"), changed);
                }
            }
            values.insert(format!("{prefix}_DESCRIPTION"), description.to_owned());
            values.insert(format!("{prefix}_LINK"), format!("/{}/{name}", owner.name));
            values.insert(format!("{prefix}_HTTPS_URL"), addresses::clone(settings, &owner.name, name));
            values.insert(format!("{prefix}_SSH_URL"), addresses::ssh(settings, &owner.name, name));
        }
        let date = now.to_rfc3339();
        for (word, part) in [("YEAR", date.get(..4)), ("MONTH", date.get(5..7)), ("DAY", date.get(8..10))] {
            values.insert(word.to_owned(), part.unwrap_or_default().to_owned());
        }
        Self(values)
    }

    /// A text with the variables filled in. What is no variable of ours stays as it is: scripts have their own.
    pub(crate) fn fill(&self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            filled.push_str(&rest[..at]);
            rest = &rest[at..];
            let after = &rest[1..];
            let (name, length) = match after.strip_prefix('{') {
                Some(braced) => match braced.find('}') {
                    Some(end) => (&braced[..end], end + 3),
                    None => ("", 1),
                },
                None => {
                    let end =
                        after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
                    (&after[..end], end + 1)
                }
            };
            match self.0.get(name) {
                Some(value) => filled.push_str(value),
                None => filled.push_str(&rest[..length]),
            }
            rest = &rest[length..];
        }
        filled.push_str(rest);
        filled
    }
}

fn spellings(text: &str) -> [(&'static str, String); 7] {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let capital = |word: &String| {
        let mut characters = word.chars();
        characters
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect::<String>())
    };
    let pascal: String = words.iter().map(capital).collect();
    let camel = words.iter().take(1).cloned().chain(words.iter().skip(1).map(capital)).collect();
    [
        ("SNAKE", words.join("_")),
        ("KEBAB", words.join("-")),
        ("CAMEL", camel),
        ("PASCAL", pascal),
        ("LOWER", text.to_lowercase()),
        ("UPPER", text.to_uppercase()),
        ("TITLE", words.iter().map(capital).collect::<Vec<_>>().join(" ")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_what_it_knows() {
        let template = repository::Model { name: "seed".into(), ..Default::default() };
        let (alice, carol) = (
            user::Model { name: "alice".into(), ..Default::default() },
            user::Model { name: "carol".into(), ..Default::default() },
        );
        let settings = Settings::default();
        let variables = Variables::new(
            &settings,
            (&template, &alice),
            ("my-new_tool", "", &carol),
            UnixSeconds(1_767_323_045),
        );
        for (text, filled) in [
            ("# $REPO_NAME\nby ${REPO_OWNER}", "# my-new_tool\nby carol"),
            ("$YEAR-$MONTH ${TEMPLATE_OWNER_UPPER}", "2026-01 ALICE"),
            ("${REPO_NAME_PASCAL} ${REPO_NAME_CAMEL} ${REPO_NAME_SNAKE}", "MyNewTool myNewTool my_new_tool"),
            ("$HOME ${X} $1 $ ${open $", "$HOME ${X} $1 $ ${open $"),
        ] {
            assert_eq!(variables.fill(text), filled);
        }
    }
}
