//! The sample file at the root of the repository is the one the sections describe, and it is valid.

use std::path::Path;

use oolong_config::{Settings, sample};

#[test]
fn the_sample_file_is_current() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../app.ini.sample");
    if std::env::var_os("UPDATE_SAMPLE").is_some() {
        std::fs::write(&file, sample()).expect("the sample can be written");
    }
    let stored = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        stored == sample(),
        "app.ini.sample is old: run `UPDATE_SAMPLE=1 cargo test -p oolong-config --test sample`"
    );
}

#[test]
fn every_default_in_the_sample_is_accepted() {
    let with_defaults: String = sample()
        .lines()
        .map(|line| match line.strip_prefix(';') {
            Some(rest) if rest.starts_with(|c: char| c.is_ascii_alphabetic()) => format!("{rest}\n"),
            Some("[log.NAME]") => "[log.console]\n".to_owned(),
            _ => format!("{line}\n"),
        })
        .collect();
    let settings = Settings::parse(&with_defaults, Path::new("/srv/forge")).expect("defaults are valid");
    assert_eq!(settings.warnings, [""; 0]);
    let bare = Settings::parse("", Path::new("/srv/forge")).expect("nothing is valid");
    assert_eq!(format!("{settings:#?}"), format!("{bare:#?}"), "a default is what a missing key means");
}
