//! `/users/search`: finding people.

use axum::extract::State;
use oolong_core::{Error, UserId};
use oolong_db::entity::user;
use oolong_db::people::{self, PeopleFilter};
use oolong_http::{App, Failure, MaybeSignedIn, Paging, QueryValues, Routes, Total};
use serde::Serialize;

use super::{USER, check_explore};
use crate::dto::Json;
use crate::dto::user::{User, users};
use crate::viewer::viewer;

pub(super) fn add(routes: Routes) -> Routes {
    routes.get("/users/search", USER, search)
}

#[derive(Serialize)]
struct Found {
    data: Vec<User>,
    ok: bool,
}

/// `userSearch`
async fn search(
    State(app): State<App>,
    MaybeSignedIn(caller): MaybeSignedIn,
    query: QueryValues,
    paging: Paging,
) -> Result<(Total, Json<Found>), Failure> {
    check_explore(&app, &caller)?;
    let settings = &app.forge.settings;
    if settings.service.explore.disable_users_page {
        return Err(Error::not_found("the list of people is switched off").into());
    }
    let id = query.number("uid").filter(|&id| id != 0);
    if let Some(reserved) = id.and_then(reserved) {
        let data = vec![User::new(settings, &reserved, &caller)];
        return Ok((Paging::total_without_links(1), Json(Found { data, ok: true })));
    }
    let filter = PeopleFilter {
        keyword: query.text("q").unwrap_or_default().to_owned(),
        id: id.map(UserId),
        ..PeopleFilter::default()
    };
    let (rows, total) =
        people::search(app.forge.db.read(), viewer(&app, &caller), &filter, paging.page).await?;
    Ok((paging.total(total), Json(Found { data: users(settings, &rows, &caller), ok: true })))
}

/// The two that have no row: who stands for deleted people, and who runs workflows.
fn reserved(id: i64) -> Option<user::Model> {
    let name = match id {
        -1 => "Ghost",
        -2 => "gitea-actions",
        _ => return None,
    };
    Some(user::Model { id, name: name.to_owned(), lower_name: name.to_lowercase(), ..Default::default() })
}
