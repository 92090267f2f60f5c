//! Whose eyes a list is for, as the database asks.

use oolong_auth::Caller;
use oolong_config::RequireSignin;
use oolong_db::people::Viewer;
use oolong_http::App;

/// The caller as a viewer of people.
pub(crate) fn viewer<'a>(app: &App, caller: &'a Caller) -> Viewer<'a> {
    Viewer {
        user: caller.user(),
        public_only: caller.is_public_only(),
        sign_in_required: app.forge.settings.service.require_signin_view == RequireSignin::Always,
    }
}
