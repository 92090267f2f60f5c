//! Second factors of a person: `two_factor` (TOTP) and `webauthn_credential` (passkeys).

use std::collections::HashSet;

use oolong_core::{Result, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
};

use crate::Classify;
use crate::entity::{two_factor, webauthn_credential};

/// What a person has enrolled.
#[derive(Clone, Debug)]
pub struct SecondFactors {
    /// The TOTP enrolment.
    pub totp: Option<two_factor::Model>,
    /// Whether there is a passkey or security key.
    pub has_passkey: bool,
}

/// What a person has enrolled.
pub async fn find(connection: &impl ConnectionTrait, user: UserId) -> Result<SecondFactors> {
    let totp = two_factor::Entity::find()
        .filter(two_factor::Column::Uid.eq(user.0))
        .one(connection)
        .await
        .classify()?;
    let passkeys = webauthn_credential::Entity::find()
        .filter(webauthn_credential::Column::UserId.eq(user.0))
        .count(connection)
        .await
        .classify()?;
    Ok(SecondFactors { totp, has_passkey: passkeys > 0 })
}

/// Uses a code up; false where it was used before, also by a request that runs at the same time.
pub async fn consume(connection: &impl ConnectionTrait, enrolment: i64, code: &str) -> Result<bool> {
    let last = two_factor::Column::LastUsedPasscode;
    let done = two_factor::Entity::update_many()
        .col_expr(last, Expr::value(code))
        .filter(two_factor::Column::Id.eq(enrolment))
        .filter(Condition::any().add(last.is_null()).add(last.ne(code)))
        .exec(connection)
        .await
        .classify()?;
    Ok(done.rows_affected == 1)
}

/// Everybody who has enrolled a second factor of either kind.
pub async fn list_enrolled(connection: &impl ConnectionTrait) -> Result<HashSet<i64>> {
    let totp = two_factor::Entity::find().select_only().column(two_factor::Column::Uid);
    let passkeys = webauthn_credential::Entity::find()
        .select_only()
        .column(webauthn_credential::Column::UserId)
        .distinct();
    let mut enrolled: HashSet<i64> =
        totp.into_tuple().all(connection).await.classify()?.into_iter().collect();
    enrolled.extend(passkeys.into_tuple::<i64>().all(connection).await.classify()?);
    Ok(enrolled)
}
