//! `config edit-ini`: a new `app.ini` made from an old one, a template of keys to keep, and the environment.

use std::path::PathBuf;

use crate::env;
use crate::error::ConfigError;
use crate::ini::Ini;
use crate::load::read_ini;
use crate::write;

/// What to edit, and how.
#[derive(Debug, Clone, Default)]
pub struct EditOptions {
    /// The file to read; it need not exist.
    pub config: PathBuf,
    /// Write the same file.
    pub in_place: bool,
    /// Write this file, even if `in_place` is set.
    pub out: Option<PathBuf>,
    /// Keep only keys that this file has; their values stay.
    pub keep_keys: Option<PathBuf>,
    /// Variables to apply, for `--apply-env`.
    pub variables: Option<Vec<(String, String)>>,
}

/// Edits a file; it is written only if it changes or the destination is another one. Returns what could not be
/// applied.
pub fn edit_ini(options: &EditOptions) -> Result<Vec<String>, ConfigError> {
    let destination = match (&options.out, options.in_place) {
        (Some(out), _) => out,
        (None, true) => &options.config,
        (None, false) => {
            return Err(ConfigError::Location("either --in-place or --out must be specified".to_owned()));
        }
    };
    let original = read_ini(&options.config)?;
    let mut ini = original.clone().unwrap_or_default();
    if let Some(template) = &options.keep_keys {
        let template = read_ini(template)?.ok_or_else(|| ConfigError::File {
            file: template.clone(),
            source: std::io::ErrorKind::NotFound.into(),
        })?;
        ini = kept(&ini, &template)
            .map_err(|source| ConfigError::Syntax { file: options.config.clone(), source })?;
    }
    let applied = match &options.variables {
        Some(variables) => env::apply(&mut ini, variables.iter().cloned()),
        None => env::Applied::default(),
    };
    let changed = original.as_ref() != Some(&ini) && (original.is_some() || applied.changed);
    if changed || destination != &options.config {
        write::replace(destination, &ini.to_string())
            .map_err(|source| ConfigError::File { file: destination.clone(), source })?;
    }
    Ok(applied.problems)
}

/// The keys of the template with the values of the document; comments belong to neither.
fn kept(ini: &Ini, template: &Ini) -> Result<Ini, crate::ini::IniError> {
    let mut kept = Ini::default();
    for section in template.sections() {
        for key in template.keys(section) {
            if let Some(value) = ini.raw(section, key) {
                kept.set(section, key, value)?;
            }
        }
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_keys_applies_variables_and_writes_only_changes() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("in.ini"), "; note\nA = 1\n[s]\nB = 2 # x\nC = 3\n").expect("writes");
        std::fs::write(at("keep.ini"), "[s]\nB =\nD =\n").expect("writes");
        let mut options = EditOptions { config: at("in.ini"), ..EditOptions::default() };
        assert!(edit_ini(&options).is_err(), "no destination");

        options.out = Some(at("out.ini"));
        options.keep_keys = Some(at("keep.ini"));
        options.variables = Some(vec![("GITEA__S__E".to_owned(), "#5".to_owned())]);
        assert_eq!(edit_ini(&options).expect("edits"), [""; 0]);
        let text = std::fs::read_to_string(at("out.ini")).expect("was written");
        assert_eq!(text, "[s]\nB = 2\nE = `#5`\n");

        let modified =
            |name| std::fs::metadata(at(name)).and_then(|data| data.modified()).expect("has a time");
        let before = modified("in.ini");
        let in_place = EditOptions { config: at("in.ini"), in_place: true, ..EditOptions::default() };
        edit_ini(&in_place).expect("edits");
        assert_eq!(modified("in.ini"), before, "nothing changed, nothing written");
        let variables = Some(vec![("GITEA____A".to_owned(), "2".to_owned())]);
        edit_ini(&EditOptions { variables, ..in_place }).expect("edits");
        let text = std::fs::read_to_string(at("in.ini")).expect("is there");
        assert_eq!(text, "; note\nA = 2\n[s]\nB = 2 # x\nC = 3\n");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(at("in.ini")).expect("is there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_missing_file_is_made_from_the_environment() {
        let folder = tempfile::tempdir().expect("a folder");
        let config = folder.path().join("conf/app.ini");
        let variables = Some(vec![("OOLONG__SERVER__DOMAIN".to_owned(), "git.example.com".to_owned())]);
        let options =
            EditOptions { config: config.clone(), in_place: true, variables, ..EditOptions::default() };
        edit_ini(&options).expect("edits");
        assert_eq!(
            std::fs::read_to_string(config).expect("was written"),
            "[server]\nDOMAIN = git.example.com\n"
        );
    }
}
