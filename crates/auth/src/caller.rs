//! Who asks: the identity together with the account behind it.

use std::sync::Arc;

use oolong_core::{Error, Identity, Result, UserId};
use oolong_db::entity::user;

/// Who asks: the identity of the credential and, where it is a person's, the account. Made once a request.
#[derive(Clone, Debug)]
pub struct Caller {
    /// What the credential says.
    pub identity: Identity,
    /// Whose rights apply: the credential's owner, or whom an administrator acts for (`Sudo`).
    user: Option<Arc<user::Model>>,
}

impl Caller {
    /// A visitor.
    pub const ANONYMOUS: Self = Self { identity: Identity::ANONYMOUS, user: None };

    /// A person with the identity that their credential gave.
    pub fn new(identity: Identity, user: user::Model) -> Self {
        Self { identity, user: Some(Arc::new(user)) }
    }

    /// The person whose rights apply.
    pub fn user(&self) -> Option<&user::Model> {
        self.user.as_deref()
    }

    /// The id of the person whose rights apply.
    pub fn user_id(&self) -> Option<UserId> {
        self.user().map(user::Model::user_id)
    }

    /// The person, or the error that asks to sign in.
    pub fn signed_in(&self) -> Result<&user::Model> {
        self.user().ok_or_else(|| Error::unauthenticated("this needs a signed-in user"))
    }

    /// Whether a person is signed in.
    pub fn is_signed_in(&self) -> bool {
        self.user.is_some()
    }

    /// Whether the person administers the site.
    pub fn is_site_admin(&self) -> bool {
        self.user().is_some_and(|user| user.is_admin)
    }

    /// Whether the person has this id.
    pub fn is(&self, id: UserId) -> bool {
        self.user_id() == Some(id)
    }

    /// Whether this credential may reach only what is public.
    pub fn is_public_only(&self) -> bool {
        self.identity.scopes.is_public_only()
    }

    /// The same credential acting for another person; the scopes stay the credential's.
    #[must_use]
    pub fn acting_for(&self, user: user::Model) -> Self {
        Self { identity: self.identity.clone(), user: Some(Arc::new(user)) }
    }
}
