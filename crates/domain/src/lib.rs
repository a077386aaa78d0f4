//! The rules of the customer-service house, and nothing else.
//!
//! *Invariants*: no async, SQL, HTTP, clock or randomness; time, ids and salts
//! come in as arguments. Every automatic decision names its rule and records.
//!
//! *Where to start*: [`case`] for the life of a case, [`pack`] for rules as
//! data, [`time`] for calendars and [`clock`] for limits, [`count`] for figures.

pub mod approval;
pub mod call;
pub mod case;
pub mod clock;
pub mod count;
pub mod ids;
pub mod incident;
pub mod knowledge;
pub mod locale;
pub mod menu;
pub mod money;
pub mod pack;
pub mod paper;
pub mod people;
pub mod phone;
pub mod search;
pub mod special;
pub mod text;
mod text_form;
pub mod time;
mod wire;
