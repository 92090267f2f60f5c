//! What a person may do with a repository, and whom they may see: Gitea's rules, in one place.

use oolong_config::RequireSignin;
use oolong_core::{AccessMode, RepoId, Result, Unit, UserId, Visibility};
use oolong_db::entity::{repo_unit, repository, user};
use oolong_db::sea_orm::ConnectionTrait;
use oolong_db::{accesses, organisations, repo_units};

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
    let rows = repo_units::list(connection, RepoId(repo.id)).await?;
    let mut permission = base_permission(connection, rules, user, repo, owner, rows).await?;
    if !rules.force_private {
        raise_by_public_grants(&mut permission, user.is_some());
    }
    Ok(permission)
}

async fn base_permission(
    connection: &impl ConnectionTrait,
    rules: Rules,
    user: Option<&user::Model>,
    repo: &repository::Model,
    owner: &user::Model,
    rows: Vec<repo_unit::Model>,
) -> Result<RepoPermission> {
    let none = |rows| RepoPermission { rows, ..Default::default() };
    let Some(user) = user else {
        let visible = !repo.is_private && owner.visible_to() == Visibility::Public && rules.require_sign_in != RequireSignin::Always;
        return Ok(if visible { RepoPermission::uniform(AccessMode::Read, rows) } else { none(rows) });
    };
    if user.is_admin || user.id == owner.id {
        return Ok(RepoPermission::uniform(AccessMode::Owner, rows));
    }
    let granted = accesses::find_mode(connection, user.user_id(), RepoId(repo.id)).await?;
    if !owner_is_visible(connection, rules, Some(user), owner).await? {
        let collaborates = granted.is_some() && accesses::find_collaboration(connection, user.user_id(), RepoId(repo.id)).await?.is_some();
        if !collaborates {
            return Ok(none(rows));
        }
    }
    let everybody_reads = !repo.is_private
        && (!user.is_restricted || owner.visible_to() == Visibility::Public && rules.require_sign_in != RequireSignin::Always);
    let public = if everybody_reads { AccessMode::Read } else { AccessMode::None };
    // A stored row is taken as it is: it was made from everything that counts.
    let base = granted.unwrap_or(public);
    if !owner.is_organization() {
        return Ok(RepoPermission::uniform(base, rows));
    }
    team_permission(connection, user, repo, owner, base.max(public), rows).await
}

/// In an organisation each team says what its members may do with each unit.
async fn team_permission(
    connection: &impl ConnectionTrait,
    user: &user::Model,
    repo: &repository::Model,
    owner: &user::Model,
    base: AccessMode,
    rows: Vec<repo_unit::Model>,
) -> Result<RepoPermission> {
    let public = if !repo.is_private && !user.is_restricted { AccessMode::Read } else { AccessMode::None };
    let teams = organisations::list_teams_with_repo(connection, oolong_core::OrgId(owner.id), user.user_id(), RepoId(repo.id)).await?;
    if teams.iter().any(|team| team.authorize >= AccessMode::Admin.number()) {
        return Ok(RepoPermission::uniform(AccessMode::Owner, rows));
    }
    let collaboration = accesses::find_collaboration(connection, user.user_id(), RepoId(repo.id)).await?.unwrap_or(AccessMode::None);
    let minimum = public.max(collaboration);
    if teams.is_empty() {
        return Ok(RepoPermission::uniform(base.max(minimum), rows));
    }
    let team_units = organisations::list_team_units(connection, teams.iter().map(|team| team.id)).await?;
    let mut permission = RepoPermission::uniform(minimum, rows);
    permission.mode = base.max(minimum);
    for granted in team_units {
        let Some(unit) = Unit::from_number(granted.kind) else { continue };
        if let Some(mode) = &mut permission.units[unit as usize] {
            *mode = (*mode).max(AccessMode::from_number(granted.access_mode)).min(unit.highest_mode());
        }
    }
    Ok(permission)
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
    let visibility = owner.visible_to();
    let Some(viewer) = viewer else { return Ok(visibility == Visibility::Public) };
    if viewer.is_admin || viewer.id == owner.id {
        return Ok(true);
    }
    if visibility == Visibility::Public && rules.require_sign_in != RequireSignin::Always {
        return Ok(true);
    }
    if visibility == Visibility::Private || viewer.is_restricted {
        return organisations::is_member(connection, oolong_core::OrgId(owner.id), UserId(viewer.id)).await;
    }
    Ok(true)
}
