//! Phrases that are not said to customers, found however they are spelt.
//!
//! PHRASE-1…10: the handbook's phrases with the likely feeling and a better
//! sentence; PHRASE-7: organisations add their own, marked as such.

mod check;
mod handbook;
mod plain;

pub use check::{Audience, Checker, Hit, PhraseError, Verdict, verdict};
pub use handbook::{handbook, own};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a hit does outside public replies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PhraseLevel)]
pub enum Level {
    /// It is shown.
    Hint,
    /// It asks before sending.
    Warn,
    /// It stops the sending.
    Block,
}

/// Who says that a phrase is not said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PhraseOrigin)]
pub enum Origin {
    /// The handbook.
    Handbook,
    /// The organisation, or this product: never attributed to the handbook (PHRASE-7).
    Own,
}

/// A phrase that is not said (PHRASE-1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phrase {
    /// Its number.
    pub number: u32,
    /// The phrase and its variants.
    pub variants: Vec<String>,
    /// What the customer is likely to feel; empty where nobody knows.
    pub feeling: String,
    /// What is better said; empty where nobody knows.
    pub better: String,
    /// Where it comes up; empty for everywhere.
    pub scene: String,
    /// What a hit does.
    pub level: Level,
    /// Who says so.
    pub origin: Origin,
    /// Whether it is looked for.
    pub is_active: bool,
}
