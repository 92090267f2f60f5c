//! `/orgs/{org}/teams`: the teams of an organisation.

use std::collections::BTreeMap;

use axum::extract::{Query, State};
use oolong_core::{AccessMode, Error, Result, Unit, Visibility};
use oolong_db::teams::{self as rows, TeamFilter};
use oolong_forge::teams::{self, Grant, NewTeam};
use oolong_http::{App, Body, Failure, Org, OrgAccess, Paging, Routes, Total, org_need};
use serde::{Deserialize, Serialize};

use super::ORG_SIGNED_IN;
use crate::dto::team::Team;
use crate::dto::{Created, Json};
use crate::field;

pub(super) fn add(routes: Routes) -> Routes {
    routes.get("/orgs/{org}/teams", ORG_SIGNED_IN, list).post("/orgs/{org}/teams", ORG_SIGNED_IN, create).get(
        "/orgs/{org}/teams/search",
        ORG_SIGNED_IN,
        search,
    )
}

/// Owners see every team; members their own and those that show themselves to the organisation.
fn visible_teams(access: &OrgAccess) -> TeamFilter {
    let everything = TeamFilter { org: Some(access.org_id()), ..Default::default() };
    if access.acts_as_owner() {
        return everything;
    }
    TeamFilter { member: access.caller.user_id(), or_visible_up_to: Some(Visibility::Limited), ..everything }
}

/// `orgListTeams`
async fn list(
    State(app): State<App>,
    Org(access, _): Org<org_need::Member>,
    paging: Paging,
) -> Result<(Total, Json<Vec<Team>>), Failure> {
    let (teams, total) = rows::list(app.forge.db.read(), &visible_teams(&access), paging.page).await?;
    Ok((paging.total(total), Json(Team::list(app.forge.db.read(), &teams).await?)))
}

#[derive(Deserialize)]
struct SearchQuery {
    #[serde(default)]
    q: String,
    include_desc: Option<String>,
}

#[derive(Serialize)]
struct SearchResults {
    data: Vec<Team>,
    ok: bool,
}

/// `teamSearch`
async fn search(
    State(app): State<App>,
    Org(access, _): Org<org_need::Member>,
    paging: Paging,
    Query(query): Query<SearchQuery>,
) -> Result<(Total, Json<SearchResults>), Failure> {
    let in_description =
        !matches!(query.include_desc.as_deref(), Some("0" | "f" | "F" | "false" | "False" | "FALSE"));
    let filter = TeamFilter { keyword: query.q.trim().to_owned(), in_description, ..visible_teams(&access) };
    let (teams, total) = rows::list(app.forge.db.read(), &filter, paging.page).await?;
    Ok((
        paging.total(total),
        Json(SearchResults { data: Team::list(app.forge.db.read(), &teams).await?, ok: true }),
    ))
}

/// What a body says about a team's rights.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::routes) struct GrantOption {
    permission: Option<String>,
    units: Option<Vec<String>>,
    units_map: Option<BTreeMap<String, String>>,
}

impl GrantOption {
    /// The mode that `permission` names; teams cannot be made owners, so anything else is no right at all.
    fn mode(&self) -> AccessMode {
        self.permission
            .as_deref()
            .and_then(AccessMode::parse)
            .filter(|mode| (AccessMode::Read..=AccessMode::Admin).contains(mode))
            .unwrap_or_default()
    }

    /// The rights that are asked for, where any are. Unknown units are left out, as Gitea does.
    pub(in crate::routes) fn grant(&self) -> Result<Option<Grant>> {
        let mode = self.mode();
        if mode == AccessMode::Admin {
            return Ok(Some(Grant::Administration));
        }
        if let Some(map) = self.units_map.as_ref().filter(|map| !map.is_empty()) {
            let mut modes = BTreeMap::new();
            for (key, name) in map {
                let granted = AccessMode::parse(name).ok_or_else(|| {
                    Error::invalid(format!(
                        "units_map: {key:?} has to be none, read, write or admin, not {name:?}"
                    ))
                })?;
                if let Some(unit) = Unit::parse(key) {
                    modes.insert(unit, granted);
                }
            }
            return Ok(Some(Grant::Units(modes)));
        }
        let units = self.units.as_ref().filter(|units| !units.is_empty());
        Ok(units.map(|units| {
            Grant::Units(units.iter().filter_map(|key| Unit::parse(key)).map(|unit| (unit, mode)).collect())
        }))
    }

    /// A mode for the units a team has already, where only `permission` was sent.
    pub(in crate::routes) fn mode_alone(&self) -> Option<AccessMode> {
        self.permission.as_ref().filter(|name| !name.is_empty()).map(|_| self.mode())
    }
}

#[derive(Deserialize)]
struct CreateTeamOption {
    name: Option<String>,
    description: Option<String>,
    includes_all_repositories: Option<bool>,
    can_create_org_repo: Option<bool>,
    visibility: Option<String>,
    #[serde(flatten)]
    grant: GrantOption,
}

/// `orgCreateTeam`
async fn create(
    State(app): State<App>,
    Org(access, _): Org<org_need::Owner>,
    Body(body): Body<CreateTeamOption>,
) -> Result<Created<Team>, Failure> {
    let new = NewTeam {
        name: field::required("name", body.name, 255)?,
        description: field::text("description", body.description, 255)?,
        grant: body
            .grant
            .grant()?
            .ok_or_else(|| Error::invalid("units: a team needs units, or the permission admin"))?,
        includes_all_repositories: body.includes_all_repositories.unwrap_or_default(),
        can_create_org_repo: body.can_create_org_repo.unwrap_or_default(),
        visibility: field::visibility("visibility", body.visibility)?.unwrap_or(Visibility::Private),
    };
    let team = teams::create(&app.forge, &access.org, new).await?;
    Ok(Created(Team::one_with_organization(app.forge.db.read(), &app.forge.settings, &team).await?))
}
