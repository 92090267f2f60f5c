//! `app.ini.sample`, written from the sections' own descriptions.

use std::fmt::Write as _;

use crate::schema::SectionSpec;
use crate::settings::SECTIONS;

const HEAD: &str = "\
; Every setting of Oolong, with its default. Copy what you want to change into app.ini; leave out the rest.
;
; The dialect is Gitea's: a comment starts with # or ;, also behind a value; `backticks` protect both characters.
; %(NAME)s is replaced by another key of the section or of the top. A section [a.b] has the keys of [a], too.
; Durations are written 300ms, 10s, 5m, 1h30m. Lists are separated by commas.
; SECRET_KEY, INTERNAL_TOKEN, JWT_SECRET and LFS_JWT_SECRET can be kept in files: SECRET_KEY_URI = file:/path
";

/// The text of `app.ini.sample`.
pub fn sample() -> String {
    let mut text = HEAD.to_owned();
    for section in SECTIONS {
        write_section(&mut text, section);
    }
    text
}

fn write_section(text: &mut String, section: &SectionSpec) {
    let _ = writeln!(text, "\n;;;;");
    for line in section.doc {
        let _ = writeln!(text, ";;{line}");
    }
    if !section.name.is_empty() {
        let name = section.name.replace('*', "NAME");
        // A section for each name would be a real section called NAME.
        let mark = if name == section.name { "" } else { ";" };
        let _ = writeln!(text, "{mark}[{name}]");
    }
    for key in section.keys {
        text.push('\n');
        for line in key.doc {
            let _ = writeln!(text, ";;{line}");
        }
        if key.derived {
            let _ = writeln!(text, ";; Default: {}.", key.default);
        }
        let default = match key.default {
            _ if key.derived => String::new(),
            default if default.contains(['#', ';']) => format!("`{default}`"),
            default => default.to_owned(),
        };
        let _ = writeln!(text, "{}", format!(";{} = {default}", key.key()).trim_end());
    }
    for sub in section.sections {
        write_section(text, sub);
    }
}
