//! Work that a case asks of people, and how it stands.

use super::event::TaskKind;
use super::words::TaskWord;
use crate::ids::{PersonId, UnitId};
use crate::people::Post;
use crate::text::Sealed;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Work that blocks the case, or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Task {
    /// Number in the case, from 1.
    pub id: u32,
    /// What it is for.
    pub kind: TaskKind,
    /// The words; a rule's task has none.
    pub title: Option<Sealed>,
    /// The person who must do it.
    pub person: Option<PersonId>,
    /// The post, when no person is named.
    pub post: Option<Post>,
    /// By when.
    pub due: Option<Timestamp>,
    /// True when the case cannot go on without it.
    pub blocking: bool,
    /// When it was given.
    pub given_at: Timestamp,
    /// When it was done or called off.
    pub ended_at: Option<Timestamp>,
    /// True when it was done, false when called off.
    pub done: bool,
    /// The department that must do it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// When the department took it on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<Timestamp>,
    /// What was last said of how it stands (MOB-14).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<TaskState>,
}

/// How a task stands, as who does it last said (MOB-14).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TaskState {
    /// Whether it goes on, meets a difficulty, or is changed.
    pub what: TaskWord,
    /// The words.
    pub text: Sealed,
    /// When it will be done, as it looked then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<Timestamp>,
    /// When that was said.
    pub at: Timestamp,
    /// Who said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

impl Task {
    /// Tells whether it still has to be done.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.ended_at.is_none()
    }
}
