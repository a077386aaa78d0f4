//! Knowledge (知识库): articles, the facts of each estate, who knows them.
//!
//! *Invariants*: what agents and customers read was approved by somebody who did
//! not write it; a version is never changed, only followed by another; a fact has
//! the type that its field says; whoever passed a quiz passed it on one version.
//!
//! *Where to start*: [`article::Article`] is the machine of an article, a house
//! paper; [`fact`] the sheet of an estate; [`quiz`] who knows it by heart.

pub mod article;
mod content;
pub mod fact;
mod file;
pub mod quiz;
mod situation;
#[cfg(test)]
mod tests;
mod version;

pub use content::{ArticleKind, Audience, Content, Wording};
pub use file::{ArticleFile, FileError, starter};
pub use situation::{CallMoment, Conditions, Listening, Manner, Mood, Personality, Situation, Style};
