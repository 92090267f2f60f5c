//! What a branch rule says about the content of a push: forced or not, which files, signed or not.

use oolong_git::{LogQuery, Repo, Slice};

use super::{BranchRule, Pattern, Pusher};
use crate::push::RefUpdate;

/// What a branch rule says to one pusher, to be decided when the objects can be read.
#[derive(Clone, Debug)]
pub struct ContentRules {
    branch: String,
    can_force_push: bool,
    may_push: bool,
    may_force_push: bool,
    require_signed: bool,
    protected_files: Vec<Pattern>,
    unprotected_files: Vec<Pattern>,
}

/// What a push brings, as far as rules ask.
#[derive(Clone, Debug, Default)]
pub struct ContentFacts {
    /// Whether commits that the branch has are dropped.
    pub is_forced: bool,
    /// The files that change.
    pub paths: Vec<String>,
    /// Whether a new commit has no signature that was verified.
    pub has_unverified_commits: bool,
}

impl ContentFacts {
    /// Reads what a push brings. `repo` has to see the pushed objects ([`Repo::borrow_objects`] for a quarantine).
    pub fn read(repo: &Repo, update: &RefUpdate) -> oolong_git::Result<Self> {
        let Some(new) = update.new else { return Ok(Self::default()) };
        let exclude = match update.old {
            Some(old) => vec![old],
            None => repo
                .references("refs/heads/")?
                .into_iter()
                .map(|branch| branch.target)
                .filter(|tip| *tip != new)
                .collect(),
        };
        let is_forced = match update.old {
            Some(old) => !repo.is_ancestor(old, new)?,
            None => false,
        };
        let log = repo.log(&LogQuery { exclude, ..LogQuery::from(new) }, Slice::ALL)?;
        let mut paths: Vec<String> = Vec::new();
        for commit in &log.items {
            paths.extend(repo.commit_details(commit.id)?.files.iter().map(|file| file.filename.clone()));
        }
        paths.sort_unstable();
        paths.dedup();
        // No signature is verified yet, so none counts.
        Ok(Self { is_forced, paths, has_unverified_commits: !log.items.is_empty() })
    }
}

impl ContentRules {
    pub(super) fn new(branch: &str, rule: &BranchRule, pusher: &Pusher<'_>, teams: &[i64]) -> Self {
        Self {
            branch: branch.to_owned(),
            can_force_push: rule.row.can_force_push,
            may_push: rule.may_push(pusher, teams),
            may_force_push: rule.may_force_push(pusher, teams),
            require_signed: rule.row.require_signed_commits,
            protected_files: Pattern::list_of_files(&rule.row.protected_file_patterns),
            unprotected_files: Pattern::list_of_files(&rule.row.unprotected_file_patterns),
        }
    }

    /// The refusal, if nothing that could be pushed is allowed.
    pub(super) fn refuses_everything(&self) -> Option<String> {
        (!self.may_push && self.unprotected_files.is_empty()).then(|| self.refuses_push())
    }

    /// Whether everything that could be pushed is allowed. A new branch cannot be forced.
    pub(super) fn allows_everything(&self, is_new: bool) -> bool {
        self.may_push
            && (is_new || self.may_force_push)
            && !self.require_signed
            && self.protected_files.is_empty()
    }

    /// Whether the only open question is whether the push is forced, and it must not be: then git can enforce it alone
    /// (`receive.denyNonFastForwards`).
    pub fn only_forbids_force(&self) -> bool {
        self.may_push && !self.may_force_push && !self.require_signed && self.protected_files.is_empty()
    }

    /// Decides; the error is the sentence for the client.
    pub fn decide(&self, facts: &ContentFacts) -> Result<(), String> {
        let branch = &self.branch;
        if facts.is_forced && !self.can_force_push {
            return Err(format!("the branch {branch} is protected against forced pushes"));
        }
        if self.require_signed && facts.has_unverified_commits {
            return Err(format!("the branch {branch} takes only commits with a verified signature"));
        }
        if let Some(path) = facts.paths.iter().find(|path| fits_any(&self.protected_files, path)) {
            return Err(format!("the branch {branch} protects the file {path}"));
        }
        let allowed = if facts.is_forced { self.may_force_push } else { self.may_push };
        let only_unprotected = !self.unprotected_files.is_empty()
            && !facts.paths.is_empty()
            && facts.paths.iter().all(|path| fits_any(&self.unprotected_files, path));
        if allowed || only_unprotected {
            return Ok(());
        }
        Err(if facts.is_forced {
            format!("you may not force a push to the protected branch {branch}")
        } else {
            self.refuses_push()
        })
    }

    fn refuses_push(&self) -> String {
        format!("you may not push to the protected branch {}", self.branch)
    }
}

fn fits_any(patterns: &[Pattern], path: &str) -> bool {
    let path = path.to_lowercase();
    patterns.iter().any(|pattern| pattern.fits(&path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> ContentRules {
        ContentRules {
            branch: "main".to_owned(),
            can_force_push: false,
            may_push: true,
            may_force_push: false,
            require_signed: false,
            protected_files: Pattern::list_of_files("LICENSE;docs/**"),
            unprotected_files: Vec::new(),
        }
    }

    fn facts(paths: &[&str], is_forced: bool) -> ContentFacts {
        let paths = paths.iter().map(|&path| path.to_owned()).collect();
        ContentFacts { is_forced, paths, has_unverified_commits: true }
    }

    #[test]
    fn files_and_force() {
        assert!(rules().decide(&facts(&["src/a.rs"], false)).is_ok());
        for paths in [["license"], ["docs/a/b.md"]] {
            assert!(rules().decide(&facts(&paths, false)).is_err(), "{paths:?}");
        }
        assert!(rules().decide(&facts(&["src/a.rs"], true)).is_err());
        assert!(ContentRules { require_signed: true, ..rules() }.decide(&facts(&["a"], false)).is_err());
        let closed =
            ContentRules { may_push: false, unprotected_files: Pattern::list_of_files("*.md"), ..rules() };
        assert!(closed.decide(&facts(&["README.md"], false)).is_ok());
        assert!(closed.decide(&facts(&["README.md", "a.rs"], false)).is_err());
        assert!(
            closed.decide(&facts(&[], false)).is_err(),
            "nothing changed is no reason to let a push through"
        );
    }
}
