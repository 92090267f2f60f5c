//! Personal access tokens: making, listing, deleting.

use oolong_core::{Error, Result, ScopeSet, TokenId};
use oolong_db::entity::{access_token, user};
use oolong_db::{Classify, tokens};
use oolong_identity::access_token::{PlainToken, TokenHash};

use crate::Forge;

/// A token that was just made: the only moment at which its text is known.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// The stored row.
    pub row: access_token::Model,
    /// The text, to be shown once.
    pub plain: PlainToken,
}

/// Makes a token for `owner`. The name is unique among the owner's.
pub async fn create(forge: &Forge, owner: &user::Model, name: &str, scopes: ScopeSet) -> Result<NewToken> {
    if name.is_empty() || name.chars().count() > 255 {
        return Err(Error::invalid("name: a token needs a name of at most 255 characters"));
    }
    let plain = PlainToken::generate(&forge.rng);
    let (hashed, rng) = (plain.clone(), forge.rng.clone());
    let hash =
        tokio::task::spawn_blocking(move || TokenHash::new(&hashed, &rng)).await.map_err(Error::internal)?;
    let now = forge.clock.now();
    let transaction = forge.db.begin().await?;
    if tokens::find_by_name(&transaction, owner.user_id(), name).await?.is_some() {
        return Err(Error::malformed(format!("name: there is a token called {name:?} already")));
    }
    let row = access_token::Model {
        uid: owner.id,
        name: name.to_owned(),
        token_hash: hash.hash,
        token_salt: hash.salt,
        token_last_eight: hash.last_eight,
        scope: scopes.to_string(),
        created_unix: now.0,
        updated_unix: now.0,
        ..Default::default()
    };
    let row = tokens::insert(&transaction, row).await?;
    let digest = forge.digests.digest(&plain);
    tokens::remember_digest(&transaction, digest.as_bytes(), TokenId(row.id), now).await?;
    transaction.commit().await.classify()?;
    Ok(NewToken { row, plain })
}

/// The token of `owner` with this name. Gitea's databases may hold several of one name; then only an id will do.
pub async fn find_only(forge: &Forge, owner: &user::Model, name: &str) -> Result<TokenId> {
    match tokens::list_by_name(forge.db.read(), owner.user_id(), name).await?.as_slice() {
        [] => Err(Error::not_found("there is no such token")),
        [token] => Ok(TokenId(token.id)),
        _ => Err(Error::invalid(format!("several tokens are called {name:?}: use the id"))),
    }
}

/// Deletes a token of `owner`; its digest goes with it.
pub async fn delete(forge: &Forge, owner: &user::Model, token: TokenId) -> Result<()> {
    let transaction = forge.db.begin().await?;
    if !tokens::delete(&transaction, owner.user_id(), token).await? {
        return Err(Error::not_found("there is no such token"));
    }
    tokens::forget_digests(&transaction, token).await?;
    transaction.commit().await.classify()
}
