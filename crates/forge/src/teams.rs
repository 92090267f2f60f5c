//! Teams: making, changing and deleting them, who is in them, and which repositories they reach.

use std::collections::BTreeMap;

use oolong_core::{AccessMode, Error, OrgId, RepoId, Result, TeamId, Unit, UserId, Visibility};
use oolong_db::entity::{repository, team, team_repo, team_unit, team_user, user};
use oolong_db::organisations::{self as organisation_rows, OWNERS};
use oolong_db::sea_orm::{ConnectionTrait, Set};
use oolong_db::{Classify as _, blocks, repositories, teams, users, watch_changes};

use crate::{Forge, access_rows, lost_access, organisations, protection_teams};

/// How much a team may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    /// Everything but what only owners do, in every unit.
    Administration,
    /// What is said of each unit; nothing in the others.
    Units(BTreeMap<Unit, AccessMode>),
}

impl Grant {
    fn authorize(&self) -> i32 {
        match self {
            Self::Administration => AccessMode::Admin.number(),
            Self::Units(_) => AccessMode::None.number(),
        }
    }

    fn rows(&self, org: OrgId, team: TeamId) -> Vec<team_unit::Model> {
        let modes: Vec<(Unit, AccessMode)> = match self {
            Self::Administration => {
                Unit::ALL.map(|unit| (unit, AccessMode::Admin.min(unit.highest_mode()))).into()
            }
            Self::Units(modes) => modes.iter().map(|(&unit, &mode)| (unit, mode)).collect(),
        };
        let row = |(unit, mode): (Unit, AccessMode)| team_unit::Model {
            org_id: org.0,
            team_id: team.0,
            kind: unit.number(),
            access_mode: mode.number(),
            ..Default::default()
        };
        modes.into_iter().map(row).collect()
    }
}

/// A team to make.
#[derive(Clone, Debug)]
pub struct NewTeam {
    /// The name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What it may do.
    pub grant: Grant,
    /// Whether it reaches every repository, those to come too.
    pub includes_all_repositories: bool,
    /// Whether its members may make repositories.
    pub can_create_org_repo: bool,
    /// Who may know of it.
    pub visibility: Visibility,
}

/// Changes of a team; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct TeamPatch {
    /// The name.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// What it may do.
    pub grant: Option<Grant>,
    /// Whether it reaches every repository.
    pub includes_all_repositories: Option<bool>,
    /// Whether its members may make repositories.
    pub can_create_org_repo: Option<bool>,
    /// Who may know of it.
    pub visibility: Option<Visibility>,
}

/// A name is one of the web pages' paths, so `new` is theirs.
fn check_name(name: &str) -> Result<()> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.is_empty() || name.chars().count() > 255 || !name.chars().all(allowed) {
        return Err(Error::invalid("name: letters, digits, '-', '_' and '.', at most 255 of them"));
    }
    if name.eq_ignore_ascii_case("new") {
        return Err(Error::invalid("name: \"new\" is reserved"));
    }
    Ok(())
}

async fn refuse_taken(
    connection: &impl ConnectionTrait,
    org: OrgId,
    name: &str,
    but: Option<TeamId>,
) -> Result<()> {
    match teams::find_by_name(connection, org, name).await? {
        Some(other) if Some(other.team_id()) != but => {
            Err(Error::invalid(format!("name: there is a team called {name} already")))
        }
        _ => Ok(()),
    }
}

/// Makes a team; nobody is in it yet.
pub async fn create(forge: &Forge, org: &user::Model, new: NewTeam) -> Result<team::Model> {
    check_name(&new.name)?;
    let org_id = OrgId(org.id);
    let transaction = forge.db.begin().await?;
    refuse_taken(&transaction, org_id, &new.name, None).await?;
    let row = team::Model {
        org_id: org.id,
        lower_name: new.name.to_lowercase(),
        name: new.name,
        description: new.description,
        authorize: new.grant.authorize(),
        includes_all_repositories: new.includes_all_repositories,
        can_create_org_repo: new.can_create_org_repo,
        visibility: new.visibility.number(),
        ..Default::default()
    };
    let mut team = teams::insert(&transaction, row).await?;
    teams::replace_units(&transaction, team.team_id(), new.grant.rows(org_id, team.team_id())).await?;
    users::add_to_counter(&transaction, org.user_id(), user::Column::NumTeams, 1).await?;
    if team.includes_all_repositories {
        team.num_repos += reach_everything(&transaction, forge, &team).await?;
    }
    transaction.commit().await.classify()?;
    Ok(team)
}

/// Changes a team. The team of owners keeps its name and its rights: only its description and visibility change.
pub async fn edit(forge: &Forge, team: &team::Model, patch: TeamPatch) -> Result<team::Model> {
    let mut row = team::ActiveModel { id: Set(team.id), ..Default::default() };
    row.name = Set(team.name.clone());
    let transaction = forge.db.begin().await?;
    if let Some(name) = patch.name.filter(|name| *name != team.name) {
        if team.is_owners() {
            return Err(Error::invalid("name: the team of owners keeps its name"));
        }
        check_name(&name)?;
        refuse_taken(&transaction, team.org(), &name, Some(team.team_id())).await?;
        if name == OWNERS {
            return Err(Error::invalid("name: this is the name of the team of owners"));
        }
        row.lower_name = Set(name.to_lowercase());
        row.name = Set(name);
    }
    if let Some(description) = patch.description {
        row.description = Set(description);
    }
    if let Some(visibility) = patch.visibility {
        row.visibility = Set(visibility.number());
    }
    let grant = patch.grant.filter(|_| !team.is_owners());
    let includes_all = patch.includes_all_repositories.filter(|_| !team.is_owners());
    if let Some(can_create) = patch.can_create_org_repo {
        row.can_create_org_repo = Set(can_create || team.is_owners());
    }
    if let Some(includes_all) = includes_all {
        row.includes_all_repositories = Set(includes_all);
    }
    if let Some(grant) = &grant {
        row.authorize = Set(grant.authorize());
        teams::replace_units(&transaction, team.team_id(), grant.rows(team.org(), team.team_id())).await?;
    }
    let mut edited = teams::update(&transaction, row).await?;
    if grant.is_some_and(|grant| grant.authorize() != team.authorize) {
        access_rows::recalculate_team(&transaction, team.team_id()).await?;
    }
    if includes_all == Some(true) && !team.includes_all_repositories {
        edited.num_repos += reach_everything(&transaction, forge, &edited).await?;
    }
    transaction.commit().await.classify()?;
    Ok(edited)
}

/// Has a team reach every repository of its organisation. How many were new to it.
async fn reach_everything(
    connection: &impl ConnectionTrait,
    forge: &Forge,
    team: &team::Model,
) -> Result<i32> {
    let reached: std::collections::HashSet<i64> =
        organisation_rows::list_team_repo_ids(connection, team.team_id()).await?.into_iter().collect();
    let all = repositories::list_ids_of_owner(connection, UserId(team.org_id)).await?;
    let missing: Vec<i64> = all.into_iter().filter(|repo| !reached.contains(repo)).collect();
    attach(connection, forge, team, &missing).await?;
    Ok(i32::try_from(missing.len()).unwrap_or(i32::MAX))
}

/// Has a team reach repositories that it does not reach yet; its members watch them where that is configured.
async fn attach(
    connection: &impl ConnectionTrait,
    forge: &Forge,
    team: &team::Model,
    repos: &[i64],
) -> Result<()> {
    if repos.is_empty() {
        return Ok(());
    }
    let row = |&repo_id: &i64| team_repo::Model {
        org_id: team.org_id,
        team_id: team.id,
        repo_id,
        ..Default::default()
    };
    teams::insert_repos(connection, repos.iter().map(row).collect()).await?;
    let count = i32::try_from(repos.len()).unwrap_or(i32::MAX);
    teams::add_to_counter(connection, team.team_id(), team::Column::NumRepos, count).await?;
    let ids: Vec<RepoId> = repos.iter().copied().map(RepoId).collect();
    access_rows::recalculate_repos(connection, &ids).await?;
    if forge.settings.service.auto_watch_new_repos {
        let members = teams::list_member_ids(connection, team.team_id()).await?;
        watch_changes::start(connection, &members, repos, forge.clock.now()).await?;
    }
    Ok(())
}

/// Deletes a team. Who is in no other team of the organisation does not belong to it any more.
pub async fn delete(forge: &Forge, team: &team::Model) -> Result<()> {
    if team.is_owners() {
        return Err(Error::invalid("the team of owners cannot be deleted"));
    }
    let transaction = forge.db.begin().await?;
    let members = teams::list_member_ids(&transaction, team.team_id()).await?;
    let repos = organisation_rows::list_team_repo_ids(&transaction, team.team_id()).await?;
    protection_teams::remove(&transaction, team.org(), team.team_id()).await?;
    teams::delete(&transaction, team.team_id()).await?;
    users::add_to_counter(&transaction, UserId(team.org_id), user::Column::NumTeams, -1).await?;
    let ids: Vec<RepoId> = repos.iter().copied().map(RepoId).collect();
    access_rows::recalculate_repos(&transaction, &ids).await?;
    for person in users::list_by_ids(&transaction, members).await? {
        after_leaving(&transaction, team.org(), &person, &repos).await?;
    }
    transaction.commit().await.classify()
}

/// Puts a person into a team, and so into the organisation. Who is in it already stays.
pub async fn add_member(forge: &Forge, team: &team::Model, person: &user::Model) -> Result<()> {
    if person.is_organization() {
        return Err(Error::invalid("an organisation cannot be in a team"));
    }
    let transaction = forge.db.begin().await?;
    if blocks::exists(&transaction, team.org_id, person.id).await? {
        return Err(Error::forbidden("the organisation blocks this person"));
    }
    if teams::is_member(&transaction, team.team_id(), person.user_id()).await? {
        return Ok(());
    }
    organisations::join(&transaction, forge, team.org(), person.user_id()).await?;
    let row =
        team_user::Model { org_id: team.org_id, team_id: team.id, uid: person.id, ..Default::default() };
    teams::insert_member(&transaction, row).await?;
    teams::add_to_counter(&transaction, team.team_id(), team::Column::NumMembers, 1).await?;
    access_rows::recalculate_member(&transaction, team.org(), person.user_id()).await?;
    if forge.settings.service.auto_watch_new_repos {
        let repos = organisation_rows::list_team_repo_ids(&transaction, team.team_id()).await?;
        watch_changes::start(&transaction, &[person.id], &repos, forge.clock.now()).await?;
    }
    transaction.commit().await.classify()
}

/// Takes a person out of a team, and out of the organisation with their last one. Who is not in it stays away.
pub async fn remove_member(forge: &Forge, team: &team::Model, person: &user::Model) -> Result<()> {
    let transaction = forge.db.begin().await?;
    if !teams::is_member(&transaction, team.team_id(), person.user_id()).await? {
        return Ok(());
    }
    organisations::refuse_last_owner(&transaction, team).await?;
    teams::delete_member(&transaction, team.team_id(), person.user_id()).await?;
    teams::add_to_counter(&transaction, team.team_id(), team::Column::NumMembers, -1).await?;
    access_rows::recalculate_member(&transaction, team.org(), person.user_id()).await?;
    let repos = organisation_rows::list_team_repo_ids(&transaction, team.team_id()).await?;
    after_leaving(&transaction, team.org(), person, &repos).await?;
    transaction.commit().await.classify()
}

/// What follows for a person who left a team that reached `repos`; their access is recalculated already.
async fn after_leaving(
    connection: &impl ConnectionTrait,
    org: OrgId,
    person: &user::Model,
    repos: &[i64],
) -> Result<()> {
    if teams::list_of_member(connection, org, person.user_id()).await?.is_empty() {
        return organisations::end_membership(connection, org, person).await;
    }
    lost_access::forget_unreachable(connection, person, repos).await
}

/// Has a team reach a repository of its organisation; whether that is new.
pub async fn add_repo(forge: &Forge, team: &team::Model, repo: &repository::Model) -> Result<bool> {
    if repo.owner_id != team.org_id {
        return Err(Error::not_found("the organisation has no such repository"));
    }
    let transaction = forge.db.begin().await?;
    if teams::has_repo(&transaction, team.team_id(), RepoId(repo.id)).await? {
        return Ok(false);
    }
    attach(&transaction, forge, team, &[repo.id]).await?;
    transaction.commit().await.classify()?;
    Ok(true)
}

/// Takes a repository from a team; whether the team reached it.
pub async fn remove_repo(forge: &Forge, team: &team::Model, repo: &repository::Model) -> Result<bool> {
    let transaction = forge.db.begin().await?;
    if !teams::has_repo(&transaction, team.team_id(), RepoId(repo.id)).await? {
        return Ok(false);
    }
    if team.is_owners() {
        return Err(Error::invalid("the team of owners reaches every repository"));
    }
    teams::delete_repo(&transaction, team.team_id(), RepoId(repo.id)).await?;
    teams::add_to_counter(&transaction, team.team_id(), team::Column::NumRepos, -1).await?;
    access_rows::recalculate_repo(&transaction, RepoId(repo.id)).await?;
    let members = teams::list_member_ids(&transaction, team.team_id()).await?;
    for person in users::list_by_ids(&transaction, members).await? {
        lost_access::forget_unreachable(&transaction, &person, &[repo.id]).await?;
    }
    transaction.commit().await.classify()?;
    Ok(true)
}
