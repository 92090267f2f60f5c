//! Forking repositories.

use oolong_core::{Error, RepoName, Result, Visibility};
use oolong_db::entity::{branch, language_stat, lfs_meta_object, repo_license, repository, user};
use oolong_db::feeds::Operation;
use oolong_db::sea_orm::sea_query::{Expr, ExprTrait as _};
use oolong_db::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use oolong_db::{Classify, blocks};

use crate::git::GitResultExt as _;
use crate::repositories::{check_quota, default_units, hook_program, insert_with_rights, refuse_taken};
use crate::{Forge, feed, git, repository_visibility};

/// Makes a fork of `base` for `owner`. The caller has made sure that `doer` may read the code of `base` and may make
/// repositories of `owner`.
pub async fn create(
    forge: &Forge,
    doer: &user::Model,
    base: &repository::Model,
    base_owner: &user::Model,
    owner: &user::Model,
    name: RepoName,
) -> Result<repository::Model> {
    let settings = &forge.settings.repository;
    let connection = forge.db.read();
    if blocks::exists(connection, base_owner.id, doer.id).await? {
        return Err(Error::forbidden("the owner of the repository has blocked you"));
    }
    if owner.id == base_owner.id && !settings.allow_fork_into_same_owner {
        return Err(Error::conflict("a repository is not forked to its own owner"));
    }
    if !settings.allow_fork_without_maximum_limit {
        check_quota(forge, doer, owner)?;
    }
    refuse_second(connection, base, owner).await?;
    refuse_taken(connection, owner.user_id(), &name).await?;
    let (source, target) = (
        forge.repository_path(&base_owner.lower_name, &base.lower_name)?,
        forge.repository_path(&owner.lower_name, &name.key())?,
    );
    forge.git.copy_repository(source.as_path(), target.as_path(), None).await.or_git()?;
    let folder = target.clone();
    let hooks = hook_program(forge);
    let prepared = git::blocking(move || {
        oolong_git::write_hooks(folder.as_path(), &hooks)?;
        folder.disk_size()
    });
    let written = match prepared.await {
        Ok(size) => {
            write_rows(forge, doer, base, base_owner, owner, &name, i64::try_from(size).unwrap_or(i64::MAX))
                .await
        }
        Err(error) => Err(error),
    };
    match written {
        Ok(fork) => {
            repository_visibility::mark(forge, &fork, owner).await?;
            Ok(fork)
        }
        Err(error) => {
            // The name must not stay blocked by a folder that no row knows.
            let _ = git::blocking(move || target.delete()).await;
            Err(error)
        }
    }
}

/// An owner has one fork of a repository.
async fn refuse_second(
    connection: &impl ConnectionTrait,
    base: &repository::Model,
    owner: &user::Model,
) -> Result<()> {
    let forks = repository::Entity::find()
        .filter(repository::Column::OwnerId.eq(owner.id))
        .filter(repository::Column::ForkId.eq(base.id))
        .filter(repository::Column::IsFork.eq(true))
        .count(connection)
        .await
        .classify()?;
    if forks > 0 {
        return Err(Error::conflict(format!("{} has a fork of this repository already", owner.name)));
    }
    Ok(())
}

async fn write_rows(
    forge: &Forge,
    doer: &user::Model,
    base: &repository::Model,
    base_owner: &user::Model,
    owner: &user::Model,
    name: &RepoName,
    size: i64,
) -> Result<repository::Model> {
    let now = forge.clock.now().0;
    let row = repository::Model {
        owner_id: owner.id,
        owner_name: owner.name.clone(),
        lower_name: name.key(),
        name: name.to_string(),
        description: base.description.clone(),
        default_branch: base.default_branch.clone(),
        is_private: base.is_private || base_owner.visible_to() == Visibility::Private,
        is_empty: base.is_empty,
        is_fork: true,
        fork_id: base.id,
        size: size + base.lfs_size,
        git_size: size,
        lfs_size: base.lfs_size,
        topics: "null".to_owned(),
        object_format_name: base.object_format_name.clone(),
        created_unix: now,
        updated_unix: now,
        ..Default::default()
    };
    let transaction = forge.db.begin().await?;
    refuse_second(&transaction, base, owner).await?;
    refuse_taken(&transaction, owner.user_id(), name).await?;
    let units = default_units(forge, &forge.settings.repository.default_fork_repo_units);
    let fork = insert_with_rights(&transaction, forge, doer, owner, row, units).await?;
    repository::Entity::update_many()
        .col_expr(repository::Column::NumForks, Expr::col(repository::Column::NumForks).add(1))
        .filter(repository::Column::Id.eq(base.id))
        .exec(&transaction)
        .await
        .classify()?;
    copy_facts(&transaction, base.id, fork.id, now).await?;
    feed::record(&transaction, forge, doer, &fork, owner, Operation::CreateRepository, String::new()).await?;
    transaction.commit().await.classify()?;
    Ok(fork)
}

/// What is known about the content is the same as for the original: branches, languages, licences, large files.
async fn copy_facts(connection: &impl ConnectionTrait, base: i64, fork: i64, now: i64) -> Result<()> {
    macro_rules! copy {
        ($table:ident, $column:ident, $field:ident, $query:expr) => {{
            let rows = $query.filter($table::Column::$column.eq(base)).all(connection).await.classify()?;
            for batch in rows.chunks(200) {
                let copies = batch
                    .iter()
                    .map(|row| $table::Model { $field: fork, created_unix: now, ..row.clone() }.into_new());
                $table::Entity::insert_many(copies).exec_without_returning(connection).await.classify()?;
            }
        }};
    }
    copy!(branch, RepoId, repo_id, branch::Entity::find().filter(branch::Column::IsDeleted.eq(false)));
    copy!(language_stat, RepoId, repo_id, language_stat::Entity::find());
    copy!(repo_license, RepoId, repo_id, repo_license::Entity::find());
    copy!(lfs_meta_object, RepositoryId, repository_id, lfs_meta_object::Entity::find());
    Ok(())
}
