//! People's SSH keys: the table `public_key`. Deploy keys share it; they have another `type`.

use oolong_core::{Page, Result, UserId};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::Classify;
use crate::entity::public_key;
use crate::people::paged;

/// `public_key.type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// A person's key.
    User = 1,
    /// A repository's key.
    Deploy = 2,
    /// A certificate authority's name, which certificates of a person must carry.
    Principal = 3,
}

impl KeyKind {
    /// The number Gitea stores.
    pub fn number(self) -> i32 {
        self as i32
    }
}

/// The key with this id, of any kind.
pub async fn find(connection: &impl ConnectionTrait, id: i64) -> Result<Option<public_key::Model>> {
    public_key::Entity::find_by_id(id).one(connection).await.classify()
}

/// The key with this fingerprint, whoever has it: a key belongs to one person or one repository.
pub async fn find_by_fingerprint(
    connection: &impl ConnectionTrait,
    fingerprint: &str,
) -> Result<Option<public_key::Model>> {
    public_key::Entity::find()
        .filter(public_key::Column::Fingerprint.eq(fingerprint))
        .one(connection)
        .await
        .classify()
}

/// A person's key of this name.
pub async fn find_by_name(
    connection: &impl ConnectionTrait,
    owner: UserId,
    name: &str,
) -> Result<Option<public_key::Model>> {
    public_key::Entity::find()
        .filter(public_key::Column::OwnerId.eq(owner.0))
        .filter(public_key::Column::Name.eq(name))
        .filter(public_key::Column::Kind.ne(KeyKind::Principal.number()))
        .one(connection)
        .await
        .classify()
}

/// A person's keys in the order they were added; only that with `fingerprint` where one is given.
pub async fn list(
    connection: &impl ConnectionTrait,
    owner: UserId,
    fingerprint: Option<&str>,
    page: Page,
) -> Result<(Vec<public_key::Model>, u64)> {
    let mut select = public_key::Entity::find()
        .filter(public_key::Column::OwnerId.eq(owner.0))
        .filter(public_key::Column::Kind.eq(KeyKind::User.number()));
    if let Some(fingerprint) = fingerprint {
        select = select.filter(public_key::Column::Fingerprint.eq(fingerprint));
    }
    paged(connection, select.order_by_asc(public_key::Column::Id), page).await
}

/// Inserts a key.
pub async fn insert(connection: &impl ConnectionTrait, row: public_key::Model) -> Result<public_key::Model> {
    row.into_new().insert(connection).await.classify()
}

/// Deletes a key.
pub async fn delete(connection: &impl ConnectionTrait, id: i64) -> Result<()> {
    public_key::Entity::delete_by_id(id).exec(connection).await.classify()?;
    Ok(())
}
