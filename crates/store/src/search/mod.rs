//! What the search index is made of: the feed of changes, things as documents,
//! and the reach of who asks.
//!
//! *Where to start*: whoever writes something that can be found calls
//! [`feed::changed`] in the same transaction; [`documents`] reads it back.

pub mod documents;
pub mod feed;
pub mod reach;
