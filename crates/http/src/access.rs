//! What a route needs, said where the route is added.

use oolong_core::Category;

/// Who may use a route at all; which *thing* they may touch is said by the handler's extractors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// Visitors too.
    NotNeeded,
    /// A signed-in person.
    Needed,
    /// A signed-in person, asked for after the repository of the path was found: a hidden one is 404 to visitors
    /// before they are asked to sign in.
    NeededInRepository,
    /// A person whose credential came in HTTP Basic: token management, which a bearer must not reach.
    ByBasic,
    /// A site administrator.
    SiteAdmin,
}

/// What a route needs. Adding a route without one does not compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// The categories of scope a credential must have, all of them; the level comes from the HTTP method.
    pub scopes: &'static [Category],
    /// Who may come.
    pub sign_in: SignIn,
    /// Whether a `public-only` credential is refused outright.
    pub refuses_public_only: bool,
}

impl Access {
    /// Anybody, with any credential.
    pub const fn open() -> Self {
        Self { scopes: &[], sign_in: SignIn::NotNeeded, refuses_public_only: false }
    }

    /// Credentials need these categories.
    pub const fn scoped(scopes: &'static [Category]) -> Self {
        Self { scopes, sign_in: SignIn::NotNeeded, refuses_public_only: false }
    }

    /// Only signed-in people.
    #[must_use]
    pub const fn signed_in(self) -> Self {
        Self { sign_in: SignIn::Needed, ..self }
    }

    /// Only signed-in people, asked after the repository was found; the handler takes a `Repo<…>`.
    #[must_use]
    pub const fn signed_in_repository(self) -> Self {
        Self { sign_in: SignIn::NeededInRepository, ..self }
    }

    /// Only people whose credential came in HTTP Basic.
    #[must_use]
    pub const fn by_basic(self) -> Self {
        Self { sign_in: SignIn::ByBasic, ..self }
    }

    /// Only site administrators.
    #[must_use]
    pub const fn site_admin(self) -> Self {
        Self { sign_in: SignIn::SiteAdmin, ..self }
    }

    /// Not with a `public-only` credential.
    #[must_use]
    pub const fn not_public_only(self) -> Self {
        Self { refuses_public_only: true, ..self }
    }
}
