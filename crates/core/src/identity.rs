//! Who speaks, how they proved it, and how much the credential allows. Made once a request, by `oolong-auth`.

use crate::{KeyId, ScopeSet, TaskId, TokenId, UnixSeconds, UserId};

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Principal {
    /// Nobody in particular.
    Anonymous,
    /// A person or a bot.
    User(UserId),
    /// A running job of an Actions workflow.
    ActionsTask(TaskId),
    /// A repository's deploy key.
    DeployKey(KeyId),
    /// The server itself, for the named purpose.
    System(&'static str),
}

/// How they proved it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// No proof: an anonymous visitor.
    Anonymous,
    /// User name and password.
    Password,
    /// A personal access token.
    AccessToken,
    /// A server-side session.
    Session,
    /// The server acting for itself.
    Internal,
}

impl Method {
    /// The word for logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Password => "password",
            Self::AccessToken => "access-token",
            Self::Session => "session",
            Self::Internal => "internal",
        }
    }
}

/// Which stored credential was used, for "last used" and the audit trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CredentialId {
    /// A row of `access_token`.
    AccessToken(TokenId),
}

/// Which things a credential may reach, besides its scopes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResourceLimit {
    /// Whatever the person may reach.
    #[default]
    Everything,
    /// Only what is public.
    PublicOnly,
}

/// Whether an account may act at all. Asked once for every surface, after the credential was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Nothing stands in the way.
    Good,
    /// The account waits for its activation.
    NeedsActivation,
    /// An administrator has closed the account.
    Prohibited,
    /// The password has to be changed first.
    MustChangePassword,
    /// A second factor has to be enrolled first (`TWO_FACTOR_AUTH = enforced`).
    SecondFactorRequired,
}

/// Who speaks, how they proved it, and how much the credential allows.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Who speaks.
    pub principal: Principal,
    /// How they proved it.
    pub method: Method,
    /// What the credential may be used for; sessions and passwords have everything.
    pub scopes: ScopeSet,
    /// The stored credential, where there is one.
    pub credential: Option<CredentialId>,
    /// When the credential ends, where it does.
    pub expires: Option<UnixSeconds>,
    /// Whether the credential came inside HTTP Basic. Token management accepts nothing else (as Gitea does).
    pub via_basic: bool,
    /// Whether the credential came in the address or a form.
    pub via_query: bool,
}

impl Identity {
    /// A visitor without credentials. The scopes are full: what a visitor may see is public by definition.
    pub const ANONYMOUS: Self = Self {
        principal: Principal::Anonymous,
        method: Method::Anonymous,
        scopes: ScopeSet::ALL,
        credential: None,
        expires: None,
        via_basic: false,
        via_query: false,
    };

    /// A person who gave their password.
    pub fn password(user: UserId) -> Self {
        Self {
            principal: Principal::User(user),
            method: Method::Password,
            via_basic: true,
            ..Self::ANONYMOUS
        }
    }

    /// A person's access token.
    pub fn access_token(user: UserId, token: TokenId, scopes: ScopeSet, via_basic: bool) -> Self {
        Self {
            principal: Principal::User(user),
            method: Method::AccessToken,
            scopes,
            credential: Some(CredentialId::AccessToken(token)),
            expires: None,
            via_basic,
            via_query: false,
        }
    }

    /// The same, from a credential in the address or a form.
    #[must_use]
    pub fn from_query(self) -> Self {
        Self { via_query: true, ..self }
    }

    /// The server itself, for the named purpose.
    pub fn system(purpose: &'static str) -> Self {
        Self { principal: Principal::System(purpose), method: Method::Internal, ..Self::ANONYMOUS }
    }

    /// The person, where one is signed in.
    pub fn user(&self) -> Option<UserId> {
        match self.principal {
            Principal::User(user) => Some(user),
            Principal::Anonymous
            | Principal::ActionsTask(_)
            | Principal::DeployKey(_)
            | Principal::System(_) => None,
        }
    }

    /// Which things the credential may reach.
    pub fn resources(&self) -> ResourceLimit {
        if self.scopes.is_public_only() { ResourceLimit::PublicOnly } else { ResourceLimit::Everything }
    }
}
