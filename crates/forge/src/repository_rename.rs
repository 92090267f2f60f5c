//! Giving a repository another name or owner on disk and in the table of old names.

use oolong_core::{Error, RepoName, Result};
use oolong_db::Classify;
use oolong_db::entity::{repo_redirect, repository, user};
use oolong_db::sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use oolong_git::RepositoryPath;

use crate::{Forge, git};

/// Where a repository and its wiki lie, or are to lie.
pub(crate) struct Place {
    repo: RepositoryPath,
    wiki: RepositoryPath,
}

impl Place {
    pub(crate) fn of(forge: &Forge, owner: &user::Model, name: &str) -> Result<Self> {
        let name = name.to_lowercase();
        Ok(Self {
            repo: forge.repository_path(&owner.lower_name, &name)?,
            wiki: forge.wiki_path(&owner.lower_name, &name)?,
        })
    }
}

/// Moves the folders. A wiki that cannot follow takes the repository back, so that both stay together.
pub(crate) async fn move_folders(from: Place, to: Place) -> Result<()> {
    let moved = git::blocking(move || {
        from.repo.move_to(&to.repo)?;
        if from.wiki.exists()
            && let Err(error) = from.wiki.move_to(&to.wiki)
        {
            to.repo.move_to(&from.repo)?;
            return Err(error);
        }
        Ok(())
    });
    moved.await.map_err(|error| match error.kind() {
        oolong_core::ErrorKind::Conflict => {
            Error::invalid("name: there is a folder of this name that belongs to no repository")
                .with_source(error)
        }
        _ => Error::internal(error),
    })
}

/// Deletes the folders.
pub(crate) async fn delete_folders(place: Place) -> Result<()> {
    git::blocking(move || {
        place.repo.delete()?;
        place.wiki.delete()
    })
    .await
}

/// Remembers where the repository that was `owner`/`old` is now; a redirect from the new place would lead in a circle.
pub(crate) async fn redirect(
    connection: &impl ConnectionTrait,
    owner: i64,
    old: &str,
    new_owner: i64,
    new: &str,
    repo: i64,
) -> Result<()> {
    use repo_redirect::Column;
    for (owner, name) in [(owner, old), (new_owner, new)] {
        repo_redirect::Entity::delete_many()
            .filter(Column::OwnerId.eq(owner))
            .filter(Column::LowerName.eq(name.to_lowercase()))
            .exec(connection)
            .await
            .classify()?;
    }
    let row = repo_redirect::Model {
        owner_id: owner,
        lower_name: old.to_lowercase(),
        redirect_repo_id: repo,
        ..Default::default()
    };
    row.into_new().insert(connection).await.classify()?;
    Ok(())
}

/// A new name, checked; `None` where it differs from the present one in nothing.
pub(crate) fn new_name(repo: &repository::Model, name: Option<&str>) -> Result<Option<RepoName>> {
    let Some(name) = name.filter(|name| *name != repo.name) else { return Ok(None) };
    RepoName::new(name).map(Some).map_err(|error| Error::invalid(format!("name: {error}")))
}
