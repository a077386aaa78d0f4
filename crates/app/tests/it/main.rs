//! Use cases against both databases.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails as loudly as the test")]

mod desk;
mod house;
mod organisation;
mod people;
mod scope;
mod sign_in;
mod token;
mod unit;
