//! Changing a repository's settings.

use oolong_core::{Error, ErrorKind, RepoId, RepoName, Result};
use oolong_db::entity::{mirror, repository, user};
use oolong_db::feeds::Operation;
use oolong_db::sea_orm::sea_query::Expr;
use oolong_db::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use oolong_db::{Classify, branches, repo_units, repositories};

use crate::repositories::refuse_taken;
use crate::repository_rename::{self, Place};
use crate::repository_units::{self, UnitsEdit};
use crate::{Forge, feed, git, repository_visibility};

/// What shall change; `None` keeps.
#[derive(Clone, Debug, Default)]
pub struct RepositoryEdit {
    /// The name.
    pub name: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// Where more is to be read.
    pub website: Option<String>,
    /// Whether only those with a right see it.
    pub private: Option<bool>,
    /// Whether others may start from it.
    pub template: Option<bool>,
    /// Whether it is closed to changes.
    pub archived: Option<bool>,
    /// The default branch; one that does not exist is passed over.
    pub default_branch: Option<String>,
    /// How often a mirror is updated, in nanoseconds.
    pub mirror_interval: Option<i64>,
    /// Whether a mirror forgets what its origin deleted.
    pub enable_prune: Option<bool>,
    /// Its units.
    pub units: UnitsEdit,
}

/// The longest description, in characters.
const DESCRIPTION_LIMIT: usize = 2048;
/// The longest website, in characters.
const WEBSITE_LIMIT: usize = 1024;

/// Changes settings. Everything is checked first, then written together.
pub async fn edit(
    forge: &Forge,
    doer: &user::Model,
    repo: &repository::Model,
    owner: &user::Model,
    edit: RepositoryEdit,
) -> Result<repository::Model> {
    check_lengths(&edit)?;
    let new_name = repository_rename::new_name(repo, edit.name.as_deref())?;
    let private = new_visibility(forge, doer, repo, edit.private).await?;
    if edit.archived.is_some() && repo.is_mirror {
        return Err(Error::invalid("archived: a mirror cannot be archived"));
    }
    if let Some(interval) = edit.mirror_interval.filter(|&interval| repo.is_mirror && interval != 0) {
        let least = i64::try_from(forge.settings.mirror.min_interval.as_nanos()).unwrap_or(i64::MAX);
        if interval < least {
            return Err(Error::invalid("mirror_interval: shorter than the server allows"));
        }
    }
    let rows = repo_units::list(forge.db.read(), RepoId(repo.id)).await?;
    let plan = repository_units::plan(forge, &rows, &edit.units)?;
    let branch = existing_branch(forge, repo, owner, edit.default_branch.as_deref()).await?;

    let now = forge.clock.now().0;
    let transaction = forge.db.begin().await?;
    use repository::Column;
    let mut update = repository::Entity::update_many()
        .filter(Column::Id.eq(repo.id))
        .col_expr(Column::UpdatedUnix, Expr::value(now));
    for (column, text) in [
        (Column::Description, &edit.description),
        (Column::Website, &edit.website),
        (Column::DefaultBranch, &branch),
    ] {
        if let Some(text) = text {
            update = update.col_expr(column, Expr::value(text.clone()));
        }
    }
    if let Some(template) = edit.template {
        update = update.col_expr(Column::IsTemplate, Expr::value(template));
    }
    if let Some(archived) = edit.archived {
        let since = if repo.is_archived { repo.archived_unix } else { now };
        update = update
            .col_expr(Column::IsArchived, Expr::value(archived))
            .col_expr(Column::ArchivedUnix, Expr::value(if archived { since } else { 0 }));
    }
    update.exec(&transaction).await.classify()?;
    let marked = match private {
        Some(private) => repository_visibility::set(&transaction, forge, repo, private).await?,
        None => Vec::new(),
    };
    repository_units::write(&transaction, forge, repo, &rows, plan).await?;
    edit_mirror(&transaction, repo, &edit, now).await?;
    if let Some(name) = &new_name {
        rename(&transaction, forge, doer, repo, owner, name).await?;
    }
    let edited = repository::Entity::find_by_id(repo.id).one(&transaction).await.classify()?;
    let edited = edited.ok_or_else(|| Error::not_found("the repository was deleted meanwhile"))?;
    transaction.commit().await.classify()?;
    after_commit(forge, owner, &edited, branch, &marked).await?;
    Ok(edited)
}

fn check_lengths(edit: &RepositoryEdit) -> Result<()> {
    let too_long =
        |text: &Option<String>, limit: usize| text.as_ref().is_some_and(|text| text.chars().count() > limit);
    if too_long(&edit.description, DESCRIPTION_LIMIT) {
        return Err(Error::invalid(format!("description: at most {DESCRIPTION_LIMIT} characters")));
    }
    if too_long(&edit.website, WEBSITE_LIMIT) {
        return Err(Error::invalid(format!("website: at most {WEBSITE_LIMIT} characters")));
    }
    Ok(())
}

/// The visibility to write, where it changes. A fork is as visible as what it was forked from.
async fn new_visibility(
    forge: &Forge,
    doer: &user::Model,
    repo: &repository::Model,
    asked: Option<bool>,
) -> Result<Option<bool>> {
    let Some(mut private) = asked else { return Ok(None) };
    if repo.is_fork
        && let Some((parent, _)) =
            repositories::find_with_owner(forge.db.read(), RepoId(repo.fork_id)).await?
    {
        private = parent.is_private;
    }
    if private == repo.is_private {
        return Ok(None);
    }
    if !private && forge.settings.repository.force_private && !doer.is_admin {
        return Err(Error::invalid("private: on this server only administrators make repositories public"));
    }
    Ok(Some(private))
}

/// The branch, if it is another than now and exists. An empty repository takes any.
async fn existing_branch(
    forge: &Forge,
    repo: &repository::Model,
    owner: &user::Model,
    asked: Option<&str>,
) -> Result<Option<String>> {
    let Some(branch) = asked.filter(|branch| !branch.is_empty() && *branch != repo.default_branch) else {
        return Ok(None);
    };
    if !oolong_git::is_valid_branch(branch) {
        return Ok(None);
    }
    if repo.is_empty {
        return Ok(Some(branch.to_owned()));
    }
    let path = forge.repository_path(&owner.lower_name, &repo.lower_name)?;
    let wanted = branch.to_owned();
    match git::read(path, move |git| git.branch(&wanted).map(drop)).await {
        Ok(()) => Ok(Some(branch.to_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        // What libgit2 cannot read (SHA-256) is known from the last push.
        Err(error) if error.kind() == ErrorKind::Unsupported => {
            Ok(branches::exists(forge.db.read(), RepoId(repo.id), branch).await?.then(|| branch.to_owned()))
        }
        Err(error) => Err(error),
    }
}

async fn edit_mirror(
    connection: &impl ConnectionTrait,
    repo: &repository::Model,
    edit: &RepositoryEdit,
    now: i64,
) -> Result<()> {
    if !repo.is_mirror {
        return Ok(());
    }
    let mut update = mirror::Entity::update_many().filter(mirror::Column::RepoId.eq(repo.id));
    if let Some(interval) = edit.mirror_interval {
        let next = if interval == 0 { 0 } else { now + interval / 1_000_000_000 };
        update = update
            .col_expr(mirror::Column::Interval, Expr::value(interval))
            .col_expr(mirror::Column::NextUpdateUnix, Expr::value(next));
    }
    if let Some(prune) = edit.enable_prune {
        update = update.col_expr(mirror::Column::EnablePrune, Expr::value(prune));
    }
    if edit.mirror_interval.is_some() || edit.enable_prune.is_some() {
        update.exec(connection).await.classify()?;
    }
    Ok(())
}

/// Renames in the database and on disk; the folders last, because they cannot be rolled back.
async fn rename(
    connection: &impl ConnectionTrait,
    forge: &Forge,
    doer: &user::Model,
    repo: &repository::Model,
    owner: &user::Model,
    name: &RepoName,
) -> Result<()> {
    let moves = name.key() != repo.lower_name;
    if moves {
        refuse_taken(connection, owner.user_id(), name).await.map_err(|error| match error.kind() {
            ErrorKind::Conflict => error.with_kind(ErrorKind::Invalid),
            _ => error,
        })?;
    }
    repository::Entity::update_many()
        .col_expr(repository::Column::Name, Expr::value(name.as_str()))
        .col_expr(repository::Column::LowerName, Expr::value(name.key()))
        .filter(repository::Column::Id.eq(repo.id))
        .exec(connection)
        .await
        .classify()?;
    if !moves {
        return Ok(());
    }
    repository_rename::redirect(connection, owner.id, &repo.name, owner.id, name.as_str(), repo.id).await?;
    feed::record(connection, forge, doer, repo, owner, Operation::RenameRepository, repo.name.clone())
        .await?;
    repository_rename::move_folders(
        Place::of(forge, owner, &repo.name)?,
        Place::of(forge, owner, name.as_str())?,
    )
    .await
}

/// What the folder has to know: its default branch, and whether git's daemon may show it.
async fn after_commit(
    forge: &Forge,
    owner: &user::Model,
    repo: &repository::Model,
    branch: Option<String>,
    marked: &[i64],
) -> Result<()> {
    if let Some(branch) = branch {
        let path = forge.repository_path(&owner.lower_name, &repo.lower_name)?;
        git::read(path, move |git| git.set_head(&branch)).await?;
    }
    for &id in marked {
        if let Some((repo, owner)) = repositories::find_with_owner(forge.db.read(), RepoId(id)).await? {
            repository_visibility::mark(forge, &repo, &owner).await?;
        }
    }
    Ok(())
}
