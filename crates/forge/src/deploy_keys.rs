//! Keys that open one repository.

use oolong_core::{AccessMode, Error, RepoId, Result};
use oolong_db::entity::{deploy_key, public_key, repository};
use oolong_db::{Classify, deploy_keys};
use oolong_identity::ssh_key::SshPublicKey;

use crate::Forge;

/// A deploy key with its text.
#[derive(Clone, Debug)]
pub struct DeployKey {
    /// The row of the repository.
    pub row: deploy_key::Model,
    /// The key itself.
    pub key: public_key::Model,
}

/// Lets a key open a repository. Several repositories may have the same key, but a person's key opens no repository
/// by itself.
pub async fn add(
    forge: &Forge,
    repo: &repository::Model,
    title: &str,
    text: &str,
    read_only: bool,
) -> Result<DeployKey> {
    let title = title.trim();
    if title.is_empty() || title.chars().count() > 50 {
        return Err(Error::invalid("title: 1 to 50 characters"));
    }
    let parsed = SshPublicKey::parse(text).map_err(|error| Error::invalid(format!("key: {error}")))?;
    let mode = if read_only { AccessMode::Read } else { AccessMode::Write };
    let now = forge.clock.now().0;
    let transaction = forge.db.begin().await?;
    let key = match deploy_keys::find_public_key(&transaction, &parsed.fingerprint()).await? {
        Some(key) if key.kind != deploy_keys::PUBLIC_KEY_KIND => {
            return Err(Error::invalid("key: somebody uses this key already"));
        }
        Some(key) => key,
        None => {
            let row = public_key::Model {
                name: title.to_owned(),
                fingerprint: parsed.fingerprint(),
                content: parsed.content(),
                mode: mode.number(),
                kind: deploy_keys::PUBLIC_KEY_KIND,
                created_unix: now,
                updated_unix: now,
                ..Default::default()
            };
            deploy_keys::insert_public_key(&transaction, row).await?
        }
    };
    if deploy_keys::is_taken(&transaction, RepoId(repo.id), key.id, title).await? {
        return Err(Error::invalid("title, key: the repository has this key or a key of this title already"));
    }
    let row = deploy_key::Model {
        key_id: key.id,
        repo_id: repo.id,
        name: title.to_owned(),
        fingerprint: key.fingerprint.clone(),
        mode: mode.number(),
        created_unix: now,
        updated_unix: now,
        ..Default::default()
    };
    let row = deploy_keys::insert(&transaction, row).await?;
    transaction.commit().await.classify()?;
    // The answer has the comment that was sent now, not that of whoever sent the key first.
    Ok(DeployKey { row, key: public_key::Model { content: parsed.content(), ..key } })
}

/// Takes a key away from a repository; one that is not there is gone already.
pub async fn remove(forge: &Forge, repo: &repository::Model, id: i64) -> Result<()> {
    let transaction = forge.db.begin().await?;
    if let Some(row) = deploy_keys::find(&transaction, RepoId(repo.id), id).await? {
        deploy_keys::delete(&transaction, &row).await?;
    }
    transaction.commit().await.classify()
}
