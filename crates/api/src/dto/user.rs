//! `User`.

use oolong_auth::Caller;
use oolong_config::Settings;
use oolong_core::{AccessMode, Visibility};
use oolong_db::entity::user;
use oolong_identity::avatar;
use serde::Serialize;

use super::time::time;

/// A person, organisation or bot as the caller may see them. Gitea's `User`.
#[derive(Clone, Debug, Serialize)]
pub struct User {
    id: i64,
    login: String,
    login_name: String,
    source_id: i64,
    full_name: String,
    email: String,
    avatar_url: String,
    html_url: String,
    language: String,
    is_admin: bool,
    last_login: String,
    created: String,
    restricted: bool,
    active: bool,
    prohibit_login: bool,
    location: String,
    website: String,
    description: String,
    visibility: &'static str,
    followers_count: i32,
    following_count: i32,
    starred_repos_count: i32,
    username: String,
}

impl User {
    /// `user` as `viewer` may see them: administrators and the person see everything, others not the state of the
    /// account, and the address only if it is not kept private.
    pub fn new(settings: &Settings, user: &user::Model, viewer: &Caller) -> Self {
        let in_full = viewer.is(user.user_id()) || viewer.is_site_admin();
        let shows_address = in_full || viewer.is_signed_in() && !user.keep_email_private;
        let mut shown = Self::outline(settings, user, shows_address);
        if in_full {
            shown.is_admin = user.is_admin;
            shown.last_login = time(user.last_login_unix);
            shown.language.clone_from(&user.language);
            shown.active = user.is_active;
            shown.restricted = user.is_restricted;
            shown.prohibit_login = user.prohibit_login;
            shown.login_name.clone_from(&user.login_name);
            shown.source_id = user.login_source;
        }
        shown
    }

    /// `user` as the owner of a repository on which the viewer has this base mode: with any, the address is shown unless it
    /// is kept private. Members of a team that has rights on some units only have none.
    pub fn owner(settings: &Settings, user: &user::Model, mode: AccessMode) -> Self {
        Self::outline(settings, user, mode > AccessMode::None && !user.keep_email_private)
    }

    /// `user` as anybody may see them.
    pub fn stranger(settings: &Settings, user: &user::Model) -> Self {
        Self::outline(settings, user, false)
    }

    /// What everybody may see, with or without the address.
    fn outline(settings: &Settings, user: &user::Model, shows_address: bool) -> Self {
        Self {
            id: user.id,
            login: user.name.clone(),
            login_name: String::new(),
            source_id: 0,
            full_name: user.full_name.clone(),
            email: if shows_address { user.email.clone() } else { placeholder_address(settings, user) },
            avatar_url: avatar_url(settings, user),
            html_url: format!("{}{}", settings.server.root_url, user.name),
            language: String::new(),
            is_admin: false,
            last_login: super::time::ZERO.to_owned(),
            created: time(user.created_unix),
            restricted: false,
            active: false,
            prohibit_login: false,
            location: user.location.clone(),
            website: user.website.clone(),
            description: user.description.clone(),
            visibility: Visibility::from_number(user.visibility).name(),
            followers_count: user.num_followers,
            following_count: user.num_following,
            starred_repos_count: user.num_stars,
            username: user.name.clone(),
        }
    }
}

/// Many people as the caller may see them.
pub fn users(settings: &Settings, users: &[user::Model], viewer: &Caller) -> Vec<User> {
    users.iter().map(|user| User::new(settings, user, viewer)).collect()
}

/// The address shown instead of a private one.
pub fn placeholder_address(settings: &Settings, user: &user::Model) -> String {
    format!("{}+{}@{}", user.id, user.lower_name, settings.service.no_reply_address)
}

/// Where the picture is. Accounts made by Gitea's command line have no picture until they are first shown; it is drawn
/// from the address, so its name is known.
pub fn avatar_url(settings: &Settings, user: &user::Model) -> String {
    let root = &settings.server.root_url;
    match (user.avatar.as_str(), user.email.as_str()) {
        ("", "") if user.id <= 0 => format!("{root}assets/img/avatar_default.png"),
        ("", "") => format!("{root}avatars/{}", avatar::email_hash(&user.name)),
        ("", email) => format!("{root}avatars/{}", avatar::email_hash(email)),
        (avatar, _) => format!("{root}avatars/{avatar}"),
    }
}
