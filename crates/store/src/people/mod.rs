//! Rows of organisations, units, people and what they sign in with.
//!
//! Functions take the organisation first. The exceptions belong to sign-in: a
//! person, a session, a link and the throttle are the installation's, and a
//! presented secret is looked up before any organisation is known.

pub mod access;
pub mod establishment;
pub mod link;
pub mod membership;
pub mod organisation;
pub mod person;
pub mod profile;
pub mod scope;
pub mod session;
pub mod skill;
pub mod throttle;
pub mod token;
pub mod unit;

use std::collections::BTreeSet;

use huiyin_domain::people::{Post, Validity};

use crate::sql::{Row, StoreError};

/// Reads a stretch of time from two neighbouring columns.
fn validity(row: &Row, from: usize) -> Result<Validity, StoreError> {
    Ok(Validity { from: row.get(from)?, to: row.get(from + 1)? })
}

/// Writes posts as the JSON list of their names.
fn posts_text(posts: &BTreeSet<Post>) -> String {
    let names: Vec<&str> = posts.iter().map(|post| post.name()).collect();
    serde_json::Value::from(names).to_string()
}

/// Reads posts from the JSON list of their names.
fn posts_of(text: &str) -> Result<BTreeSet<Post>, StoreError> {
    serde_json::from_str(text)
        .map_err(|_| StoreError::Type { context: "a list of posts is not readable".into() })
}
