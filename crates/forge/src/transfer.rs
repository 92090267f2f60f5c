//! Giving a repository to another owner.

use oolong_auth::permission;
use oolong_core::{AccessMode, Error, ErrorKind, OrgId, RepoId, RepoName, Result, UserId};
use oolong_db::entity::{collaboration, org_user, repo_transfer, repository, team, team_repo, user, watch};
use oolong_db::feeds::Operation;
use oolong_db::sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query};
use oolong_db::sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use oolong_db::watches::{self, Mode};
use oolong_db::{Classify, blocks, organisations, users};

use crate::repositories::{check_quota, join_teams, refuse_taken};
use crate::repository_rename::{self, Place};
use crate::repository_views::STATUS_PENDING_TRANSFER;
use crate::{Forge, access_rows, feed, repository_visibility};

/// What became of a transfer.
#[derive(Clone, Debug)]
pub enum Started {
    /// The recipient has to accept it.
    Pending(repository::Model),
    /// It is done.
    Done(repository::Model),
}

/// Gives a repository away: at once where the doer may decide for the recipient, otherwise the recipient is asked.
pub async fn start(
    forge: &Forge,
    doer: &user::Model,
    repo: &repository::Model,
    owner: &user::Model,
    recipient: &user::Model,
    teams: &[team::Model],
) -> Result<Started> {
    if repo.status == STATUS_PENDING_TRANSFER {
        return Err(Error::conflict("a transfer of this repository waits for an answer already"));
    }
    if repo.status != 0 {
        return Err(Error::conflict("the repository is not ready to be transferred"));
    }
    if recipient.id == owner.id {
        return Err(Error::invalid("new_owner: they own the repository already"));
    }
    let connection = forge.db.read();
    if blocks::exists(connection, recipient.id, doer.id).await? {
        return Err(Error::forbidden("the new owner has blocked you"));
    }
    let name = RepoName::new(&repo.name).map_err(|error| Error::invalid(format!("name: {error}")))?;
    refuse_taken(connection, recipient.user_id(), &name).await.map_err(as_invalid)?;
    if decides_for(forge, doer, recipient).await? || doer.is_admin {
        return move_to(forge, doer, repo, owner, recipient, teams).await.map(Started::Done);
    }
    let transaction = forge.db.begin().await?;
    let permission =
        permission::repo_permission(&transaction, forge.rules(), Some(recipient), repo, owner).await?;
    let needs_access = !recipient.is_organization() && !permission.has_any_access();
    if needs_access {
        // Who is asked has to see what they are asked about.
        let now = forge.clock.now().0;
        let row = collaboration::Model {
            repo_id: repo.id,
            user_id: recipient.id,
            mode: AccessMode::Read.number(),
            created_unix: now,
            updated_unix: now,
            ..Default::default()
        };
        row.into_new().insert(&transaction).await.classify()?;
        access_rows::recalculate_user(&transaction, RepoId(repo.id), recipient.user_id()).await?;
    }
    let now = forge.clock.now().0;
    let ids: Vec<i64> = teams.iter().map(|team| team.id).collect();
    let row = repo_transfer::Model {
        doer_id: doer.id,
        recipient_id: recipient.id,
        repo_id: repo.id,
        team_i_ds: serde_json::to_string(&ids).unwrap_or_else(|_| "[]".to_owned()),
        created_unix: now,
        updated_unix: now,
        ..Default::default()
    };
    row.into_new().insert(&transaction).await.classify()?;
    set_status(&transaction, repo.id, STATUS_PENDING_TRANSFER, now).await?;
    transaction.commit().await.classify()?;
    reload(forge, repo.id).await.map(Started::Pending)
}

/// The transfer that waits, if the doer may answer it.
async fn answerable(
    forge: &Forge,
    doer: &user::Model,
    repo: &repository::Model,
) -> Result<(repo_transfer::Model, user::Model)> {
    let connection = forge.db.read();
    let row = repo_transfer::Entity::find()
        .filter(repo_transfer::Column::RepoId.eq(repo.id))
        .one(connection)
        .await
        .classify()?;
    let row = row.ok_or_else(|| Error::not_found("no transfer of this repository waits for an answer"))?;
    let recipient = users::get(connection, UserId(row.recipient_id)).await?;
    if !decides_for(forge, doer, &recipient).await? {
        return Err(Error::forbidden("only the new owner answers a transfer"));
    }
    Ok((row, recipient))
}

/// Takes over a repository that was offered.
pub async fn accept(
    forge: &Forge,
    doer: &user::Model,
    repo: &repository::Model,
    owner: &user::Model,
) -> Result<repository::Model> {
    let (row, recipient) = answerable(forge, doer, repo).await?;
    let giver = users::get(forge.db.read(), UserId(row.doer_id)).await?;
    check_quota(forge, doer, &recipient)?;
    let ids: Vec<i64> = serde_json::from_str(&row.team_i_ds).unwrap_or_default();
    let teams = team::Entity::find()
        .filter(team::Column::Id.is_in(ids))
        .filter(team::Column::OrgId.eq(recipient.id))
        .all(forge.db.read())
        .await
        .classify()?;
    move_to(forge, &giver, repo, owner, &recipient, &teams).await
}

/// Turns down a repository that was offered.
pub async fn reject(
    forge: &Forge,
    doer: &user::Model,
    repo: &repository::Model,
) -> Result<repository::Model> {
    answerable(forge, doer, repo).await?;
    let transaction = forge.db.begin().await?;
    forget(&transaction, repo.id).await?;
    set_status(&transaction, repo.id, 0, forge.clock.now().0).await?;
    transaction.commit().await.classify()?;
    reload(forge, repo.id).await
}

/// Whether a person speaks for an owner: they are it, or may make repositories in it.
async fn decides_for(forge: &Forge, doer: &user::Model, owner: &user::Model) -> Result<bool> {
    if owner.is_organization() {
        return organisations::may_create_repositories(forge.db.read(), owner, doer.user_id()).await;
    }
    Ok(doer.id == owner.id)
}

fn as_invalid(error: Error) -> Error {
    if error.kind() == ErrorKind::Conflict { error.with_kind(ErrorKind::Invalid) } else { error }
}

async fn reload(forge: &Forge, id: i64) -> Result<repository::Model> {
    let row = repository::Entity::find_by_id(id).one(forge.db.read()).await.classify()?;
    row.ok_or_else(|| Error::not_found("the repository was deleted meanwhile"))
}

async fn forget(connection: &impl ConnectionTrait, repo: i64) -> Result<()> {
    repo_transfer::Entity::delete_many()
        .filter(repo_transfer::Column::RepoId.eq(repo))
        .exec(connection)
        .await
        .classify()?;
    Ok(())
}

async fn set_status(connection: &impl ConnectionTrait, repo: i64, status: i32, now: i64) -> Result<()> {
    repository::Entity::update_many()
        .col_expr(repository::Column::Status, Expr::value(status))
        .col_expr(repository::Column::UpdatedUnix, Expr::value(now))
        .filter(repository::Column::Id.eq(repo))
        .exec(connection)
        .await
        .classify()?;
    Ok(())
}

/// Changes the owner, with everything that depends on who owns a repository; the folders last.
async fn move_to(
    forge: &Forge,
    doer: &user::Model,
    repo: &repository::Model,
    old: &user::Model,
    new: &user::Model,
    teams: &[team::Model],
) -> Result<repository::Model> {
    let name = RepoName::new(&repo.name).map_err(|error| Error::invalid(format!("name: {error}")))?;
    let now = forge.clock.now();
    let transaction = forge.db.begin().await?;
    refuse_taken(&transaction, new.user_id(), &name).await.map_err(as_invalid)?;
    repository::Entity::update_many()
        .col_expr(repository::Column::OwnerId, Expr::value(new.id))
        .col_expr(repository::Column::OwnerName, Expr::value(new.name.clone()))
        .col_expr(repository::Column::Status, Expr::value(0))
        .col_expr(repository::Column::UpdatedUnix, Expr::value(now.0))
        .filter(repository::Column::Id.eq(repo.id))
        .exec(&transaction)
        .await
        .classify()?;
    forget(&transaction, repo.id).await?;
    let moved = repository::Model {
        owner_id: new.id,
        owner_name: new.name.clone(),
        status: 0,
        updated_unix: now.0,
        ..repo.clone()
    };
    drop_collaborators(&transaction, repo.id, new).await?;
    if old.is_organization() {
        leave_organisation(&transaction, repo.id, old).await?;
    }
    if new.is_organization() {
        join_teams(&transaction, forge, new, &moved).await?;
        for team in teams.iter().filter(|team| !team.includes_all_repositories) {
            join_team(&transaction, forge, &moved, team).await?;
        }
    }
    for (owner, difference) in [(old, -1), (new, 1)] {
        users::add_to_counter(&transaction, owner.user_id(), user::Column::NumRepos, difference).await?;
    }
    access_rows::recalculate_repo(&transaction, RepoId(repo.id)).await?;
    drop_blind_watchers(&transaction, forge, &moved, new).await?;
    watches::set(&transaction, doer.user_id(), RepoId(repo.id), Mode::Normal, now).await?;
    repository_rename::redirect(&transaction, old.id, &repo.name, new.id, &repo.name, repo.id).await?;
    let content = format!("{}/{}", old.name, repo.name);
    feed::record(&transaction, forge, doer, &moved, new, Operation::TransferRepository, content).await?;
    repository_rename::move_folders(Place::of(forge, old, &repo.name)?, Place::of(forge, new, &repo.name)?)
        .await?;
    transaction.commit().await.classify()?;
    repository_visibility::mark(forge, &moved, new).await?;
    Ok(moved)
}

/// The new owner, and members of a new organisation, have their rights from now on without being collaborators.
async fn drop_collaborators(connection: &impl ConnectionTrait, repo: i64, new: &user::Model) -> Result<()> {
    let members = Query::select()
        .column(org_user::Column::Uid)
        .from(org_user::Entity)
        .and_where(org_user::Column::OrgId.eq(new.id))
        .to_owned();
    let redundant =
        collaboration::Column::UserId.eq(new.id).or(collaboration::Column::UserId.in_subquery(members));
    collaboration::Entity::delete_many()
        .filter(collaboration::Column::RepoId.eq(repo))
        .filter(redundant)
        .exec(connection)
        .await
        .classify()?;
    Ok(())
}

/// The old organisation's teams no longer reach it, and its labels are not on its issues any more.
async fn leave_organisation(connection: &impl ConnectionTrait, repo: i64, old: &user::Model) -> Result<()> {
    let teams = Query::select()
        .column(team_repo::Column::TeamId)
        .from(team_repo::Entity)
        .and_where(team_repo::Column::RepoId.eq(repo))
        .to_owned();
    team::Entity::update_many()
        .col_expr(team::Column::NumRepos, Expr::col(team::Column::NumRepos).sub(1))
        .filter(team::Column::Id.in_subquery(teams))
        .exec(connection)
        .await
        .classify()?;
    team_repo::Entity::delete_many()
        .filter(team_repo::Column::RepoId.eq(repo))
        .exec(connection)
        .await
        .classify()?;
    let column = |name: &'static str| Expr::col(Alias::new(name));
    let labels = Query::select()
        .column(Alias::new("id"))
        .from(Alias::new("label"))
        .and_where(column("org_id").eq(old.id))
        .to_owned();
    let issues = Query::select()
        .column(Alias::new("id"))
        .from(Alias::new("issue"))
        .and_where(column("repo_id").eq(repo))
        .to_owned();
    let statement = Query::delete()
        .from_table(Alias::new("issue_label"))
        .and_where(column("label_id").in_subquery(labels))
        .and_where(column("issue_id").in_subquery(issues))
        .to_owned();
    connection.execute(&statement).await.classify()?;
    Ok(())
}

async fn join_team(
    connection: &impl ConnectionTrait,
    forge: &Forge,
    repo: &repository::Model,
    team: &team::Model,
) -> Result<()> {
    let link =
        team_repo::Model { org_id: team.org_id, team_id: team.id, repo_id: repo.id, ..Default::default() };
    link.into_new().insert(connection).await.classify()?;
    team::Entity::update_many()
        .col_expr(team::Column::NumRepos, Expr::col(team::Column::NumRepos).add(1))
        .filter(team::Column::Id.eq(team.id))
        .exec(connection)
        .await
        .classify()?;
    if forge.settings.service.auto_watch_new_repos {
        for member in organisations::list_team_member_ids(connection, oolong_core::TeamId(team.id)).await? {
            watches::set(connection, UserId(member), RepoId(repo.id), Mode::Normal, forge.clock.now())
                .await?;
        }
    }
    Ok(())
}

/// Who cannot see it any more does not watch it any more.
async fn drop_blind_watchers(
    connection: &impl ConnectionTrait,
    forge: &Forge,
    repo: &repository::Model,
    owner: &user::Model,
) -> Result<()> {
    if !repo.is_private {
        return Ok(());
    }
    let watchers =
        watch::Entity::find().filter(watch::Column::RepoId.eq(repo.id)).all(connection).await.classify()?;
    let people = users::list_by_ids(connection, watchers.iter().map(|row| row.user_id)).await?;
    for person in people {
        let permission =
            permission::repo_permission(connection, forge.rules(), Some(&person), repo, owner).await?;
        if !permission.has_any_access() {
            watches::set(connection, person.user_id(), RepoId(repo.id), Mode::None, forge.clock.now())
                .await?;
        }
    }
    Ok(())
}

/// Whether a person may know of an organisation as a recipient.
pub async fn knows_recipient(forge: &Forge, doer: &user::Model, recipient: &user::Model) -> Result<bool> {
    if recipient.is_organization()
        && recipient.visible_to() == oolong_core::Visibility::Private
        && !doer.is_admin
    {
        return organisations::is_member(forge.db.read(), OrgId(recipient.id), doer.user_id()).await;
    }
    permission::owner_is_visible(forge.db.read(), forge.rules(), Some(doer), recipient).await
}

/// The teams of these ids, which all belong to the recipient.
pub async fn teams_of(forge: &Forge, recipient: &user::Model, ids: &[i64]) -> Result<Vec<team::Model>> {
    if !recipient.is_organization() {
        return Err(Error::invalid("team_ids: only an organisation has teams"));
    }
    let teams = team::Entity::find()
        .filter(team::Column::Id.is_in(ids.iter().copied()))
        .all(forge.db.read())
        .await
        .classify()?;
    for id in ids {
        match teams.iter().find(|team| team.id == *id) {
            None => return Err(Error::invalid(format!("team_ids: there is no team {id}"))),
            Some(team) if team.org_id != recipient.id => {
                return Err(Error::forbidden(format!(
                    "team_ids: the team {id} belongs to another organisation"
                )));
            }
            Some(_) => {}
        }
    }
    Ok(teams)
}
