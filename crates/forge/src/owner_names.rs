//! Renaming a person or an organisation: one name space, one way.

use oolong_core::{Error, Result, UserName};
use oolong_db::entity::{repository, user, user_redirect};
use oolong_db::sea_orm::sea_query::Expr;
use oolong_db::sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, Set,
};
use oolong_db::{Classify as _, users};

use crate::{Forge, git};

/// Gives an owner another name. The old one leads to the new one from then on; the repositories move along.
pub async fn rename(forge: &Forge, owner: &user::Model, name: &UserName) -> Result<user::Model> {
    if owner.name == name.as_str() {
        return Ok(owner.clone());
    }
    let moves = owner.lower_name != name.key();
    let transaction = forge.db.begin().await?;
    if moves {
        if users::find_by_name(&transaction, name.as_str()).await?.is_some() {
            return Err(Error::invalid(format!("new_name: somebody is called {name} already")));
        }
        free_name(&transaction, &name.key()).await?;
        let redirect = user_redirect::Model {
            lower_name: owner.lower_name.clone(),
            redirect_user_id: owner.id,
            ..Default::default()
        };
        redirect.into_new().insert(&transaction).await.classify()?;
    }
    let changes = user::ActiveModel {
        id: Set(owner.id),
        name: Set(name.to_string()),
        lower_name: Set(name.key()),
        updated_unix: Set(forge.clock.now().0),
        ..Default::default()
    };
    let renamed = user::Entity::update(changes).exec(&transaction).await.classify()?;
    repository::Entity::update_many()
        .col_expr(repository::Column::OwnerName, Expr::value(name.as_str()))
        .filter(repository::Column::OwnerId.eq(owner.id))
        .exec(&transaction)
        .await
        .classify()?;
    if !moves {
        transaction.commit().await.classify()?;
        return Ok(renamed);
    }
    // The folder moves last: if that fails, nothing has happened; if the commit fails, it moves back.
    move_folder(forge, &owner.lower_name, &renamed.lower_name).await?;
    if let Err(error) = transaction.commit().await.classify() {
        if let Err(lost) = move_folder(forge, &renamed.lower_name, &owner.lower_name).await {
            tracing::error!(from = %renamed.lower_name, to = %owner.lower_name, error = ?lost, "a folder of repositories did not move back");
        }
        return Err(error);
    }
    Ok(renamed)
}

async fn move_folder(forge: &Forge, from: &str, to: &str) -> Result<()> {
    let (root, from, to) = (forge.repositories.clone(), from.to_owned(), to.to_owned());
    git::blocking(move || root.rename_owner(&from, &to)).await
}

/// Makes a name that only leads elsewhere free for somebody new.
pub async fn free_name(connection: &impl ConnectionTrait, lower_name: &str) -> Result<()> {
    user_redirect::Entity::delete_many()
        .filter(user_redirect::Column::LowerName.eq(lower_name))
        .exec(connection)
        .await
        .classify()?;
    Ok(())
}
