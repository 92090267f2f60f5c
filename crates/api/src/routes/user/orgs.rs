//! `/user/orgs` and `/user/teams`: where the signed-in person belongs.

use axum::extract::State;
use oolong_core::Category;
use oolong_db::teams::{self, TeamFilter};
use oolong_http::{Access, App, Failure, Paging, Routes, SignedIn, Total};

use super::USER;
use crate::dto::Json;
use crate::dto::organization::Organization;
use crate::dto::team::Team;
use crate::routes::users::orgs;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get(
            "/user/orgs",
            Access::scoped(&[Category::User, Category::Organization]).signed_in(),
            list_organisations,
        )
        .get("/user/teams", USER.not_public_only(), list_teams)
}

/// `orgListCurrentUserOrgs`
async fn list_organisations(
    State(app): State<App>,
    SignedIn { caller, user }: SignedIn,
    paging: Paging,
) -> Result<(Total, Json<Vec<Organization>>), Failure> {
    orgs::page(&app, &caller, &user, &paging).await
}

/// `userListTeams`
async fn list_teams(
    State(app): State<App>,
    SignedIn { user, .. }: SignedIn,
    paging: Paging,
) -> Result<(Total, Json<Vec<Team>>), Failure> {
    let connection = app.forge.db.read();
    let filter = TeamFilter { member: Some(user.user_id()), ..Default::default() };
    let (rows, total) = teams::list(connection, &filter, paging.page).await?;
    Ok((
        paging.total(total),
        Json(Team::list_with_organizations(connection, &app.forge.settings, &rows).await?),
    ))
}
