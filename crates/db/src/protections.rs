//! The rules that guard branches and tags: `protected_branch` and `protected_tag`.

use oolong_core::{OrgId, RepoId, Result, UserId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::Classify;
use crate::entity::{protected_branch, protected_tag, team_user};

/// The branch rules of a repository, in the order of their priority and age.
pub async fn list_branch_rules(
    connection: &impl ConnectionTrait,
    repo: RepoId,
) -> Result<Vec<protected_branch::Model>> {
    protected_branch::Entity::find()
        .filter(protected_branch::Column::RepoId.eq(repo.0))
        .order_by_asc(protected_branch::Column::Priority)
        .order_by_asc(protected_branch::Column::CreatedUnix)
        .order_by_asc(protected_branch::Column::Id)
        .all(connection)
        .await
        .classify()
}

/// The tag rules of a repository.
pub async fn list_tag_rules(
    connection: &impl ConnectionTrait,
    repo: RepoId,
) -> Result<Vec<protected_tag::Model>> {
    protected_tag::Entity::find()
        .filter(protected_tag::Column::RepoId.eq(repo.0))
        .order_by_asc(protected_tag::Column::Id)
        .all(connection)
        .await
        .classify()
}

/// The teams of an organisation that a person is in: rules name teams by id.
pub async fn list_team_ids(connection: &impl ConnectionTrait, org: OrgId, user: UserId) -> Result<Vec<i64>> {
    team_user::Entity::find()
        .select_only()
        .column(team_user::Column::TeamId)
        .filter(team_user::Column::OrgId.eq(org.0))
        .filter(team_user::Column::Uid.eq(user.0))
        .into_tuple()
        .all(connection)
        .await
        .classify()
}

/// Renames the rule that is called exactly like a branch that was renamed.
pub async fn rename_branch_rule(
    connection: &impl ConnectionTrait,
    repo: RepoId,
    from: &str,
    to: &str,
) -> Result<()> {
    protected_branch::Entity::update_many()
        .col_expr(protected_branch::Column::BranchName, sea_orm::sea_query::Expr::val(to))
        .filter(protected_branch::Column::RepoId.eq(repo.0))
        .filter(protected_branch::Column::BranchName.eq(from))
        .exec(connection)
        .await
        .classify()?;
    Ok(())
}
