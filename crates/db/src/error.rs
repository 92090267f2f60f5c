//! What a database error means to the rest of us, decided in one place.

use oolong_core::{Error, Result};
use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// Turns a database error into ours: a lost or exhausted connection is `Unavailable` (503, and trying again
/// helps), a broken unique index is `Conflict`, everything else is our fault.
pub fn classify(error: DbErr) -> Error {
    if is_unique_violation(&error) {
        return Error::conflict("it exists already").with_source(error);
    }
    if is_connection_loss(&error) { Error::unavailable(error) } else { Error::internal(error) }
}

/// Whether a unique index refused the row.
pub fn is_unique_violation(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

fn is_connection_loss(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            is_sqlx_connection_loss(error)
        }
        _ => false,
    }
}

fn is_sqlx_connection_loss(error: &sea_orm::sqlx::Error) -> bool {
    use sea_orm::sqlx::Error as Sqlx;
    match error {
        Sqlx::Io(_)
        | Sqlx::Tls(_)
        | Sqlx::PoolTimedOut
        | Sqlx::PoolClosed
        | Sqlx::WorkerCrashed
        | Sqlx::Protocol(_) => true,
        // 57P01..57P03: PostgreSQL shuts down, has crashed, or is still starting; 1053, 1927: MySQL goes away;
        // 5 and 6: SQLite stayed busy for longer than the timeout.
        Sqlx::Database(error) => {
            matches!(error.code().as_deref(), Some("57P01" | "57P02" | "57P03" | "1053" | "1927" | "5" | "6"))
        }
        _ => false,
    }
}

/// `?` for database results.
pub trait Classify<T> {
    /// The same result with our error.
    fn classify(self) -> Result<T>;
}

impl<T> Classify<T> for std::result::Result<T, DbErr> {
    fn classify(self) -> Result<T> {
        self.map_err(classify)
    }
}
