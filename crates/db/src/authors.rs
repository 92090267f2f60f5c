//! People by the addresses in commits: one query for a whole page of commits, one more where private addresses are.

use oolong_core::Result;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect};

use crate::Classify;
use crate::entity::{email_address, user};

/// The people who proved to own these addresses (in lower case), each with the address in lower case.
pub async fn list_by_addresses(
    connection: &impl ConnectionTrait,
    addresses: &[String],
) -> Result<Vec<(String, user::Model)>> {
    let owner =
        email_address::Entity::belongs_to(user::Entity).from(email_address::Column::Uid).to(user::Column::Id);
    let rows = email_address::Entity::find()
        .select_also(user::Entity)
        .join(JoinType::InnerJoin, owner.into())
        .filter(email_address::Column::LowerEmail.is_in(addresses.iter().map(String::as_str)))
        .filter(email_address::Column::IsActivated.eq(true))
        .all(connection)
        .await
        .classify()?;
    Ok(rows.into_iter().filter_map(|(address, owner)| Some((address.lower_email, owner?))).collect())
}

/// The people with one of these ids or names (in lower case): what the addresses stand for that hide the real ones.
pub async fn list_by_ids_or_names(
    connection: &impl ConnectionTrait,
    ids: &[i64],
    names: &[String],
) -> Result<Vec<user::Model>> {
    user::Entity::find()
        .filter(
            Condition::any()
                .add(user::Column::Id.is_in(ids.iter().copied()))
                .add(user::Column::LowerName.is_in(names.iter().map(String::as_str))),
        )
        .all(connection)
        .await
        .classify()
}
