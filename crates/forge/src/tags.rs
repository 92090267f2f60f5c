//! Tags: making and deleting.

use oolong_core::{Error, ErrorKind, RepoId, Result};
use oolong_db::tag_rows;
use oolong_git::Tag;

use crate::file_edits::{Editing, doer_signature};
use crate::push::{self, RefUpdate};
use crate::ref_rules::{Pusher, RefRules};
use crate::{Forge, git};

/// Makes a tag of what `target` stands for: annotated when there is a message, light otherwise.
pub async fn create(
    forge: &Forge,
    editing: Editing<'_>,
    name: &str,
    target: &str,
    message: &str,
) -> Result<Tag> {
    if editing.repo.is_empty {
        return Err(Error::not_found("the repository has no commit yet"));
    }
    let path = forge.repository_path(&editing.owner.name, &editing.repo.name)?;
    let target = if target.is_empty() { editing.repo.default_branch.clone() } else { target.to_owned() };
    let commit = git::read(path.clone(), move |repo| Ok(repo.resolve_revision(&target)?.commit)).await?;
    check(forge, editing, name).await?;
    let signature = doer_signature(forge, editing.doer, forge.clock.now());
    let (name, message) = (name.to_owned(), message.to_owned());
    let tag =
        git::blocking(move || path.open()?.create_tag(&name, commit, Some(&message), &signature)).await?;
    let update = RefUpdate::tag(&tag.name, None, Some(tag.id));
    push::record(forge, editing.doer, editing.repo, editing.owner, &[update]).await?;
    Ok(tag)
}

/// Deletes a tag that no release needs.
pub async fn delete(forge: &Forge, editing: Editing<'_>, name: &str) -> Result<()> {
    let path = forge.repository_path(&editing.owner.name, &editing.repo.name)?;
    let tag = name.to_owned();
    let old = git::read(path.clone(), move |repo| Ok(repo.tag(&tag)?.id)).await?;
    let row = tag_rows::find(forge.db.read(), RepoId(editing.repo.id), name).await?;
    if row.is_some_and(|row| !row.is_tag) {
        return Err(Error::conflict(format!("the tag {name} belongs to a release; delete that first")));
    }
    check(forge, editing, name).await?;
    let tag = name.to_owned();
    git::blocking(move || path.open()?.delete_tag(&tag)).await?;
    let update = RefUpdate::tag(name, Some(old), None);
    push::record(forge, editing.doer, editing.repo, editing.owner, &[update]).await
}

/// A protected tag is refused with 422 here.
async fn check(forge: &Forge, editing: Editing<'_>, name: &str) -> Result<()> {
    let pusher = Pusher { user: editing.doer, permission: editing.permission, deploy_key: None };
    if !pusher.can_write_code() {
        return Err(Error::forbidden("this needs the right to write the code"));
    }
    let rules = RefRules::load(forge, Some(editing.doer), editing.repo, editing.owner).await?;
    rules.check_tag(&pusher, name).map_err(|error| error.with_kind(ErrorKind::Invalid))
}
