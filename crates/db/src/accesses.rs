//! Who may reach a repository: the materialised `access`, and `collaboration` that it is made from.

use oolong_core::{AccessMode, RepoId, Result, UserId};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QuerySelect, QueryTrait, RelationDef,
};

use crate::Classify;
use crate::entity::{access, collaboration, repository, team, team_repo, team_user, user};
use crate::organisations::OWNERS;

/// The materialised mode of a person on a repository; the individual owner has no row.
pub async fn find_mode(
    connection: &impl ConnectionTrait,
    user: UserId,
    repo: RepoId,
) -> Result<Option<AccessMode>> {
    let row = access::Entity::find()
        .filter(access::Column::UserId.eq(user.0))
        .filter(access::Column::RepoId.eq(repo.0))
        .one(connection)
        .await
        .classify()?;
    Ok(row.map(|row| AccessMode::from_number(row.mode)))
}

/// The mode of a collaborator.
pub async fn find_collaboration(
    connection: &impl ConnectionTrait,
    user: UserId,
    repo: RepoId,
) -> Result<Option<AccessMode>> {
    let row = collaboration::Entity::find()
        .filter(collaboration::Column::UserId.eq(user.0))
        .filter(collaboration::Column::RepoId.eq(repo.0))
        .one(connection)
        .await
        .classify()?;
    Ok(row.map(|row| AccessMode::from_number(row.mode)))
}

/// What one source (a collaboration, a team) gives a person on a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Grant {
    /// The repository.
    pub repo_id: i64,
    /// The person.
    pub user_id: i64,
    /// How much, as stored.
    pub mode: i32,
    /// Whether the person sees only what they were given.
    pub is_restricted: bool,
}

fn to_user<E: EntityTrait>(column: E::Column) -> RelationDef {
    E::belongs_to(user::Entity).from(column).to(user::Column::Id).into()
}

/// What collaborations give on these repositories; of one person, where `only` says so.
pub async fn list_collaboration_grants(
    connection: &impl ConnectionTrait,
    repos: &[i64],
    only: Option<UserId>,
) -> Result<Vec<Grant>> {
    let query = collaboration::Entity::find()
        .select_only()
        .column_as(collaboration::Column::RepoId, "repo_id")
        .column_as(collaboration::Column::UserId, "user_id")
        .column_as(collaboration::Column::Mode, "mode")
        .column_as(user::Column::IsRestricted, "is_restricted")
        .join(JoinType::InnerJoin, to_user::<collaboration::Entity>(collaboration::Column::UserId))
        .filter(collaboration::Column::RepoId.is_in(repos.iter().copied()));
    let query = match only {
        Some(only) => query.filter(collaboration::Column::UserId.eq(only.0)),
        None => query,
    };
    query.into_model::<Grant>().all(connection).await.classify()
}

/// What the teams of the repositories' owners give on these repositories. The team of owners reaches every
/// repository, whether it was added or not; other teams those they were added to.
pub async fn list_team_grants(
    connection: &impl ConnectionTrait,
    repos: &[i64],
    only: Option<UserId>,
) -> Result<Vec<Grant>> {
    let team_of: RelationDef = team_user::Entity::belongs_to(team::Entity)
        .from(team_user::Column::TeamId)
        .to(team::Column::Id)
        .into();
    let repo_of: RelationDef = team_user::Entity::belongs_to(repository::Entity)
        .from(team_user::Column::OrgId)
        .to(repository::Column::OwnerId)
        .into();
    let reached = team_repo::Entity::find()
        .select_only()
        .column(team_repo::Column::Id)
        .filter(
            Expr::col((team_repo::Entity, team_repo::Column::TeamId))
                .equals((team_user::Entity, team_user::Column::TeamId)),
        )
        .filter(
            Expr::col((team_repo::Entity, team_repo::Column::RepoId))
                .equals((repository::Entity, repository::Column::Id)),
        )
        .into_query();
    let is_owners = team::Column::Name.eq(OWNERS);
    let mode = Expr::case(is_owners.clone(), AccessMode::Owner.number())
        .finally(Expr::col((team::Entity, team::Column::Authorize)));
    let query = team_user::Entity::find()
        .select_only()
        .column_as(repository::Column::Id, "repo_id")
        .column_as(team_user::Column::Uid, "user_id")
        .expr_as(mode, "mode")
        .column_as(user::Column::IsRestricted, "is_restricted")
        .join(JoinType::InnerJoin, team_of)
        .join(JoinType::InnerJoin, repo_of)
        .join(JoinType::InnerJoin, to_user::<team_user::Entity>(team_user::Column::Uid))
        .filter(repository::Column::Id.is_in(repos.iter().copied()))
        .filter(Condition::any().add(is_owners).add(Expr::exists(reached)));
    let query = match only {
        Some(only) => query.filter(team_user::Column::Uid.eq(only.0)),
        None => query,
    };
    query.into_model::<Grant>().all(connection).await.classify()
}

/// The stored rows of these repositories; of one person, where `only` says so.
pub async fn list(
    connection: &impl ConnectionTrait,
    repos: &[i64],
    only: Option<UserId>,
) -> Result<Vec<access::Model>> {
    let query = access::Entity::find().filter(access::Column::RepoId.is_in(repos.iter().copied()));
    let query = match only {
        Some(only) => query.filter(access::Column::UserId.eq(only.0)),
        None => query,
    };
    query.all(connection).await.classify()
}

/// How many rows or values one statement takes, below the limits of every database.
const BATCH: usize = 500;

/// Deletes rows by id.
pub async fn delete(connection: &impl ConnectionTrait, ids: &[i64]) -> Result<()> {
    for ids in ids.chunks(BATCH) {
        access::Entity::delete_many()
            .filter(access::Column::Id.is_in(ids.iter().copied()))
            .exec(connection)
            .await
            .classify()?;
    }
    Ok(())
}

/// Gives rows another mode.
pub async fn set_mode(connection: &impl ConnectionTrait, ids: &[i64], mode: AccessMode) -> Result<()> {
    for ids in ids.chunks(BATCH) {
        access::Entity::update_many()
            .col_expr(access::Column::Mode, Expr::value(mode.number()))
            .filter(access::Column::Id.is_in(ids.iter().copied()))
            .exec(connection)
            .await
            .classify()?;
    }
    Ok(())
}

/// Inserts rows.
pub async fn insert(connection: &impl ConnectionTrait, rows: Vec<access::Model>) -> Result<()> {
    for rows in rows.chunks(BATCH) {
        let rows = rows.iter().cloned().map(access::Model::into_new);
        access::Entity::insert_many(rows).exec_without_returning(connection).await.classify()?;
    }
    Ok(())
}
