//! People's SSH keys: adding and deleting.

use oolong_core::{AccessMode, Error, Result, ResultExt as _};
use oolong_db::entity::{public_key, user};
use oolong_db::public_keys::{self, KeyKind};
use oolong_db::{Classify, login_sources};
use oolong_identity::ssh_key::{KeySizePolicy, SshPublicKey};

use crate::Forge;

/// What a key has to be, by the configuration.
pub fn policy(forge: &Forge) -> Result<KeySizePolicy> {
    if !forge.settings.server.minimum_key_size_check {
        return Ok(KeySizePolicy::unchecked());
    }
    let mut policy = KeySizePolicy::default();
    for (label, &bits) in &forge.settings.minimum_key_sizes {
        policy.set(label, bits).or_internal()?;
    }
    Ok(policy)
}

/// Reads the text of a key that somebody wants to use here.
pub fn parse(forge: &Forge, text: &str) -> Result<SshPublicKey> {
    let key = SshPublicKey::parse(text).map_err(|error| Error::invalid(format!("key: {error}")))?;
    policy(forge)?.check(&key).map_err(|error| Error::invalid(format!("key: {error}")))?;
    Ok(key)
}

/// Adds a key. A key belongs to one person or repository of the whole server, its title to one key of the person.
pub async fn add(forge: &Forge, owner: &user::Model, title: &str, text: &str) -> Result<public_key::Model> {
    let key = parse(forge, text)?;
    let now = forge.clock.now().0;
    let transaction = forge.db.begin().await?;
    if public_keys::find_by_fingerprint(&transaction, &key.fingerprint()).await?.is_some() {
        return Err(Error::invalid("key: it is in use already"));
    }
    if public_keys::find_by_name(&transaction, owner.user_id(), title).await?.is_some() {
        return Err(Error::invalid(format!("title: you have a key called {title:?} already")));
    }
    let row = public_key::Model {
        owner_id: owner.id,
        name: title.to_owned(),
        fingerprint: key.fingerprint(),
        content: key.content(),
        mode: AccessMode::Write.number(),
        kind: KeyKind::User.number(),
        created_unix: now,
        updated_unix: now,
        ..Default::default()
    };
    let row = public_keys::insert(&transaction, row).await?;
    transaction.commit().await.classify()?;
    Ok(row)
}

/// Deletes a key of `owner`; `doer` is they themselves or an administrator. Keys that an outside source brought are
/// taken away there.
pub async fn delete(forge: &Forge, doer: &user::Model, owner: Option<&user::Model>, id: i64) -> Result<()> {
    let transaction = forge.db.begin().await?;
    let found = public_keys::find(&transaction, id).await?.filter(|key| key.kind != KeyKind::Deploy.number());
    let key = found.ok_or_else(|| Error::not_found("there is no such key"))?;
    let allowed = match owner {
        Some(owner) => key.owner_id == owner.id,
        None => key.owner_id == doer.id || doer.is_admin,
    };
    if !allowed {
        return Err(Error::forbidden("the key is somebody else's"));
    }
    if key.login_source_id != 0 {
        let source = login_sources::find(&transaction, key.login_source_id).await?;
        if source.is_some_and(|source| source.is_active) {
            return Err(Error::forbidden("the key is managed by an authentication source"));
        }
    }
    public_keys::delete(&transaction, key.id).await?;
    transaction.commit().await.classify()
}
