//! `oolong_token_digest`: access tokens by a fast keyed digest.
//!
//! Gitea stores a token's slow, salted hash only. After that hash has matched once, the token's digest is kept here and
//! later requests find the token by one lookup. The digest's key is not in the database.

use sea_orm_migration::prelude::*;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0001_token_digest"
    }
}

#[derive(DeriveIden)]
enum OolongTokenDigest {
    Table,
    Digest,
    TokenId,
    CreatedUnix,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut digest = ColumnDef::new(OolongTokenDigest::Digest);
        match manager.get_database_backend() {
            // MySQL has no key over a column without a length.
            sea_orm::DbBackend::MySql => digest.binary_len(32),
            _ => digest.blob(),
        };
        let table = Table::create()
            .table(OolongTokenDigest::Table)
            .if_not_exists()
            .col(digest.not_null().primary_key())
            .col(ColumnDef::new(OolongTokenDigest::TokenId).big_integer().not_null())
            .col(ColumnDef::new(OolongTokenDigest::CreatedUnix).big_integer().not_null())
            .take();
        manager.create_table(table).await?;
        // A revoked token's digests are removed by its id.
        super::create_index(manager, "oolong_token_digest", "IDX_oolong_token_digest_token_id", &["token_id"])
            .await
    }
}
