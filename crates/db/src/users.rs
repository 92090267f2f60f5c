//! People, organisations and bots: the table `user`.

use oolong_core::{Error, Result, UnixSeconds, UserId};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Set,
};

use crate::Classify;
use crate::entity::{user, user_redirect};

/// `user.type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A person.
    Individual = 0,
    /// An organisation.
    Organization = 1,
    /// A robot account.
    Bot = 4,
}

impl Kind {
    /// The number Gitea stores.
    pub fn number(self) -> i32 {
        self as i32
    }
}

impl user::Model {
    /// The typed id.
    pub fn user_id(&self) -> UserId {
        UserId(self.id)
    }

    /// Whether the row is an organisation.
    pub fn is_organization(&self) -> bool {
        self.kind == Kind::Organization.number()
    }

    /// Whether the row is a person.
    pub fn is_individual(&self) -> bool {
        self.kind == Kind::Individual.number()
    }

    /// Whether the row may present tokens: people and bots.
    pub fn may_hold_tokens(&self) -> bool {
        self.kind == Kind::Individual.number() || self.kind == Kind::Bot.number()
    }

    /// Who may see the owner.
    pub fn visible_to(&self) -> oolong_core::Visibility {
        oolong_core::Visibility::from_number(self.visibility)
    }
}

/// The row with this id.
pub async fn find(connection: &impl ConnectionTrait, id: UserId) -> Result<Option<user::Model>> {
    user::Entity::find_by_id(id.0).one(connection).await.classify()
}

/// The row with this id, which somebody refers to.
pub async fn get(connection: &impl ConnectionTrait, id: UserId) -> Result<user::Model> {
    find(connection, id).await?.ok_or_else(|| Error::not_found("the user does not exist"))
}

/// The person, organisation or bot with this name, in any case.
pub async fn find_by_name(connection: &impl ConnectionTrait, name: &str) -> Result<Option<user::Model>> {
    user::Entity::find()
        .filter(user::Column::LowerName.eq(name.to_lowercase()))
        .one(connection)
        .await
        .classify()
}

/// Who had this name before, and has another now.
pub async fn find_redirect(connection: &impl ConnectionTrait, name: &str) -> Result<Option<UserId>> {
    let row = user_redirect::Entity::find()
        .filter(user_redirect::Column::LowerName.eq(name.to_lowercase()))
        .one(connection)
        .await
        .classify()?;
    Ok(row.map(|row| UserId(row.redirect_user_id)))
}

/// The people with these ids, in no particular order.
pub async fn list_by_ids(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = i64>,
) -> Result<Vec<user::Model>> {
    user::Entity::find().filter(user::Column::Id.is_in(ids)).all(connection).await.classify()
}

/// How many rows of any kind there are.
pub async fn count_all(connection: &impl ConnectionTrait) -> Result<u64> {
    user::Entity::find().count(connection).await.classify()
}

/// Inserts a row; every column is written.
pub async fn insert(connection: &impl ConnectionTrait, row: user::Model) -> Result<user::Model> {
    row.into_new().insert(connection).await.classify()
}

/// Replaces a stored password. Sign-in uses it too, to renew a hash of an older algorithm.
pub async fn set_password(
    connection: &impl ConnectionTrait,
    id: UserId,
    passwd: String,
    salt: String,
    algorithm: String,
) -> Result<()> {
    let row = user::ActiveModel {
        id: Set(id.0),
        passwd: Set(passwd),
        salt: Set(salt),
        passwd_hash_algo: Set(algorithm),
        ..Default::default()
    };
    user::Entity::update(row).exec(connection).await.classify()?;
    Ok(())
}

/// Adds `difference` to a counter column.
pub async fn add_to_counter(
    connection: &impl ConnectionTrait,
    id: UserId,
    counter: user::Column,
    difference: i32,
) -> Result<()> {
    user::Entity::update_many()
        .col_expr(counter, Expr::col(counter).add(difference))
        .filter(user::Column::Id.eq(id.0))
        .exec(connection)
        .await
        .classify()?;
    Ok(())
}

/// Whether the person has to change the password at the next sign-in.
pub async fn set_must_change(
    connection: &impl ConnectionTrait,
    id: UserId,
    must_change: bool,
    now: UnixSeconds,
) -> Result<()> {
    let row = user::ActiveModel {
        id: Set(id.0),
        must_change_password: Set(must_change),
        updated_unix: Set(now.0),
        ..Default::default()
    };
    user::Entity::update(row).exec(connection).await.classify()?;
    Ok(())
}

/// Whose password has to change.
#[derive(Clone, Copy, Debug)]
pub enum MustChange<'a> {
    /// Everybody's but these names'.
    AllBut(&'a [String]),
    /// These names'.
    Only(&'a [String]),
}

/// Makes people change their password at the next sign-in, or no longer. How many rows that changed.
pub async fn set_must_change_password(
    connection: &impl ConnectionTrait,
    who: MustChange<'_>,
    must_change: bool,
) -> Result<u64> {
    let lower = |names: &[String]| names.iter().map(|name| name.trim().to_lowercase()).collect::<Vec<_>>();
    let update = user::Entity::update_many()
        .col_expr(user::Column::MustChangePassword, Expr::value(must_change))
        .filter(user::Column::Kind.eq(Kind::Individual.number()))
        .filter(user::Column::MustChangePassword.ne(must_change));
    let update = match who {
        MustChange::AllBut(names) => update.filter(user::Column::LowerName.is_not_in(lower(names))),
        MustChange::Only(names) => update.filter(user::Column::LowerName.is_in(lower(names))),
    };
    Ok(update.exec(connection).await.classify()?.rows_affected)
}

/// Every person, by id; only site administrators where `admins` says so.
pub async fn list_people(connection: &impl ConnectionTrait, admins: bool) -> Result<Vec<user::Model>> {
    let people = user::Entity::find()
        .filter(user::Column::Kind.eq(Kind::Individual.number()))
        .order_by_asc(user::Column::Id);
    let people = if admins { people.filter(user::Column::IsAdmin.eq(true)) } else { people };
    people.all(connection).await.classify()
}

/// Writes the columns that are set, of the row whose id is set.
pub async fn update(connection: &impl ConnectionTrait, changes: user::ActiveModel) -> Result<user::Model> {
    user::Entity::update(changes).exec(connection).await.classify()
}

/// How many administrators there are.
pub async fn count_admins(connection: &impl ConnectionTrait) -> Result<u64> {
    user::Entity::find()
        .filter(user::Column::Kind.eq(Kind::Individual.number()))
        .filter(user::Column::IsAdmin.eq(true))
        .count(connection)
        .await
        .classify()
}
