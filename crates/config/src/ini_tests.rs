//! Tables of the dialect, and properties of every text.

use proptest::prelude::*;

use super::*;

fn read(line: &str) -> String {
    Ini::parse(line).expect("parses").get("", "K").expect("has K")
}

#[test]
fn values_are_read_as_go_ini_reads_them() {
    for (line, value) in [
        ("K=v", "v"),
        ("K : v", "v"),
        ("  K  =  a = b  ", "a = b"),
        ("K = v # comment", "v"),
        ("K = v;comment", "v"),
        ("K = \"a#b\"", "\"a"),
        ("K = 'quoted'", "quoted"),
        ("K = \"quoted\"", "quoted"),
        ("K = \"a\"b\"", "\"a\"b\""),
        ("K = `a#b;c`", "a#b;c"),
        ("K = `a#b` # comment", "a#b"),
        ("K = \"\"\"a`b#c\"\"\"", "a`b#c"),
        ("K = a \\", "a \\"),
        ("K =", ""),
        ("K = #all", ""),
        ("K = \"\"", ""),
        ("K = `one\ntwo`", "one\ntwo"),
        ("K = \"\"\"\none\n\"\"\"", "\none\n"),
        ("\"K\" = v", "v"),
        ("`K` = v", "v"),
        ("K = 1\nK = 2", "2"),
        ("\u{feff}K = v\r\n", "v"),
        ("K = v\r\r\n", "v"),
        ("[DEFAULT]\nK = v", "v"),
    ] {
        assert_eq!(read(line), value, "{line:?}");
    }
}

#[test]
fn errors_name_the_line() {
    for (text, line) in [
        ("A = 1\nnonsense\n", 2),
        ("\n\n[server\n", 3),
        ("= v", 1),
        ("[]", 1),
        ("A = 1\nB = `open\nmore", 2),
        ("\"K = v", 1),
        ("`K` v", 1),
    ] {
        assert!(
            matches!(Ini::parse(text), Err(IniError::Syntax { line: l, .. }) if l == line),
            "{text:?}: {:?}",
            Ini::parse(text)
        );
    }
}

#[test]
fn dotted_sections_inherit_and_repeated_ones_merge() {
    let ini = Ini::parse("K = top\n[a]\nK = 1\nL = l\n[a.b]\nL = own\n[a]\nM = m\n").expect("parses");
    assert_eq!(ini.get("a.b", "K").as_deref(), Some("1"));
    assert_eq!(ini.get("a.b.c", "L").as_deref(), Some("own"));
    assert_eq!(ini.get("a.x", "M").as_deref(), Some("m"));
    assert_eq!(ini.get_own("a.b", "K"), None);
    assert_eq!(ini.get("b", "K"), None, "the top section is nobody's parent");
    assert_eq!(ini.sections(), ["", "a", "a.b"]);
    assert_eq!(ini.keys("a"), ["K", "L", "M"]);
    assert_eq!(ini.line_of("a.b", "K"), Some(3));
}

#[test]
fn interpolation_looks_near_then_at_the_top() {
    let text = "HOME = /srv\nSELF = top\n[a]\nX = x%(Y)s\nY = y\nP = %(HOME)s/p\nSELF = <%(SELF)s>\nQ = %(none)s\nLOOP = %(LOOP2)s\n\
                LOOP2 = %(LOOP)s\nBOMB = %(BOMB2)s\nBOMB2 = %(BOMB3)s%(BOMB3)s\nBOMB3 = %(BOMB2)s%(BOMB2)s\n[a.b]\nZ = %(X)s\nE = %()s%(\n";
    let ini = Ini::parse(text).expect("parses");
    for (section, key, value) in [
        ("a", "X", "xy"),
        ("a", "P", "/srv/p"),
        ("a", "SELF", "<top>"),
        ("a", "Q", "%(none)s"),
        ("a.b", "Z", "xy"),
        ("a.b", "E", "%()s%("),
    ] {
        assert_eq!(ini.get(section, key).as_deref(), Some(value), "{section}.{key}");
    }
    assert!(ini.get("a", "LOOP").is_some());
    assert!(ini.get("a", "BOMB").expect("is set").len() <= MAX_INTERPOLATED);
    assert_eq!(ini.raw("a", "X"), Some("x%(Y)s"), "the stored text stays");
}

#[test]
fn writing_keeps_what_nobody_changed() {
    let text = "; head\nA   = 1 ; why\n\n[server]\n# port\nPORT = 3000\n\n[log]\nLEVEL = info\n";
    let mut ini = Ini::parse(text).expect("parses");
    assert_eq!(ini.to_string(), text);
    ini.set("server", "PORT", "3000").expect("sets");
    assert_eq!(ini.to_string(), text, "the same value changes nothing");
    ini.set("server", "PORT", "4000").expect("sets");
    ini.set("server", "HOST", " a#b").expect("sets");
    ini.set("", "B", "`").expect("sets");
    ini.set("new", "EMPTY", "").expect("sets");
    assert_eq!(
        ini.to_string(),
        "; head\nA   = 1 ; why\nB = \"\"\"`\"\"\"\n\n[server]\n# port\nPORT = 4000\nHOST = ` a#b`\n\n[log]\nLEVEL = info\n\n[new]\nEMPTY =\n"
    );
    ini.set("", "A", "2").expect("sets");
    assert!(ini.to_string().starts_with("; head\n; why\nA = 2\n"), "an inline comment moves above");
    assert!(ini.remove("new", "EMPTY"));
    assert!(!ini.remove("new", "EMPTY"));
}

#[test]
fn values_are_written_in_gitea_form() {
    for (value, written) in [
        ("plain", "plain"),
        ("a;b", "`a;b`"),
        ("a\nb", "\"\"\"a\nb\"\"\""),
        ("a`b#", "\"\"\"a`b#\"\"\""),
        (" a", "\" a\""),
        ("\"q\"", "`\"q\"`"),
    ] {
        let mut ini = Ini::default();
        ini.set("", "K", value).expect("sets");
        assert_eq!(ini.to_string(), format!("K = {written}\n"));
        assert_eq!(Ini::parse(&ini.to_string()).expect("parses").raw("", "K"), Some(value));
    }
    let mut ini = Ini::default();
    assert!(ini.set("", "K", "`\n\"\"\"\n`\n\"\"\"\n`\n").is_err(), "no quoting carries this");
    assert!(ini.set("a]\nb", "K", "v").is_err());
    assert!(ini.set("a", "K\nL", "v").is_err());
}

proptest! {
    #[test]
    fn parsing_never_panics_and_writing_is_stable(text in "([a-zA-Z0-9=:#;\\[\\]\"'`%().\\\\ \\n\r\t]|\\PC){0,120}") {
        if let Ok(ini) = Ini::parse(&text) {
            for section in ini.sections() {
                for key in ini.keys(section) {
                    let _ = ini.get(section, key);
                }
            }
            let again = Ini::parse(&ini.to_string()).expect("what was written can be read");
            prop_assert_eq!(again.to_string(), ini.to_string());
            for section in ini.sections() {
                for key in ini.keys(section) {
                    prop_assert_eq!(again.raw(section, key), ini.raw(section, key));
                }
            }
        }
    }

    #[test]
    fn what_is_set_is_read_back(section in "[a-z]{0,4}(\\.[a-z-]{1,3})?", key in "\\PC{1,8}", value in "([\"'`#;=\\n ]|\\PC){0,40}") {
        let mut ini = Ini::parse("A = 1\n[a]\nB = 2\n").expect("parses");
        if ini.set(&section, &key, &value).is_ok() {
            prop_assert_eq!(ini.raw(&section, &key), Some(value.as_str()));
            let again = Ini::parse(&ini.to_string()).expect("what was written can be read");
            prop_assert_eq!(again.raw(&section, &key), Some(value.as_str()));
        }
    }
}
