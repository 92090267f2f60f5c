//! People and bots: making an account.

pub mod deletion;
pub mod edit;
pub mod features;
pub mod passwords;

use oolong_core::{Error, Result, ResultExt as _, Secret, UserName, Visibility};
use oolong_db::entity::{email_address, user, user_redirect};
use oolong_db::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use oolong_db::users::Kind;
use oolong_db::{Classify, email_addresses, login_sources, users};
use oolong_identity::avatar;
use oolong_identity::email_address::{EmailAddress, EmailDomainRules};
use oolong_identity::password::StoredPassword;

use crate::Forge;

/// An account to make.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The name, already checked.
    pub name: UserName,
    /// The primary address.
    pub email: String,
    /// The password; without one nobody can sign in with a password.
    pub password: Option<Secret>,
    /// Person or bot.
    pub kind: Kind,
    /// The full name.
    pub full_name: String,
    /// Where an outside source knows the person: its type, id, and the name there.
    pub login: Login,
    /// Whether the account administers the site.
    pub is_admin: bool,
    /// Whether the account sees only what it was given.
    pub is_restricted: Option<bool>,
    /// Whether the password has to be changed first.
    pub must_change_password: bool,
    /// Whether the account may be used at once.
    pub is_active: bool,
    /// Who may see it; the configured default without.
    pub visibility: Option<Visibility>,
    /// When it was made, where that is not now.
    pub created_unix: Option<i64>,
}

/// The outside source of an account; all zero for a local one.
#[derive(Clone, Debug, Default)]
pub struct Login {
    /// `user.login_type`.
    pub kind: i32,
    /// `user.login_source`.
    pub source: i64,
    /// The name at the source.
    pub name: String,
}

impl Login {
    /// The source with this id, 0 for none; `name` is how the source calls the person.
    pub async fn find(forge: &Forge, source: i64, name: String) -> Result<Self> {
        if source == 0 {
            return Ok(Self { name, ..Self::default() });
        }
        let found = login_sources::find(forge.db.read(), source).await?;
        let found = found.ok_or_else(|| {
            Error::invalid(format!("source_id: there is no authentication source {source}"))
        })?;
        Ok(Self { kind: found.kind, source: found.id, name })
    }

    /// Whether the account is our own, with a password that we keep.
    pub fn is_local(&self) -> bool {
        self.source == 0
    }
}

impl NewAccount {
    /// A local, active account.
    pub fn local(name: UserName, email: String, password: Option<Secret>) -> Self {
        Self {
            name,
            email,
            password,
            kind: Kind::Individual,
            full_name: String::new(),
            login: Login::default(),
            is_admin: false,
            is_restricted: None,
            must_change_password: false,
            is_active: true,
            visibility: None,
            created_unix: None,
        }
    }
}

/// Makes an account with its primary address, as Gitea would have written both.
pub async fn create(forge: &Forge, new: NewAccount) -> Result<user::Model> {
    let email = EmailAddress::parse(&new.email).map_err(|error| Error::invalid(format!("email: {error}")))?;
    let password = match &new.password {
        Some(password) => hash_password(forge, password.clone()).await?,
        None => StoredPassword::none(),
    };
    let transaction = forge.db.begin().await?;
    refuse_taken(&transaction, &new.name, email.as_str()).await?;
    let row = users::insert(&transaction, account_row(forge, &new, email.as_str(), password)).await?;
    let primary = email_address::Model {
        uid: row.id,
        lower_email: email.lower(),
        email: email.as_str().to_owned(),
        is_activated: new.is_active,
        is_primary: true,
        ..Default::default()
    };
    email_addresses::insert(&transaction, primary).await?;
    transaction.commit().await.classify()?;
    Ok(row)
}

/// Whether the configuration lets an account have this visibility.
pub fn check_visibility(forge: &Forge, visibility: Visibility) -> Result<()> {
    if forge.settings.service.allowed_user_visibility_modes.contains(&visibility) {
        return Ok(());
    }
    Err(Error::invalid(format!("visibility: {} is not allowed on this server", visibility.name())))
}

/// Whether the configuration lets people sign up with addresses of this domain; administrators may use others.
pub fn allows_domain(forge: &Forge, email: &EmailAddress) -> Result<bool> {
    let service = &forge.settings.service;
    let rules = EmailDomainRules::new(&service.email_domain_allowlist, &service.email_domain_blocklist)
        .or_internal()?;
    Ok(rules.allow(email))
}

/// Hashes a password with the configured algorithm.
pub async fn hash_password(forge: &Forge, password: Secret) -> Result<StoredPassword> {
    forge.hasher.hash(password).await.map_err(|error| Error::invalid(format!("password: {error}")))
}

/// A name or address that somebody has is refused; a name that only redirects is free again.
async fn refuse_taken(connection: &impl ConnectionTrait, name: &UserName, email: &str) -> Result<()> {
    if users::find_by_name(connection, name.as_str()).await?.is_some() {
        return Err(Error::invalid(format!("username: somebody is called {name} already")));
    }
    if email_addresses::find(connection, email).await?.is_some() {
        return Err(Error::invalid(format!("email: {email} is in use already")));
    }
    user_redirect::Entity::delete_many()
        .filter(user_redirect::Column::LowerName.eq(name.key()))
        .exec(connection)
        .await
        .classify()?;
    Ok(())
}

fn account_row(forge: &Forge, new: &NewAccount, email: &str, password: StoredPassword) -> user::Model {
    let service = &forge.settings.service;
    let now = forge.clock.now().0;
    user::Model {
        lower_name: new.name.key(),
        name: new.name.to_string(),
        full_name: new.full_name.clone(),
        email: email.to_owned(),
        keep_email_private: service.default_keep_email_private,
        email_notifications_preference: forge.settings.admin.default_email_notifications.as_str().to_owned(),
        passwd: password.passwd,
        passwd_hash_algo: password.algorithm,
        salt: password.salt,
        rands: forge.rng.hex::<16>(),
        must_change_password: new.must_change_password,
        login_type: new.login.kind,
        login_source: new.login.source,
        login_name: new.login.name.clone(),
        kind: new.kind.number(),
        created_unix: new.created_unix.unwrap_or(now),
        updated_unix: now,
        max_repo_creation: -1,
        is_active: new.is_active,
        is_admin: new.is_admin,
        is_restricted: new.is_restricted.unwrap_or(service.default_user_is_restricted),
        allow_create_organization: service.default_allow_create_organization
            && !forge.settings.admin.disable_regular_org_creation,
        avatar: avatar::email_hash(email),
        avatar_email: email.to_owned(),
        visibility: new.visibility.unwrap_or(service.default_user_visibility).number(),
        theme: forge.settings.ui.default_theme.clone(),
        ..Default::default()
    }
}
