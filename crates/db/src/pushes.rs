//! The journal of pushes: the table `oolong_push`. A row says which reference a push means to move; it goes in the
//! transaction that records what followed, so that each accepted push is recorded exactly once.

use oolong_core::{RepoId, Result, UserId};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::Classify;
use crate::entity::oolong_push;

/// `oolong_push.state` of a row whose push may have happened or not.
const PENDING: i16 = 0;

/// How many rows one statement names.
const BATCH: usize = 500;

/// Notes what a push is about to do; the id of its row.
pub async fn insert(
    connection: &impl ConnectionTrait,
    repo: RepoId,
    pusher: UserId,
    (reference, old, new): (&str, &str, &str),
    now: oolong_core::UnixSeconds,
) -> Result<i64> {
    let row = oolong_push::Model {
        repo_id: repo.0,
        pusher_id: pusher.0,
        ref_name: reference.to_owned(),
        old_oid: old.to_owned(),
        new_oid: new.to_owned(),
        created_unix: now.0,
        state: PENDING,
        ..Default::default()
    };
    Ok(row.into_new().insert(connection).await.classify()?.id)
}

/// Removes rows and says how many were still there: who removes a row is the one to record its push.
pub async fn take(connection: &impl ConnectionTrait, ids: &[i64]) -> Result<u64> {
    let mut taken = 0;
    for batch in ids.chunks(BATCH) {
        let done = oolong_push::Entity::delete_many()
            .filter(oolong_push::Column::Id.is_in(batch.iter().copied()))
            .exec(connection)
            .await
            .classify()?;
        taken += done.rows_affected;
    }
    Ok(taken)
}

/// The oldest pending rows after `after`, by id.
pub async fn list_pending(
    connection: &impl ConnectionTrait,
    after: i64,
    limit: u64,
) -> Result<Vec<oolong_push::Model>> {
    oolong_push::Entity::find()
        .filter(oolong_push::Column::State.eq(PENDING))
        .filter(oolong_push::Column::Id.gt(after))
        .order_by_asc(oolong_push::Column::Id)
        .limit(limit)
        .all(connection)
        .await
        .classify()
}
