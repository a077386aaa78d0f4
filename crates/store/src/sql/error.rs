//! What can go wrong between a use case and its data.

/// Why the store refused or failed; the same on both engines.
///
/// Texts name tables, constraints and causes, never stored or bound values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A second row with the same key.
    #[error("a row with this key exists already ({constraint})")]
    Unique {
        /// Name of the unique index; `table_pkey` or `table_column_key` for unnamed ones.
        constraint: String,
    },
    /// A row points to another one that does not exist, or is still pointed to.
    #[error("a row refers to one that does not exist, or is still referred to")]
    ForeignKey,
    /// A column that needs a value has none.
    #[error("a value is missing in column {column}")]
    NotNull {
        /// `table.column`.
        column: String,
    },
    /// A `CHECK` of the schema is violated.
    #[error("a rule of the schema is violated ({constraint})")]
    Check {
        /// Name of the check.
        constraint: String,
    },
    /// Two transactions stood in each other's way; trying again may work.
    #[error("another change came in between, try again")]
    Conflict,
    /// The queue is full or the database is locked; trying again later works.
    #[error("the store is busy, try again later")]
    Busy,
    /// There is no room left on the disk of the database.
    #[error("the disk of the database is full, free some space and try again")]
    Full,
    /// The connection broke during the use case.
    #[error("the connection to the database was lost ({context}), try again")]
    ConnectionLost {
        /// Where it broke; after a commit was sent its outcome is unknown.
        context: String,
    },
    /// The database cannot be reached or the store is closed.
    #[error("the database cannot be reached ({context})")]
    Unavailable {
        /// Why, without address or password.
        context: String,
    },
    /// The database file is damaged.
    #[error(
        "the database file is damaged ({context}); run `huiyin doctor`, then `huiyin restore` from a backup"
    )]
    Corrupt {
        /// What was found.
        context: String,
    },
    /// A write through a store that was opened for reading.
    #[error("the store is open for reading only")]
    ReadOnly,
    /// A value does not fit its column, placeholder or Rust type.
    #[error("a value has the wrong type: {context}")]
    Type {
        /// What was found and what was expected.
        context: String,
    },
    /// A statement after a failed one in the same use case or savepoint.
    #[error("the use case went on after a failed statement; wrap that statement in a savepoint")]
    Aborted,
    /// The use case panicked; nothing of it is stored.
    #[error("the use case failed unexpectedly, nothing of it is stored")]
    Panicked,
    /// The schema and the binary do not belong together.
    #[error("migration: {context}")]
    Migration {
        /// What does not fit and what to do.
        context: String,
    },
    /// Anything else, such as wrong SQL.
    #[error("database error: {context}")]
    Other {
        /// Cause and statement, without values.
        context: String,
    },
}

impl StoreError {
    /// Tells whether the same use case may work when tried again unchanged.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Conflict | Self::Busy | Self::Full | Self::ConnectionLost { .. } | Self::Unavailable { .. }
        )
    }

    /// Tells whether the unique index of this name was violated.
    #[must_use]
    pub fn is_unique(&self, name: &str) -> bool {
        matches!(self, Self::Unique { constraint } if constraint == name)
    }

    pub(crate) fn other(context: impl Into<String>) -> Self {
        Self::Other { context: context.into() }
    }

    pub(crate) fn closed() -> Self {
        Self::Unavailable { context: "the store is closed".into() }
    }
}
