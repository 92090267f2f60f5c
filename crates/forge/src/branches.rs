//! Branches: making, moving, renaming, deleting.

use oolong_core::{Error, ErrorKind, RepoId, Result};
use oolong_db::entity::{pull_request, renamed_branch, repository};
use oolong_db::feeds::Operation;
use oolong_db::sea_orm::sea_query::Expr;
use oolong_db::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use oolong_db::{Classify, branches, feeds, protections};
use oolong_git::{Branch, Expected, ObjectId};

use crate::file_edits::{Editing, doer_signature};
use crate::push::{self, RefUpdate};
use crate::ref_rules::{self, Pusher, RefRules};
use crate::{Forge, git};

/// What a new branch starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// The default branch.
    Default,
    /// A branch.
    Branch(String),
    /// Anything that leads to a commit.
    Revision(String),
}

/// Makes a branch.
pub async fn create(forge: &Forge, editing: Editing<'_>, name: &str, start: Start) -> Result<Branch> {
    check_writable(editing.repo)?;
    check_name("new_branch_name", name)?;
    let path = forge.repository_path(&editing.owner.name, &editing.repo.name)?;
    let default_branch = editing.repo.default_branch.clone();
    let (commit, tag_exists) = {
        let name = name.to_owned();
        git::read(path.clone(), move |repo| {
            let commit = match start {
                Start::Default => repo.branch(&default_branch)?.commit.id,
                Start::Branch(name) => repo.branch(&name)?.commit.id,
                Start::Revision(text) => repo.resolve_revision(&text)?.commit,
            };
            Ok((commit, repo.reference_target(&format!("refs/tags/{name}"))?.is_some()))
        })
        .await?
    };
    if tag_exists {
        return Err(Error::conflict(format!("new_branch_name: there is a tag {name}")));
    }
    let update = RefUpdate::branch(name, None, Some(commit));
    ref_rules::check_ref_update(forge, pusher(&editing), editing.repo, editing.owner, &update).await?;
    let signature = doer_signature(forge, editing.doer, forge.clock.now());
    let new = name.to_owned();
    let branch = git::blocking(move || path.open()?.create_branch(&new, commit, &signature)).await?;
    push::record(forge, editing.doer, editing.repo, editing.owner, &[update]).await?;
    Ok(branch)
}

/// A move of a branch.
#[derive(Clone, Debug)]
pub struct MoveBranch {
    /// Where it shall be.
    pub to: String,
    /// Where the caller believes it is.
    pub from: Option<String>,
    /// Whether commits may be dropped.
    pub force: bool,
}

/// Moves a branch to a commit.
pub async fn update(forge: &Forge, editing: Editing<'_>, name: &str, change: MoveBranch) -> Result<()> {
    check_writable(editing.repo)?;
    let path = forge.repository_path(&editing.owner.name, &editing.repo.name)?;
    let branch = name.to_owned();
    let (old, new, is_forward) = git::read(path.clone(), move |repo| {
        let old = repo.branch(&branch)?.commit.id;
        if let Some(expected) = &change.from
            && repo.resolve_revision(expected).map(|found| found.commit).ok() != Some(old)
        {
            return Err(oolong_git::Error::Stale {
                name: branch,
                expected: expected.clone(),
                found: old.to_string(),
            });
        }
        let new = repo.resolve_revision(&change.to)?.commit;
        Ok((old, new, change.force || repo.is_ancestor(old, new)?))
    })
    .await
    .map_err(|error| {
        if error.kind() == ErrorKind::Conflict { error.with_kind(ErrorKind::Invalid) } else { error }
    })?;
    if !is_forward {
        return Err(Error::invalid("new_commit_id: commits would be dropped; that has to be forced"));
    }
    let update = RefUpdate::branch(name, Some(old), Some(new));
    ref_rules::check_ref_update(forge, pusher(&editing), editing.repo, editing.owner, &update).await?;
    let signature = doer_signature(forge, editing.doer, forge.clock.now());
    let reference = update.ref_name.clone();
    git::blocking(move || {
        path.open()?.update_reference(&oolong_git::RefUpdate {
            name: &reference,
            target: new,
            expected: Expected::At(old),
            identity: &signature,
            message: "branch: moved",
        })
    })
    .await?;
    push::record(forge, editing.doer, editing.repo, editing.owner, &[update]).await
}

/// Deletes a branch.
pub async fn delete(forge: &Forge, editing: Editing<'_>, name: &str) -> Result<()> {
    check_writable(editing.repo)?;
    let path = forge.repository_path(&editing.owner.name, &editing.repo.name)?;
    let branch = name.to_owned();
    let old = git::read(path.clone(), move |repo| Ok(repo.branch(&branch)?.commit.id)).await?;
    let update = RefUpdate::branch(name, Some(old), None);
    ref_rules::check_ref_update(forge, pusher(&editing), editing.repo, editing.owner, &update).await?;
    let branch = name.to_owned();
    git::blocking(move || path.open()?.delete_branch(&branch, Expected::At(old))).await?;
    push::record(forge, editing.doer, editing.repo, editing.owner, &[update]).await
}

/// Gives a branch another name. Its rule, the pull requests and the default branch follow, and the old name is
/// remembered.
pub async fn rename(forge: &Forge, editing: Editing<'_>, from: &str, to: &str) -> Result<()> {
    check_writable(editing.repo)?;
    check_name("name", to)?;
    let path = forge.repository_path(&editing.owner.name, &editing.repo.name)?;
    let (old, new) = (from.to_owned(), to.to_owned());
    let (commit, is_taken) = git::read(path.clone(), move |repo| {
        let commit = repo.branch(&old)?.commit.id;
        Ok((commit, repo.reference_target(&format!("refs/heads/{new}"))?.is_some()))
    })
    .await?;
    if is_taken {
        return Err(Error::invalid(format!("name: there is a branch {to} already")));
    }
    check_rename(forge, editing, from, to, commit).await?;
    let (old, new) = (from.to_owned(), to.to_owned());
    git::blocking(move || path.open()?.rename_branch(&old, &new)).await.map_err(|error| {
        if error.kind() == ErrorKind::Conflict { error.with_kind(ErrorKind::Invalid) } else { error }
    })?;
    record_rename(forge, editing, from, to).await
}

/// The default branch and a protected one are renamed by administrators; nobody slips a branch under a rule that would
/// refuse a push.
async fn check_rename(
    forge: &Forge,
    editing: Editing<'_>,
    from: &str,
    to: &str,
    commit: ObjectId,
) -> Result<()> {
    let rules = RefRules::load(forge, Some(editing.doer), editing.repo, editing.owner).await?;
    let rule = rules.branch_rule(from);
    if (from == editing.repo.default_branch || rule.is_some()) && !editing.permission.is_admin() {
        return Err(Error::forbidden(format!(
            "the branch {from} is renamed by administrators of the repository"
        )));
    }
    if rule.is_some_and(|rule| !rule.is_plain()) {
        return Err(Error::forbidden(format!("the branch {from} is protected by a pattern")));
    }
    let create = RefUpdate::branch(to, None, Some(commit));
    ref_rules::check_ref_update(forge, pusher(&editing), editing.repo, editing.owner, &create).await
}

async fn record_rename(forge: &Forge, editing: Editing<'_>, from: &str, to: &str) -> Result<()> {
    let repo = RepoId(editing.repo.id);
    let now = forge.clock.now();
    let transaction = forge.db.begin().await?;
    branches::rename(&transaction, repo, from, to, now).await?;
    protections::rename_branch_rule(&transaction, repo, from, to).await?;
    rename_in_pulls(&transaction, repo, from, to).await?;
    let remembered = renamed_branch::Model {
        repo_id: repo.0,
        from: from.to_owned(),
        to: to.to_owned(),
        created_unix: now.0,
        ..Default::default()
    };
    renamed_branch::Entity::insert(remembered.into_new())
        .exec_without_returning(&transaction)
        .await
        .classify()?;
    let mut change = repository::Entity::update_many()
        .col_expr(repository::Column::UpdatedUnix, Expr::val(now.0))
        .filter(repository::Column::Id.eq(repo.0));
    if from == editing.repo.default_branch {
        change = change.col_expr(repository::Column::DefaultBranch, Expr::val(to));
    }
    change.exec(&transaction).await.classify()?;
    let receivers =
        feeds::receivers(&transaction, editing.doer.user_id(), editing.repo, editing.owner).await?;
    for (operation, name) in [(Operation::DeleteBranch, from), (Operation::PushBranch, to)] {
        let row = oolong_db::entity::action::Model {
            op_type: operation as i32,
            act_user_id: editing.doer.id,
            repo_id: repo.0,
            ref_name: format!("refs/heads/{name}"),
            is_private: editing.repo.is_private,
            created_unix: now.0,
            ..Default::default()
        };
        feeds::insert(&transaction, &receivers, &row).await?;
    }
    transaction.commit().await.classify()
}

async fn rename_in_pulls(
    connection: &impl ConnectionTrait,
    repo: RepoId,
    from: &str,
    to: &str,
) -> Result<()> {
    use pull_request::Column;
    for (repository, branch) in
        [(Column::BaseRepoId, Column::BaseBranch), (Column::HeadRepoId, Column::HeadBranch)]
    {
        pull_request::Entity::update_many()
            .col_expr(branch, Expr::val(to))
            .filter(repository.eq(repo.0))
            .filter(branch.eq(from))
            .filter(Column::HasMerged.eq(false))
            .exec(connection)
            .await
            .classify()?;
    }
    Ok(())
}

fn pusher<'a>(editing: &Editing<'a>) -> Pusher<'a> {
    Pusher { user: editing.doer, permission: editing.permission, deploy_key: None }
}

fn check_writable(repo: &repository::Model) -> Result<()> {
    if repo.is_mirror {
        return Err(Error::forbidden("a mirror is changed by what it mirrors"));
    }
    if repo.is_empty {
        return Err(Error::not_found("the repository has no commit yet"));
    }
    Ok(())
}

fn check_name(field: &str, name: &str) -> Result<()> {
    if name.is_empty() {
        return Err(Error::invalid(format!("{field}: a branch needs a name")));
    }
    if name.chars().count() > 100 || !oolong_git::is_branch_name(name) {
        return Err(Error::invalid(format!("{field}: {name:?} cannot be a branch")));
    }
    Ok(())
}
