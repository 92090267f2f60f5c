//! What a person may do with a repository, and whom they may see: Gitea's rules, in one place.

use std::collections::{HashMap, HashSet};

use oolong_config::RequireSignin;
use oolong_core::{AccessMode, Result, Unit, UserId, Visibility};
use oolong_db::entity::{repo_unit, repository, user};
use oolong_db::repository_search::Viewer;
use oolong_db::sea_orm::ConnectionTrait;
use oolong_db::{organisations, permission_facts};

use crate::Caller;

/// The switches of the configuration that permissions depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// `REQUIRE_SIGNIN_VIEW`.
    pub require_sign_in: RequireSignin,
    /// `FORCE_PRIVATE`: grants to everyone and to visitors count for nothing.
    pub force_private: bool,
}

impl Rules {
    /// Reads the switches.
    pub fn new(settings: &oolong_config::Settings) -> Self {
        Self {
            require_sign_in: settings.service.require_signin_view,
            force_private: settings.repository.force_private,
        }
    }
}

/// What somebody may do with a repository.
#[derive(Clone, Debug, Default)]
pub struct RepoPermission {
    /// Base mode; owner and administrators have the same on every unit.
    mode: AccessMode,
    /// The mode on each unit that the repository has, by the unit's number.
    units: [Option<AccessMode>; 11],
    rows: Vec<repo_unit::Model>,
}

impl RepoPermission {
    /// Full rights, for the server's own work.
    pub fn owner(rows: Vec<repo_unit::Model>) -> Self {
        Self::uniform(AccessMode::Owner, rows)
    }

    fn uniform(mode: AccessMode, rows: Vec<repo_unit::Model>) -> Self {
        let mut permission = Self { mode, units: [None; 11], rows };
        for index in 0..permission.rows.len() {
            let number = permission.rows[index].kind;
            if let Some(unit) = Unit::from_number(number) {
                permission.units[number as usize] = Some(mode.min(unit.highest_mode()));
            }
        }
        permission
    }

    /// The base mode, as shown in `permissions` of the API.
    pub fn mode(&self) -> AccessMode {
        self.mode
    }

    /// The mode on a unit; none where the repository does not have it.
    pub fn unit_mode(&self, unit: Unit) -> AccessMode {
        self.units[unit as usize].unwrap_or(AccessMode::None)
    }

    /// Whether the unit may be read.
    pub fn can_read(&self, unit: Unit) -> bool {
        self.unit_mode(unit) >= AccessMode::Read
    }

    /// Whether the unit may be written.
    pub fn can_write(&self, unit: Unit) -> bool {
        self.unit_mode(unit) >= AccessMode::Write
    }

    /// Whether settings may be changed.
    pub fn is_admin(&self) -> bool {
        self.mode >= AccessMode::Admin
    }

    /// Whether it may be given away or deleted.
    pub fn is_owner(&self) -> bool {
        self.mode >= AccessMode::Owner
    }

    /// Whether anything of the repository may be seen; if not, it does not exist for the caller.
    pub fn has_any_access(&self) -> bool {
        self.mode > AccessMode::None || self.units.iter().flatten().any(|&mode| mode > AccessMode::None)
    }

    /// Whether the repository has the unit switched on, whoever asks.
    pub fn has_unit(&self, unit: Unit) -> bool {
        self.unit_row(unit).is_some()
    }

    /// The stored row of a unit, with its configuration.
    pub fn unit_row(&self, unit: Unit) -> Option<&repo_unit::Model> {
        self.rows.iter().find(|row| row.kind == unit.number())
    }
}

/// What `user` may do with `repo` of `owner`.
pub async fn repo_permission(
    connection: &impl ConnectionTrait,
    rules: Rules,
    user: Option<&user::Model>,
    repo: &repository::Model,
    owner: &user::Model,
) -> Result<RepoPermission> {
    let mut permissions = repo_permissions(connection, rules, user, &[(repo, owner)]).await?;
    Ok(permissions.pop().unwrap_or_default())
}

/// What `user` may do with each of these repositories, in the same order and in a few queries.
pub async fn repo_permissions(
    connection: &impl ConnectionTrait,
    rules: Rules,
    user: Option<&user::Model>,
    repos: &[(&repository::Model, &user::Model)],
) -> Result<Vec<RepoPermission>> {
    let ids: Vec<i64> = repos.iter().map(|(repo, _)| repo.id).collect();
    let units = permission_facts::units(connection, &ids).await?;
    let facts = match user {
        Some(user) => Facts::load(connection, rules, user, repos).await?,
        None => Facts::default(),
    };
    let permission = |(repo, owner): &(&repository::Model, &user::Model)| {
        let rows = units.get(&repo.id).cloned().unwrap_or_default();
        let mut permission = base_permission(rules, user, repo, owner, &facts, rows);
        let closed_to_visitors = rules.require_sign_in == RequireSignin::Always;
        if !rules.force_private && (user.is_some() || !closed_to_visitors) {
            raise_by_public_grants(&mut permission, user.is_some());
        }
        permission
    };
    Ok(repos.iter().map(permission).collect())
}

/// What is known of a person and some repositories.
#[derive(Default)]
struct Facts {
    granted: HashMap<i64, AccessMode>,
    collaborations: HashMap<i64, AccessMode>,
    memberships: HashSet<i64>,
    teams: permission_facts::Teams,
}

impl Facts {
    async fn load(
        connection: &impl ConnectionTrait,
        rules: Rules,
        user: &user::Model,
        repos: &[(&repository::Model, &user::Model)],
    ) -> Result<Self> {
        if user.is_admin {
            return Ok(Self::default());
        }
        let others = || repos.iter().filter(|(_, owner)| owner.id != user.id);
        let ids = |wanted: &dyn Fn(&user::Model) -> bool| -> Vec<i64> {
            others().filter(|(_, owner)| wanted(owner)).map(|(repo, _)| repo.id).collect()
        };
        let asks_membership = |owner: &user::Model| visibility_asks_membership(rules, user, owner);
        let mut doubtful: Vec<i64> =
            others().map(|(_, owner)| *owner).filter(|owner| asks_membership(owner)).map(|o| o.id).collect();
        doubtful.dedup();
        let in_organisations = ids(&user::Model::is_organization);
        Ok(Self {
            granted: permission_facts::granted(connection, user.user_id(), &ids(&|_| true)).await?,
            collaborations: permission_facts::collaborations(
                connection,
                user.user_id(),
                &ids(&|owner| owner.is_organization() || asks_membership(owner)),
            )
            .await?,
            memberships: permission_facts::memberships(connection, user.user_id(), &doubtful).await?,
            teams: permission_facts::teams(connection, user.user_id(), &in_organisations).await?,
        })
    }
}

fn base_permission(
    rules: Rules,
    user: Option<&user::Model>,
    repo: &repository::Model,
    owner: &user::Model,
    facts: &Facts,
    rows: Vec<repo_unit::Model>,
) -> RepoPermission {
    let none = |rows| RepoPermission::uniform(AccessMode::None, rows);
    let Some(user) = user else {
        let visible = !repo.is_private
            && owner.visible_to() == Visibility::Public
            && rules.require_sign_in != RequireSignin::Always;
        return if visible { RepoPermission::uniform(AccessMode::Read, rows) } else { none(rows) };
    };
    if user.is_admin || user.id == owner.id {
        return RepoPermission::uniform(AccessMode::Owner, rows);
    }
    let granted = facts.granted.get(&repo.id).copied();
    let visible = !visibility_asks_membership(rules, user, owner) || facts.memberships.contains(&owner.id);
    if !visible && (granted.is_none() || !facts.collaborations.contains_key(&repo.id)) {
        return none(rows);
    }
    let everybody_reads = !repo.is_private
        && (!user.is_restricted
            || owner.visible_to() == Visibility::Public && rules.require_sign_in != RequireSignin::Always);
    let public = if everybody_reads { AccessMode::Read } else { AccessMode::None };
    // A stored row is taken as it is: it was made from everything that counts.
    let base = granted.unwrap_or(public);
    if !owner.is_organization() {
        return RepoPermission::uniform(base, rows);
    }
    team_permission(user, repo, facts, base, rows)
}

/// In an organisation each team says what its members may do with each unit.
fn team_permission(
    user: &user::Model,
    repo: &repository::Model,
    facts: &Facts,
    base: AccessMode,
    rows: Vec<repo_unit::Model>,
) -> RepoPermission {
    let public = if !repo.is_private && !user.is_restricted { AccessMode::Read } else { AccessMode::None };
    let reaching = facts.teams.by_repo.get(&repo.id).map(Vec::as_slice).unwrap_or_default();
    let teams: Vec<_> = reaching.iter().filter(|team| team.org_id == repo.owner_id).collect();
    if teams.iter().any(|team| team.authorize >= AccessMode::Admin.number()) {
        return RepoPermission::uniform(AccessMode::Owner, rows);
    }
    let collaboration = facts.collaborations.get(&repo.id).copied().unwrap_or(AccessMode::None);
    let minimum = public.max(collaboration);
    if teams.is_empty() {
        return RepoPermission::uniform(base.max(minimum), rows);
    }
    let mut permission = RepoPermission::uniform(minimum, rows);
    permission.mode = base.max(minimum);
    for granted in teams.iter().filter_map(|team| facts.teams.units.get(&team.id)).flatten() {
        let Some(unit) = Unit::from_number(granted.kind) else { continue };
        if let Some(mode) = &mut permission.units[unit as usize] {
            *mode = (*mode).max(AccessMode::from_number(granted.access_mode)).min(unit.highest_mode());
        }
    }
    permission
}

/// A unit may be opened to visitors or to everyone signed in, above what they have.
fn raise_by_public_grants(permission: &mut RepoPermission, signed_in: bool) {
    for row in &permission.rows {
        let Some(unit) = Unit::from_number(row.kind) else { continue };
        let mut granted = AccessMode::from_number(row.anonymous_access_mode);
        if signed_in {
            granted = granted.max(AccessMode::from_number(row.everyone_access_mode));
        }
        if let Some(mode) = &mut permission.units[unit as usize] {
            // Grants to everyone open a unit for reading or writing, never its administration.
            *mode = (*mode).max(granted.min(AccessMode::Write)).min(unit.highest_mode());
        }
    }
}

/// Whether `viewer` may know that `owner` exists.
pub async fn owner_is_visible(
    connection: &impl ConnectionTrait,
    rules: Rules,
    viewer: Option<&user::Model>,
    owner: &user::Model,
) -> Result<bool> {
    let Some(viewer) = viewer else { return Ok(owner.visible_to() == Visibility::Public) };
    if visibility_asks_membership(rules, viewer, owner) {
        return organisations::is_member(connection, oolong_core::OrgId(owner.id), UserId(viewer.id)).await;
    }
    Ok(true)
}

/// Whether only members may know of `owner`, and `viewer` would have to be one.
fn visibility_asks_membership(rules: Rules, viewer: &user::Model, owner: &user::Model) -> bool {
    let visibility = owner.visible_to();
    if viewer.is_admin || viewer.id == owner.id {
        return false;
    }
    if visibility == Visibility::Public && rules.require_sign_in != RequireSignin::Always {
        return false;
    }
    visibility == Visibility::Private || viewer.is_restricted
}

/// Which repositories a caller may find.
pub fn viewer(rules: Rules, caller: &Caller) -> Viewer {
    let closed = rules.require_sign_in == RequireSignin::Always;
    match caller.user() {
        None if closed => Viewer::Nothing,
        None => Viewer::Public,
        Some(_) if caller.is_public_only() => Viewer::Public,
        Some(user) if user.is_admin => Viewer::Everything,
        Some(user) => {
            Viewer::Person { id: user.id, is_restricted: user.is_restricted, public_is_open: !closed }
        }
    }
}
