//! Licence texts: of SPDX, for the licences that forges usually offer, and an administrator's own.

use oolong_config::Settings;
use oolong_core::Result;

use super::{custom_names, custom_text};

const FOLDER: &str = "license";

/// The licences offered: the key that people and answers use, and SPDX's identifier.
const OFFERED: [(&str, &str); 28] = [
    ("0BSD", "0BSD"),
    ("AGPL-3.0", "AGPL-3.0-only"),
    ("Apache-2.0", "Apache-2.0"),
    ("BSD-2-Clause", "BSD-2-Clause"),
    ("BSD-3-Clause", "BSD-3-Clause"),
    ("BSD-3-Clause-Clear", "BSD-3-Clause-Clear"),
    ("BSL-1.0", "BSL-1.0"),
    ("CC-BY-4.0", "CC-BY-4.0"),
    ("CC-BY-SA-4.0", "CC-BY-SA-4.0"),
    ("CC0-1.0", "CC0-1.0"),
    ("EPL-1.0", "EPL-1.0"),
    ("EPL-2.0", "EPL-2.0"),
    ("EUPL-1.2", "EUPL-1.2"),
    ("GPL-2.0", "GPL-2.0-only"),
    ("GPL-3.0", "GPL-3.0-only"),
    ("ISC", "ISC"),
    ("LGPL-2.1", "LGPL-2.1-only"),
    ("LGPL-3.0", "LGPL-3.0-only"),
    ("MIT", "MIT"),
    ("MIT-0", "MIT-0"),
    ("MPL-2.0", "MPL-2.0"),
    ("MulanPSL-2.0", "MulanPSL-2.0"),
    ("OFL-1.1", "OFL-1.1"),
    ("OSL-3.0", "OSL-3.0"),
    ("UPL-1.0", "UPL-1.0"),
    ("Unlicense", "Unlicense"),
    ("WTFPL", "WTFPL"),
    ("Zlib", "Zlib"),
];

/// SPDX's own file, whose lines end in blanks; the crate's copy has lost them.
const MIT: &str = include_str!("../../options/license/MIT");

/// The keys of all licences, sorted. Those named in `PREFERRED_LICENSES` are for forms; lists are in order.
pub async fn names(settings: &Settings) -> Result<Vec<String>> {
    let mut names: Vec<String> = OFFERED.iter().map(|(name, _)| (*name).to_owned()).collect();
    names.extend(custom_names(settings, FOLDER).await?);
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

/// The text of a licence, with its placeholders; an administrator's goes before ours.
pub async fn find(settings: &Settings, name: &str) -> Option<String> {
    match custom_text(settings, FOLDER, name).await {
        Some(text) => Some(text),
        None => built_in(name),
    }
}

fn built_in(name: &str) -> Option<String> {
    let (key, spdx) = OFFERED.iter().find(|(key, _)| *key == name)?;
    if *key == "MIT" {
        return Some(MIT.to_owned());
    }
    Some(spdx::license_id(spdx)?.text().to_owned())
}

/// How many lines at the beginning of a text may name its holder; a notice further down is an example for others.
const HEAD: usize = 12;

/// A licence's text made out to somebody: the placeholders in the copyright notice at its beginning are filled in.
pub fn made_out(text: &str, owner: &str, year: i64) -> String {
    let year = year.to_string();
    let fill = |(number, line): (usize, &str)| {
        if number >= HEAD || !line.trim_start().to_lowercase().starts_with("copyright") {
            return line.to_owned();
        }
        let mut line = line.to_owned();
        for placeholder in ["<year>", "<YEAR>", "[year]", "[yyyy]", "[xxxx]-[xxxx]", "YEAR"] {
            line = line.replace(placeholder, &year);
        }
        for placeholder in [
            "<copyright holders>",
            "<COPYRIGHT HOLDER>",
            "[copyright holders]",
            "<owner>",
            "[Owner Organization]",
            "[fullname]",
            "AUTHOR EMAIL",
        ] {
            line = line.replace(placeholder, owner);
        }
        line
    };
    text.split('\n').enumerate().map(fill).collect::<Vec<_>>().join("\n")
}

/// Whose text this is, if it is one of the licences offered: compared by words, without titles and copyright lines.
pub fn recognise(text: &str) -> Option<&'static str> {
    let words = essence(text);
    OFFERED
        .iter()
        .map(|(key, _)| *key)
        .find(|key| built_in(key).is_some_and(|licence| essence(&licence) == words))
}

/// The words that make a licence: lower-case letters and digits of every line that is no copyright notice.
fn essence(text: &str) -> String {
    let mut essence = String::with_capacity(text.len());
    let mut started = false;
    for line in text.lines() {
        let lower = line.trim().to_lowercase();
        if lower.is_empty()
            || lower.starts_with("copyright")
            || lower.contains("all rights reserved")
            || !started && lower.len() < 60 && lower.ends_with("license")
        {
            continue;
        }
        started = true;
        essence.extend(lower.chars().filter(|c| c.is_alphanumeric()));
    }
    essence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_offered_licence_has_a_text() {
        for (name, _) in OFFERED {
            assert!(built_in(name).is_some_and(|text| text.len() > 100), "{name}");
        }
    }

    #[test]
    fn made_out_and_recognised() {
        let text = made_out(MIT, "alice", 2026);
        assert!(text.starts_with("MIT License\n\nCopyright (c) 2026 alice\n"), "{text}");
        assert_eq!(recognise(&text), Some("MIT"));
        assert_eq!(recognise(&built_in("Apache-2.0").expect("offered")), Some("Apache-2.0"));
        assert_eq!(recognise("do what you like"), None);
    }
}
