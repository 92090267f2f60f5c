//! Deleting a repository with everything that belongs to it.

use oolong_core::{RepoId, Result};
use oolong_db::entity::{public_key, repo_topic, repository, team, team_repo, topic, user};
use oolong_db::sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query, SelectStatement};
use oolong_db::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use oolong_db::{Classify, deploy_keys};

use crate::Forge;
use crate::repository_rename::{self, Place};
use crate::repository_visibility::clear_stars;

/// Tables whose rows belong to an issue, and so to the issue's repository.
const OF_ISSUES: [&str; 12] = [
    "comment",
    "issue_assignees",
    "issue_content_history",
    "issue_dependency",
    "issue_label",
    "issue_user",
    "issue_watch",
    "project_issue",
    "reaction",
    "review",
    "stopwatch",
    "tracked_time",
];

/// Tables whose rows belong to a repository, by `repo_id`.
const OF_REPOSITORIES: [&str; 48] = [
    "access",
    "action",
    "action_artifact",
    "action_run",
    "action_run_attempt",
    "action_run_job",
    "action_run_job_summary",
    "action_runner",
    "action_runner_token",
    "action_schedule",
    "action_schedule_spec",
    "action_task",
    "action_task_step",
    "action_tasks_version",
    "action_variable",
    "attachment",
    "branch",
    "collaboration",
    "commit_status",
    "commit_status_index",
    "commit_status_summary",
    "deploy_key",
    "issue",
    "issue_pin",
    "label",
    "language_stat",
    "lfs_lock",
    "milestone",
    "mirror",
    "notification",
    "project",
    "protected_branch",
    "protected_tag",
    "push_mirror",
    "release",
    "renamed_branch",
    "repo_archiver",
    "repo_indexer_status",
    "repo_license",
    "repo_topic",
    "repo_transfer",
    "repo_unit",
    "secret",
    "star",
    "task",
    "team_repo",
    "watch",
    "webhook",
];

/// Tables that hand out numbers, by `group_id`.
const OF_NUMBERS: [&str; 2] = ["issue_index", "action_run_index"];

/// Deletes a repository. Its forks become repositories of their own, packages lose their link, and folders go last.
pub async fn delete(forge: &Forge, repo: &repository::Model, owner: &user::Model) -> Result<()> {
    let transaction = forge.db.begin().await?;
    delete_rows(&transaction, repo).await?;
    transaction.commit().await.classify()?;
    repository_rename::delete_folders(Place::of(forge, owner, &repo.lower_name)?).await
}

async fn delete_rows(connection: &impl ConnectionTrait, repo: &repository::Model) -> Result<()> {
    clear_stars(connection, repo.id).await?;
    release_keys(connection, repo).await?;
    count_down(connection, repo).await?;
    for table in OF_ISSUES {
        delete_where(connection, table, Expr::col(Alias::new("issue_id")).in_subquery(issues(repo.id)))
            .await?;
    }
    delete_where(
        connection,
        "issue_dependency",
        Expr::col(Alias::new("dependency_id")).in_subquery(issues(repo.id)),
    )
    .await?;
    let pulls = Expr::col(Alias::new("base_repo_id")).eq(repo.id);
    delete_where(connection, "pull_request", pulls).await?;
    for table in OF_REPOSITORIES {
        delete_where(connection, table, Expr::col(Alias::new("repo_id")).eq(repo.id)).await?;
    }
    for table in OF_NUMBERS {
        delete_where(connection, table, Expr::col(Alias::new("group_id")).eq(repo.id)).await?;
    }
    delete_where(connection, "lfs_meta_object", Expr::col(Alias::new("repository_id")).eq(repo.id)).await?;
    delete_where(connection, "repo_redirect", Expr::col(Alias::new("redirect_repo_id")).eq(repo.id)).await?;
    set_null_link(connection, "package", "repo_id", repo.id).await?;
    repository::Entity::update_many()
        .col_expr(repository::Column::ForkId, Expr::value(0))
        .col_expr(repository::Column::IsFork, Expr::value(false))
        .filter(repository::Column::ForkId.eq(repo.id))
        .exec(connection)
        .await
        .classify()?;
    repository::Entity::delete_by_id(repo.id).exec(connection).await.classify()?;
    Ok(())
}

fn issues(repo: i64) -> SelectStatement {
    Query::select()
        .column(Alias::new("id"))
        .from(Alias::new("issue"))
        .and_where(Expr::col(Alias::new("repo_id")).eq(repo))
        .to_owned()
}

async fn delete_where(connection: &impl ConnectionTrait, table: &'static str, condition: Expr) -> Result<()> {
    let statement = Query::delete().from_table(Alias::new(table)).and_where(condition).to_owned();
    connection.execute(&statement).await.classify()?;
    Ok(())
}

async fn set_null_link(
    connection: &impl ConnectionTrait,
    table: &'static str,
    column: &'static str,
    repo: i64,
) -> Result<()> {
    let statement = Query::update()
        .table(Alias::new(table))
        .value(Alias::new(column), 0)
        .and_where(Expr::col(Alias::new(column)).eq(repo))
        .to_owned();
    connection.execute(&statement).await.classify()?;
    Ok(())
}

/// Keys that opened only this repository go with it.
async fn release_keys(connection: &impl ConnectionTrait, repo: &repository::Model) -> Result<()> {
    let unused = deploy_keys::list_only_of(connection, RepoId(repo.id)).await?;
    if !unused.is_empty() {
        public_key::Entity::delete_many()
            .filter(public_key::Column::Id.is_in(unused))
            .exec(connection)
            .await
            .classify()?;
    }
    Ok(())
}

/// The owner, the teams, the topics and the original have one repository less.
async fn count_down(connection: &impl ConnectionTrait, repo: &repository::Model) -> Result<()> {
    user::Entity::update_many()
        .col_expr(user::Column::NumRepos, Expr::col(user::Column::NumRepos).sub(1))
        .filter(user::Column::Id.eq(repo.owner_id))
        .filter(user::Column::NumRepos.gt(0))
        .exec(connection)
        .await
        .classify()?;
    let teams = Query::select()
        .column(team_repo::Column::TeamId)
        .from(team_repo::Entity)
        .and_where(team_repo::Column::RepoId.eq(repo.id))
        .to_owned();
    team::Entity::update_many()
        .col_expr(team::Column::NumRepos, Expr::col(team::Column::NumRepos).sub(1))
        .filter(team::Column::Id.in_subquery(teams))
        .exec(connection)
        .await
        .classify()?;
    let topics = Query::select()
        .column(repo_topic::Column::TopicId)
        .from(repo_topic::Entity)
        .and_where(repo_topic::Column::RepoId.eq(repo.id))
        .to_owned();
    topic::Entity::update_many()
        .col_expr(topic::Column::RepoCount, Expr::col(topic::Column::RepoCount).sub(1))
        .filter(topic::Column::Id.in_subquery(topics))
        .exec(connection)
        .await
        .classify()?;
    if repo.is_fork {
        repository::Entity::update_many()
            .col_expr(repository::Column::NumForks, Expr::col(repository::Column::NumForks).sub(1))
            .filter(repository::Column::Id.eq(repo.fork_id))
            .filter(repository::Column::NumForks.gt(0))
            .exec(connection)
            .await
            .classify()?;
    }
    Ok(())
}
