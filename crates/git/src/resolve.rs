//! From what a caller writes to a commit. Gitea's endpoints differ in what they take, so there are two resolvers.

use crate::reference::{ObjectKind, is_valid_reference};
use crate::{Error, ObjectId, Repo, Result};

/// What a name stood for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The object named, before tags are followed.
    pub object: ObjectId,
    /// The commit it leads to.
    pub commit: ObjectId,
    /// What the name was.
    pub kind: ResolvedKind,
}

/// What a name was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResolvedKind {
    /// A branch, with its short name.
    Branch(String),
    /// A tag, with its short name.
    Tag(String),
    /// An object's name, whole or shortened, or a revision expression.
    Commit,
}

impl Repo {
    /// A branch, else a tag, else an object name: what `contents`, `raw` and archives take. Full reference names and
    /// `HEAD` are not understood, as in Gitea.
    pub fn resolve_short(&self, name: &str) -> Result<Resolved> {
        if let Some(found) = self.resolve_reference("refs/heads/", name)? {
            return Ok(Resolved { kind: ResolvedKind::Branch(name.to_owned()), ..found });
        }
        if let Some(found) = self.resolve_reference("refs/tags/", name)? {
            return Ok(Resolved { kind: ResolvedKind::Tag(name.to_owned()), ..found });
        }
        let object = self.object_by_prefix(name)?.ok_or_else(|| Error::not_found("reference", name))?;
        let commit = self.peel_to_commit(object).map_err(|_| Error::not_found("commit", name))?;
        Ok(Resolved { object, commit, kind: ResolvedKind::Commit })
    }

    /// Everything [`Self::resolve_short`] takes, and `HEAD`, full reference names and ancestors (`main~2`, `v1^{}`): what
    /// `commits?sha=`, `git/commits` and `compare` take. Searches (`:/text`, `@{…}`, `^{/…}`) are not offered to strangers.
    pub fn resolve_revision(&self, text: &str) -> Result<Resolved> {
        match self.resolve_short(text) {
            Err(Error::NotFound { .. }) => {}
            other => return other,
        }
        let object = self.revision_object(text)?;
        let commit = self.peel_to_commit(object).map_err(|_| Error::not_found("commit", text))?;
        let kind = match text {
            "HEAD" => self.head_branch()?.map_or(ResolvedKind::Commit, ResolvedKind::Branch),
            _ => match (text.strip_prefix("refs/heads/"), text.strip_prefix("refs/tags/")) {
                (Some(branch), _) => ResolvedKind::Branch(branch.to_owned()),
                (_, Some(tag)) => ResolvedKind::Tag(tag.to_owned()),
                _ => ResolvedKind::Commit,
            },
        };
        Ok(Resolved { object, commit, kind })
    }

    /// Any object by name: what `git/trees` takes, where trees and tags are as good as commits.
    pub fn resolve_object(&self, text: &str) -> Result<ObjectId> {
        for prefix in ["refs/heads/", "refs/tags/"] {
            if let Some(id) = self.reference_target(&format!("{prefix}{text}"))? {
                return Ok(id);
            }
        }
        match self.object_by_prefix(text)? {
            Some(id) => Ok(id),
            None => self.revision_object(text),
        }
    }

    fn revision_object(&self, text: &str) -> Result<ObjectId> {
        let searches = text.contains([':', ' ', '\0', '\n']) || text.contains("@{") || text.contains("{/");
        // libgit2 looks for files of such names; no file system takes longer ones.
        let too_long = text.len() > 1024 || text.split('/').any(|part| part.len() > 255);
        if text.is_empty() || text.starts_with('-') || text == "@" || searches || too_long {
            return Err(Error::not_found("revision", text));
        }
        match self.git.revparse_single(text) {
            Ok(object) => Ok(object.id().into()),
            // What libgit2 cannot parse, or cannot be a file's name, names nothing.
            Err(error) if matches!(error.class(), git2::ErrorClass::Invalid | git2::ErrorClass::Os) => {
                Err(Error::not_found("revision", text))
            }
            Err(error) => Err(Error::missing("revision", text)(error)),
        }
    }

    fn resolve_reference(&self, prefix: &str, name: &str) -> Result<Option<Resolved>> {
        let Some(object) = self.reference_target(&format!("{prefix}{name}"))? else { return Ok(None) };
        // A tag of a tree or a file has no commit.
        let commit = self.peel_to_commit(object)?;
        Ok(Some(Resolved { object, commit, kind: ResolvedKind::Commit }))
    }

    /// What a full reference name points at, through symbolic references, tags not followed.
    pub fn reference_target(&self, full_name: &str) -> Result<Option<ObjectId>> {
        if !is_valid_reference(full_name) {
            return Ok(None);
        }
        match self.git.refname_to_id(full_name) {
            Ok(id) => Ok(Some(id.into())),
            Err(error)
                if matches!(error.code(), git2::ErrorCode::NotFound | git2::ErrorCode::InvalidSpec) =>
            {
                Ok(None)
            }
            // `refs/heads/a/b` asked for while `refs/heads/a` is a file.
            Err(error) if error.class() == git2::ErrorClass::Os => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn object_by_prefix(&self, text: &str) -> Result<Option<ObjectId>> {
        let hex = text.len() >= 4 && text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !hex {
            return Ok(None);
        }
        if let Some(id) = ObjectId::from_hex(text.as_bytes()) {
            return Ok(self.has_object(id)?.then_some(id));
        }
        match self.git.find_object_by_prefix(&text.to_ascii_lowercase(), None) {
            Ok(object) => Ok(Some(object.id().into())),
            Err(error) if matches!(error.code(), git2::ErrorCode::NotFound | git2::ErrorCode::Ambiguous) => {
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The commit that an object leads to: itself, or what a tag points at.
    pub fn peeled_commit(&self, id: ObjectId) -> Result<ObjectId> {
        self.peel_to_commit(id)
    }

    pub(crate) fn peel_to_commit(&self, id: ObjectId) -> Result<ObjectId> {
        let missing = || Error::missing("commit", id.to_string());
        let object = self.git.find_object(id.to_oid()?, None).map_err(missing())?;
        if object.kind() == Some(git2::ObjectType::Commit) {
            return Ok(id);
        }
        Ok(object.peel(git2::ObjectType::Commit).map_err(missing())?.id().into())
    }

    /// The kind of an object that is known to be there.
    pub fn object_kind(&self, id: ObjectId) -> Result<ObjectKind> {
        Ok(self.object_header(id)?.0)
    }
}
