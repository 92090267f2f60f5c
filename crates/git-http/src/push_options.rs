//! `git push -o key=value`: what of it means something here.

/// The options that are about the repository as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PushOptions {
    /// `repo.private`.
    pub(crate) private: Option<bool>,
    /// `repo.template`.
    pub(crate) template: Option<bool>,
}

impl PushOptions {
    /// Reads the options as they came. Only `key=value` counts, and the last of a key; what is no truth value is
    /// ignored.
    pub(crate) fn read(options: &[String]) -> Self {
        let mut read = Self::default();
        for (key, value) in options.iter().filter_map(|option| option.split_once('=')) {
            match key {
                "repo.private" => read.private = truth(value).or(read.private),
                "repo.template" => read.template = truth(value).or(read.template),
                _ => {}
            }
        }
        read
    }
}

/// The words Go takes for a truth value; an empty one is true.
fn truth(value: &str) -> Option<bool> {
    match value {
        "" | "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pairs_count() {
        let read = |options: &[&str]| {
            PushOptions::read(&options.iter().map(|o| (*o).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(read(&["repo.private", "topic=x", "repo.template=maybe"]), PushOptions::default());
        let both = PushOptions { private: Some(false), template: Some(true) };
        assert_eq!(read(&["repo.private=true", "repo.private=false", "repo.template="]), both);
    }
}
