//! `/admin/emails`: everybody's addresses.

use axum::extract::State;
use oolong_db::people;
use oolong_http::{App, Failure, Paging, QueryValues, Routes, Total};

use super::ADMIN;
use crate::dto::Json;
use crate::dto::email::Email;

pub(super) fn add(routes: Routes) -> Routes {
    // `adminGetAllEmails` and `adminSearchEmails`: the first is the second without a keyword.
    routes.get("/admin/emails", ADMIN, list).get("/admin/emails/search", ADMIN, search)
}

async fn list(State(app): State<App>, paging: Paging) -> Result<(Total, Json<Vec<Email>>), Failure> {
    find(&app, "", &paging).await
}

async fn search(
    State(app): State<App>,
    query: QueryValues,
    paging: Paging,
) -> Result<(Total, Json<Vec<Email>>), Failure> {
    find(&app, query.text("q").unwrap_or_default(), &paging).await
}

async fn find(app: &App, keyword: &str, paging: &Paging) -> Result<(Total, Json<Vec<Email>>), Failure> {
    let (found, total) = people::search_addresses(app.forge.db.read(), keyword, paging.page).await?;
    Ok((paging.total(total), Json(found.iter().map(Email::of_somebody).collect())))
}
