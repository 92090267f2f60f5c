//! Rows of tables that nothing else of ours touches: whether there are any, and deleting them when what they belong to
//! goes away.

use oolong_core::Result;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query};

use crate::Classify;

/// Deletes the rows of `table` whose `column` is `id`.
pub async fn delete_by_id(
    connection: &impl ConnectionTrait,
    table: &'static str,
    column: &'static str,
    id: i64,
) -> Result<()> {
    let statement = Query::delete()
        .from_table(Alias::new(table))
        .and_where(Expr::col(Alias::new(column)).eq(id))
        .to_owned();
    connection.execute(&statement).await.classify()?;
    Ok(())
}

/// Whether `table` has a row whose `column` is `id`.
pub async fn exists(
    connection: &impl ConnectionTrait,
    table: &'static str,
    column: &'static str,
    id: i64,
) -> Result<bool> {
    let statement = Query::select()
        .column(Alias::new("id"))
        .from(Alias::new(table))
        .and_where(Expr::col(Alias::new(column)).eq(id))
        .limit(1)
        .to_owned();
    Ok(connection.query_one(&statement).await.classify()?.is_some())
}
