//! Branches and other references: listing them, and moving them so that no two writers lose each other's work.

use std::fs;
use std::io::Write;

use crate::{Commit, Error, ObjectFormat, ObjectId, Repo, Result, Signature};

/// A part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// How many to leave out.
    pub skip: usize,
    /// How many to return at most.
    pub limit: usize,
}

impl Slice {
    /// Everything.
    pub const ALL: Self = Self { skip: 0, limit: usize::MAX };

    /// Page `page` (from 1) of `limit` each.
    #[must_use]
    pub fn page(page: usize, limit: usize) -> Self {
        Self { skip: page.saturating_sub(1).saturating_mul(limit), limit }
    }
}

/// A part of a list and the length of the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing<T> {
    /// The part asked for.
    pub items: Vec<T>,
    /// How many there are in all.
    pub total: usize,
}

/// What an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ObjectKind {
    /// A commit.
    Commit,
    /// A folder.
    Tree,
    /// A file.
    Blob,
    /// An annotated tag.
    Tag,
}

impl ObjectKind {
    /// Git's name for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Commit => "commit",
            Self::Tree => "tree",
            Self::Blob => "blob",
            Self::Tag => "tag",
        }
    }

    pub(crate) fn from_git(kind: git2::ObjectType) -> Result<Self> {
        match kind {
            git2::ObjectType::Commit => Ok(Self::Commit),
            git2::ObjectType::Tree => Ok(Self::Tree),
            git2::ObjectType::Blob => Ok(Self::Blob),
            git2::ObjectType::Tag => Ok(Self::Tag),
            git2::ObjectType::Any => Err(Error::Corrupt("an object without a kind".to_owned())),
        }
    }
}

/// A reference by its full name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Full name, `refs/heads/main`.
    pub name: String,
    /// What it points at, tags not followed.
    pub target: ObjectId,
    /// What that is.
    pub kind: ObjectKind,
}

/// A branch and its newest commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// Short name.
    pub name: String,
    /// Its newest commit.
    pub commit: Commit,
}

/// What a writer believes a reference holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// It must not exist.
    Absent,
    /// It must hold exactly this.
    At(ObjectId),
    /// Whatever it holds.
    Any,
}

/// A change of one reference.
#[derive(Debug, Clone)]
pub struct RefUpdate<'a> {
    /// Full name.
    pub name: &'a str,
    /// What it shall hold.
    pub target: ObjectId,
    /// What it must hold before.
    pub expected: Expected,
    /// Who does it, for the reflog.
    pub identity: &'a Signature,
    /// Why, for the reflog.
    pub message: &'a str,
}

impl Repo {
    /// All references whose full name starts with `prefix`, by name.
    pub fn references(&self, prefix: &str) -> Result<Vec<Reference>> {
        let odb = self.git.odb()?;
        let mut found = Vec::new();
        for (name, target) in self.reference_names(prefix)? {
            let Ok((_, kind)) = odb.read_header(target) else { continue };
            found.push(Reference { name, target: target.into(), kind: ObjectKind::from_git(kind)? });
        }
        Ok(found)
    }

    pub(crate) fn reference_names(&self, prefix: &str) -> Result<Vec<(String, git2::Oid)>> {
        let glob = if prefix.starts_with("refs/tags/") {
            "refs/tags/*"
        } else if prefix.starts_with("refs/heads/") {
            "refs/heads/*"
        } else {
            "refs/*"
        };
        let mut found = Vec::new();
        for reference in self.git.references_glob(glob)? {
            let reference = reference?;
            if !reference.name_bytes().starts_with(prefix.as_bytes()) {
                continue;
            }
            let Ok(resolved) = reference.resolve() else { continue };
            if let Some(target) = resolved.target() {
                found.push((String::from_utf8_lossy(reference.name_bytes()).into_owned(), target));
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    /// Branches by name; `search` keeps those whose name contains it.
    pub fn branches(&self, search: Option<&str>, slice: Slice) -> Result<Listing<Branch>> {
        let mut names = self.reference_names("refs/heads/")?;
        if let Some(search) = search.map(str::to_lowercase) {
            names.retain(|(name, _)| name["refs/heads/".len()..].to_lowercase().contains(&search));
        }
        let total = names.len();
        let mut branches = names
            .into_iter()
            .map(|(name, target)| {
                Ok(Branch {
                    name: name["refs/heads/".len()..].to_owned(),
                    commit: self.commit(target.into())?,
                })
            })
            .collect::<Result<Vec<_>>>()?;
        branches.sort_by_key(|branch| std::cmp::Reverse(branch.commit.committer.when.seconds));
        let items = branches.into_iter().skip(slice.skip).take(slice.limit).collect();
        Ok(Listing { items, total })
    }

    /// How many branches there are.
    pub fn branch_count(&self) -> Result<usize> {
        Ok(self.reference_names("refs/heads/")?.len())
    }

    /// One branch by its short name.
    pub fn branch(&self, name: &str) -> Result<Branch> {
        let target = self
            .reference_target(&format!("refs/heads/{name}"))?
            .ok_or_else(|| Error::not_found("branch", name))?;
        Ok(Branch { name: name.to_owned(), commit: self.commit(target)? })
    }

    /// Makes a branch at a commit.
    pub fn create_branch(&self, name: &str, commit: ObjectId, identity: &Signature) -> Result<Branch> {
        let full = branch_reference("branch", name)?;
        let commit = self.peel_to_commit(commit)?;
        self.update_reference(&RefUpdate {
            name: &full,
            target: commit,
            expected: Expected::Absent,
            identity,
            message: "branch: created",
        })?;
        self.branch(name)
    }

    /// Renames a branch, and lets `HEAD` follow. The new name must be free.
    pub fn rename_branch(&self, from: &str, to: &str) -> Result<()> {
        let full = branch_reference("name", to)?;
        let old = format!("refs/heads/{from}");
        let target = self.reference_target(&old)?.ok_or_else(|| Error::not_found("branch", from))?;
        if self.reference_target(&full)?.is_some() {
            return Err(Error::exists("branch", to));
        }
        let follow = self.head_branch()?.as_deref() == Some(from);
        let mut reference = self.git.find_reference(&old).map_err(Error::missing("branch", from))?;
        if reference.target().map(ObjectId::from) != Some(target) {
            return Err(Error::Raced { reference: old });
        }
        self.refuse_nesting(&full)?;
        reference
            .rename(&full, false, "branch: renamed")
            .map_err(|error| write_error(error, "branch", &full))?;
        if follow { self.set_head(to) } else { Ok(()) }
    }

    /// Deletes a branch.
    pub fn delete_branch(&self, name: &str, expected: Expected) -> Result<()> {
        self.delete_reference(&format!("refs/heads/{name}"), expected).map_err(|error| match error {
            Error::NotFound { .. } => Error::not_found("branch", name),
            other => other,
        })
    }

    /// Points `HEAD` at a branch, which need not exist yet.
    pub fn set_head(&self, branch: &str) -> Result<()> {
        let full = branch_reference("default_branch", branch)?;
        self.git.reference_symbolic("HEAD", &full, true, "HEAD: default branch")?;
        Ok(())
    }

    /// Creates or moves a reference, if it still holds what the caller believes. Safe against other processes: both
    /// libgit2 and git take the same lock file.
    pub fn update_reference(&self, update: &RefUpdate<'_>) -> Result<()> {
        let name = update.name;
        if !is_valid_reference(name) || !name.starts_with("refs/") {
            return Err(Error::invalid("ref", format!("`{name}` cannot be a reference")));
        }
        let target = update.target.to_oid()?;
        self.refuse_nesting(name)?;
        let who = update.identity.to_git()?;
        let failed = |error| write_error(error, "reference", name);
        // The lock is the file git itself locks with; what is read while it is held stays true until the end.
        let mut transaction = self.git.transaction()?;
        transaction.lock_ref(name).map_err(failed)?;
        let before = self.reference_target(name)?;
        match (update.expected, before) {
            (Expected::Absent, Some(_)) => return Err(Error::exists("reference", name)),
            (Expected::At(expected), found) if found != Some(expected) => {
                return Err(Error::Raced { reference: name.to_owned() });
            }
            _ => {}
        }
        let message = update.message.replace('\0', "");
        transaction.set_target(name, target, Some(&who), &message).map_err(failed)?;
        transaction.commit().map_err(failed)?;
        self.write_reflog(update, before)
    }

    /// `a/b` cannot exist beside `a`, wherever each of them is stored.
    fn refuse_nesting(&self, name: &str) -> Result<()> {
        let above = name.match_indices('/').map(|(at, _)| &name[..at]).find(|above| {
            above.matches('/').count() > 1
                && self.reference_target(above).is_ok_and(|target| target.is_some())
        });
        // A reference's name holds nothing that a glob would read as special.
        let below = self.git.references_glob(&format!("{name}/*"))?.next().is_some();
        match above {
            Some(above) => Err(Error::exists("reference", above)),
            None if below => Err(Error::exists("reference", format!("{name}/"))),
            None => Ok(()),
        }
    }

    /// Deletes a reference, if it still holds what the caller believes.
    pub fn delete_reference(&self, name: &str, expected: Expected) -> Result<()> {
        let mut reference = self.git.find_reference(name).map_err(Error::missing("reference", name))?;
        if let Expected::At(id) = expected
            && reference.target().map(ObjectId::from) != Some(id)
        {
            return Err(Error::Raced { reference: name.to_owned() });
        }
        // libgit2 deletes only what it has read: a reference that moved since is reported as modified.
        reference.delete().map_err(|error| write_error(error, "reference", name))
    }

    /// Gitea's git keeps reflogs in bare repositories because its global configuration says so; libgit2 does so only if it
    /// happens to read such a configuration, so otherwise the line is appended here.
    fn write_reflog(&self, update: &RefUpdate<'_>, before: Option<ObjectId>) -> Result<()> {
        let configured = self.git.config()?.get_bool("core.logallrefupdates");
        if configured.is_ok() || !update.name.starts_with("refs/heads/") {
            return Ok(());
        }
        let line = format!(
            "{} {} {}\t{}\n",
            before.unwrap_or_else(|| ObjectId::zero(ObjectFormat::Sha1)),
            update.target,
            update.identity.reflog_ident(),
            update.message.replace('\n', " "),
        );
        let mut logs = vec![self.path().join("logs").join(update.name)];
        if self.head_branch()?.is_some_and(|head| update.name["refs/heads/".len()..] == head) {
            logs.push(self.path().join("logs/HEAD"));
        }
        for log in logs {
            if let Some(folder) = log.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::OpenOptions::new().create(true).append(true).open(log)?.write_all(line.as_bytes())?;
        }
        Ok(())
    }
}

/// Whether a full name is one git accepts. (libgit2's binding panics on a NUL.)
pub(crate) fn is_valid_reference(name: &str) -> bool {
    // A loose reference is a file: what no file can be called is no reference, and git itself could not write it.
    if name.len() > 1024 || name.split('/').any(|part| part.len() > 250) {
        return false;
    }
    !name.contains('\0') && git2::Reference::is_valid_name(name)
}

/// Whether a branch of this name may be made.
pub fn is_valid_branch(name: &str) -> bool {
    branch_reference("branch", name).is_ok()
}

/// Whether a branch may be called so.
#[must_use]
pub fn is_branch_name(name: &str) -> bool {
    branch_reference("name", name).is_ok()
}

/// The full name of a branch that may be made.
pub(crate) fn branch_reference(field: &'static str, name: &str) -> Result<String> {
    let full = format!("refs/heads/{name}");
    let usable = !name.is_empty() && !name.starts_with('-') && name != "HEAD" && is_valid_reference(&full);
    if usable { Ok(full) } else { Err(Error::invalid(field, format!("`{name}` cannot be a branch"))) }
}

pub(crate) fn write_error(error: git2::Error, what: &'static str, name: &str) -> Error {
    match error.code() {
        git2::ErrorCode::Modified | git2::ErrorCode::Locked => Error::Raced { reference: name.to_owned() },
        git2::ErrorCode::Exists => Error::exists(what, name),
        git2::ErrorCode::InvalidSpec => Error::invalid("ref", format!("`{name}` cannot be a reference")),
        // `a/b` beside an existing `a`, or the other way round.
        git2::ErrorCode::Directory => Error::exists(what, name),
        _ if error.class() == git2::ErrorClass::Reference || error.class() == git2::ErrorClass::Os => {
            tracing::debug!(%error, name, "a reference cannot be written");
            Error::exists(what, name)
        }
        _ => Error::Git(error),
    }
}
