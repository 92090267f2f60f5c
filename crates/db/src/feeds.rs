//! The activity feeds: the table `action`, a row for each person who gets to see what was done.

use oolong_core::{AccessMode, RepoId, Result, Unit, UserId, Visibility};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};

use crate::Classify;
use crate::entity::{
    access, action, collaboration, repository, team, team_repo, team_unit, team_user, user, watch,
};

/// What was done (`action.op_type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// A repository was made.
    CreateRepository = 1,
    /// A repository got another name.
    RenameRepository = 2,
    /// A branch was made or pushed to.
    PushBranch = 5,
    /// A repository was given away.
    TransferRepository = 8,
    /// A tag was made or moved.
    PushTag = 9,
    /// A tag was deleted.
    DeleteTag = 16,
    /// A branch was deleted.
    DeleteBranch = 17,
}

/// `watch.mode`: the person does not want to hear of the repository.
const WATCH_DONT: i16 = 2;
/// `watch.mode`: nobody asked for it; a push made it so.
const WATCH_AUTOMATIC: i16 = 3;

/// Who gets to see what `actor` does in a repository: the actor, the owning organisation, and the active watchers who
/// may read the code. Each once, the actor first.
pub async fn receivers(
    connection: &impl ConnectionTrait,
    actor: UserId,
    repo: &repository::Model,
    owner: &user::Model,
) -> Result<Vec<i64>> {
    let mut receivers = vec![actor.0];
    if owner.is_organization() && owner.id != actor.0 {
        receivers.push(owner.id);
    }
    for watcher in watchers(connection, RepoId(repo.id)).await? {
        if !receivers.contains(&watcher.id) {
            receivers.push(watcher.id);
        }
    }
    readers(connection, actor, repo, owner, receivers).await
}

/// The active people who watch a repository.
async fn watchers(connection: &impl ConnectionTrait, repo: RepoId) -> Result<Vec<user::Model>> {
    user::Entity::find()
        .join(
            JoinType::InnerJoin,
            user::Entity::belongs_to(watch::Entity).from(user::Column::Id).to(watch::Column::UserId).into(),
        )
        .filter(watch::Column::RepoId.eq(repo.0))
        .filter(watch::Column::Mode.ne(WATCH_DONT))
        .filter(user::Column::IsActive.eq(true))
        .filter(user::Column::ProhibitLogin.eq(false))
        .order_by_asc(watch::Column::Id)
        .all(connection)
        .await
        .classify()
}

/// Leaves out the watchers who may not read the code. Four queries at most, however many watch.
async fn readers(
    connection: &impl ConnectionTrait,
    actor: UserId,
    repo: &repository::Model,
    owner: &user::Model,
    receivers: Vec<i64>,
) -> Result<Vec<i64>> {
    let people: Vec<user::Model> = user::Entity::find()
        .filter(user::Column::Id.is_in(receivers.iter().copied()))
        .all(connection)
        .await
        .classify()?;
    let is_open = !repo.is_private && owner.visible_to() != Visibility::Private;
    let always = |id: i64| id == actor.0 || id == owner.id;
    let unsure: Vec<i64> = people
        .iter()
        .filter(|person| !always(person.id) && !person.is_admin && (!is_open || person.is_restricted))
        .map(|person| person.id)
        .collect();
    if unsure.is_empty() {
        return Ok(receivers);
    }
    let allowed = list_granted(connection, repo, owner, &unsure).await?;
    Ok(receivers.into_iter().filter(|id| !unsure.contains(id) || allowed.contains(id)).collect())
}

/// Those of `people` who were granted the code: by a row of `access`, and in an organisation by a team with that unit.
async fn list_granted(
    connection: &impl ConnectionTrait,
    repo: &repository::Model,
    owner: &user::Model,
    people: &[i64],
) -> Result<Vec<i64>> {
    let granted: Vec<i64> = access::Entity::find()
        .filter(access::Column::RepoId.eq(repo.id))
        .filter(access::Column::UserId.is_in(people.iter().copied()))
        .filter(access::Column::Mode.gte(AccessMode::Read.number()))
        .all(connection)
        .await
        .classify()?
        .into_iter()
        .map(|row| row.user_id)
        .collect();
    if !owner.is_organization() {
        return Ok(granted);
    }
    let mut by_unit: Vec<i64> = collaboration::Entity::find()
        .filter(collaboration::Column::RepoId.eq(repo.id))
        .filter(collaboration::Column::Mode.gte(AccessMode::Read.number()))
        .all(connection)
        .await
        .classify()?
        .into_iter()
        .map(|row| row.user_id)
        .collect();
    let teams_with_code = team_unit::Entity::find()
        .select_only()
        .column(team_unit::Column::TeamId)
        .filter(team_unit::Column::OrgId.eq(owner.id))
        .filter(team_unit::Column::Kind.eq(Unit::Code.number()))
        .filter(team_unit::Column::AccessMode.gte(AccessMode::Read.number()));
    let by_teams: Vec<i64> = team_user::Entity::find()
        .select_only()
        .column(team_user::Column::Uid)
        .join(
            JoinType::InnerJoin,
            team_user::Entity::belongs_to(team_repo::Entity)
                .from(team_user::Column::TeamId)
                .to(team_repo::Column::TeamId)
                .into(),
        )
        .join(
            JoinType::InnerJoin,
            team_user::Entity::belongs_to(team::Entity)
                .from(team_user::Column::TeamId)
                .to(team::Column::Id)
                .into(),
        )
        .filter(team_repo::Column::RepoId.eq(repo.id))
        .filter(
            sea_orm::Condition::any()
                .add(team::Column::Authorize.gte(AccessMode::Admin.number()))
                .add(team::Column::Id.in_subquery(sea_orm::QueryTrait::into_query(teams_with_code))),
        )
        .into_tuple()
        .all(connection)
        .await
        .classify()?;
    by_unit.extend(by_teams);
    Ok(granted.into_iter().filter(|id| by_unit.contains(id)).collect())
}

/// Writes one row for each receiver.
pub async fn insert(connection: &impl ConnectionTrait, receivers: &[i64], row: &action::Model) -> Result<()> {
    for batch in receivers.chunks(500) {
        let rows = batch.iter().map(|&user_id| action::Model { user_id, ..row.clone() }.into_new());
        action::Entity::insert_many(rows).exec_without_returning(connection).await.classify()?;
    }
    Ok(())
}

/// Lets a person watch what they pushed to, unless they ever decided about it. True if they did not watch before.
pub async fn watch_after_push(
    connection: &impl ConnectionTrait,
    person: UserId,
    repo: RepoId,
    now: oolong_core::UnixSeconds,
) -> Result<bool> {
    use watch::Column;
    let known = watch::Entity::find()
        .filter(Column::UserId.eq(person.0))
        .filter(Column::RepoId.eq(repo.0))
        .one(connection)
        .await
        .classify()?;
    if known.is_some() {
        return Ok(false);
    }
    let row = watch::Model {
        user_id: person.0,
        repo_id: repo.0,
        mode: WATCH_AUTOMATIC,
        created_unix: now.0,
        updated_unix: now.0,
        ..Default::default()
    };
    watch::Entity::insert(row.into_new()).exec_without_returning(connection).await.classify()?;
    Ok(true)
}
