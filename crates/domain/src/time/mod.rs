//! Instants, zones and working calendars; the only place that knows `jiff`.

mod timestamp;

pub use timestamp::{Timestamp, TimestampError};
