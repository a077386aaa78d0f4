//! The real binary, on both databases: damage, copies, sudden death, tables.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails as loudly as the test")]

mod calls;
mod copies;
mod erasing;
mod kill;
mod nodes;
mod outward;
mod rules;
mod search;
mod site;
mod start;
mod tamper;
mod transfer;
mod trouble;
