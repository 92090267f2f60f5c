//! Changing an account: what people say of themselves, and what administrators decide about them.

use oolong_core::{Error, Result, Secret, Visibility};
use oolong_db::entity::user;
use oolong_db::sea_orm::{ActiveValue, Set};
use oolong_db::{Classify, auth_tokens, users};

use super::{Login, features, hash_password, passwords};
use crate::Forge;

/// What people say of themselves, and how they want the pages; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct Preferences {
    /// The name in full.
    pub full_name: Option<String>,
    /// Their page.
    pub website: Option<String>,
    /// Who they are.
    pub description: Option<String>,
    /// Where they are.
    pub location: Option<String>,
    /// The language of the pages.
    pub language: Option<String>,
    /// The look of the pages.
    pub theme: Option<String>,
    /// How differences are shown.
    pub diff_view_style: Option<String>,
    /// Whether the e-mail address is hidden.
    pub keep_email_private: Option<bool>,
    /// Whether what they do is hidden.
    pub keep_activity_private: Option<bool>,
}

/// What administrators decide about an account; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct AdminPatch {
    /// What the person could change too.
    pub preferences: Preferences,
    /// The outside source and the name there.
    pub login: Option<Login>,
    /// The name at the source, where the source stays.
    pub login_name: Option<String>,
    /// A new password.
    pub password: Option<Secret>,
    /// Whether the password has to be changed first.
    pub must_change_password: Option<bool>,
    /// Whether the account is closed.
    pub prohibit_login: Option<bool>,
    /// Whether the account is activated.
    pub is_active: Option<bool>,
    /// Whether the account administers the site.
    pub is_admin: Option<bool>,
    /// Whether the account sees only what it was given.
    pub is_restricted: Option<bool>,
    /// Who may see the account.
    pub visibility: Option<Visibility>,
    /// Whether server-side hooks may be edited.
    pub allow_git_hook: Option<bool>,
    /// Whether repositories may be imported from the server's disk.
    pub allow_import_local: Option<bool>,
    /// Whether organisations may be made.
    pub allow_create_organization: Option<bool>,
    /// How many repositories may be made; -1 for the default.
    pub max_repo_creation: Option<i32>,
}

/// Changes what people say of themselves.
pub async fn set_preferences(
    forge: &Forge,
    user: &user::Model,
    preferences: Preferences,
) -> Result<user::Model> {
    let changes = user::ActiveModel { updated_unix: Set(forge.clock.now().0), ..preferences.columns(user) };
    users::update(forge.db.write(), changes).await
}

/// Changes an account as its administrator. The last administrator stays one.
pub async fn edit(forge: &Forge, user: &user::Model, patch: AdminPatch) -> Result<user::Model> {
    if let Some(visibility) = patch.visibility {
        super::check_visibility(forge, visibility)?;
    }
    let login_type = patch.login.as_ref().map_or(user.login_type, |login| login.kind);
    // Only accounts of our own have a password that we keep; for the others one is ignored, as in Gitea.
    let is_local = features::is_local(&user::Model { login_type, ..user::Model::default() });
    let password = match patch.password.filter(|_| is_local) {
        Some(password) => {
            passwords::check(forge, &password)?;
            Some(hash_password(forge, password).await?)
        }
        None => None,
    };
    let transaction = forge.db.begin().await?;
    if patch.is_admin == Some(false) && user.is_admin && users::count_admins(&transaction).await? <= 1 {
        return Err(Error::malformed("admin: the last administrator has to stay one"));
    }
    let (login_type, login_source, login_name) = match patch.login {
        Some(login) => (Set(login.kind), Set(login.source), Set(login.name)),
        None => (ActiveValue::NotSet, ActiveValue::NotSet, set(patch.login_name)),
    };
    let mut changes = user::ActiveModel {
        login_type,
        login_source,
        login_name,
        must_change_password: set(patch.must_change_password),
        prohibit_login: set(patch.prohibit_login),
        is_active: set(patch.is_active),
        is_admin: set(patch.is_admin),
        is_restricted: set(patch.is_restricted),
        visibility: set(patch.visibility.map(Visibility::number)),
        allow_git_hook: set(patch.allow_git_hook),
        allow_import_local: set(patch.allow_import_local),
        allow_create_organization: set(patch.allow_create_organization),
        max_repo_creation: set(patch.max_repo_creation.map(|number| number.max(-1))),
        updated_unix: Set(forge.clock.now().0),
        ..patch.preferences.columns(user)
    };
    if let Some(stored) = password {
        changes.passwd = Set(stored.passwd);
        changes.salt = Set(stored.salt);
        changes.passwd_hash_algo = Set(stored.algorithm);
        // "Remember me" ends with the old password.
        auth_tokens::delete_all(&transaction, user.user_id()).await?;
    }
    let changed = users::update(&transaction, changes).await?;
    transaction.commit().await.classify()?;
    Ok(changed)
}

impl Preferences {
    fn columns(self, user: &user::Model) -> user::ActiveModel {
        user::ActiveModel {
            id: Set(user.id),
            full_name: set(self.full_name),
            website: set(self.website),
            description: set(self.description),
            location: set(self.location),
            language: set(self.language),
            theme: set(self.theme),
            diff_view_style: set(self.diff_view_style),
            keep_email_private: set(self.keep_email_private),
            keep_activity_private: set(self.keep_activity_private),
            ..Default::default()
        }
    }
}

fn set<T: Into<oolong_db::sea_orm::Value>>(value: Option<T>) -> ActiveValue<T> {
    value.map_or(ActiveValue::NotSet, Set)
}
