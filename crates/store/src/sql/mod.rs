//! The thin port: one SQL text, one use case, two engines.
//!
//! Rules for SQL text: placeholders `$1`, `$2`… in any order; column types
//! `TEXT`, `BIGINT`, `DOUBLE PRECISION`, `BYTEA`; cast sums (`CAST(SUM(x) AS
//! BIGINT)`) and lone parameters; name every unique index, because its name
//! comes back in [`StoreError::Unique`]; no deferred foreign keys.

mod config;
mod counters;
mod error;
mod job;
mod lane;
mod postgres;
mod query;
mod row;
mod sqlite;
mod store;
mod tx;
mod value;

pub use config::{PostgresConfig, SqliteConfig, StoreConfig};
pub use counters::{Counters, CountersSnapshot};
pub use error::StoreError;
pub use postgres::{Heard, Listening};
pub use query::{MAX_IN, Query};
pub use row::Row;
pub use store::Store;
pub use tx::{Engine, Turn, Tx};
pub use value::{FromValue, Value};

pub(crate) use sqlite::{connect_plain, map_error as sqlite_error};
