//! Tables from the outside: read, map, write, and stand hostile input.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as expected")]

mod constant;
mod hostile;
mod mapping;
mod reading;
mod support;
mod taidi;
mod workbook;
mod writing;
