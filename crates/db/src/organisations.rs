//! Organisations and who belongs to them: rows of `user` with the type 1, and `org_user`. Teams are in [`crate::teams`].

use oolong_core::{OrgId, Page, RepoId, Result, TeamId, UserId, Visibility};
use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
};

use crate::Classify;
use crate::entity::{org_user, team, team_repo, team_unit, team_user, user};
use crate::users::Kind;

/// The name of the team of owners; Gitea knows it by this and nothing else.
pub const OWNERS: &str = "Owners";

/// Whether a person belongs to an organisation.
pub async fn is_member(connection: &impl ConnectionTrait, org: OrgId, user: UserId) -> Result<bool> {
    let count = org_user::Entity::find()
        .filter(org_user::Column::OrgId.eq(org.0))
        .filter(org_user::Column::Uid.eq(user.0))
        .count(connection)
        .await
        .classify()?;
    Ok(count > 0)
}

/// The teams of an organisation that a person is in and that reach a repository.
pub async fn list_teams_with_repo(
    connection: &impl ConnectionTrait,
    org: OrgId,
    user: UserId,
    repo: RepoId,
) -> Result<Vec<team::Model>> {
    let of_user = team_user::Entity::find()
        .select_only()
        .column(team_user::Column::TeamId)
        .filter(team_user::Column::OrgId.eq(org.0))
        .filter(team_user::Column::Uid.eq(user.0))
        .into_query();
    let of_repo = team_repo::Entity::find()
        .select_only()
        .column(team_repo::Column::TeamId)
        .filter(team_repo::Column::OrgId.eq(org.0))
        .filter(team_repo::Column::RepoId.eq(repo.0))
        .into_query();
    team::Entity::find()
        .filter(team::Column::OrgId.eq(org.0))
        .filter(team::Column::Id.in_subquery(of_user))
        .filter(team::Column::Id.in_subquery(of_repo))
        .all(connection)
        .await
        .classify()
}

/// What these teams may do with each unit.
pub async fn list_team_units(
    connection: &impl ConnectionTrait,
    teams: impl IntoIterator<Item = i64>,
) -> Result<Vec<team_unit::Model>> {
    team_unit::Entity::find().filter(team_unit::Column::TeamId.is_in(teams)).all(connection).await.classify()
}

/// The ids of the repositories that a team reaches.
pub async fn list_team_repo_ids(connection: &impl ConnectionTrait, team: TeamId) -> Result<Vec<i64>> {
    team_repo::Entity::find()
        .select_only()
        .column(team_repo::Column::RepoId)
        .filter(team_repo::Column::TeamId.eq(team.0))
        .into_tuple()
        .all(connection)
        .await
        .classify()
}

/// Whether a person is in a team that may make repositories in an organisation.
pub async fn may_create_repositories(
    connection: &impl ConnectionTrait,
    org: &user::Model,
    user: UserId,
) -> Result<bool> {
    let of_user = team_user::Entity::find()
        .select_only()
        .column(team_user::Column::TeamId)
        .filter(team_user::Column::OrgId.eq(org.id))
        .filter(team_user::Column::Uid.eq(user.0))
        .into_query();
    let teams = team::Entity::find()
        .filter(team::Column::OrgId.eq(org.id))
        .filter(team::Column::CanCreateOrgRepo.eq(true))
        .filter(team::Column::Id.in_subquery(of_user))
        .count(connection)
        .await
        .classify()?;
    Ok(teams > 0)
}

/// How a person belongs to an organisation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Membership {
    /// Whether they are in any team.
    pub is_member: bool,
    /// Whether they are in the team of owners.
    pub is_owner: bool,
}

/// How a person belongs to an organisation.
pub async fn membership(connection: &impl ConnectionTrait, org: OrgId, user: UserId) -> Result<Membership> {
    if !is_member(connection, org, user).await? {
        return Ok(Membership::default());
    }
    let owners = team::Entity::find()
        .select_only()
        .column(team::Column::Id)
        .filter(team::Column::OrgId.eq(org.0))
        .filter(team::Column::Name.eq(OWNERS))
        .into_query();
    let count = team_user::Entity::find()
        .filter(team_user::Column::OrgId.eq(org.0))
        .filter(team_user::Column::Uid.eq(user.0))
        .filter(team_user::Column::TeamId.in_subquery(owners))
        .count(connection)
        .await
        .classify()?;
    Ok(Membership { is_member: true, is_owner: count > 0 })
}

/// The row of a membership.
pub async fn find_member(
    connection: &impl ConnectionTrait,
    org: OrgId,
    user: UserId,
) -> Result<Option<org_user::Model>> {
    org_user::Entity::find()
        .filter(org_user::Column::OrgId.eq(org.0))
        .filter(org_user::Column::Uid.eq(user.0))
        .one(connection)
        .await
        .classify()
}

/// A page of the members in the order in which they joined, and how many there are.
pub async fn list_members(
    connection: &impl ConnectionTrait,
    org: OrgId,
    only_public: bool,
    page: Page,
) -> Result<(Vec<user::Model>, u64)> {
    let query = org_user::Entity::find().filter(org_user::Column::OrgId.eq(org.0));
    let query = if only_public { query.filter(org_user::Column::IsPublic.eq(true)) } else { query };
    let total = query.clone().count(connection).await.classify()?;
    let ids: Vec<i64> = query
        .select_only()
        .column(org_user::Column::Uid)
        .order_by_asc(org_user::Column::Id)
        .offset(page.offset())
        .limit(page.limit)
        .into_tuple()
        .all(connection)
        .await
        .classify()?;
    let members = user::Entity::find()
        .filter(user::Column::Id.is_in(ids))
        .order_by_asc(user::Column::Name)
        .all(connection)
        .await
        .classify()?;
    Ok((members, total))
}

/// Inserts a membership.
pub async fn insert_member(connection: &impl ConnectionTrait, row: org_user::Model) -> Result<()> {
    row.into_new().insert(connection).await.classify()?;
    Ok(())
}

/// Shows or hides a membership; nothing happens where there is none.
pub async fn set_member_public(
    connection: &impl ConnectionTrait,
    org: OrgId,
    user: UserId,
    is_public: bool,
) -> Result<()> {
    org_user::Entity::update_many()
        .col_expr(org_user::Column::IsPublic, Expr::value(is_public))
        .filter(org_user::Column::OrgId.eq(org.0))
        .filter(org_user::Column::Uid.eq(user.0))
        .exec(connection)
        .await
        .classify()?;
    Ok(())
}

/// Deletes a membership; whether there was one.
pub async fn delete_member(connection: &impl ConnectionTrait, org: OrgId, user: UserId) -> Result<bool> {
    let deleted = org_user::Entity::delete_many()
        .filter(org_user::Column::OrgId.eq(org.0))
        .filter(org_user::Column::Uid.eq(user.0))
        .exec(connection)
        .await
        .classify()?;
    Ok(deleted.rows_affected > 0)
}

fn all() -> Select<user::Entity> {
    user::Entity::find().filter(user::Column::Kind.eq(Kind::Organization.number()))
}

fn ids_of_member(user: UserId, only_public: bool) -> SelectStatement {
    let query = org_user::Entity::find()
        .select_only()
        .column(org_user::Column::OrgId)
        .filter(org_user::Column::Uid.eq(user.0));
    let query = if only_public { query.filter(org_user::Column::IsPublic.eq(true)) } else { query };
    query.into_query()
}

async fn page_by_name(
    connection: &impl ConnectionTrait,
    query: Select<user::Entity>,
    page: Page,
) -> Result<(Vec<user::Model>, u64)> {
    let total = query.clone().count(connection).await.classify()?;
    let rows = query
        .order_by_asc(user::Column::Name)
        .offset(page.offset())
        .limit(page.limit)
        .all(connection)
        .await
        .classify()?;
    Ok((rows, total))
}

/// Which organisations somebody may see in lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The most hidden visibility that is shown.
    pub up_to: Visibility,
    /// Only organisations that this person belongs to: the view of restricted people.
    pub only_of: Option<UserId>,
}

/// A page of the organisations by name, and how many there are.
pub async fn list(
    connection: &impl ConnectionTrait,
    seen: Seen,
    page: Page,
) -> Result<(Vec<user::Model>, u64)> {
    let query = all().filter(user::Column::Visibility.lte(seen.up_to.number()));
    let query = match seen.only_of {
        Some(user) => query.filter(user::Column::Id.in_subquery(ids_of_member(user, false))),
        None => query,
    };
    page_by_name(connection, query, page).await
}

/// A page of the organisations that a person belongs to. With concealed memberships only for the person and site
/// administrators.
pub async fn list_of_member(
    connection: &impl ConnectionTrait,
    user: UserId,
    with_concealed: bool,
    up_to: Visibility,
    page: Page,
) -> Result<(Vec<user::Model>, u64)> {
    let query = all()
        .filter(user::Column::Id.in_subquery(ids_of_member(user, !with_concealed)))
        .filter(user::Column::Visibility.lte(up_to.number()));
    page_by_name(connection, query, page).await
}

/// The people in a team, in the order they joined.
pub async fn list_team_member_ids(connection: &impl ConnectionTrait, team: TeamId) -> Result<Vec<i64>> {
    let rows = team_user::Entity::find()
        .filter(team_user::Column::TeamId.eq(team.0))
        .order_by_asc(team_user::Column::Id)
        .all(connection)
        .await
        .classify()?;
    Ok(rows.into_iter().map(|row| row.uid).collect())
}
