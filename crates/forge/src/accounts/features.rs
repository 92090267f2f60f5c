//! What people may be kept from doing with their own account: `USER_DISABLED_FEATURES`.

use oolong_config::{Settings, UserFeature};
use oolong_core::{Error, Result};
use oolong_db::entity::user;

/// The largest `login_type` that is an account of our own.
const LOCAL: i32 = 1;

/// `login_type` of an account that an OAuth2 source brought.
const OAUTH2: i32 = 6;

/// Whether the account is our own, with a password that we keep.
pub fn is_local(user: &user::Model) -> bool {
    user.login_type <= LOCAL
}

/// Whether the account can be renamed: an outside source that looks people up by their name would lose it. OAuth2
/// sources know them by an id of their own.
pub fn may_be_renamed(user: &user::Model) -> bool {
    is_local(user) || user.login_type == OAUTH2
}

/// Refuses what the configuration takes from this person; administrators of the site keep it for others.
pub fn check(settings: &Settings, user: &user::Model, feature: UserFeature) -> Result<()> {
    let admin = &settings.admin;
    let disabled = admin.user_disabled_features.contains(&feature)
        || !is_local(user) && admin.external_user_disable_features.contains(&feature);
    if disabled {
        return Err(Error::not_found("this is switched off on this server"));
    }
    Ok(())
}
