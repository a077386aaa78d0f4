//! SQL for both engines, behind one synchronous port.
//!
//! A use case is a plain closure shipped to the data: on SQLite it runs on the
//! one writer thread (many share one commit), on PostgreSQL on a worker with a
//! connection of its own. An answer is given only after the commit.
//!
//! *Invariants*: SQL text is `&'static str`, values are bound; no query without
//! an organisation outside the documented exceptions; both engines give the
//! same rows, the same errors and the same constraint names.
//!
//! *Where to start*: [`sql::Store`] and [`sql::Tx`] for the port, [`migrate`]
//! for the schema, [`backup`] for copies of the embedded database.

pub mod agreement;
pub mod approval;
pub mod attachment;
pub mod audit;
pub mod backup;
pub mod beat;
pub mod behalf;
pub mod bulk;
pub mod call;
pub mod case;
pub mod count;
pub mod duty;
pub mod idempotency;
pub mod incident;
pub mod jobs;
pub mod knowledge;
pub mod migrate;
pub mod notify;
pub mod paper;
pub mod party;
pub mod people;
pub mod phrase;
pub mod portable;
pub mod prepared;
pub mod public;
pub mod remedy;
pub mod report;
pub mod search;
pub mod shelf;
pub mod sql;
pub mod suggest;
pub mod webhook;

pub use sql::{Engine, Query, Row, Store, StoreConfig, StoreError, Tx, Value};
