//! Deleting an account.

use oolong_core::{Error, OrgId, Page, Result, Visibility};
use oolong_db::entity::{repository, user};
use oolong_db::sea_orm::{ConnectionTrait, Set};
use oolong_db::{Classify, account_rows, organisations as organisation_rows, repositories, rows, users};

use crate::{Forge, git, organisations, repository_deletion};

/// Deletes an account. It must not be the last administrator; unless it is purged, it must own no repository and
/// belong to no organisation. A purge deletes those first, and the person's comments everywhere.
pub async fn delete(forge: &Forge, account: &user::Model, purge: bool) -> Result<()> {
    if account.is_organization() {
        return Err(Error::invalid(format!("{} is an organisation, not a user", account.name)));
    }
    refuse_last_admin(forge.db.read(), account).await?;
    if purge {
        empty(forge, account).await?;
    }
    let transaction = forge.db.begin().await?;
    refuse_last_admin(&transaction, account).await?;
    if !repositories::list_ids_of_owner(&transaction, account.user_id()).await?.is_empty() {
        return Err(Error::invalid("the user still owns repositories; delete them or give them away first"));
    }
    if rows::exists(&transaction, "org_user", "uid", account.id).await? {
        return Err(Error::invalid("the user still belongs to organisations; take them out first"));
    }
    if rows::exists(&transaction, "package", "owner_id", account.id).await? {
        return Err(Error::invalid("the user still owns packages; delete them first"));
    }
    if purge || is_young(forge, account) {
        account_rows::delete_comments(&transaction, account.user_id()).await?;
    }
    account_rows::delete(&transaction, account.user_id()).await?;
    transaction.commit().await.classify()?;
    let (root, name) = (forge.repositories.clone(), account.lower_name.clone());
    if let Err(error) = git::blocking(move || root.remove_owner(&name)).await {
        tracing::warn!(user = %account.name, ?error, "the folder of a deleted user stays: it is not empty");
    }
    Ok(())
}

async fn refuse_last_admin(connection: &impl ConnectionTrait, account: &user::Model) -> Result<()> {
    if account.is_admin && users::count_admins(connection).await? <= 1 {
        return Err(Error::invalid("the last administrator cannot be deleted"));
    }
    Ok(())
}

/// Whether the account is so young that its comments vanish with it (`USER_DELETE_WITH_COMMENTS_MAX_TIME`).
fn is_young(forge: &Forge, account: &user::Model) -> bool {
    let most = i64::try_from(forge.settings.service.user_delete_with_comments_max_time.as_secs())
        .unwrap_or(i64::MAX);
    forge.clock.now().0.saturating_sub(account.created_unix) < most
}

/// Closes an account and deletes its repositories and memberships. Each step stands for itself: a purge that was
/// interrupted can be asked for again.
async fn empty(forge: &Forge, account: &user::Model) -> Result<()> {
    let closed = user::ActiveModel { id: Set(account.id), prohibit_login: Set(true), ..Default::default() };
    users::update(forge.db.write(), closed).await?;
    delete_repositories(forge, account).await?;
    // Each turn takes away what it lists, so the first page is always the next one.
    loop {
        let page = Page::new(1, 50);
        let connection = forge.db.read();
        let person = account.user_id();
        let (orgs, _) =
            organisation_rows::list_of_member(connection, person, true, Visibility::Private, page).await?;
        if orgs.is_empty() {
            return Ok(());
        }
        for org in orgs {
            match organisations::remove_member(forge, OrgId(org.id), account).await {
                Ok(()) => {}
                // Nobody would be left to look after it.
                Err(error) if !error.is_ours() => {
                    delete_repositories(forge, &org).await?;
                    organisations::delete(forge, &org).await?;
                }
                Err(error) => return Err(error),
            }
        }
    }
}

async fn delete_repositories(forge: &Forge, owner: &user::Model) -> Result<()> {
    let ids = repositories::list_ids_of_owner(forge.db.read(), owner.user_id()).await?;
    for ids in ids.chunks(50) {
        let found: Vec<(repository::Model, user::Model)> =
            repositories::list_with_owners(forge.db.read(), ids).await?;
        for (repo, owner) in found {
            repository_deletion::delete(forge, &repo, &owner).await?;
        }
    }
    Ok(())
}
