//! The axum kit that the surfaces share: [`App`], [`Routes`] with the access each route needs, extractors, the one
//! place where errors become statuses, paging, client addresses and the access log.
//!
//! No route and no page lives here; nothing below this crate knows HTTP.

mod access;
mod app;
mod body;
pub mod client_ip;
mod failure;
mod file;
mod gate;
mod location;
mod log;
mod organisation;
mod owner;
mod paging;
mod path;
mod query;
mod repository;
mod routes;
mod signed_in;
mod team;

pub use access::{Access, SignIn};
pub use app::{App, Metrics};
pub use body::Body;
pub use client_ip::{ClientIp, TrustedProxies};
pub use failure::{Failure, NotFoundPlain, error_json};
pub use file::{SNIFFED_BYTES, content_disposition, file_headers, is_unchanged, media_type};
pub use gate::{ApiSwitches, admit, gate, git_challenge, see_other};
pub use location::{Located, Location, locate, owner_is_visible, redirect_first_segments};
pub use log::access_log;
pub use organisation::{Org, OrgAccess, org_need};
pub use owner::{Owner, OwnerPath, redirect_to_owner};
pub use paging::{Paging, Total};
pub use path::PathText;
pub use query::QueryValues;
pub use repository::{Repo, RepoAccess, need};
pub use routes::{RouteInfo, Routes};
pub use signed_in::{MaybeSignedIn, SignedIn};
pub use team::{Team, TeamAccess, team_need};
