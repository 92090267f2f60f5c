//! The one loop: a surface's authenticators in order, until one knows.

use oolong_config::Settings;
use oolong_core::{Clock, Result};
use oolong_db::Db;
use oolong_identity::access_token::DigestKey;
use oolong_identity::password_hasher::PasswordHasher;
use oolong_identity::secret_box::SecretBox;

use crate::authenticator::{Authenticator, Verdict};
use crate::{Caller, Presented};

/// Where a request comes in. A surface has a chain of authenticators, a challenge and an error shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Surface {
    /// `/api/v1`.
    Api,
    /// Git smart HTTP.
    Git,
    /// Raw files, archives, feeds.
    Raw,
    /// Pages.
    Web,
}

impl Surface {
    /// The authenticators in the order in which they are asked. This is the table of `docs/AUTHENTICATION.md`.
    pub const fn authenticators(self) -> &'static [Authenticator] {
        match self {
            Self::Api | Self::Git | Self::Raw => &[Authenticator::AccessToken, Authenticator::Password],
            Self::Web => &[],
        }
    }
}

/// Why a credential was refused. For the log and the audit trail; the client gets the surface's fixed sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// No token has this text.
    UnknownToken,
    /// The token's owner is gone or of a kind that holds no tokens.
    TokenOwner,
    /// The stored scopes of the token cannot be read.
    TokenScopes,
    /// Nobody has this name or address.
    UnknownUser,
    /// The address is known, but was never confirmed.
    UnconfirmedAddress,
    /// The password is wrong, or none is set.
    WrongPassword,
    /// The account is closed.
    Prohibited,
    /// The account belongs to an outside source that this password cannot be checked against.
    OutsideSource,
    /// A passkey is enrolled: passwords are refused outside the web pages.
    PasskeyEnrolled,
    /// A one-time code is needed, and was missing, wrong or used before.
    OneTimeCode,
}

/// What the chain found.
#[derive(Debug)]
pub enum Outcome {
    /// Who asks; anonymous where nothing was presented.
    Caller(Caller),
    /// Something was presented and refused. That ends the request, also where a visitor would be let in.
    Refused(Rejection),
}

/// Everything the authenticators need.
#[derive(Debug)]
pub struct Chain {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) digests: DigestKey,
    pub(crate) hasher: PasswordHasher,
    pub(crate) secrets: SecretBox,
    pub(crate) passwords_allowed: bool,
}

impl Chain {
    /// Builds the chain from configuration.
    pub fn new(settings: &Settings, db: Db, clock: Clock, hasher: PasswordHasher) -> Self {
        Self {
            db,
            clock,
            digests: DigestKey::derive(settings.security.secret_key.expose()),
            hasher,
            secrets: SecretBox::new(&settings.security.secret_key),
            passwords_allowed: settings.service.enable_basic_authentication,
        }
    }

    /// Turns what was presented into who asks. An `Err` is our fault (a 5xx), never a refusal.
    pub async fn authenticate(&self, surface: Surface, presented: &Presented) -> Result<Outcome> {
        if presented.is_anonymous() {
            return Ok(Outcome::Caller(Caller::ANONYMOUS));
        }
        for authenticator in surface.authenticators() {
            match authenticator.authenticate(self, presented).await? {
                Verdict::Absent => {}
                Verdict::Accepted(caller) => return Ok(Outcome::Caller(*caller)),
                Verdict::Rejected(rejection) => return Ok(Outcome::Refused(rejection)),
            }
        }
        Ok(Outcome::Caller(Caller::ANONYMOUS))
    }
}
