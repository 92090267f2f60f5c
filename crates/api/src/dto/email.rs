//! `Email`.

use oolong_db::entity::email_address;
use oolong_db::people::AddressAndOwner;
use serde::Serialize;

/// Gitea's `Email`.
#[derive(Clone, Debug, Serialize)]
pub struct Email {
    email: String,
    verified: bool,
    primary: bool,
    user_id: i64,
    username: String,
}

impl Email {
    /// One of the caller's own addresses. Gitea names no owner here.
    pub fn own(row: &email_address::Model) -> Self {
        Self {
            email: row.email.clone(),
            verified: row.is_activated,
            primary: row.is_primary,
            user_id: 0,
            username: String::new(),
        }
    }

    /// Somebody's address, for administrators.
    pub fn of_somebody(found: &AddressAndOwner) -> Self {
        Self { user_id: found.address.uid, username: found.owner_name.clone(), ..Self::own(&found.address) }
    }
}
