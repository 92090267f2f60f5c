//! `/users/{username}/keys`: SSH keys.

use axum::extract::State;
use oolong_http::{App, Failure, OwnerPath, Paging, QueryValues, Routes, Total};

use super::USER;
use crate::dto::Json;
use crate::dto::public_key::PublicKey;
use crate::routes::user::keys::list_of;

pub(super) fn add(routes: Routes) -> Routes {
    routes.get("/users/{username}/keys", USER.signed_in(), list)
}

/// `userListKeys`
async fn list(
    State(app): State<App>,
    OwnerPath { owner, caller }: OwnerPath,
    query: QueryValues,
    paging: Paging,
) -> Result<(Total, Json<Vec<PublicKey>>), Failure> {
    list_of(&app, &caller, &owner, &query, &paging).await
}
