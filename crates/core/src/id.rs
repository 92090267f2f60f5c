//! Typed row ids: a user's id cannot be passed where a repository's is meant.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }
    )*};
}

ids! {
    /// A row of `user` that is a person or a bot.
    UserId;
    /// A row of `user` that is an organisation.
    OrgId;
    /// A row of `team`.
    TeamId;
    /// A row of `repository`.
    RepoId;
    /// A row of `access_token`.
    TokenId;
    /// A row of `public_key` or `deploy_key`.
    KeyId;
    /// A row of `action_task`.
    TaskId;
}
