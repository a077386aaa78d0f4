//! The search index of one process: derived, in a folder of its own.
//!
//! Texts are indexed by single characters and overlapping pairs, so that every
//! substring is found however it would be cut into words; words are known on the
//! side of the query only. What is quoted is checked against the folded text that
//! lies beside the index. Documents are kept newest first.
//!
//! *Invariants*
//! - Nothing is found that the [`Reach`](huiyin_domain::search::Reach) of a question
//!   does not cover, and nothing else is counted.
//! - No input makes it panic; the time of a query is bounded by its length.
//! - An index that is missing, torn or of another [`SCHEMA`] is no error: it has no
//!   [mark](huiyin_domain::search::Mark), and whoever feeds it makes it anew.
//!
//! *Where to start*: [`Index`]; how a query is read stands in `ask`, what it becomes
//! in `plan`, how it is answered in `find`.

mod ask;
mod find;
mod fold;
mod fragment;
mod generation;
mod node;
mod plan;
mod schema;
mod seen;
mod sound;
mod token;

pub use fold::{fold, folded};
pub use node::Index;
pub use schema::SCHEMA;
