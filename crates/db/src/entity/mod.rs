//! Gitea's tables, a file each, as far as something uses them. The columns are Gitea's; `kind` stands for `type`.
//!
//! An entity is the model: there is no second struct for a table. NULL reads as the zero value, because Gitea
//! itself treats the two alike (columns that were added by its migrations hold NULL in old rows).

/// Declares an entity: `Variant field: Type = "column"` for each column.
macro_rules! table {
    (
        $(#[$doc:meta])*
        $table:literal key($($key:ident),+): $key_type:ty, auto_increment = $auto:literal;
        $($variant:ident $field:ident: $type:ty = $column:literal,)+
    ) => {
        use sea_orm::entity::prelude::*;

        $(#[$doc])*
        #[derive(Copy, Clone, Default, Debug, DeriveEntity)]
        pub struct Entity;

        impl EntityName for Entity {
            fn table_name(&self) -> &'static str {
                $table
            }
        }

        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, DeriveActiveModel)]
        #[allow(missing_docs, reason = "the columns are Gitea's")]
        pub struct Model {
            $(pub $field: $type,)+
        }

        /// The columns.
        #[derive(Copy, Clone, Debug, EnumIter)]
        #[allow(missing_docs, reason = "the columns are Gitea's")]
        pub enum Column {
            $($variant,)+
        }

        impl sea_orm::Iden for Column {
            fn unquoted(&self) -> &str {
                sea_orm::IdenStatic::as_str(self)
            }
        }

        impl sea_orm::IdenStatic for Column {
            fn as_str(&self) -> &'static str {
                match self {
                    $(Self::$variant => $column,)+
                }
            }
        }

        impl std::str::FromStr for Column {
            type Err = sea_orm::ColumnFromStrErr;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($column => Ok(Self::$variant),)+
                    _ => Err(sea_orm::ColumnFromStrErr(text.to_owned())),
                }
            }
        }

        impl ColumnTrait for Column {
            type EntityName = Entity;

            fn def(&self) -> ColumnDef {
                match self {
                    $(Self::$variant => <$type as sea_orm::sea_query::ValueType>::column_type().def(),)+
                }
            }
        }

        /// The primary key.
        #[derive(Copy, Clone, Debug, EnumIter, DerivePrimaryKey)]
        #[allow(missing_docs, reason = "the columns are Gitea's")]
        pub enum PrimaryKey {
            $($key,)+
        }

        impl PrimaryKeyTrait for PrimaryKey {
            type ValueType = $key_type;

            fn auto_increment() -> bool {
                $auto
            }
        }

        /// Gitea declares no foreign keys; joins are written where they are needed.
        #[derive(Copy, Clone, Debug, EnumIter)]
        pub enum Relation {}

        impl RelationTrait for Relation {
            fn def(&self) -> RelationDef {
                match *self {}
            }
        }

        impl sea_orm::FromQueryResult for Model {
            fn from_query_result(row: &sea_orm::QueryResult, prefix: &str) -> Result<Self, sea_orm::DbErr> {
                Ok(Self { $($field: row.try_get::<Option<$type>>(prefix, $column)?.unwrap_or_default(),)+ })
            }
        }

        impl sea_orm::ModelTrait for Model {
            type Entity = Entity;

            fn get(&self, column: Column) -> sea_orm::Value {
                match column {
                    $(Column::$variant => self.$field.clone().into(),)+
                }
            }

            fn get_value_type(column: Column) -> sea_orm::sea_query::ArrayType {
                match column {
                    $(Column::$variant => <$type as sea_orm::sea_query::ValueType>::array_type(),)+
                }
            }

            fn try_set(&mut self, column: Column, value: sea_orm::Value) -> Result<(), sea_orm::DbErr> {
                match column {
                    $(Column::$variant => {
                        self.$field = <$type as sea_orm::sea_query::ValueType>::try_from(value)
                            .map_err(|error| sea_orm::DbErr::Type(error.to_string()))?;
                    })+
                }
                Ok(())
            }
        }

        impl ActiveModelBehavior for ActiveModel {}

        impl Model {
            /// A row to insert: every column is written, as Gitea does, except an id that the database gives.
            pub fn into_new(self) -> ActiveModel {
                let mut row = ActiveModel { $($field: sea_orm::Set(self.$field),)+ };
                if $auto {
                    $(sea_orm::ActiveModelTrait::not_set(&mut row, Column::$key);)+
                }
                row
            }
        }
    };
}

pub mod access;
pub mod access_token;
pub mod action;
pub mod app_state;
pub mod auth_token;
pub mod branch;
pub mod collaboration;
pub mod commit_status;
pub mod commit_status_index;
pub mod commit_status_summary;
pub mod deploy_key;
pub mod email_address;
pub mod follow;
pub mod issue;
pub mod issue_index;
pub mod label;
pub mod language_stat;
pub mod lfs_meta_object;
pub mod login_source;
pub mod milestone;
pub mod mirror;
pub mod oauth2_application;
pub mod oolong_push;
pub mod org_user;
pub mod protected_branch;
pub mod protected_tag;
pub mod public_key;
pub mod pull_request;
pub mod push_mirror;
pub mod release;
pub mod renamed_branch;
pub mod repo_archiver;
pub mod repo_license;
pub mod repo_redirect;
pub mod repo_topic;
pub mod repo_transfer;
pub mod repo_unit;
pub mod repository;
pub mod star;
pub mod system_setting;
pub mod team;
pub mod team_repo;
pub mod team_unit;
pub mod team_user;
pub mod topic;
pub mod two_factor;
pub mod user;
pub mod user_blocking;
pub mod user_redirect;
pub mod user_setting;
pub mod version;
pub mod watch;
pub mod webauthn_credential;
