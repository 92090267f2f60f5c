//! The one place where a section is described: fields, keys, types, defaults and documentation. Reading, the list
//! of known keys and the sample file all come from here.
//!
//! What does not belong here: any particular section; those are in [`crate::section`].

use std::path::PathBuf;

use crate::error::Problem;
use crate::ini::Ini;
use crate::value::Read;

/// A key of a section.
#[derive(Debug)]
pub(crate) struct KeySpec {
    /// The field of the section's struct.
    pub(crate) field: &'static str,
    /// The key, where it is not the field in upper case.
    pub(crate) name: Option<&'static str>,
    /// The default as it would be written.
    pub(crate) default: &'static str,
    /// Whether `default` is a description, since the value depends on other keys.
    pub(crate) derived: bool,
    /// Older names, read when the key is missing.
    pub(crate) legacy: &'static [&'static str],
    /// The documentation, line by line.
    pub(crate) doc: &'static [&'static str],
}

impl KeySpec {
    /// The key as written in `app.ini`.
    pub(crate) fn key(&self) -> String {
        self.name.map_or_else(|| self.field.to_ascii_uppercase(), str::to_owned)
    }
}

/// A section.
#[derive(Debug)]
pub(crate) struct SectionSpec {
    /// The section's name; a `*` stands for any one word.
    pub(crate) name: &'static str,
    /// The documentation, line by line.
    pub(crate) doc: &'static [&'static str],
    /// Its keys.
    pub(crate) keys: &'static [KeySpec],
    /// Sections that are fields of this one's struct.
    pub(crate) sections: &'static [&'static SectionSpec],
}

impl SectionSpec {
    /// The key stored in this field.
    pub(crate) fn field(&self, field: &str) -> &'static KeySpec {
        self.keys.iter().find(|spec| spec.field == field).expect("the macro lists every field it reads")
    }
}

/// Reads keys and collects every problem instead of stopping at the first.
pub(crate) struct Reader<'a> {
    pub(crate) ini: &'a Ini,
    pub(crate) file: PathBuf,
    pub(crate) problems: Vec<Problem>,
    pub(crate) warnings: Vec<String>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(ini: &'a Ini, file: PathBuf) -> Self {
        Self { ini, file, problems: Vec::new(), warnings: Vec::new() }
    }

    /// Reads a key or its default.
    pub(crate) fn read<T: Default>(
        &mut self,
        section: &str,
        spec: &KeySpec,
        parse: impl Fn(&str) -> Read<T>,
    ) -> T {
        let key = spec.key();
        let names = std::iter::once(key.as_str()).chain(spec.legacy.iter().copied());
        for name in names {
            let Some(text) = self.text(section, name) else { continue };
            match parse(&text) {
                Ok(value) => return value,
                // A value meant for the parent section is reported there, if it is wrong there.
                Err(_) if self.ini.raw(section, name).is_none() => break,
                Err(reason) => {
                    self.problem(section, name, reason);
                    break;
                }
            }
        }
        if spec.derived || spec.default.is_empty() {
            return T::default();
        }
        parse(spec.default).unwrap_or_default()
    }

    /// The value of a key, unless it is missing or empty: both mean the default.
    pub(crate) fn text(&self, section: &str, key: &str) -> Option<String> {
        self.ini.get(section, key).filter(|text| !text.trim().is_empty())
    }

    /// Whether a key has a value.
    pub(crate) fn has(&self, section: &str, key: &str) -> bool {
        self.text(section, key).is_some()
    }

    /// Reports a bad value.
    pub(crate) fn problem(&mut self, section: &str, key: &str, reason: impl Into<String>) {
        let problem = Problem {
            file: self.file.clone(),
            line: self.ini.line_of(section, key),
            section: section.to_owned(),
            key: key.to_owned(),
            value: if is_secret(key) { None } else { self.ini.get(section, key) },
            reason: reason.into(),
        };
        // Several kinds of files share a storage; its mistake is one.
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// Reports something an administrator should look at.
    pub(crate) fn warn(&mut self, text: impl Into<String>) {
        self.warnings.push(text.into());
    }
}

/// Whether the value of a key must stay out of messages.
fn is_secret(key: &str) -> bool {
    const ENDS: [&str; 7] =
        ["PASSWD", "PASSWORD", "_SECRET", "SECRET_KEY", "INTERNAL_TOKEN", "ACCOUNT_KEY", "ACCESS_KEY"];
    key == "TOKEN" || ENDS.iter().any(|end| key.ends_with(end))
}

/// Describes a section: `field: Type = "default"`, with `= derived "what it depends on"` for computed defaults,
/// `via reader` for another way to read the text, `named "KEY"` and `formerly "OLD_KEY"`.
macro_rules! section {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident in $section:literal {
            $(
                $(#[doc = $key_doc:literal])*
                $field:ident : $ty:ty = $($derived:ident)? $default:literal
                    $(via $reader:ident)? $(named $key:literal)? $(formerly $legacy:literal)* ,
            )*
        }
        $(sections { $( $(#[doc = $sub_doc:literal])* $sub:ident : $sub_ty:ty, )* })?
        $(computed { $( $(#[doc = $computed_doc:literal])* $computed:ident : $computed_ty:ty, )* })?
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Default)]
        pub struct $name {
            $( $(#[doc = $key_doc])* pub $field: $ty, )*
            $($( $(#[doc = $sub_doc])* pub $sub: $sub_ty, )*)?
            $($( $(#[doc = $computed_doc])* pub $computed: $computed_ty, )*)?
        }

        impl $name {
            /// How this section is described.
            pub(crate) const SPEC: &'static $crate::schema::SectionSpec = &$crate::schema::SectionSpec {
                name: $section,
                doc: &[$($doc),*],
                keys: &[$( $crate::schema::KeySpec {
                    field: stringify!($field),
                    name: $crate::schema::section!(@option $($key)?),
                    default: $default,
                    derived: $crate::schema::section!(@derived $($derived)?),
                    legacy: &[$($legacy),*],
                    doc: &[$($key_doc),*],
                } ),*],
                sections: &[$($(<$sub_ty>::SPEC),*)?],
            };

            #[allow(dead_code, reason = "sections of many names are only read by name")]
            /// Reads the section; what depends on other sections is completed afterwards.
            pub(crate) fn read(reader: &mut $crate::schema::Reader<'_>) -> Self {
                Self::read_from(reader, $section)
            }

            /// Reads the same keys from a section of another name.
            pub(crate) fn read_from(reader: &mut $crate::schema::Reader<'_>, section: &str) -> Self {
                // A section made of sub-sections alone has no key to read.
                let _ = (section, &reader);
                Self {
                    $( $field: reader.read(
                        section,
                        Self::SPEC.field(stringify!($field)),
                        $crate::schema::section!(@reader $ty $(, $reader)?),
                    ), )*
                    $($( $sub: <$sub_ty>::read(reader), )*)?
                    $($( $computed: Default::default(), )*)?
                }
            }
        }
    };
    (@option) => { None };
    (@option $key:literal) => { Some($key) };
    (@derived) => { false };
    (@derived derived) => { true };
    (@reader $ty:ty) => { <$ty as $crate::value::IniValue>::read };
    (@reader $ty:ty, $reader:ident) => { $crate::value::$reader };
}
pub(crate) use section;
