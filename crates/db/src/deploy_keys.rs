//! Keys that open one repository: `deploy_key`, and the `public_key` that several may share.

use oolong_core::{Page, RepoId, Result};
use sea_orm::sea_query::Query;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::Classify;
use crate::entity::{deploy_key, public_key};

/// `public_key.type` of keys that are nobody's but repositories'.
pub const PUBLIC_KEY_KIND: i32 = 2;

/// A repository's keys; only those with this key id or fingerprint, where one is given.
pub async fn list(
    connection: &impl ConnectionTrait,
    repo: RepoId,
    key: Option<i64>,
    fingerprint: Option<&str>,
    page: Page,
) -> Result<(Vec<deploy_key::Model>, u64)> {
    let mut query = deploy_key::Entity::find().filter(deploy_key::Column::RepoId.eq(repo.0));
    if let Some(key) = key {
        query = query.filter(deploy_key::Column::KeyId.eq(key));
    }
    if let Some(fingerprint) = fingerprint {
        query = query.filter(deploy_key::Column::Fingerprint.eq(fingerprint));
    }
    let total = query.clone().count(connection).await.classify()?;
    let rows = query
        .order_by_asc(deploy_key::Column::Id)
        .offset(page.offset())
        .limit(page.limit)
        .all(connection)
        .await
        .classify()?;
    Ok((rows, total))
}

/// A repository's key.
pub async fn find(
    connection: &impl ConnectionTrait,
    repo: RepoId,
    id: i64,
) -> Result<Option<deploy_key::Model>> {
    deploy_key::Entity::find_by_id(id)
        .filter(deploy_key::Column::RepoId.eq(repo.0))
        .one(connection)
        .await
        .classify()
}

/// Whether a repository has a key of this name, or this key under any name.
pub async fn is_taken(connection: &impl ConnectionTrait, repo: RepoId, key: i64, name: &str) -> Result<bool> {
    let same = sea_orm::Condition::any()
        .add(deploy_key::Column::KeyId.eq(key))
        .add(deploy_key::Column::Name.eq(name));
    let count = deploy_key::Entity::find()
        .filter(deploy_key::Column::RepoId.eq(repo.0))
        .filter(same)
        .count(connection)
        .await
        .classify()?;
    Ok(count > 0)
}

/// The texts of these keys.
pub async fn list_public_keys(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = i64>,
) -> Result<Vec<public_key::Model>> {
    public_key::Entity::find().filter(public_key::Column::Id.is_in(ids)).all(connection).await.classify()
}

/// The key with this fingerprint, whoever has it.
pub async fn find_public_key(
    connection: &impl ConnectionTrait,
    fingerprint: &str,
) -> Result<Option<public_key::Model>> {
    public_key::Entity::find()
        .filter(public_key::Column::Fingerprint.eq(fingerprint))
        .one(connection)
        .await
        .classify()
}

/// Inserts the text of a key.
pub async fn insert_public_key(
    connection: &impl ConnectionTrait,
    row: public_key::Model,
) -> Result<public_key::Model> {
    row.into_new().insert(connection).await.classify()
}

/// Lets a key open a repository.
pub async fn insert(connection: &impl ConnectionTrait, row: deploy_key::Model) -> Result<deploy_key::Model> {
    row.into_new().insert(connection).await.classify()
}

/// Deletes a repository's key, and its text if no other repository has it.
pub async fn delete(connection: &impl ConnectionTrait, row: &deploy_key::Model) -> Result<()> {
    deploy_key::Entity::delete_by_id(row.id).exec(connection).await.classify()?;
    let others = deploy_key::Entity::find()
        .filter(deploy_key::Column::KeyId.eq(row.key_id))
        .count(connection)
        .await
        .classify()?;
    if others == 0 {
        public_key::Entity::delete_many()
            .filter(public_key::Column::Id.eq(row.key_id))
            .filter(public_key::Column::Kind.eq(PUBLIC_KEY_KIND))
            .exec(connection)
            .await
            .classify()?;
    }
    Ok(())
}

/// The texts that only this repository uses.
pub async fn list_only_of(connection: &impl ConnectionTrait, repo: RepoId) -> Result<Vec<i64>> {
    let elsewhere = Query::select()
        .column(deploy_key::Column::KeyId)
        .from(deploy_key::Entity)
        .and_where(deploy_key::Column::RepoId.ne(repo.0))
        .to_owned();
    deploy_key::Entity::find()
        .select_only()
        .column(deploy_key::Column::KeyId)
        .filter(deploy_key::Column::RepoId.eq(repo.0))
        .filter(deploy_key::Column::KeyId.not_in_subquery(elsewhere))
        .into_tuple()
        .all(connection)
        .await
        .classify()
}
