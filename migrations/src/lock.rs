//! One migration at a time, however many processes start on the same database.

use crate::error::MigrationError;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};

/// Any number will do, as long as it never changes: it names the lock among PostgreSQL's advisory locks.
const POSTGRES_KEY: i64 = 0x6f6f_6c6f_6e67;

/// Seconds a process waits for another one's migration on MySQL.
const MYSQL_PATIENCE: u32 = 120;

/// A connection that alone may migrate the database.
///
/// On SQLite and PostgreSQL it is also one transaction, so a failed migration leaves no trace. MySQL commits at every
/// `CREATE TABLE`; there the transaction only keeps the connection that holds the named lock.
pub(crate) struct Exclusive {
    transaction: DatabaseTransaction,
}

impl Exclusive {
    pub(crate) async fn begin(db: &DatabaseConnection) -> Result<Self, MigrationError> {
        let locking = || MigrationError::while_trying("be locked for the migration");
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = db.begin_with_options(options).await.map_err(locking())?;
        match transaction.get_database_backend() {
            DbBackend::Postgres => {
                let sql = format!("SELECT pg_advisory_xact_lock({POSTGRES_KEY})");
                transaction.execute_unprepared(&sql).await.map_err(locking())?;
            }
            DbBackend::MySql => {
                // Lock names belong to the whole server and are short, so the database goes in as a digest.
                let sql = format!("SELECT GET_LOCK(CONCAT('oolong.', MD5(DATABASE())), {MYSQL_PATIENCE})");
                let statement = Statement::from_string(DbBackend::MySql, sql);
                let row = transaction.query_one_raw(statement).await.map_err(locking())?;
                let got =
                    row.map(|row| row.try_get_by_index::<Option<i64>>(0)).transpose().map_err(locking())?;
                if got.flatten() != Some(1) {
                    return Err(MigrationError::Busy);
                }
            }
            _ => {} // BEGIN IMMEDIATE is SQLite's lock.
        }
        Ok(Self { transaction })
    }

    pub(crate) fn connection(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    /// Commits what was done, or undoes it, and lets the next process in.
    pub(crate) async fn end(self, keep: bool) -> Result<(), MigrationError> {
        let ending = || MigrationError::while_trying("end the migration");
        if self.transaction.get_database_backend() == DbBackend::MySql {
            let sql = "DO RELEASE_LOCK(CONCAT('oolong.', MD5(DATABASE())))";
            self.transaction.execute_unprepared(sql).await.map_err(ending())?;
        }
        if keep {
            self.transaction.commit().await.map_err(ending())
        } else {
            self.transaction.rollback().await.map_err(ending())
        }
    }
}
