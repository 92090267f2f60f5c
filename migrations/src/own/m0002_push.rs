//! `oolong_push`: the journal of pushes.
//!
//! A push is written here before the client is told that it was accepted, so that what follows from it (feeds, pull
//! requests, webhooks) can be made up for after a crash. One row is one ref that moved.

use sea_orm_migration::prelude::*;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0002_push"
    }
}

#[derive(DeriveIden)]
enum OolongPush {
    Table,
    Id,
    RepoId,
    PusherId,
    RefName,
    OldOid,
    NewOid,
    CreatedUnix,
    State,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(OolongPush::Table)
            .if_not_exists()
            .col(ColumnDef::new(OolongPush::Id).big_integer().not_null().auto_increment().primary_key())
            .col(ColumnDef::new(OolongPush::RepoId).big_integer().not_null())
            .col(ColumnDef::new(OolongPush::PusherId).big_integer().not_null())
            .col(ColumnDef::new(OolongPush::RefName).text().not_null())
            .col(ColumnDef::new(OolongPush::OldOid).text().not_null())
            .col(ColumnDef::new(OolongPush::NewOid).text().not_null())
            .col(ColumnDef::new(OolongPush::CreatedUnix).big_integer().not_null())
            .col(ColumnDef::new(OolongPush::State).small_integer().not_null())
            .take();
        manager.create_table(table).await?;
        // At a start: what is left to do, in each repository.
        super::create_index(manager, "oolong_push", "IDX_oolong_push_state_repo_id", &["state", "repo_id"])
            .await
    }
}
