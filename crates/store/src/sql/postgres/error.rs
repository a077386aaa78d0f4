//! PostgreSQL's error codes in the words of the port.

use super::super::StoreError;
use postgres::Error;
use postgres::error::{DbError, SqlState};

/// Translates an error met while running `sql`.
///
/// The server's own text may repeat stored or bound values, so only the code,
/// names and, for mistakes in the statement itself, the text are passed on.
pub(crate) fn map_error(error: &Error, sql: &str) -> StoreError {
    if let Some(refusal) = error.as_db_error() {
        return map_refusal(refusal, sql);
    }
    let cause = std::error::Error::source(error);
    if error.is_closed() || cause.is_some_and(|cause| cause.is::<std::io::Error>()) {
        let context = cause.map_or_else(|| error.to_string(), ToString::to_string);
        return if sql == "connect" {
            StoreError::Unavailable { context }
        } else {
            StoreError::ConnectionLost { context: format!("{context} in: {}", sql.trim()) }
        };
    }
    if sql == "connect" {
        return StoreError::Unavailable { context: error.to_string() };
    }
    if let Some(wrong) = cause.and_then(|cause| cause.downcast_ref::<super::codec::WrongType>()) {
        return StoreError::Type { context: format!("{wrong} in: {}", sql.trim()) };
    }
    StoreError::other(format!("{error} in: {}", sql.trim()))
}

fn map_refusal(refusal: &DbError, sql: &str) -> StoreError {
    let name = || refusal.constraint().unwrap_or("unnamed").to_owned();
    let code = refusal.code();
    match code.code() {
        "23505" | "23P01" => StoreError::Unique { constraint: name() },
        "23503" => StoreError::ForeignKey,
        "23502" => StoreError::NotNull {
            column: format!("{}.{}", refusal.table().unwrap_or("?"), refusal.column().unwrap_or("?")),
        },
        "23514" => StoreError::Check { constraint: name() },
        // 0A000 here: a cached plan of before a migration
        "40001" | "40P01" | "0A000" => StoreError::Conflict,
        "55P03" | "57014" | "53300" => StoreError::Busy,
        "53100" => StoreError::Full,
        "25006" => StoreError::ReadOnly,
        "XX001" | "XX002" => StoreError::Corrupt { context: format!("server error {}", code.code()) },
        "57P01" | "57P02" | "57P03" | "57P05" => {
            StoreError::ConnectionLost { context: "the server ended the connection".into() }
        }
        text if sql == "connect" => StoreError::Unavailable { context: connect_trouble(text).into() },
        text if text.starts_with("08") => {
            StoreError::ConnectionLost { context: format!("server error {text}") }
        }
        text if text.starts_with("22") => {
            StoreError::Type { context: format!("server error {text} in: {}", sql.trim()) }
        }
        text if text.starts_with("42") => {
            StoreError::other(format!("{} ({text}) in: {}", refusal.message(), sql.trim()))
        }
        text => StoreError::other(format!("server error {text} in: {}", sql.trim())),
    }
}

fn connect_trouble(code: &str) -> &'static str {
    match code {
        "28P01" | "28000" => "the server refused user or password",
        "3D000" => "there is no such database on the server",
        _ => "the server refused the connection",
    }
}

/// Tells whether prepared statements must be thrown away.
pub(crate) fn spoils_statements(error: &Error) -> bool {
    error.code() == Some(&SqlState::FEATURE_NOT_SUPPORTED)
}
