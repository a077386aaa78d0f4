//! Limits of work that people ask of each other: tasks, 催办 and 督办.

use super::model::Pack;
use crate::case::{Kind, TaskKind};
use crate::clock::{ClockKind, LimitRule, Terms, Warn};
use crate::people::Post;
use serde::{Deserialize, Serialize};

/// How tasks or reminders are watched.
///
/// Whoever asks may name the due time; a rule with `due` gives one to what was
/// asked without it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkRule {
    /// Kinds of case.
    pub of: Vec<Kind>,
    /// What is watched: a task, an urging or a supervision.
    pub kind: ClockKind,
    /// Tasks for these only; for all that no other rule names when empty.
    pub tasks: Vec<TaskKind>,
    /// How long it may take where nobody said so.
    pub due: Option<LimitRule>,
    /// When to warn ahead, if at all.
    pub warn: Option<Warn>,
    /// Whether waiting for somebody else stops it.
    pub pausable: bool,
    /// Posts told when it breaks.
    pub escalate: Vec<Post>,
    /// Source ids.
    pub source: Vec<String>,
}

impl WorkRule {
    /// Gives the terms of a clock by this rule; `due` counts only where the
    /// rule has one.
    #[must_use]
    pub fn terms(&self) -> Terms {
        Terms {
            kind: self.kind,
            due: self.due.unwrap_or(LimitRule::EndOfSameDay),
            warn: self.warn,
            pausable: self.pausable,
            source: self.source.clone(),
        }
    }

    /// Tells whether two rules would both watch some work.
    #[must_use]
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        let kinds = self.of.iter().any(|kind| other.of.contains(kind));
        let both_rest = self.tasks.is_empty() && other.tasks.is_empty();
        let tasks = both_rest || self.tasks.iter().any(|task| other.tasks.contains(task));
        self.kind == other.kind && kinds && tasks
    }
}

impl Pack {
    /// Finds the rule that watches a task or a reminder of a kind of case: the
    /// one that names the task before the one for the rest.
    #[must_use]
    pub fn work_rule(&self, case: Kind, kind: ClockKind, task: Option<TaskKind>) -> Option<&WorkRule> {
        let mut fits = self.work.iter().filter(|rule| rule.kind == kind && rule.of.contains(&case));
        let named = |rule: &&WorkRule| task.is_some_and(|task| rule.tasks.contains(&task));
        fits.clone().find(named).or_else(|| fits.find(|rule| rule.tasks.is_empty()))
    }
}
