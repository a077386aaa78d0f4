//! Money in the smallest unit; never a float.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use utoipa::ToSchema;

/// The largest amount accepted, in fen: ten billion yuan.
pub const MAX_FEN: i64 = 1_000_000_000_000;

/// An amount in Chinese yuan, kept in fen (1/100 yuan), never negative.
///
/// On the wire: `{"amount":"10000.00","currency":"CNY"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money {
    fen: i64,
}

/// The shape of [`Money`] on the wire.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoneyWire {
    /// Yuan with at most two decimals, e.g. `"10000.00"`.
    #[schema(pattern = r"^[0-9]{1,10}(\.[0-9]{1,2})?$", example = "10000.00")]
    amount: String,
    /// Only `CNY`.
    #[schema(pattern = "^CNY$", example = "CNY")]
    currency: String,
}

/// Why a text is not an amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not digits with at most two decimals.
    #[error("amount_malformed: amount must be digits with at most two decimals")]
    Malformed,
    /// Below zero or above [`MAX_FEN`].
    #[error("amount_out_of_range: amount must lie between 0 and 10000000000.00")]
    OutOfRange,
    /// Another currency than `CNY`.
    #[error("currency_unknown: currency must be CNY")]
    Currency,
}

impl Money {
    /// Takes an amount in fen.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`] below zero or above [`MAX_FEN`].
    pub const fn from_fen(fen: i64) -> Result<Self, MoneyError> {
        if fen < 0 || fen > MAX_FEN {
            return Err(MoneyError::OutOfRange);
        }
        Ok(Self { fen })
    }

    /// Reads yuan as text, such as `12000` or `12000.50`.
    ///
    /// # Errors
    /// [`MoneyError`] when malformed or out of range.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        let (yuan, cents) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if text.starts_with('-') && digits(&yuan[1..]) {
            return Err(MoneyError::OutOfRange);
        }
        if yuan.is_empty() || !digits(yuan) || !digits(cents) || cents.len() > 2 || text.ends_with('.') {
            return Err(MoneyError::Malformed);
        }
        let yuan: i64 = yuan.parse().map_err(|_| MoneyError::OutOfRange)?;
        let fen: i64 = format!("{cents:0<2}").parse().map_err(|_| MoneyError::Malformed)?;
        let total = yuan.checked_mul(100).and_then(|value| value.checked_add(fen));
        Self::from_fen(total.ok_or(MoneyError::OutOfRange)?)
    }

    /// Gives the amount in fen.
    #[must_use]
    pub const fn fen(self) -> i64 {
        self.fen
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.fen / 100, self.fen % 100)
    }
}

impl utoipa::PartialSchema for Money {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        MoneyWire::schema()
    }
}

impl ToSchema for Money {
    fn name() -> std::borrow::Cow<'static, str> {
        "Money".into()
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        MoneyWire { amount: self.to_string(), currency: "CNY".into() }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = MoneyWire::deserialize(deserializer)?;
        if wire.currency != "CNY" {
            return Err(serde::de::Error::custom(MoneyError::Currency));
        }
        Self::parse(&wire.amount).map_err(serde::de::Error::custom)
    }
}
