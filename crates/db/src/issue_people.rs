//! People at issues, as far as their rights to the repository matter: assignees and watchers.

use oolong_core::Result;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query};

use crate::Classify;

/// Takes a person from the assignees and watchers of every issue of these repositories.
pub async fn forget(connection: &impl ConnectionTrait, user: i64, repos: &[i64]) -> Result<()> {
    for (table, column) in [("issue_assignees", "assignee_id"), ("issue_watch", "user_id")] {
        let issues = Query::select()
            .column(Alias::new("id"))
            .from(Alias::new("issue"))
            .and_where(Expr::col(Alias::new("repo_id")).is_in(repos.iter().copied()))
            .to_owned();
        let statement = Query::delete()
            .from_table(Alias::new(table))
            .and_where(Expr::col(Alias::new(column)).eq(user))
            .and_where(Expr::col(Alias::new("issue_id")).in_subquery(issues))
            .to_owned();
        connection.execute(&statement).await.classify()?;
    }
    Ok(())
}
