//! Personal access tokens: Gitea's `access_token`, and our `oolong_token_digest` that finds one in microseconds.

use oolong_core::{Result, TokenId, UnixSeconds, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, QueryFilter,
    QueryOrder, Statement,
};

use crate::Classify;
use crate::entity::{access_token, user};

/// A token with its owner.
#[derive(Clone, Debug)]
pub struct TokenAndOwner {
    /// The token.
    pub token: access_token::Model,
    /// The person or bot.
    pub owner: user::Model,
}

/// Text, not a query builder: this runs with every request that brings a token, and building the statement would cost
/// more than running it. `t.*` and `u.*` share column names, hence the aliases for the token's.
macro_rules! select_by_digest {
    ($user:literal, $parameter:literal) => {
        concat!(
            "SELECT t.id AS t_id, t.uid AS t_uid, t.name AS t_name, t.token_hash AS t_token_hash, ",
            "t.token_salt AS t_token_salt, t.token_last_eight AS t_token_last_eight, t.scope AS t_scope, ",
            "t.created_unix AS t_created_unix, t.updated_unix AS t_updated_unix, u.* ",
            "FROM oolong_token_digest d JOIN access_token t ON t.id = d.token_id JOIN ",
            $user,
            " u ON u.id = t.uid WHERE d.digest = ",
            $parameter
        )
    };
}

/// The token that a fast digest stands for, with its owner: one query.
pub async fn find_by_digest(
    connection: &impl ConnectionTrait,
    digest: &[u8; 32],
) -> Result<Option<TokenAndOwner>> {
    let backend = connection.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => select_by_digest!("\"user\"", "$1"),
        _ => select_by_digest!("`user`", "?"),
    };
    let statement = Statement::from_sql_and_values(backend, sql, [digest.to_vec().into()]);
    let row = connection.query_one_raw(statement).await.classify()?;
    row.map(|row| {
        Ok(TokenAndOwner {
            token: access_token::Model::from_query_result(&row, "t_").classify()?,
            owner: user::Model::from_query_result(&row, "").classify()?,
        })
    })
    .transpose()
}

/// The tokens that end in these eight characters, with their owners: candidates for the slow check.
pub async fn list_by_last_eight(
    connection: &impl ConnectionTrait,
    last_eight: &str,
) -> Result<Vec<access_token::Model>> {
    access_token::Entity::find()
        .filter(access_token::Column::TokenLastEight.eq(last_eight))
        .all(connection)
        .await
        .classify()
}

/// Remembers the fast digest of a token. Twice is once: two requests may have done the slow check at the same time.
pub async fn remember_digest(
    connection: &impl ConnectionTrait,
    digest: &[u8; 32],
    token: TokenId,
    now: UnixSeconds,
) -> Result<()> {
    let backend = connection.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => {
            "INSERT INTO oolong_token_digest (digest, token_id, created_unix) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
        }
        DbBackend::MySql => {
            "INSERT IGNORE INTO oolong_token_digest (digest, token_id, created_unix) VALUES (?, ?, ?)"
        }
        _ => "INSERT OR IGNORE INTO oolong_token_digest (digest, token_id, created_unix) VALUES (?, ?, ?)",
    };
    let values = [digest.to_vec().into(), token.0.into(), now.0.into()];
    connection.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await.classify()?;
    Ok(())
}

/// Forgets the digests of a token that is deleted.
pub async fn forget_digests(connection: &impl ConnectionTrait, token: TokenId) -> Result<()> {
    let backend = connection.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => "DELETE FROM oolong_token_digest WHERE token_id = $1",
        _ => "DELETE FROM oolong_token_digest WHERE token_id = ?",
    };
    connection
        .execute_raw(Statement::from_sql_and_values(backend, sql, [token.0.into()]))
        .await
        .classify()?;
    Ok(())
}

/// Notes that a token was used; its `updated_unix` is what Gitea shows as "last used".
pub async fn touch(connection: &impl ConnectionTrait, token: TokenId, now: UnixSeconds) -> Result<()> {
    access_token::Entity::update_many()
        .col_expr(access_token::Column::UpdatedUnix, Expr::value(now.0))
        .filter(access_token::Column::Id.eq(token.0))
        .exec(connection)
        .await
        .classify()?;
    Ok(())
}

/// Inserts a token.
pub async fn insert(
    connection: &impl ConnectionTrait,
    row: access_token::Model,
) -> Result<access_token::Model> {
    row.into_new().insert(connection).await.classify()
}

/// A person's tokens, the newest first.
pub async fn list(connection: &impl ConnectionTrait, owner: UserId) -> Result<Vec<access_token::Model>> {
    access_token::Entity::find()
        .filter(access_token::Column::Uid.eq(owner.0))
        .order_by_desc(access_token::Column::CreatedUnix)
        .order_by_desc(access_token::Column::Id)
        .all(connection)
        .await
        .classify()
}

/// A person's token of this name.
pub async fn find_by_name(
    connection: &impl ConnectionTrait,
    owner: UserId,
    name: &str,
) -> Result<Option<access_token::Model>> {
    access_token::Entity::find()
        .filter(access_token::Column::Uid.eq(owner.0))
        .filter(access_token::Column::Name.eq(name))
        .one(connection)
        .await
        .classify()
}

/// The token with this id.
pub async fn find(connection: &impl ConnectionTrait, id: TokenId) -> Result<Option<access_token::Model>> {
    access_token::Entity::find_by_id(id.0).one(connection).await.classify()
}

/// A person's tokens of this name: old databases may hold several.
pub async fn list_by_name(
    connection: &impl ConnectionTrait,
    owner: UserId,
    name: &str,
) -> Result<Vec<access_token::Model>> {
    access_token::Entity::find()
        .filter(access_token::Column::Uid.eq(owner.0))
        .filter(access_token::Column::Name.eq(name))
        .all(connection)
        .await
        .classify()
}

/// Deletes a person's token; false where there is none.
pub async fn delete(connection: &impl ConnectionTrait, owner: UserId, token: TokenId) -> Result<bool> {
    let done = access_token::Entity::delete_many()
        .filter(access_token::Column::Id.eq(token.0))
        .filter(access_token::Column::Uid.eq(owner.0))
        .exec(connection)
        .await
        .classify()?;
    Ok(done.rows_affected > 0)
}
