//! Everything that the database knows about an account, for the day it is deleted. The account's repositories and
//! organisations are gone by then; what it did in those of others stays, under the name of a ghost.

use oolong_core::{Result, UserId};
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{ConnectionTrait, EntityTrait};

use crate::Classify;
use crate::entity::user;
use crate::rows::delete_by_id;

/// Tables whose rows belong to an account, with the column that says so.
const BELONGINGS: [(&str, &str); 38] = [
    ("access", "user_id"),
    ("access_token", "uid"),
    ("action", "user_id"),
    ("action_runner", "owner_id"),
    ("action_runner_token", "owner_id"),
    ("action_variable", "owner_id"),
    ("auth_token", "user_id"),
    ("collaboration", "user_id"),
    ("email_address", "uid"),
    ("external_login_user", "user_id"),
    ("follow", "follow_id"),
    ("follow", "user_id"),
    ("gpg_key", "owner_id"),
    ("issue_assignees", "assignee_id"),
    ("issue_user", "uid"),
    ("issue_watch", "user_id"),
    ("notification", "user_id"),
    ("oauth2_application", "uid"),
    ("oauth2_grant", "user_id"),
    ("org_user", "uid"),
    ("package_cleanup_rule", "owner_id"),
    ("public_key", "owner_id"),
    ("pull_auto_merge", "doer_id"),
    ("reaction", "user_id"),
    ("repo_redirect", "owner_id"),
    ("repo_transfer", "recipient_id"),
    ("review_state", "user_id"),
    ("secret", "owner_id"),
    ("star", "uid"),
    ("stopwatch", "user_id"),
    ("team_user", "uid"),
    ("two_factor", "uid"),
    ("user_badge", "user_id"),
    ("user_blocking", "blockee_id"),
    ("user_blocking", "blocker_id"),
    ("user_open_id", "uid"),
    ("user_redirect", "redirect_user_id"),
    ("watch", "user_id"),
];

/// More of the same, kept apart because the account is named under another word or the table is not always in use.
const CREDENTIALS: [(&str, &str); 3] =
    [("webauthn_credential", "user_id"), ("user_setting", "user_id"), ("webhook", "owner_id")];

/// Deletes an account with every row that belongs to it, and corrects the counters that counted it.
pub async fn delete(connection: &impl ConnectionTrait, account: UserId) -> Result<()> {
    correct_counters(connection, account.0).await?;
    delete_indirect(connection, account.0).await?;
    for (table, column) in BELONGINGS.into_iter().chain(CREDENTIALS) {
        delete_by_id(connection, table, column, account.0).await?;
    }
    user::Entity::delete_by_id(account.0).exec(connection).await.classify()?;
    Ok(())
}

async fn correct_counters(connection: &impl ConnectionTrait, account: i64) -> Result<()> {
    let watched = select("repo_id", "watch", "user_id", account)
        .and_where(Expr::col(Alias::new("mode")).is_in([1, 3]))
        .to_owned();
    let counted = [
        ("repository", "num_watches", watched),
        ("repository", "num_stars", select("repo_id", "star", "uid", account)),
        ("user", "num_followers", select("follow_id", "follow", "user_id", account)),
        ("user", "num_following", select("user_id", "follow", "follow_id", account)),
    ];
    for (table, counter, ids) in counted {
        let counter = Alias::new(counter);
        let statement = Query::update()
            .table(Alias::new(table))
            .value(counter.clone(), Expr::col(counter).sub(1))
            .and_where(Expr::col(Alias::new("id")).in_subquery(ids))
            .to_owned();
        connection.execute(&statement).await.classify()?;
    }
    Ok(())
}

/// Rows that belong to rows that belong to the account.
async fn delete_indirect(connection: &impl ConnectionTrait, account: i64) -> Result<()> {
    let applications = || select("id", "oauth2_application", "uid", account);
    let grants = Query::select()
        .column(Alias::new("id"))
        .from(Alias::new("oauth2_grant"))
        .cond_where(
            Condition::any()
                .add(Expr::col(Alias::new("user_id")).eq(account))
                .add(Expr::col(Alias::new("application_id")).in_subquery(applications())),
        )
        .to_owned();
    let indirect = [
        ("oauth2_authorization_code", "grant_id", grants),
        ("oauth2_grant", "application_id", applications()),
        ("gpg_key_import", "key_id", select("key_id", "gpg_key", "owner_id", account)),
        ("oolong_token_digest", "token_id", select("id", "access_token", "uid", account)),
    ];
    for (table, column, ids) in indirect {
        delete_where_in(connection, table, column, ids).await?;
    }
    Ok(())
}

/// Deletes the comments that an account wrote, with what hangs on them; issues count them no longer.
pub async fn delete_comments(connection: &impl ConnectionTrait, account: UserId) -> Result<()> {
    let comments = || select("id", "comment", "poster_id", account.0);
    for table in ["attachment", "issue_content_history", "notification", "reaction"] {
        delete_where_in(connection, table, "comment_id", comments()).await?;
    }
    let (comment, issue) = (Alias::new("comment"), Alias::new("issue"));
    // Plain comments and reviews' comments count; the notes of what happened do not.
    let written = Query::select()
        .expr(Expr::col(Alias::new("id")).count())
        .from(comment.clone())
        .and_where(
            Expr::col((comment.clone(), Alias::new("issue_id"))).equals((issue.clone(), Alias::new("id"))),
        )
        .and_where(Expr::col((comment.clone(), Alias::new("poster_id"))).eq(account.0))
        .and_where(Expr::col((comment.clone(), Alias::new("type"))).is_in([0, 22]))
        .to_owned();
    let counter = Alias::new("num_comments");
    let statement = Query::update()
        .table(issue.clone())
        .value(
            counter.clone(),
            Expr::col((issue, counter)).sub(Expr::SubQuery(None, Box::new(written.into()))),
        )
        .and_where(Expr::col(Alias::new("id")).in_subquery(select(
            "issue_id",
            "comment",
            "poster_id",
            account.0,
        )))
        .to_owned();
    connection.execute(&statement).await.classify()?;
    delete_by_id(connection, "comment", "poster_id", account.0).await
}

async fn delete_where_in(
    connection: &impl ConnectionTrait,
    table: &'static str,
    column: &'static str,
    ids: SelectStatement,
) -> Result<()> {
    let statement = Query::delete()
        .from_table(Alias::new(table))
        .and_where(Expr::col(Alias::new(column)).in_subquery(ids))
        .to_owned();
    connection.execute(&statement).await.classify()?;
    Ok(())
}

fn select(what: &'static str, table: &'static str, column: &'static str, id: i64) -> SelectStatement {
    Query::select()
        .column(Alias::new(what))
        .from(Alias::new(table))
        .and_where(Expr::col(Alias::new(column)).eq(id))
        .to_owned()
}
