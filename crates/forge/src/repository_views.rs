//! Repositories with everything that is shown beside them, for one or for a page of them in a few queries.

use std::collections::{HashMap, HashSet};

use oolong_auth::Caller;
use oolong_auth::permission::{self, RepoPermission};
use oolong_core::{Error, Result, Visibility};
use oolong_db::entity::{mirror, repository, team, user};
use oolong_db::sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use oolong_db::{Classify, repository_facts, users};

use crate::Forge;

/// `repository.status`: being handed over.
pub const STATUS_PENDING_TRANSFER: i32 = 2;

/// A repository as a viewer sees it.
#[derive(Clone, Debug)]
pub struct RepositoryView {
    /// The row.
    pub repo: repository::Model,
    /// Its owner.
    pub owner: user::Model,
    /// What the viewer may do, and the repository's units.
    pub permission: RepoPermission,
    /// How many releases it has.
    pub releases: i64,
    /// How many branches it has.
    pub branches: i64,
    /// The language that most of it is written in.
    pub language: String,
    /// The licences found in it.
    pub licenses: Vec<String>,
    /// Its schedule, if it is a mirror.
    pub mirror: Option<mirror::Model>,
    /// The transfer that waits for an answer.
    pub transfer: Option<TransferView>,
    /// What it was forked from, if the viewer may see that.
    pub parent: Option<Box<RepositoryView>>,
}

/// A transfer that waits for an answer.
#[derive(Clone, Debug)]
pub struct TransferView {
    /// Who gives.
    pub doer: user::Model,
    /// Who gets.
    pub recipient: user::Model,
    /// The teams that are to reach it.
    pub teams: Vec<team::Model>,
}

/// One repository.
pub async fn load(forge: &Forge, viewer: &Caller, repo: repository::Model) -> Result<RepositoryView> {
    let mut views = load_all(forge, viewer, vec![repo]).await?;
    views.pop().ok_or_else(|| Error::internal("a repository without owner"))
}

/// A repository that was admitted to the viewer: its owner and their permission are at hand.
pub async fn load_admitted(
    forge: &Forge,
    viewer: &Caller,
    repo: repository::Model,
    owner: user::Model,
    permission: RepoPermission,
) -> Result<RepositoryView> {
    // A fork shows its parent, which has an owner and a permission of its own.
    if repo.is_fork {
        return load(forge, viewer, repo).await;
    }
    let mut views = complete(forge, vec![(repo, owner, permission)]).await?;
    views.pop().ok_or_else(|| Error::internal("a repository without a view"))
}

/// These repositories, in the same order. The caller has made sure that the viewer may see them.
pub async fn load_all(
    forge: &Forge,
    viewer: &Caller,
    repos: Vec<repository::Model>,
) -> Result<Vec<RepositoryView>> {
    let connection = forge.db.read();
    let parent_ids: Vec<i64> = distinct(repos.iter().filter(|repo| repo.is_fork).map(|repo| repo.fork_id));
    let known: HashSet<i64> = repos.iter().map(|repo| repo.id).collect();
    let absent: Vec<i64> = parent_ids.iter().copied().filter(|id| !known.contains(id)).collect();
    let others = repository_facts::repositories(connection, &absent).await?;
    let mut bare = bare_views(forge, viewer, repos.iter().cloned().chain(others).collect()).await?;
    let parents: HashMap<i64, RepositoryView> = parent_ids
        .into_iter()
        .filter_map(|id| Some((id, bare.get(&id)?.clone())))
        .filter(|(_, parent)| shows_parent(viewer, parent))
        .collect();
    let views = repos.into_iter().filter_map(|repo| {
        let mut view = bare.remove(&repo.id)?;
        if view.repo.is_fork {
            view.parent = parents.get(&view.repo.fork_id).cloned().map(Box::new);
        }
        Some(view)
    });
    Ok(views.collect())
}

/// A fork does not tell of a repository that the viewer may not know.
fn shows_parent(viewer: &Caller, parent: &RepositoryView) -> bool {
    let is_public = !parent.repo.is_private && parent.owner.visible_to() == Visibility::Public;
    parent.permission.has_any_access() && (is_public || !viewer.is_public_only())
}

/// The views without parents, by id.
async fn bare_views(
    forge: &Forge,
    viewer: &Caller,
    repos: Vec<repository::Model>,
) -> Result<HashMap<i64, RepositoryView>> {
    let connection = forge.db.read();
    if repos.is_empty() {
        return Ok(HashMap::new());
    }
    let owners = people(forge, repos.iter().map(|repo| repo.owner_id)).await?;
    let pairs: Vec<(&repository::Model, &user::Model)> =
        repos.iter().filter_map(|repo| Some((repo, owners.get(&repo.owner_id)?))).collect();
    let permissions = permission::repo_permissions(connection, forge.rules(), viewer.user(), &pairs).await?;
    let parts = pairs.into_iter().zip(permissions);
    let parts = parts.map(|((repo, owner), permission)| (repo.clone(), owner.clone(), permission)).collect();
    let views = complete(forge, parts).await?;
    Ok(views.into_iter().map(|view| (view.repo.id, view)).collect())
}

/// Adds what other tables say.
async fn complete(
    forge: &Forge,
    parts: Vec<(repository::Model, user::Model, RepoPermission)>,
) -> Result<Vec<RepositoryView>> {
    let connection = forge.db.read();
    let repos = || parts.iter().map(|(repo, ..)| repo);
    let mut facts = repository_facts::facts(connection, &distinct(repos().map(|repo| repo.id))).await?;
    let mirrored = distinct(repos().filter(|repo| repo.is_mirror).map(|repo| repo.id));
    let mut mirrors = repository_facts::mirrors(connection, &mirrored).await?;
    let pending = distinct(repos().filter(|repo| repo.status == STATUS_PENDING_TRANSFER).map(|repo| repo.id));
    let mut transfers = transfers(forge, &pending).await?;
    let views = parts.into_iter().map(|(repo, owner, permission)| {
        let facts = facts.remove(&repo.id).unwrap_or_default();
        RepositoryView {
            permission,
            releases: facts.releases,
            branches: facts.branches,
            language: facts.language,
            licenses: facts.licenses,
            mirror: mirrors.remove(&repo.id),
            transfer: transfers.remove(&repo.id),
            parent: None,
            repo,
            owner,
        }
    });
    Ok(views.collect())
}

async fn transfers(forge: &Forge, pending: &[i64]) -> Result<HashMap<i64, TransferView>> {
    let rows = repository_facts::transfers(forge.db.read(), pending).await?;
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let involved = people(forge, rows.values().flat_map(|row| [row.doer_id, row.recipient_id])).await?;
    let team_ids: HashMap<i64, Vec<i64>> = rows
        .iter()
        .map(|(repo, row)| (*repo, serde_json::from_str(&row.team_i_ds).unwrap_or_default()))
        .collect();
    let wanted = distinct(team_ids.values().flatten().copied());
    let teams = if wanted.is_empty() {
        Vec::new()
    } else {
        team::Entity::find().filter(team::Column::Id.is_in(wanted)).all(forge.db.read()).await.classify()?
    };
    let views = rows.into_iter().filter_map(|(repo, row)| {
        let of_transfer = team_ids.get(&repo).map(Vec::as_slice).unwrap_or_default();
        let view = TransferView {
            doer: involved.get(&row.doer_id)?.clone(),
            recipient: involved.get(&row.recipient_id)?.clone(),
            teams: teams.iter().filter(|team| of_transfer.contains(&team.id)).cloned().collect(),
        };
        Some((repo, view))
    });
    Ok(views.collect())
}

async fn people(forge: &Forge, ids: impl Iterator<Item = i64>) -> Result<HashMap<i64, user::Model>> {
    let found = users::list_by_ids(forge.db.read(), distinct(ids)).await?;
    Ok(found.into_iter().map(|person| (person.id, person)).collect())
}

fn distinct(ids: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut ids: Vec<i64> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
