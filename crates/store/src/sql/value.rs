//! What is bound to a placeholder and what comes back in a column.

use super::StoreError;
use huiyin_domain::ids::{
    ApprovalId, AttachmentId, BulkRunId, CallBackId, CallId, CallMessageId, CaseId, ContactId, HouseholdId,
    IncidentId, JobId, NotificationId, OrgId, PartyId, PersonId, PreparedId, PublicationId, QueueId,
    RecordingId, ReportId, SessionId, TokenId, UnitId, WebhookId,
};
use huiyin_domain::money::Money;
use huiyin_domain::time::Timestamp;
use uuid::Uuid;

/// One value of one column; the five kinds both engines share.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// No value.
    Null,
    /// `BIGINT`: numbers, flags 0/1, microseconds, fen.
    Int(i64),
    /// `DOUBLE PRECISION`.
    Real(f64),
    /// `TEXT`: text, JSON, identifiers; never with a zero byte.
    Text(String),
    /// `BYTEA`.
    Blob(Vec<u8>),
}

impl Value {
    /// Names the kind for error texts, never the content.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Int(_) => "integer",
            Self::Real(_) => "real",
            Self::Text(_) => "text",
            Self::Blob(_) => "blob",
        }
    }
}

/// Builds an array of [`Value`]s: `&values![org, id, "text"]`.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { [$($crate::sql::Value::from($value)),*] };
}

/// Reads a Rust value out of a column.
pub trait FromValue: Sized {
    /// What is expected, for error texts.
    const KIND: &'static str;

    /// Converts, or gives `None` when the kind does not fit.
    fn from_value(value: &Value) -> Option<Self>;
}

/// Refuses what only one of the engines would take.
pub(crate) fn check_values(values: &[Value]) -> Result<(), StoreError> {
    for (index, value) in values.iter().enumerate() {
        if let Value::Text(text) = value
            && text.as_bytes().contains(&0)
        {
            return Err(StoreError::Type {
                context: format!("value ${} has a zero byte in its text", index + 1),
            });
        }
    }
    Ok(())
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    const KIND: &'static str = T::KIND;
    fn from_value(value: &Value) -> Option<Self> {
        if *value == Value::Null { Some(None) } else { T::from_value(value).map(Some) }
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl FromValue for String {
    const KIND: &'static str = "text";
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Text(text) = value { Some(text.clone()) } else { None }
    }
}

impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Blob(value.to_vec())
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Blob(value)
    }
}

impl FromValue for Vec<u8> {
    const KIND: &'static str = "blob";
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Blob(bytes) = value { Some(bytes.clone()) } else { None }
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

impl FromValue for f64 {
    const KIND: &'static str = "real";
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Real(number) = value { Some(*number) } else { None }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Int(i64::from(value))
    }
}

impl FromValue for bool {
    const KIND: &'static str = "flag 0 or 1";
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Int(0) => Some(false),
            Value::Int(1) => Some(true),
            _ => None,
        }
    }
}

macro_rules! integers {
    ($($name:ty),+) => {$(
        impl From<$name> for Value {
            fn from(value: $name) -> Self {
                Self::Int(i64::from(value))
            }
        }

        impl FromValue for $name {
            const KIND: &'static str = stringify!($name);
            fn from_value(value: &Value) -> Option<Self> {
                if let Value::Int(number) = value { Self::try_from(*number).ok() } else { None }
            }
        }
    )+};
}

integers!(i64, i32, u32, u16, u8);

macro_rules! numbered {
    ($($name:ty, $kind:literal, $into:expr, $from:expr;)+) => {$(
        impl From<$name> for Value {
            fn from(value: $name) -> Self {
                Self::Int($into(value))
            }
        }

        impl FromValue for $name {
            const KIND: &'static str = $kind;
            fn from_value(value: &Value) -> Option<Self> {
                if let Value::Int(number) = value { $from(*number) } else { None }
            }
        }
    )+};
}

numbered! {
    OrgId, "organisation number", |id: OrgId| id.0, |number| Some(OrgId(number));
    Timestamp, "microseconds", Timestamp::micros, |number| Some(Timestamp::from_micros(number));
    Money, "fen", Money::fen, |number| Money::from_fen(number).ok();
}

macro_rules! uuid_columns {
    ($($name:ident),+ $(,)?) => {$(
        impl From<$name> for Value {
            fn from(value: $name) -> Self {
                let mut buffer = Uuid::encode_buffer();
                Self::Text(value.0.hyphenated().encode_lower(&mut buffer).to_owned())
            }
        }

        impl FromValue for $name {
            const KIND: &'static str = "uuid text";
            fn from_value(value: &Value) -> Option<Self> {
                if let Value::Text(text) = value { text.parse().ok() } else { None }
            }
        }
    )+};
}

uuid_columns! {
    ApprovalId, BulkRunId, AttachmentId, CallBackId, CallId, CallMessageId, CaseId, ContactId, HouseholdId, IncidentId, JobId, NotificationId, PartyId, PersonId,
    PreparedId, PublicationId, QueueId, RecordingId, ReportId, SessionId, TokenId, UnitId, WebhookId,
}
