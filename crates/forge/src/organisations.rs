//! Organisations: making, changing and deleting them, and who belongs to them.

use oolong_core::{AccessMode, Error, OrgId, Result, Unit, UserId, UserName, Visibility};
use oolong_db::entity::{org_user, team, team_unit, team_user, user};
use oolong_db::organisations::{OWNERS, Seen};
use oolong_db::sea_orm::{ConnectionTrait, EntityTrait as _, Set};
use oolong_db::users::Kind;
use oolong_db::{Classify as _, organisations, repositories, rows, teams, users};
use oolong_identity::avatar;
use oolong_identity::email_address::EmailAddress;

use crate::{Forge, access_rows, git, lost_access, owner_names, repository_deletion};

/// An organisation to make.
#[derive(Clone, Debug)]
pub struct NewOrganisation {
    /// The name, already checked.
    pub name: UserName,
    /// What people may know about it.
    pub profile: Profile,
    /// Who may see it; the configured default without.
    pub visibility: Option<Visibility>,
    /// Whether administrators of a repository may give it to teams.
    pub repo_admin_change_team_access: bool,
}

/// What people may know about an organisation.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// The name in full.
    pub full_name: String,
    /// An address to write to, where there is one.
    pub email: Option<EmailAddress>,
    /// What it is.
    pub description: String,
    /// Its page.
    pub website: String,
    /// Where it is.
    pub location: String,
}

/// Changes of an organisation; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct OrganisationPatch {
    /// The name in full.
    pub full_name: Option<String>,
    /// Another address; `Some(None)` takes it away.
    pub email: Option<Option<EmailAddress>>,
    /// What it is.
    pub description: Option<String>,
    /// Its page.
    pub website: Option<String>,
    /// Where it is.
    pub location: Option<String>,
    /// Who may see it.
    pub visibility: Option<Visibility>,
    /// Whether administrators of a repository may give it to teams.
    pub repo_admin_change_team_access: Option<bool>,
}

/// Refuses people who may not make organisations.
pub fn may_create(forge: &Forge, person: &user::Model) -> Result<()> {
    let regular = person.allow_create_organization && !forge.settings.admin.disable_regular_org_creation;
    if person.is_admin || regular {
        return Ok(());
    }
    Err(Error::forbidden("you may not make organisations"))
}

/// Makes an organisation with its team of owners, and `owner` in it: the rows that Gitea writes.
pub async fn create(forge: &Forge, owner: &user::Model, new: NewOrganisation) -> Result<user::Model> {
    if !owner.is_individual() {
        return Err(Error::invalid("username: only a person can own an organisation"));
    }
    let transaction = forge.db.begin().await?;
    if users::find_by_name(&transaction, new.name.as_str()).await?.is_some() {
        return Err(Error::invalid(format!("username: somebody is called {} already", new.name)));
    }
    owner_names::free_name(&transaction, &new.name.key()).await?;
    let org = users::insert(&transaction, organisation_row(forge, &new)).await?;
    let membership = org_user::Model {
        uid: owner.id,
        org_id: org.id,
        is_public: forge.settings.service.default_org_member_visible,
        ..Default::default()
    };
    organisations::insert_member(&transaction, membership).await?;
    let owners = team::Model {
        org_id: org.id,
        name: OWNERS.to_owned(),
        lower_name: OWNERS.to_lowercase(),
        authorize: AccessMode::Owner.number(),
        num_members: 1,
        includes_all_repositories: true,
        can_create_org_repo: true,
        visibility: Visibility::Limited.number(),
        ..Default::default()
    };
    let owners = teams::insert(&transaction, owners).await?;
    let units = Unit::ALL.map(|unit| team_unit::Model {
        org_id: org.id,
        team_id: owners.id,
        kind: unit.number(),
        access_mode: AccessMode::Owner.min(unit.highest_mode()).number(),
        ..Default::default()
    });
    teams::replace_units(&transaction, owners.team_id(), units.into()).await?;
    teams::insert_member(
        &transaction,
        team_user::Model { org_id: org.id, team_id: owners.id, uid: owner.id, ..Default::default() },
    )
    .await?;
    transaction.commit().await.classify()?;
    Ok(org)
}

fn organisation_row(forge: &Forge, new: &NewOrganisation) -> user::Model {
    let now = forge.clock.now().0;
    let profile = &new.profile;
    let email = profile.email.as_ref().map(EmailAddress::as_str).unwrap_or_default();
    user::Model {
        lower_name: new.name.key(),
        name: new.name.to_string(),
        full_name: profile.full_name.clone(),
        email: email.to_owned(),
        kind: Kind::Organization.number(),
        description: profile.description.clone(),
        website: profile.website.clone(),
        location: profile.location.clone(),
        rands: forge.rng.hex::<16>(),
        salt: forge.rng.hex::<16>(),
        created_unix: now,
        updated_unix: now,
        max_repo_creation: -1,
        is_active: true,
        use_custom_avatar: true,
        avatar: generated_avatar(email, new.name.as_str()),
        num_teams: 1,
        num_members: 1,
        visibility: new.visibility.unwrap_or(forge.settings.service.default_org_visibility).number(),
        repo_admin_change_team_access: new.repo_admin_change_team_access,
        ..Default::default()
    }
}

/// The name of the picture that is drawn for an organisation without one of its own.
fn generated_avatar(email: &str, name: &str) -> String {
    avatar::email_hash(if email.is_empty() { name } else { email })
}

/// Changes an organisation.
pub async fn edit(forge: &Forge, org: &user::Model, patch: OrganisationPatch) -> Result<user::Model> {
    let mut row =
        user::ActiveModel { id: Set(org.id), updated_unix: Set(forge.clock.now().0), ..Default::default() };
    if let Some(full_name) = patch.full_name {
        row.full_name = Set(full_name);
    }
    if let Some(email) = patch.email {
        row.email = Set(email.map(|email| email.as_str().to_owned()).unwrap_or_default());
    }
    if let Some(description) = patch.description {
        row.description = Set(description);
    }
    if let Some(website) = patch.website {
        row.website = Set(website);
    }
    if let Some(location) = patch.location {
        row.location = Set(location);
    }
    if let Some(visibility) = patch.visibility {
        row.visibility = Set(visibility.number());
    }
    if let Some(allowed) = patch.repo_admin_change_team_access {
        row.repo_admin_change_team_access = Set(allowed);
    }
    user::Entity::update(row).exec(forge.db.write()).await.classify()
}

/// What else belongs to an organisation and goes with it: table and column.
const BELONGINGS: [(&str, &str); 11] = [
    ("team_unit", "org_id"),
    ("team_user", "org_id"),
    ("team_repo", "org_id"),
    ("team_invite", "org_id"),
    ("team", "org_id"),
    ("org_user", "org_id"),
    ("user_blocking", "blocker_id"),
    ("secret", "owner_id"),
    ("action_variable", "owner_id"),
    ("action_runner", "owner_id"),
    ("action_runner_token", "owner_id"),
];

/// Deletes an organisation that has neither repositories nor packages.
pub async fn delete(forge: &Forge, org: &user::Model) -> Result<()> {
    let transaction = forge.db.begin().await?;
    if !repositories::list_ids_of_owner(&transaction, org.user_id()).await?.is_empty() {
        return Err(Error::conflict(
            "the organisation still has repositories; delete them or give them away first",
        ));
    }
    if rows::exists(&transaction, "package", "owner_id", org.id).await? {
        return Err(Error::conflict("the organisation still has packages; delete them first"));
    }
    for (table, column) in BELONGINGS {
        rows::delete_by_id(&transaction, table, column, org.id).await?;
    }
    // Names that led to it lead nowhere now.
    rows::delete_by_id(&transaction, "user_redirect", "redirect_user_id", org.id).await?;
    user::Entity::delete_by_id(org.id).exec(&transaction).await.classify()?;
    transaction.commit().await.classify()?;
    let (root, name) = (forge.repositories.clone(), org.lower_name.clone());
    if let Err(error) = git::blocking(move || root.remove_owner(&name)).await {
        tracing::warn!(organisation = %org.name, ?error, "the folder of a deleted organisation stays: it is not empty");
    }
    Ok(())
}

/// Deletes every repository of an organisation; whether there were any. Each goes by itself: what is deleted stays so
/// if a later one fails.
pub async fn delete_repositories(forge: &Forge, org: &user::Model) -> Result<bool> {
    let ids = repositories::list_ids_of_owner(forge.db.read(), org.user_id()).await?;
    for (repo, owner) in repositories::list_with_owners(forge.db.read(), &ids).await? {
        repository_deletion::delete(forge, &repo, &owner).await?;
    }
    Ok(!ids.is_empty())
}

/// Shows or hides that a person belongs to an organisation.
pub async fn set_member_public(forge: &Forge, org: OrgId, user: UserId, is_public: bool) -> Result<()> {
    organisations::set_member_public(forge.db.write(), org, user, is_public).await
}

/// Makes a person a member, as happens with their first team; nothing happens to members.
pub(crate) async fn join(
    connection: &impl ConnectionTrait,
    forge: &Forge,
    org: OrgId,
    user: UserId,
) -> Result<()> {
    if organisations::is_member(connection, org, user).await? {
        return Ok(());
    }
    let is_public = forge.settings.service.default_org_member_visible;
    organisations::insert_member(
        connection,
        org_user::Model { uid: user.0, org_id: org.0, is_public, ..Default::default() },
    )
    .await?;
    users::add_to_counter(connection, UserId(org.0), user::Column::NumMembers, 1).await
}

/// Takes a person out of an organisation and all its teams. Who does not belong to it stays as they are.
pub async fn remove_member(forge: &Forge, org: OrgId, person: &user::Model) -> Result<()> {
    let transaction = forge.db.begin().await?;
    leave(&transaction, org, person).await?;
    transaction.commit().await.classify()
}

/// Takes a person out of an organisation, inside a transaction; the last owner cannot go.
pub async fn leave(connection: &impl ConnectionTrait, org: OrgId, person: &user::Model) -> Result<()> {
    if !organisations::is_member(connection, org, person.user_id()).await? {
        return Ok(());
    }
    for team in teams::list_of_member(connection, org, person.user_id()).await? {
        refuse_last_owner(connection, &team).await?;
        teams::delete_member(connection, team.team_id(), person.user_id()).await?;
        teams::add_to_counter(connection, team.team_id(), team::Column::NumMembers, -1).await?;
    }
    end_membership(connection, org, person).await
}

/// Ends the membership of a person who is in no team any more.
pub(crate) async fn end_membership(
    connection: &impl ConnectionTrait,
    org: OrgId,
    person: &user::Model,
) -> Result<()> {
    if organisations::delete_member(connection, org, person.user_id()).await? {
        users::add_to_counter(connection, UserId(org.0), user::Column::NumMembers, -1).await?;
    }
    access_rows::recalculate_member(connection, org, person.user_id()).await?;
    let repos = repositories::list_ids_of_owner(connection, UserId(org.0)).await?;
    lost_access::forget_unreachable(connection, person, &repos).await
}

/// An organisation has an owner at all times.
pub(crate) async fn refuse_last_owner(connection: &impl ConnectionTrait, team: &team::Model) -> Result<()> {
    if team.is_owners() && teams::count_members(connection, team.team_id()).await? <= 1 {
        return Err(Error::invalid("the last owner of an organisation cannot leave it"));
    }
    Ok(())
}

/// What a person may do in an organisation, by the widest of their teams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Powers {
    /// The mode of the widest team; teams that say it unit by unit count as none.
    pub mode: AccessMode,
    /// Whether they may make repositories.
    pub creates_repositories: bool,
}

/// What a person may do in an organisation.
pub async fn powers(connection: &impl ConnectionTrait, org: OrgId, user: UserId) -> Result<Powers> {
    let mut powers = Powers::default();
    for team in teams::list_of_member(connection, org, user).await? {
        let mode = if team.is_owners() { AccessMode::Owner } else { AccessMode::from_number(team.authorize) };
        powers.mode = powers.mode.max(mode);
        powers.creates_repositories |= team.can_create_org_repo || team.is_owners();
    }
    Ok(powers)
}

/// Which organisations a caller sees in the list of all: signed-in people the limited ones too, restricted people
/// only their own, and never a private one unless they administer the site.
pub fn seen_by(viewer: Option<&user::Model>, public_only: bool) -> Seen {
    match viewer {
        Some(viewer) if public_only => {
            Seen { up_to: Visibility::Public, only_of: viewer.is_restricted.then(|| viewer.user_id()) }
        }
        Some(viewer) if viewer.is_admin => Seen { up_to: Visibility::Private, only_of: None },
        Some(viewer) => {
            Seen { up_to: Visibility::Limited, only_of: viewer.is_restricted.then(|| viewer.user_id()) }
        }
        None => Seen { up_to: Visibility::Public, only_of: None },
    }
}
