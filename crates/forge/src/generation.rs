//! Making a repository from a template.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use oolong_core::{Error, RepoId, RepoName, Result, Visibility};
use oolong_db::entity::{branch, label, protected_branch, repository, user};
use oolong_db::feeds::Operation;
use oolong_db::sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
};
use oolong_db::{Classify, topics};
use oolong_git::{CommitOutcome, InitOptions, ObjectFormat, Repo, RepositoryPath, TemplateFile};

use crate::repositories::{check_quota, default_units, hook_program, insert_with_rights, refuse_taken};
use crate::template_variables::Variables;
use crate::{Forge, feed, git};

/// The file that names the files in which variables are filled in.
const LIST: &str = ".gitea/template";

/// A repository to make from a template.
#[derive(Clone, Debug)]
pub struct NewFromTemplate {
    /// The name, already checked.
    pub name: RepoName,
    /// What it is about.
    pub description: String,
    /// Whether only those with a right see it.
    pub private: bool,
    /// The default branch; the template's without.
    pub default_branch: String,
    /// Whether to take the files over.
    pub content: bool,
    /// Whether to take the topics over.
    pub topics: bool,
    /// Whether to take the labels over.
    pub labels: bool,
    /// Whether to take the rules of branches over.
    pub protected_branches: bool,
}

/// Makes a repository of `owner` from a template whose code `doer` may read.
pub async fn create(
    forge: &Forge,
    doer: &user::Model,
    template: (&repository::Model, &user::Model),
    owner: &user::Model,
    new: NewFromTemplate,
) -> Result<repository::Model> {
    let (source, source_owner) = template;
    if !source.is_template {
        return Err(Error::invalid("the repository is no template"));
    }
    check_quota(forge, doer, owner)?;
    let branch = if new.default_branch.is_empty() {
        source.default_branch.clone()
    } else {
        new.default_branch.clone()
    };
    if !oolong_git::is_valid_branch(&branch) {
        return Err(Error::invalid(format!("default_branch: git does not allow the name {branch:?}")));
    }
    refuse_taken(forge.db.read(), owner.user_id(), &new.name).await?;
    let path = forge.repository_path(&owner.lower_name, &new.name.key())?;
    let private = new.private || forge.settings.repository.force_private;
    let options = InitOptions {
        object_format: if source.object_format_name == "sha256" {
            ObjectFormat::Sha256
        } else {
            ObjectFormat::Sha1
        },
        default_branch: branch.clone(),
        hooks: Some(hook_program(forge)),
        daemon_export: !private && owner.visible_to() == Visibility::Public,
        git: Some(forge.git.path().to_owned()),
    };
    let with_content = new.content && !source.is_empty;
    let from = if with_content {
        Some(forge.repository_path(&source_owner.lower_name, &source.lower_name)?)
    } else {
        None
    };
    let variables = Variables::new(
        &forge.settings,
        template,
        (new.name.as_str(), &new.description, owner),
        forge.clock.now(),
    );
    let author = git::signature(&forge.settings, doer, forge.clock.now());
    let (folder, source_branch) = (path.clone(), source.default_branch.clone());
    let made = git::blocking(move || {
        oolong_git::init(folder.as_path(), &options)?;
        let filled = fill(&folder, from.as_ref(), &source_branch, &branch, &author, &variables);
        filled.inspect_err(|_| {
            let _ = folder.delete();
        })
    });
    let (first, size) = made.await?;
    let written =
        write_rows(forge, doer, source, owner, &new, private, first, i64::try_from(size).unwrap_or(i64::MAX))
            .await;
    if written.is_err() {
        // The name must not stay blocked by a folder that no row knows.
        let _ = git::blocking(move || path.delete()).await;
    }
    written
}

fn fill(
    folder: &RepositoryPath,
    from: Option<&RepositoryPath>,
    source_branch: &str,
    branch: &str,
    author: &oolong_git::Signature,
    variables: &Variables,
) -> oolong_git::Result<(Option<CommitOutcome>, u64)> {
    let Some(from) = from else { return Ok((None, folder.disk_size()?)) };
    let source = from.open()?;
    let commit = source.branch(source_branch)?.commit.id;
    let listed = listed_files(&source, commit)?;
    let repo = folder.open()?;
    let first = repo.initial_commit_from(&source, commit, branch, author, |path, read| {
        if path == LIST {
            return Ok(TemplateFile::Leave);
        }
        if !listed.is_match(path) {
            return Ok(TemplateFile::Keep);
        }
        match String::from_utf8(read()?) {
            Ok(text) => Ok(TemplateFile::Replace {
                path: variables.fill(path),
                content: variables.fill(&text).into_bytes(),
            }),
            // Variables are for texts.
            Err(_) => Ok(TemplateFile::Keep),
        }
    })?;
    repo.update_server_info()?;
    Ok((Some(first), folder.disk_size()?))
}

/// The patterns of the list; a line that is no pattern matches nothing.
fn listed_files(source: &Repo, commit: oolong_git::ObjectId) -> oolong_git::Result<GlobSet> {
    let items = source.tree(commit, true, oolong_git::Slice::ALL)?.items;
    let text = match items.iter().find(|item| item.path == LIST) {
        Some(item) => String::from_utf8_lossy(&source.object(item.id)?.content).into_owned(),
        None => String::new(),
    };
    let mut set = GlobSetBuilder::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Ok(glob) = GlobBuilder::new(line).literal_separator(true).build() {
            set.add(glob);
        }
    }
    Ok(set.build().unwrap_or_else(|_| GlobSet::empty()))
}

#[allow(clippy::too_many_arguments, reason = "one row made from what was decided and what lies on the disk")]
async fn write_rows(
    forge: &Forge,
    doer: &user::Model,
    source: &repository::Model,
    owner: &user::Model,
    new: &NewFromTemplate,
    private: bool,
    first: Option<CommitOutcome>,
    size: i64,
) -> Result<repository::Model> {
    let now = forge.clock.now().0;
    let row = repository::Model {
        owner_id: owner.id,
        owner_name: owner.name.clone(),
        lower_name: new.name.key(),
        name: new.name.to_string(),
        description: new.description.clone(),
        default_branch: if new.default_branch.is_empty() {
            source.default_branch.clone()
        } else {
            new.default_branch.clone()
        },
        is_private: private,
        is_empty: first.is_none(),
        is_fsck_enabled: source.is_fsck_enabled,
        template_id: source.id,
        size,
        git_size: size,
        topics: "[]".to_owned(),
        trust_model: source.trust_model,
        object_format_name: source.object_format_name.clone(),
        created_unix: now,
        updated_unix: now,
        ..Default::default()
    };
    let transaction = forge.db.begin().await?;
    refuse_taken(&transaction, owner.user_id(), &new.name).await?;
    let units = default_units(forge, &forge.settings.repository.default_repo_units);
    let repo = insert_with_rights(&transaction, forge, doer, owner, row, units).await?;
    if let Some(first) = first {
        let row = branch::Model {
            repo_id: repo.id,
            name: first.branch.clone(),
            commit_id: first.commit.id.to_string(),
            commit_message: first.commit.summary().to_owned(),
            pusher_id: doer.id,
            commit_time: first.commit.committer.when.seconds,
            created_unix: now,
            updated_unix: now,
            ..Default::default()
        };
        row.into_new().insert(&transaction).await.classify()?;
    }
    copy_rows(&transaction, forge, source.id, repo.id, new).await?;
    feed::record(&transaction, forge, doer, &repo, owner, Operation::CreateRepository, String::new()).await?;
    transaction.commit().await.classify()?;
    Ok(repo)
}

async fn copy_rows(
    connection: &impl ConnectionTrait,
    forge: &Forge,
    from: i64,
    to: i64,
    new: &NewFromTemplate,
) -> Result<()> {
    let now = forge.clock.now();
    if new.topics {
        for topic in topics::list_of(connection, RepoId(from)).await? {
            topics::add(connection, RepoId(to), &topic.name, now).await?;
        }
        topics::copy_into_row(connection, RepoId(to)).await?;
    }
    if new.labels {
        let labels = label::Entity::find()
            .filter(label::Column::RepoId.eq(from))
            .order_by_asc(label::Column::Id)
            .all(connection)
            .await
            .classify()?;
        for row in labels {
            let copy = label::Model {
                repo_id: to,
                num_issues: 0,
                num_closed_issues: 0,
                created_unix: now.0,
                updated_unix: now.0,
                ..row
            };
            copy.into_new().insert(connection).await.classify()?;
        }
    }
    if new.protected_branches {
        let rules = protected_branch::Entity::find()
            .filter(protected_branch::Column::RepoId.eq(from))
            .order_by_asc(protected_branch::Column::Id)
            .all(connection)
            .await
            .classify()?;
        for row in rules {
            let copy =
                protected_branch::Model { repo_id: to, created_unix: now.0, updated_unix: now.0, ..row };
            copy.into_new().insert(connection).await.classify()?;
        }
    }
    Ok(())
}
