//! The kinds of credential, one authenticator each. None of them touches a response.

use oolong_core::{Identity, Result, ScopeSet, TokenId};
use oolong_db::entity::{access_token, user};
use oolong_db::{email_addresses, second_factors, tokens, users};
use oolong_identity::access_token::{PlainToken, TokenHash};
use oolong_identity::password::{PasswordHash, StoredPassword};
use oolong_identity::password_hasher::Verification;
use oolong_identity::totp::TotpSecret;

use crate::{Basic, Caller, Chain, Presented, Rejection};

/// How often "last used" of a credential is written, at most: once in so many seconds.
const TOUCH_INTERVAL: i64 = 60;

/// What an authenticator says.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// Nothing of its kind was presented.
    Absent,
    /// It was, and is good.
    Accepted(Box<Caller>),
    /// It was, and is not; that ends the chain.
    Rejected(Rejection),
}

/// One kind of credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authenticator {
    /// A personal access token: in the query, as a bearer, or on either side of Basic.
    AccessToken,
    /// A password in Basic, with a one-time code where one is enrolled.
    Password,
}

impl Authenticator {
    pub(crate) async fn authenticate(self, chain: &Chain, presented: &Presented) -> Result<Verdict> {
        match self {
            Self::AccessToken => access_token(chain, presented).await,
            Self::Password => password(chain, presented).await,
        }
    }
}

async fn access_token(chain: &Chain, presented: &Presented) -> Result<Verdict> {
    // Explicit tokens are all or nothing; what stands in Basic may as well be a password.
    if let Some(token) = presented.query_token.as_ref().or(presented.bearer.as_ref()) {
        return match find_token(chain, token.expose()).await? {
            Some((token, owner)) => accept_token(chain, &token, owner, Carrier::of_explicit(presented)),
            None => Ok(Verdict::Rejected(Rejection::UnknownToken)),
        };
    }
    let Some(basic) = &presented.basic else { return Ok(Verdict::Absent) };
    match find_token(chain, basic.token_candidate()).await? {
        Some((token, owner)) => accept_token(chain, &token, owner, Carrier::Basic),
        None => Ok(Verdict::Absent),
    }
}

/// Where a token stood.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Carrier {
    Header,
    Basic,
    Query,
}

impl Carrier {
    fn of_explicit(presented: &Presented) -> Self {
        if presented.query_token.is_some() { Self::Query } else { Self::Header }
    }
}

/// The token with this text. The fast digest answers; a token it does not know yet (made by Gitea) is checked once
/// against Gitea's slow hash and remembered.
async fn find_token(chain: &Chain, text: &str) -> Result<Option<(access_token::Model, user::Model)>> {
    let Some(plain) = PlainToken::parse(text) else { return Ok(None) };
    let digest = chain.digests.digest(&plain);
    if let Some(found) = tokens::find_by_digest(chain.db.read(), digest.as_bytes()).await? {
        return Ok(Some((found.token, found.owner)));
    }
    for token in tokens::list_by_last_eight(chain.db.read(), plain.last_eight()).await? {
        let hash = TokenHash {
            salt: token.token_salt.clone(),
            hash: token.token_hash.clone(),
            last_eight: token.token_last_eight.clone(),
        };
        if !chain.hasher.token_matches(hash, plain.clone()).await {
            continue;
        }
        let Some(owner) = users::find(chain.db.read(), oolong_core::UserId(token.uid)).await? else {
            continue;
        };
        tokens::remember_digest(chain.db.write(), digest.as_bytes(), TokenId(token.id), chain.clock.now())
            .await?;
        return Ok(Some((token, owner)));
    }
    Ok(None)
}

fn accept_token(
    chain: &Chain,
    token: &access_token::Model,
    owner: user::Model,
    carrier: Carrier,
) -> Result<Verdict> {
    if !owner.may_hold_tokens() {
        return Ok(Verdict::Rejected(Rejection::TokenOwner));
    }
    // A scope that cannot be read must not become a wider one.
    let Ok(scopes) = ScopeSet::parse(&token.scope) else {
        return Ok(Verdict::Rejected(Rejection::TokenScopes));
    };
    touch(chain, token);
    let identity =
        Identity::access_token(owner.user_id(), TokenId(token.id), scopes, carrier == Carrier::Basic);
    let identity = if carrier == Carrier::Query { identity.from_query() } else { identity };
    Ok(Verdict::Accepted(Box::new(Caller::new(identity, owner))))
}

/// Notes the use of a token, off the request's path: its failure is logged and changes nothing.
fn touch(chain: &Chain, token: &access_token::Model) {
    let now = chain.clock.now();
    // A token that was never used has equal times; its first use is always written.
    let unused = token.updated_unix == token.created_unix;
    if !unused && now.0 - token.updated_unix < TOUCH_INTERVAL || now.0 == token.updated_unix {
        return;
    }
    let (db, id) = (chain.db.clone(), TokenId(token.id));
    tokio::spawn(async move {
        if let Err(error) = tokens::touch(db.write(), id, now).await {
            tracing::warn!(token = %id, ?error, "the last use of a token could not be noted");
        }
    });
}

async fn password(chain: &Chain, presented: &Presented) -> Result<Verdict> {
    let Some(basic) = &presented.basic else { return Ok(Verdict::Absent) };
    if !chain.passwords_allowed {
        return Ok(Verdict::Absent);
    }
    let user = match check_password(chain, basic).await? {
        Ok(user) => user,
        Err(rejection) => return Ok(Verdict::Rejected(rejection)),
    };
    if let Some(rejection) = check_second_factor(chain, &user, presented).await? {
        return Ok(Verdict::Rejected(rejection));
    }
    Ok(Verdict::Accepted(Box::new(Caller::new(Identity::password(user.user_id()), user))))
}

/// The person whose password this is. An unknown name costs the same time as a wrong password.
async fn check_password(chain: &Chain, basic: &Basic) -> Result<Result<user::Model, Rejection>> {
    let found = find_person(chain, &basic.user).await?;
    let stored = found.as_ref().ok().filter(|user| has_local_password(user)).map(|user| {
        PasswordHash::from_columns(user.passwd.as_str(), user.salt.as_str(), user.passwd_hash_algo.as_str())
    });
    let verification = chain.hasher.verify_or_dummy(stored, basic.password.clone()).await;
    let user = match found {
        Ok(user) => user,
        Err(rejection) => return Ok(Err(rejection)),
    };
    if !has_local_password(&user) {
        return Ok(Err(Rejection::OutsideSource));
    }
    let Verification::Accepted { rehashed } = verification else { return Ok(Err(Rejection::WrongPassword)) };
    if user.prohibit_login {
        return Ok(Err(Rejection::Prohibited));
    }
    // Gitea renews a hash of an older algorithm at sign-in; so do we, that both go on reading the same rows.
    if let Some(StoredPassword { passwd, salt, algorithm }) = rehashed {
        users::set_password(chain.db.write(), user.user_id(), passwd, salt, algorithm).await?;
    }
    Ok(Ok(user))
}

/// By address where the name has an `@`, else by name. Only people sign in with a password.
async fn find_person(chain: &Chain, name: &str) -> Result<Result<user::Model, Rejection>> {
    let found = if name.contains('@') {
        match email_addresses::find(chain.db.read(), name).await? {
            Some(address) if !address.is_activated => return Ok(Err(Rejection::UnconfirmedAddress)),
            Some(address) => users::find(chain.db.read(), oolong_core::UserId(address.uid)).await?,
            None => None,
        }
    } else {
        users::find_by_name(chain.db.read(), name.trim()).await?
    };
    Ok(found.filter(user::Model::is_individual).ok_or(Rejection::UnknownUser))
}

/// Whether the stored hash is ours to check: local accounts, and accounts of OAuth2 sources that set a password.
/// A hash stored with an account of LDAP, SMTP or PAM is never accepted.
fn has_local_password(user: &user::Model) -> bool {
    const OAUTH2: i32 = 6;
    matches!(user.login_type, 0 | 1 | OAUTH2)
}

async fn check_second_factor(
    chain: &Chain,
    user: &user::Model,
    presented: &Presented,
) -> Result<Option<Rejection>> {
    let factors = second_factors::find(chain.db.read(), user.user_id()).await?;
    if factors.has_passkey {
        return Ok(Some(Rejection::PasskeyEnrolled));
    }
    let Some(enrolled) = factors.totp else { return Ok(None) };
    let Some(code) = &presented.one_time_code else { return Ok(Some(Rejection::OneTimeCode)) };
    let matches = chain
        .secrets
        .decrypt_two_factor(&enrolled.secret)
        .ok()
        .and_then(|secret| TotpSecret::parse(secret.expose()).ok())
        .is_some_and(|secret| secret.matching_step(code.expose(), chain.clock.now()).is_some());
    // Consumed by the statement that checks it was not used before.
    let accepted = matches && second_factors::consume(chain.db.write(), enrolled.id, code.expose()).await?;
    Ok((!accepted).then_some(Rejection::OneTimeCode))
}
