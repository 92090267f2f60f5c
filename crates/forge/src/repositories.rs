//! Repositories: making one. What can be changed later is in `repository_settings`.

use oolong_auth::permission;
use oolong_core::{Error, ErrorKind, RepoId, RepoName, Result, Unit, UserId, Visibility};
use oolong_db::entity::{
    branch, collaboration, label, repo_license, repo_redirect, repo_unit, repository, team, team_repo,
    team_user, user,
};
use oolong_db::feeds::Operation;
use oolong_db::sea_orm::sea_query::{Expr, ExprTrait as _};
use oolong_db::sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder,
};
use oolong_db::unit_config::{self, IssuesConfig, ProjectsConfig, PullsConfig};
use oolong_db::watches::{self, Mode};
use oolong_db::{Classify, repositories};
use oolong_git::{CommitOutcome, HookProgram, InitOptions, InitialCommit, ObjectFormat, RepositoryPath};

use crate::feed;
use crate::options::labels::{self, LabelTemplate};
use crate::options::{gitignores, licenses, readmes};
use crate::{Forge, access_rows, git};

/// A repository to make.
#[derive(Clone, Debug)]
pub struct NewRepository {
    /// The name, already checked.
    pub name: RepoName,
    /// What it is about.
    pub description: String,
    /// Whether only those with a right see it; `FORCE_PRIVATE` goes before.
    pub private: bool,
    /// Whether others may start from it.
    pub template: bool,
    /// What it starts with; without, it is empty.
    pub start: Option<Start>,
    /// The label set it starts with.
    pub labels: String,
    /// The default branch; the configured one without.
    pub default_branch: String,
    /// Whose signatures it trusts.
    pub trust_model: TrustModel,
    /// The hash its objects are named by.
    pub object_format: ObjectFormat,
}

/// The files of a first commit.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// The name of the README template.
    pub readme: String,
    /// The name of the licence.
    pub license: String,
    /// The names of the `.gitignore` templates.
    pub gitignores: Vec<String>,
}

/// `repository.trust_model`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TrustModel {
    /// As the server is configured.
    #[default]
    Default = 0,
    /// Collaborators' signatures.
    Collaborator = 1,
    /// The committer's.
    Committer = 2,
    /// A collaborator's who is the committer.
    CollaboratorCommitter = 3,
}

impl TrustModel {
    /// The model of this name; unknown ones count as the default, as in Gitea.
    pub fn parse(name: &str) -> Self {
        match name {
            "collaborator" => Self::Collaborator,
            "committer" => Self::Committer,
            "collaboratorcommitter" => Self::CollaboratorCommitter,
            _ => Self::Default,
        }
    }
}

impl NewRepository {
    /// An empty, public repository.
    pub fn empty(name: RepoName) -> Self {
        Self {
            name,
            description: String::new(),
            private: false,
            template: false,
            start: None,
            labels: String::new(),
            default_branch: String::new(),
            trust_model: TrustModel::default(),
            object_format: ObjectFormat::Sha1,
        }
    }
}

/// Makes a repository of `owner`, on disk and in the database. The caller has made sure that `doer` may make
/// repositories there.
pub async fn create(
    forge: &Forge,
    doer: &user::Model,
    owner: &user::Model,
    new: NewRepository,
) -> Result<repository::Model> {
    check_quota(forge, doer, owner)?;
    let default_branch = if new.default_branch.is_empty() {
        forge.settings.repository.default_branch.clone()
    } else {
        new.default_branch.clone()
    };
    if !oolong_git::is_valid_branch(&default_branch) {
        return Err(Error::invalid(format!(
            "default_branch: git does not allow the name {default_branch:?}"
        )));
    }
    let labels = label_set(forge, &new.labels).await?;
    let license = new.start.as_ref().map(|start| start.license.clone()).filter(|name| !name.is_empty());
    let files = match &new.start {
        Some(start) => Some(first_files(forge, owner, &new, start).await?),
        None => None,
    };
    refuse_taken(forge.db.read(), owner.user_id(), &new.name).await?;

    let private = new.private || forge.settings.repository.force_private;
    let path = forge.repository_path(&owner.lower_name, &new.name.key())?;
    let daemon_export = !private && owner.visible_to() == Visibility::Public;
    // Making the folder is what two requests for the same name race for: the loser finds it there.
    let (first, size) =
        init(forge, doer, &path, &default_branch, new.object_format, daemon_export, files).await?;

    let now = forge.clock.now().0;
    let row = repository::Model {
        owner_id: owner.id,
        owner_name: owner.name.clone(),
        lower_name: new.name.key(),
        name: new.name.to_string(),
        description: new.description,
        default_branch,
        default_wiki_branch: forge.settings.repository.default_branch.clone(),
        is_private: private,
        is_empty: first.is_none(),
        is_template: new.template,
        size,
        git_size: size,
        is_fsck_enabled: true,
        close_issues_via_commit_in_any_branch: forge
            .settings
            .repository
            .default_close_issues_via_commits_in_any_branch,
        topics: "null".to_owned(),
        object_format_name: new.object_format.name().to_owned(),
        trust_model: new.trust_model as i32,
        created_unix: now,
        updated_unix: now,
        ..Default::default()
    };
    let settings = &forge.settings.repository;
    let units =
        if new.template { &settings.default_template_repo_units } else { &settings.default_repo_units };
    let contents = Contents { first, labels, license, units: default_units(forge, units) };
    let written = write_rows(forge, doer, owner, row, contents).await;
    if written.is_err() {
        // The name must not stay blocked by a folder that no row knows.
        let _ = git::blocking(move || path.delete()).await;
    }
    written
}

/// What a new repository has besides its row.
pub(crate) struct Contents {
    pub(crate) first: Option<CommitOutcome>,
    pub(crate) labels: Vec<LabelTemplate>,
    pub(crate) license: Option<String>,
    pub(crate) units: Vec<repo_unit::Model>,
}

async fn write_rows(
    forge: &Forge,
    doer: &user::Model,
    owner: &user::Model,
    row: repository::Model,
    contents: Contents,
) -> Result<repository::Model> {
    let transaction = forge.db.begin().await?;
    let name = RepoName::new(&row.name).map_err(|error| Error::invalid(format!("name: {error}")))?;
    refuse_taken(&transaction, owner.user_id(), &name).await?;
    let repo = insert_with_rights(&transaction, forge, doer, owner, row, contents.units).await?;
    insert_labels(&transaction, repo.id, 0, contents.labels, repo.created_unix).await?;
    if let Some(first) = &contents.first {
        insert_branch(&transaction, &repo, doer, first).await?;
        if let Some(license) = contents.license {
            let row = repo_license::Model {
                repo_id: repo.id,
                commit_id: first.commit.id.to_string(),
                license,
                created_unix: repo.created_unix,
                updated_unix: repo.created_unix,
                ..Default::default()
            };
            row.into_new().insert(&transaction).await.classify()?;
        }
    }
    feed::record(&transaction, forge, doer, &repo, owner, Operation::CreateRepository, String::new()).await?;
    // Watching it has been counted meanwhile.
    let written = repository::Entity::find_by_id(repo.id).one(&transaction).await.classify()?;
    transaction.commit().await.classify()?;
    Ok(written.unwrap_or(repo))
}

/// Inserts a repository with its units, gives teams and people their rights, counts it, and has its maker watch it.
pub(crate) async fn insert_with_rights(
    connection: &impl ConnectionTrait,
    forge: &Forge,
    doer: &user::Model,
    owner: &user::Model,
    row: repository::Model,
    units: Vec<repo_unit::Model>,
) -> Result<repository::Model> {
    repo_redirect::Entity::delete_many()
        .filter(repo_redirect::Column::OwnerId.eq(owner.id))
        .filter(repo_redirect::Column::LowerName.eq(&row.lower_name))
        .exec(connection)
        .await
        .classify()?;
    let repo = repositories::insert(connection, row).await?;
    for unit in units {
        insert_unit(connection, repo.id, unit).await?;
    }
    user::Entity::update_many()
        .col_expr(user::Column::NumRepos, Expr::col(user::Column::NumRepos).add(1))
        .col_expr(user::Column::LastRepoVisibility, Expr::value(repo.is_private))
        .col_expr(user::Column::UpdatedUnix, Expr::value(repo.created_unix))
        .filter(user::Column::Id.eq(owner.id))
        .exec(connection)
        .await
        .classify()?;
    if owner.is_organization() {
        join_teams(connection, forge, owner, &repo).await?;
        access_rows::recalculate_repo(connection, RepoId(repo.id)).await?;
        let permission =
            permission::repo_permission(connection, forge.rules(), Some(doer), &repo, owner).await?;
        if !permission.is_admin() {
            add_collaborator(connection, doer, &repo).await?;
        }
    }
    access_rows::recalculate_repo(connection, RepoId(repo.id)).await?;
    if forge.settings.service.auto_watch_new_repos {
        watches::set(connection, doer.user_id(), RepoId(repo.id), Mode::Normal, forge.clock.now()).await?;
    }
    Ok(repo)
}

/// Every team of an organisation that includes all repositories gets this one too, and its members watch it.
pub(crate) async fn join_teams(
    connection: &impl ConnectionTrait,
    forge: &Forge,
    owner: &user::Model,
    repo: &repository::Model,
) -> Result<()> {
    let teams = team::Entity::find()
        .filter(team::Column::OrgId.eq(owner.id))
        .filter(team::Column::IncludesAllRepositories.eq(true))
        .order_by_asc(team::Column::Id)
        .all(connection)
        .await
        .classify()?;
    for team in teams {
        let link =
            team_repo::Model { org_id: owner.id, team_id: team.id, repo_id: repo.id, ..Default::default() };
        link.into_new().insert(connection).await.classify()?;
        team::Entity::update_many()
            .col_expr(team::Column::NumRepos, Expr::col(team::Column::NumRepos).add(1))
            .filter(team::Column::Id.eq(team.id))
            .exec(connection)
            .await
            .classify()?;
        if !forge.settings.service.auto_watch_new_repos {
            continue;
        }
        let members = team_user::Entity::find()
            .filter(team_user::Column::TeamId.eq(team.id))
            .order_by_asc(team_user::Column::Id)
            .all(connection)
            .await
            .classify()?;
        for member in members {
            watches::set(connection, UserId(member.uid), RepoId(repo.id), Mode::Normal, forge.clock.now())
                .await?;
        }
    }
    Ok(())
}

/// Who may make repositories in an organisation without administering them keeps the one they made.
async fn add_collaborator(
    connection: &impl ConnectionTrait,
    doer: &user::Model,
    repo: &repository::Model,
) -> Result<()> {
    let row = collaboration::Model {
        repo_id: repo.id,
        user_id: doer.id,
        mode: oolong_core::AccessMode::Admin.number(),
        created_unix: repo.created_unix,
        updated_unix: repo.created_unix,
        ..Default::default()
    };
    row.into_new().insert(connection).await.classify()?;
    Ok(())
}

/// Inserts a unit. One without configuration holds NULL, which Gitea reads as "the default".
pub(crate) async fn insert_unit(
    connection: &impl ConnectionTrait,
    repo: i64,
    unit: repo_unit::Model,
) -> Result<()> {
    let bare = unit.config.is_empty();
    let mut row = repo_unit::Model { repo_id: repo, ..unit }.into_new();
    if bare {
        row.config = ActiveValue::NotSet;
    }
    repo_unit::Entity::insert(row).exec_without_returning(connection).await.classify()?;
    Ok(())
}

/// The rows of these units with the configured defaults, without those that the server has switched off.
pub(crate) fn default_units(forge: &Forge, units: &[Unit]) -> Vec<repo_unit::Model> {
    let mut units: Vec<Unit> = units
        .iter()
        .copied()
        .filter(|unit| !forge.settings.repository.disabled_repo_units.contains(unit))
        .collect();
    units.sort_unstable();
    units.dedup();
    units.into_iter().map(|unit| default_unit(forge, unit)).collect()
}

/// The row of a unit with the configured defaults.
pub(crate) fn default_unit(forge: &Forge, unit: Unit) -> repo_unit::Model {
    let config = match unit {
        Unit::Issues => unit_config::write(&default_issues(forge)),
        Unit::Pulls => unit_config::write(&default_pulls(forge)),
        Unit::Projects => unit_config::write(&ProjectsConfig::default()),
        _ => String::new(),
    };
    repo_unit::Model { kind: unit.number(), config, created_unix: forge.clock.now().0, ..Default::default() }
}

/// How issues work in a new repository.
pub(crate) fn default_issues(forge: &Forge) -> IssuesConfig {
    let service = &forge.settings.service;
    IssuesConfig {
        enable_timetracker: service.default_enable_timetracking,
        allow_only_contributors_to_track_time: service.default_allow_only_contributors_to_track_time,
        enable_dependencies: service.default_enable_dependencies,
    }
}

/// How pull requests work in a new repository.
pub(crate) fn default_pulls(forge: &Forge) -> PullsConfig {
    let pulls = &forge.settings.repository.pull_request;
    PullsConfig {
        default_delete_branch_after_merge: pulls.default_delete_branch_after_merge,
        default_merge_style: pulls.default_merge_style.as_str().to_owned(),
        ..PullsConfig::default()
    }
}

/// How many repositories an owner may have; administrators are not held to it.
pub(crate) fn check_quota(forge: &Forge, doer: &user::Model, owner: &user::Model) -> Result<()> {
    let settings = &forge.settings.repository;
    let configured = if owner.is_organization() {
        settings.org_max_creation_limit
    } else {
        settings.user_max_creation_limit
    };
    let limit = if owner.max_repo_creation < 0 { configured } else { i64::from(owner.max_repo_creation) };
    if doer.is_admin || limit < 0 || i64::from(owner.num_repos) < limit {
        return Ok(());
    }
    Err(Error::forbidden(format!("{} may have {limit} repositories at most", owner.name)))
}

/// A name that the owner's other repository has is refused; one that only redirects is free again.
pub(crate) async fn refuse_taken(
    connection: &impl ConnectionTrait,
    owner: UserId,
    name: &RepoName,
) -> Result<()> {
    let taken = repository::Entity::find()
        .filter(repository::Column::OwnerId.eq(owner.0))
        .filter(repository::Column::LowerName.eq(name.key()))
        .count(connection)
        .await
        .classify()?;
    if taken > 0 {
        return Err(Error::conflict(format!("name: there is a repository called {name} already")));
    }
    Ok(())
}

async fn label_set(forge: &Forge, name: &str) -> Result<Vec<LabelTemplate>> {
    if name.is_empty() {
        return Ok(Vec::new());
    }
    labels::find(&forge.settings, name)
        .await?
        .ok_or_else(|| Error::invalid(format!("issue_labels: there is no label set called {name:?}")))
}

/// Inserts labels of a repository or of an organisation.
pub(crate) async fn insert_labels(
    connection: &impl ConnectionTrait,
    repo: i64,
    org: i64,
    labels: Vec<LabelTemplate>,
    now: i64,
) -> Result<()> {
    if labels.is_empty() {
        return Ok(());
    }
    let rows = labels.into_iter().map(|template| {
        let row = label::Model {
            repo_id: repo,
            org_id: org,
            exclusive: template.exclusive && template.name.contains('/'),
            name: template.name,
            description: template.description,
            color: template.color,
            created_unix: now,
            updated_unix: now,
            ..Default::default()
        };
        row.into_new()
    });
    label::Entity::insert_many(rows).exec_without_returning(connection).await.classify()?;
    Ok(())
}

async fn insert_branch(
    connection: &impl ConnectionTrait,
    repo: &repository::Model,
    pusher: &user::Model,
    first: &CommitOutcome,
) -> Result<()> {
    let row = branch::Model {
        repo_id: repo.id,
        name: first.branch.clone(),
        commit_id: first.commit.id.to_string(),
        commit_message: first.commit.summary().to_owned(),
        pusher_id: pusher.id,
        commit_time: first.commit.committer.when.seconds,
        created_unix: repo.created_unix,
        updated_unix: repo.created_unix,
        ..Default::default()
    };
    row.into_new().insert(connection).await.classify()?;
    Ok(())
}

/// The files of the first commit.
async fn first_files(
    forge: &Forge,
    owner: &user::Model,
    new: &NewRepository,
    start: &Start,
) -> Result<Vec<(String, Vec<u8>)>> {
    if new.object_format == ObjectFormat::Sha256 {
        return Err(Error::invalid("auto_init: a repository with SHA-256 names starts empty; push to it"));
    }
    let settings = &forge.settings;
    let readme = readmes::find(settings, &start.readme).await;
    let readme = readme
        .ok_or_else(|| Error::malformed(format!("readme: there is no template called {:?}", start.readme)))?;
    let readme = readmes::made_out(&readme, settings, owner, new.name.as_str(), &new.description);
    let mut files = vec![("README.md".to_owned(), readme.into_bytes())];
    let mut ignored = String::new();
    for name in start.gitignores.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
        let text = gitignores::find(settings, name).await;
        let text =
            text.ok_or_else(|| Error::invalid(format!("gitignores: there is no template called {name:?}")))?;
        ignored.push_str(&format!("# ---> {name}\n{text}\n"));
    }
    if !ignored.is_empty() {
        files.push((".gitignore".to_owned(), ignored.into_bytes()));
    }
    if !start.license.is_empty() {
        let text = licenses::find(settings, &start.license).await;
        let text = text.ok_or_else(|| {
            Error::invalid(format!("license: there is no licence called {:?}", start.license))
        })?;
        let year = jiff::Timestamp::from_second(forge.clock.now().0)
            .map_or(1970, |time| time.to_zoned(jiff::tz::TimeZone::UTC).year());
        files.push((
            "LICENSE".to_owned(),
            licenses::made_out(&text, &owner.name, i64::from(year)).into_bytes(),
        ));
    }
    Ok(files)
}

/// What the hook files of a repository call.
pub fn hook_program(forge: &Forge) -> HookProgram {
    HookProgram {
        program: forge.settings.paths.app_path.clone(),
        config: forge.settings.paths.config_file.clone(),
        shell: forge.settings.repository.script_type.clone(),
    }
}

/// Makes the folder, with a first commit if there are files; the commit and the size.
async fn init(
    forge: &Forge,
    doer: &user::Model,
    path: &RepositoryPath,
    branch: &str,
    object_format: ObjectFormat,
    daemon_export: bool,
    files: Option<Vec<(String, Vec<u8>)>>,
) -> Result<(Option<CommitOutcome>, i64)> {
    if object_format == ObjectFormat::Sha256 && !forge.git.supports_sha256() {
        return Err(Error::invalid("object_format_name: the server's git is too old for sha256"));
    }
    let options = InitOptions {
        object_format,
        default_branch: branch.to_owned(),
        hooks: Some(hook_program(forge)),
        daemon_export,
        git: Some(forge.git.path().to_owned()),
    };
    let author = git::signature(&forge.settings, doer, forge.clock.now());
    let (folder, branch) = (path.clone(), branch.to_owned());
    let done = git::blocking(move || {
        oolong_git::init(folder.as_path(), &options)?;
        let first = || -> oolong_git::Result<_> {
            let Some(files) = files else { return Ok((None, folder.disk_size()?)) };
            let repo = folder.open()?;
            let first = repo.initial_commit(&InitialCommit {
                branch: &branch,
                message: "Initial commit",
                author,
                files,
            })?;
            repo.update_server_info()?;
            Ok((Some(first), folder.disk_size()?))
        };
        first().inspect_err(|_| {
            let _ = folder.delete();
        })
    });
    let (first, size) = done.await.map_err(|error| match error.kind() {
        ErrorKind::Conflict => {
            Error::conflict("name: there is a folder of this name that belongs to no repository")
                .with_source(error)
        }
        _ => error,
    })?;
    Ok((first, i64::try_from(size).unwrap_or(i64::MAX)))
}
