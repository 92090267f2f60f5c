//! The e-mail addresses of a person: adding, deleting, and making another one primary.

use oolong_core::{Error, Result};
use oolong_db::entity::{email_address, user};
use oolong_db::sea_orm::Set;
use oolong_db::{Classify, email_addresses, users};
use oolong_identity::email_address::EmailAddress;

use crate::{Forge, accounts};

/// Adds addresses, one after the other as Gitea does: those before a refused one stay.
pub async fn add(forge: &Forge, owner: &user::Model, addresses: &[String]) -> Result<()> {
    if addresses.is_empty() {
        return Err(Error::invalid("emails: at least one address is needed"));
    }
    for text in addresses {
        let address = EmailAddress::parse(text)
            .map_err(|error| Error::invalid(format!("emails: {text:?}: {error}")))?;
        if !accounts::allows_domain(forge, &address)? {
            return Err(Error::invalid(format!(
                "emails: {text:?}: addresses of this domain are not allowed here"
            )));
        }
        let transaction = forge.db.begin().await?;
        if email_addresses::find(&transaction, address.as_str()).await?.is_some() {
            return Err(Error::invalid(format!("emails: {text:?} is in use already")));
        }
        email_addresses::insert(
            &transaction,
            row(owner, &address, !forge.settings.service.register_email_confirm, false),
        )
        .await?;
        transaction.commit().await.classify()?;
    }
    Ok(())
}

/// Deletes addresses, one after the other. The primary one stays.
pub async fn delete(forge: &Forge, owner: &user::Model, addresses: &[String]) -> Result<()> {
    for text in addresses {
        let transaction = forge.db.begin().await?;
        let found = email_addresses::find(&transaction, text).await?.filter(|row| row.uid == owner.id);
        let row = found
            .ok_or_else(|| Error::not_found(format!("emails: {text:?} is not one of your addresses")))?;
        if row.is_primary {
            return Err(Error::invalid(format!(
                "emails: {text:?} is the primary address and cannot be deleted"
            )));
        }
        email_addresses::delete(&transaction, row.id).await?;
        transaction.commit().await.classify()?;
    }
    Ok(())
}

/// Gives a person another primary address, by an administrator: it counts as confirmed, and the old one is gone.
pub async fn replace_primary(forge: &Forge, owner: &user::Model, address: &EmailAddress) -> Result<()> {
    if owner.email.eq_ignore_ascii_case(address.as_str()) {
        return Ok(());
    }
    let transaction = forge.db.begin().await?;
    if let Some(known) = email_addresses::find(&transaction, address.as_str()).await? {
        if known.uid != owner.id {
            return Err(Error::malformed(format!("email: {address} is in use already")));
        }
        email_addresses::delete(&transaction, known.id).await?;
    }
    if let Some(old) = email_addresses::find_primary(&transaction, owner.user_id()).await? {
        email_addresses::delete(&transaction, old.id).await?;
    }
    email_addresses::insert(&transaction, row(owner, address, true, true)).await?;
    let changes = user::ActiveModel {
        id: Set(owner.id),
        email: Set(address.lower()),
        updated_unix: Set(forge.clock.now().0),
        ..Default::default()
    };
    users::update(&transaction, changes).await?;
    transaction.commit().await.classify()
}

fn row(
    owner: &user::Model,
    address: &EmailAddress,
    is_activated: bool,
    is_primary: bool,
) -> email_address::Model {
    email_address::Model {
        uid: owner.id,
        email: address.as_str().to_owned(),
        lower_email: address.lower(),
        is_activated,
        is_primary,
        ..Default::default()
    }
}
