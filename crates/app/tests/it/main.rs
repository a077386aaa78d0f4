//! Use cases against both databases.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails as loudly as the test")]

mod access;
mod backup;
mod concurrency;
mod customers;
mod daily;
mod desk;
mod errands;
mod files;
mod hooks;
mod house;
mod idempotency;
mod import;
mod knowledge;
mod limits;
mod long_stocktake;
mod notices;
mod order;
mod organisation;
mod papers;
mod people;
mod roster;
mod scope;
mod search;
mod sign_in;
mod stocktake;
mod token;
mod unit;
