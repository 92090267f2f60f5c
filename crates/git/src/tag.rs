//! Tags, light and annotated.

use crate::reference::{is_valid_reference, write_error};
use crate::{
    Commit, Error, Listing, Moment, ObjectId, ObjectKind, Repo, Result, Signature, SignedPayload, Slice,
};

/// A tag as the lists show it. A light tag shows its commit's message and committer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Short name.
    pub name: String,
    /// The tag object; of a light tag what it points at.
    pub id: ObjectId,
    /// What the tag object points at; of a light tag the same as `id`.
    pub target: ObjectId,
    /// What `target` is.
    pub target_kind: ObjectKind,
    /// Whether there is a tag object.
    pub annotated: bool,
    /// The tag's message, or the commit's.
    pub message: String,
    /// Who tagged, or committed.
    pub tagger: Option<Signature>,
    /// The signature over the tag object, if any.
    pub signature: Option<SignedPayload>,
}

/// A tag object by its own name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnotatedTag {
    /// The object's name.
    pub id: ObjectId,
    /// The tag name written into it.
    pub name: String,
    /// Its message without a signature.
    pub message: String,
    /// Who tagged.
    pub tagger: Option<Signature>,
    /// What it points at.
    pub target: ObjectId,
    /// What that is.
    pub target_kind: ObjectKind,
    /// The signature, if any.
    pub signature: Option<SignedPayload>,
}

impl Repo {
    /// Tags, newest first; those of one second: tags of commits first, then by name, as `for-each-ref` gives them to Gitea.
    pub fn tags(&self, slice: Slice) -> Result<Listing<Tag>> {
        let mut keyed = Vec::new();
        for (name, target) in self.reference_names("refs/tags/")? {
            let (created, peeled) = self.tag_dates(target);
            keyed.push((std::cmp::Reverse((created, peeled)), name, target));
        }
        keyed.sort();
        let total = keyed.len();
        let items = keyed
            .into_iter()
            .skip(slice.skip)
            .take(slice.limit)
            .map(|(_, name, target)| self.describe_tag(name["refs/tags/".len()..].to_owned(), target.into()))
            .collect::<Result<_>>()?;
        Ok(Listing { items, total })
    }

    /// How many tags there are.
    pub fn tag_count(&self) -> Result<usize> {
        Ok(self.reference_names("refs/tags/")?.len())
    }

    /// The creator date, and that of the commit behind an annotated tag.
    fn tag_dates(&self, target: git2::Oid) -> (Option<i64>, Option<i64>) {
        if let Ok(tag) = self.git.find_tag(target) {
            let created = tag.tagger().map(|tagger| tagger.when().seconds());
            let peeled = self.git.find_commit(tag.target_id()).ok().map(|commit| commit.time().seconds());
            return (created, peeled);
        }
        (self.git.find_commit(target).ok().map(|commit| commit.time().seconds()), None)
    }

    /// One tag by its short name.
    pub fn tag(&self, name: &str) -> Result<Tag> {
        let target = self
            .reference_target(&format!("refs/tags/{name}"))?
            .ok_or_else(|| Error::not_found("tag", name))?;
        self.describe_tag(name.to_owned(), target)
    }

    fn describe_tag(&self, name: String, id: ObjectId) -> Result<Tag> {
        let kind = self.object_kind(id)?;
        if kind == ObjectKind::Tag {
            let AnnotatedTag { message, tagger, target, target_kind, signature, .. } =
                self.annotated_tag(id)?;
            return Ok(Tag { name, id, target, target_kind, annotated: true, message, tagger, signature });
        }
        let commit: Option<Commit> = if kind == ObjectKind::Commit { Some(self.commit(id)?) } else { None };
        let (message, tagger) = commit.map_or((String::new(), None), |c| (c.message, Some(c.committer)));
        Ok(Tag {
            name,
            id,
            target: id,
            target_kind: kind,
            annotated: false,
            message,
            tagger,
            signature: None,
        })
    }

    /// A tag object by its own name.
    pub fn annotated_tag(&self, id: ObjectId) -> Result<AnnotatedTag> {
        let missing = Error::missing("tag object", id.to_string());
        let tag = self.git.find_tag(id.to_oid()?).map_err(missing)?;
        let raw = self.object(id)?.content;
        let full = String::from_utf8_lossy(tag.message_bytes().unwrap_or_default()).into_owned();
        let (message, signature) = match signature_start(&full) {
            Some(at) => {
                let text = String::from_utf8_lossy(&raw);
                let payload = text.strip_suffix(&full[at..]).unwrap_or(&text).to_owned();
                (full[..at].to_owned(), Some(SignedPayload { signature: full[at..].to_owned(), payload }))
            }
            None => (full, None),
        };
        let target_kind =
            tag.target_type().ok_or_else(|| Error::Corrupt(format!("tag {id} points at nothing")))?;
        Ok(AnnotatedTag {
            id,
            name: String::from_utf8_lossy(tag.name_bytes()).into_owned(),
            message,
            tagger: tag.tagger().map(Signature::from),
            target: tag.target_id().into(),
            target_kind: ObjectKind::from_git(target_kind)?,
            signature,
        })
    }

    /// Makes a tag: annotated when there is a message, light otherwise.
    pub fn create_tag(
        &self,
        name: &str,
        target: ObjectId,
        message: Option<&str>,
        tagger: &Signature,
    ) -> Result<Tag> {
        let full = format!("refs/tags/{name}");
        if name.is_empty() || name.starts_with('-') || !is_valid_reference(&full) {
            return Err(Error::invalid("tag_name", format!("`{name}` cannot be a tag")));
        }
        if self.reference_target(&full)?.is_some() {
            return Err(Error::exists("tag", name));
        }
        let object = self
            .git
            .find_object(target.to_oid()?, None)
            .map_err(Error::missing("object", target.to_string()))?;
        let id = match message.map(str::trim).filter(|message| !message.is_empty()) {
            Some(message) => {
                self.git.tag_annotation_create(name, &object, &tagger.to_git()?, &format!("{message}\n"))?
            }
            None => object.id(),
        };
        self.git
            .reference(&full, id, false, "tag: created")
            .map_err(|error| write_error(error, "tag", name))?;
        self.tag(name)
    }

    /// Deletes a tag.
    pub fn delete_tag(&self, name: &str) -> Result<()> {
        self.delete_reference(&format!("refs/tags/{name}"), crate::Expected::Any).map_err(|error| match error
        {
            Error::NotFound { .. } => Error::not_found("tag", name),
            other => other,
        })
    }
}

impl Tag {
    /// When it was made.
    #[must_use]
    pub fn created(&self) -> Option<Moment> {
        self.tagger.as_ref().map(|tagger| tagger.when)
    }
}

fn signature_start(message: &str) -> Option<usize> {
    ["-----BEGIN PGP SIGNATURE-----", "-----BEGIN SSH SIGNATURE-----", "-----BEGIN SIGNED MESSAGE-----"]
        .iter()
        .filter_map(|mark| {
            if message.starts_with(mark) {
                Some(0)
            } else {
                message.find(&format!("\n{mark}")).map(|at| at + 1)
            }
        })
        .min()
}
