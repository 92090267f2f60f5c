//! Teams of organisations: `team`, `team_user`, `team_repo`, `team_unit`.

use oolong_core::{OrgId, Page, RepoId, Result, TeamId, UserId, Visibility};
use sea_orm::sea_query::{Expr, ExprTrait as _, Func};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationDef, Select,
};

use crate::Classify;
use crate::entity::{repository, team, team_repo, team_unit, team_user, user};
use crate::organisations::OWNERS;

impl team::Model {
    /// The typed id.
    pub fn team_id(&self) -> TeamId {
        TeamId(self.id)
    }

    /// The organisation.
    pub fn org(&self) -> OrgId {
        OrgId(self.org_id)
    }

    /// Whether this is the team of owners; Gitea knows it by its name.
    pub fn is_owners(&self) -> bool {
        self.name == OWNERS
    }

    /// Who may know of the team.
    pub fn visible_to(&self) -> Visibility {
        Visibility::from_number(self.visibility)
    }
}

/// The team with this id.
pub async fn find(connection: &impl ConnectionTrait, id: TeamId) -> Result<Option<team::Model>> {
    team::Entity::find_by_id(id.0).one(connection).await.classify()
}

/// The team with this name, in any case.
pub async fn find_by_name(
    connection: &impl ConnectionTrait,
    org: OrgId,
    name: &str,
) -> Result<Option<team::Model>> {
    team::Entity::find()
        .filter(team::Column::OrgId.eq(org.0))
        .filter(team::Column::LowerName.eq(name.to_lowercase()))
        .one(connection)
        .await
        .classify()
}

/// Which teams are listed.
#[derive(Clone, Debug, Default)]
pub struct TeamFilter {
    /// Of this organisation.
    pub org: Option<OrgId>,
    /// Those that this person is in.
    pub member: Option<UserId>,
    /// Besides those of `member`, every team that is visible up to this.
    pub or_visible_up_to: Option<Visibility>,
    /// With this text in the name.
    pub keyword: String,
    /// Or in the description.
    pub in_description: bool,
}

/// A page of teams, the owners first and the others by name, and how many there are.
pub async fn list(
    connection: &impl ConnectionTrait,
    filter: &TeamFilter,
    page: Page,
) -> Result<(Vec<team::Model>, u64)> {
    let mut conditions = Condition::all();
    if let Some(org) = filter.org {
        conditions = conditions.add(team::Column::OrgId.eq(org.0));
    }
    if let Some(member) = filter.member {
        let of_member = team_user::Entity::find()
            .select_only()
            .column(team_user::Column::TeamId)
            .filter(team_user::Column::Uid.eq(member.0))
            .into_query();
        let mut shown = Condition::any().add(team::Column::Id.in_subquery(of_member));
        if let Some(visibility) = filter.or_visible_up_to {
            shown = shown.add(team::Column::Visibility.lte(visibility.number()));
        }
        conditions = conditions.add(shown);
    }
    if !filter.keyword.is_empty() {
        let keyword = filter.keyword.to_lowercase();
        let mut found = Condition::any().add(team::Column::LowerName.contains(&keyword));
        if filter.in_description {
            found = found.add(
                Expr::expr(Func::lower(Expr::col(team::Column::Description))).like(format!("%{keyword}%")),
            );
        }
        conditions = conditions.add(found);
    }
    let query = team::Entity::find().filter(conditions);
    let total = query.clone().count(connection).await.classify()?;
    let rows =
        owners_first(query).offset(page.offset()).limit(page.limit).all(connection).await.classify()?;
    Ok((rows, total))
}

fn owners_first(query: Select<team::Entity>) -> Select<team::Entity> {
    let key: Expr = Expr::case(team::Column::Name.eq(OWNERS), "")
        .finally(Expr::col((team::Entity, team::Column::LowerName)))
        .into();
    query.order_by_asc(key).order_by_asc(team::Column::Id)
}

/// The teams that reach a repository of an organisation.
pub async fn list_of_repo(
    connection: &impl ConnectionTrait,
    org: OrgId,
    repo: RepoId,
) -> Result<Vec<team::Model>> {
    let reaching = team_repo::Entity::find()
        .select_only()
        .column(team_repo::Column::TeamId)
        .filter(team_repo::Column::RepoId.eq(repo.0))
        .into_query();
    let query = team::Entity::find()
        .filter(team::Column::OrgId.eq(org.0))
        .filter(team::Column::Id.in_subquery(reaching));
    owners_first(query).all(connection).await.classify()
}

/// The teams of an organisation that a person is in.
pub async fn list_of_member(
    connection: &impl ConnectionTrait,
    org: OrgId,
    user: UserId,
) -> Result<Vec<team::Model>> {
    let of_member = team_user::Entity::find()
        .select_only()
        .column(team_user::Column::TeamId)
        .filter(team_user::Column::OrgId.eq(org.0))
        .filter(team_user::Column::Uid.eq(user.0))
        .into_query();
    team::Entity::find()
        .filter(team::Column::OrgId.eq(org.0))
        .filter(team::Column::Id.in_subquery(of_member))
        .all(connection)
        .await
        .classify()
}

/// The teams of an organisation that reach every repository, the owners among them.
pub async fn list_including_all(connection: &impl ConnectionTrait, org: OrgId) -> Result<Vec<team::Model>> {
    let everything = Condition::any()
        .add(team::Column::IncludesAllRepositories.eq(true))
        .add(team::Column::Name.eq(OWNERS));
    team::Entity::find()
        .filter(team::Column::OrgId.eq(org.0))
        .filter(everything)
        .all(connection)
        .await
        .classify()
}

/// Inserts a team.
pub async fn insert(connection: &impl ConnectionTrait, row: team::Model) -> Result<team::Model> {
    row.into_new().insert(connection).await.classify()
}

/// Changes some columns of a team.
pub async fn update(connection: &impl ConnectionTrait, changes: team::ActiveModel) -> Result<team::Model> {
    team::Entity::update(changes).exec(connection).await.classify()
}

/// Adds to a counter of a team.
pub async fn add_to_counter(
    connection: &impl ConnectionTrait,
    team: TeamId,
    counter: team::Column,
    difference: i32,
) -> Result<()> {
    team::Entity::update_many()
        .col_expr(counter, Expr::col(counter).add(difference))
        .filter(team::Column::Id.eq(team.0))
        .exec(connection)
        .await
        .classify()?;
    Ok(())
}

/// Deletes a team with its units, members, repositories and invitations.
pub async fn delete(connection: &impl ConnectionTrait, team: TeamId) -> Result<()> {
    team_unit::Entity::delete_many()
        .filter(team_unit::Column::TeamId.eq(team.0))
        .exec(connection)
        .await
        .classify()?;
    team_user::Entity::delete_many()
        .filter(team_user::Column::TeamId.eq(team.0))
        .exec(connection)
        .await
        .classify()?;
    team_repo::Entity::delete_many()
        .filter(team_repo::Column::TeamId.eq(team.0))
        .exec(connection)
        .await
        .classify()?;
    crate::rows::delete_by_id(connection, "team_invite", "team_id", team.0).await?;
    team::Entity::delete_by_id(team.0).exec(connection).await.classify()?;
    Ok(())
}

/// Replaces what a team may do with each unit.
pub async fn replace_units(
    connection: &impl ConnectionTrait,
    team: TeamId,
    rows: Vec<team_unit::Model>,
) -> Result<()> {
    team_unit::Entity::delete_many()
        .filter(team_unit::Column::TeamId.eq(team.0))
        .exec(connection)
        .await
        .classify()?;
    if !rows.is_empty() {
        let rows = rows.into_iter().map(team_unit::Model::into_new);
        team_unit::Entity::insert_many(rows).exec_without_returning(connection).await.classify()?;
    }
    Ok(())
}

/// Whether a person is in a team.
pub async fn is_member(connection: &impl ConnectionTrait, team: TeamId, user: UserId) -> Result<bool> {
    let count = team_user::Entity::find()
        .filter(team_user::Column::TeamId.eq(team.0))
        .filter(team_user::Column::Uid.eq(user.0))
        .count(connection)
        .await
        .classify()?;
    Ok(count > 0)
}

/// How many people are in a team.
pub async fn count_members(connection: &impl ConnectionTrait, team: TeamId) -> Result<u64> {
    team_user::Entity::find().filter(team_user::Column::TeamId.eq(team.0)).count(connection).await.classify()
}

/// A page of a team's members by name, and how many there are.
pub async fn list_members(
    connection: &impl ConnectionTrait,
    team: TeamId,
    page: Page,
) -> Result<(Vec<user::Model>, u64)> {
    let of_team = team_user::Entity::find()
        .select_only()
        .column(team_user::Column::Uid)
        .filter(team_user::Column::TeamId.eq(team.0))
        .into_query();
    let query = user::Entity::find().filter(user::Column::Id.in_subquery(of_team));
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

/// The ids of a team's members.
pub async fn list_member_ids(connection: &impl ConnectionTrait, team: TeamId) -> Result<Vec<i64>> {
    team_user::Entity::find()
        .select_only()
        .column(team_user::Column::Uid)
        .filter(team_user::Column::TeamId.eq(team.0))
        .into_tuple()
        .all(connection)
        .await
        .classify()
}

/// Inserts a membership.
pub async fn insert_member(connection: &impl ConnectionTrait, row: team_user::Model) -> Result<()> {
    row.into_new().insert(connection).await.classify()?;
    Ok(())
}

/// Deletes a membership; whether there was one.
pub async fn delete_member(connection: &impl ConnectionTrait, team: TeamId, user: UserId) -> Result<bool> {
    let deleted = team_user::Entity::delete_many()
        .filter(team_user::Column::TeamId.eq(team.0))
        .filter(team_user::Column::Uid.eq(user.0))
        .exec(connection)
        .await
        .classify()?;
    Ok(deleted.rows_affected > 0)
}

fn repo_of() -> RelationDef {
    team_repo::Entity::belongs_to(repository::Entity)
        .from(team_repo::Column::RepoId)
        .to(repository::Column::Id)
        .into()
}

/// The repositories that a team reaches, by name.
pub async fn list_repos(connection: &impl ConnectionTrait, team: TeamId) -> Result<Vec<repository::Model>> {
    let of_team = team_repo::Entity::find()
        .select_only()
        .column(team_repo::Column::RepoId)
        .filter(team_repo::Column::TeamId.eq(team.0))
        .into_query();
    repository::Entity::find()
        .filter(repository::Column::Id.in_subquery(of_team))
        .order_by_asc(repository::Column::Name)
        .all(connection)
        .await
        .classify()
}

/// Whether a team reaches a repository.
pub async fn has_repo(connection: &impl ConnectionTrait, team: TeamId, repo: RepoId) -> Result<bool> {
    let count = team_repo::Entity::find()
        .join(JoinType::InnerJoin, repo_of())
        .filter(team_repo::Column::TeamId.eq(team.0))
        .filter(team_repo::Column::RepoId.eq(repo.0))
        .count(connection)
        .await
        .classify()?;
    Ok(count > 0)
}

/// Lets a team reach repositories that it does not reach yet.
pub async fn insert_repos(connection: &impl ConnectionTrait, rows: Vec<team_repo::Model>) -> Result<()> {
    for rows in rows.chunks(500) {
        let rows = rows.iter().cloned().map(team_repo::Model::into_new);
        team_repo::Entity::insert_many(rows).exec_without_returning(connection).await.classify()?;
    }
    Ok(())
}

/// Takes a repository from a team; whether the team reached it.
pub async fn delete_repo(connection: &impl ConnectionTrait, team: TeamId, repo: RepoId) -> Result<bool> {
    let deleted = team_repo::Entity::delete_many()
        .filter(team_repo::Column::TeamId.eq(team.0))
        .filter(team_repo::Column::RepoId.eq(repo.0))
        .exec(connection)
        .await
        .classify()?;
    Ok(deleted.rows_affected > 0)
}
