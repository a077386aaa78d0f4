//! SQLite's result codes in the words of the port.

use super::super::StoreError;
use rusqlite::{Error, ErrorCode, ffi};

/// Translates an error met while running `sql`.
///
/// Unique violations still carry SQLite's own words.
pub(crate) fn map_error(error: &Error, sql: &str) -> StoreError {
    let Error::SqliteFailure(code, message) = error else {
        return StoreError::other(format!("{error} in: {}", sql.trim()));
    };
    let text = message.clone().unwrap_or_else(|| code.to_string());
    match code.code {
        ErrorCode::ConstraintViolation => constraint(code.extended_code, &text),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy,
        ErrorCode::DiskFull => StoreError::Full,
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StoreError::Corrupt { context: text },
        ErrorCode::ReadOnly => StoreError::ReadOnly,
        // no room for the shared memory, a quota, a disk that fails: later it may work
        ErrorCode::CannotOpen | ErrorCode::SystemIoFailure => StoreError::Unavailable { context: text },
        ErrorCode::TypeMismatch => StoreError::Type { context: format!("{text} in: {}", sql.trim()) },
        _ => StoreError::other(format!("{text} in: {}", sql.trim())),
    }
}

fn constraint(extended: i32, text: &str) -> StoreError {
    let subject = text.split_once(": ").map_or(text, |(_, subject)| subject).to_owned();
    match extended {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            StoreError::Unique { constraint: subject }
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => StoreError::ForeignKey,
        ffi::SQLITE_CONSTRAINT_NOTNULL => StoreError::NotNull { column: subject },
        ffi::SQLITE_CONSTRAINT_CHECK => StoreError::Check { constraint: subject },
        ffi::SQLITE_CONSTRAINT_DATATYPE => StoreError::Type { context: text.to_owned() },
        _ => StoreError::other(text),
    }
}
