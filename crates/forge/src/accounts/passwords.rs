//! Passwords of local accounts: what is asked of a new one, setting it, and asking for a change.

use oolong_config::PasswordClass;
use oolong_core::{Error, Result, Secret};
use oolong_db::entity::user;
use oolong_db::users::{self, MustChange};
use oolong_db::{Classify, auth_tokens};
use oolong_identity::password_policy::PasswordPolicy;

use crate::Forge;
use crate::accounts::hash_password;

/// What the configuration asks of a new password.
pub fn policy(forge: &Forge) -> PasswordPolicy {
    let security = &forge.settings.security;
    let mut classes: Vec<&str> =
        security.password_complexity.iter().map(|class| class_name(*class)).collect();
    if classes.is_empty() {
        classes.push("off");
    }
    PasswordPolicy::from_config(security.min_password_length, &classes)
}

fn class_name(class: PasswordClass) -> &'static str {
    match class {
        PasswordClass::Lower => "lower",
        PasswordClass::Upper => "upper",
        PasswordClass::Digit => "digit",
        PasswordClass::Special => "spec",
    }
}

/// Refuses a password that the policy does not allow.
pub fn check(forge: &Forge, password: &Secret) -> Result<()> {
    policy(forge).check(password.expose()).map_err(|error| Error::invalid(format!("password: {error}")))
}

/// Sets a new password, which the policy has to allow. Signing in without one ("remember me") ends with the old
/// password.
pub async fn change_password(
    forge: &Forge,
    user: &user::Model,
    password: Secret,
    must_change: bool,
) -> Result<()> {
    check(forge, &password)?;
    let stored = hash_password(forge, password).await?;
    let transaction = forge.db.begin().await?;
    users::set_password(&transaction, user.user_id(), stored.passwd, stored.salt, stored.algorithm).await?;
    users::set_must_change(&transaction, user.user_id(), must_change, forge.clock.now()).await?;
    auth_tokens::delete_all(&transaction, user.user_id()).await?;
    transaction.commit().await.classify()
}

/// Makes people change their password at the next sign-in, or no longer; how many accounts that changed.
pub async fn set_must_change(forge: &Forge, who: MustChange<'_>, must_change: bool) -> Result<u64> {
    users::set_must_change_password(forge.db.write(), who, must_change).await
}
