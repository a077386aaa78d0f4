//! The clock as it is stored with its case.

use super::{ClockKind, LimitRule, Warn};
use crate::ids::PersonId;
use crate::time::{CalendarRef, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a pack says about one clock (X-2: kind × channel × pack).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// What is measured.
    pub kind: ClockKind,
    /// How long it may take.
    pub due: LimitRule,
    /// When to warn ahead, if at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warn: Option<Warn>,
    /// Whether waiting for somebody else stops it; acknowledge and reply never.
    #[serde(default)]
    pub pausable: bool,
    /// Requirement ids that the rule comes from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub source: Vec<String>,
}

/// Where a due time comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// A rule of the pack, counted from the start.
    Rule(LimitRule),
    /// A time agreed with somebody, as in a promise (PROP-37, 50).
    Agreed(Timestamp),
}

/// A time during which the clock stood still, from `from` up to `to`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Pause {
    /// First instant of standing still.
    pub from: Timestamp,
    /// First instant of running again; none while it stands, and for ever
    /// none when the clock was met or cancelled in the pause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
    /// Why: a code of the pack or the digest of a sealed text, never plain
    /// personal text.
    pub reason: String,
}

/// A later due time granted with a reason (延期).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Extension {
    /// When it was granted.
    pub at: Timestamp,
    /// The due time until then.
    pub from: Timestamp,
    /// The due time from then on.
    pub to: Timestamp,
    /// Why, as in [`Pause::reason`].
    pub reason: String,
}

/// A running limit (时限) with everything that its explanation needs (D5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Clock {
    /// Number within its case, from 1.
    pub id: u32,
    /// What is measured.
    pub kind: ClockKind,
    /// Round of the case in which it was started, from 1.
    pub round: u32,
    /// Number of the task that it watches, within the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<u32>,
    /// Who asked for what it watches, where a person did (催办, 督办).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<PersonId>,
    /// Where the due time comes from.
    pub limit: Limit,
    /// When to warn ahead, if at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warn: Option<Warn>,
    /// Whether it may be paused.
    #[serde(default)]
    pub pausable: bool,
    /// Requirement ids that the rule comes from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub source: Vec<String>,
    /// Calendar version by which `due_at` was counted.
    pub calendar: CalendarRef,
    /// When it began to run.
    pub started_at: Timestamp,
    /// Times of standing still, in order; only the last may be open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// Later due times that were granted, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<Extension>,
    /// The first instant that is too late.
    pub due_at: Timestamp,
    /// True while days beyond the calendar's known years were counted.
    #[serde(default)]
    pub provisional: bool,
    /// When to warn, never before the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warn_at: Option<Timestamp>,
    /// When the warning was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warned_at: Option<Timestamp>,
    /// When what it measures was done; may be after a breach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub met_at: Option<Timestamp>,
    /// The due time that passed unmet; stays for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breached_at: Option<Timestamp>,
    /// When it lost its object, e.g. by a void case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_at: Option<Timestamp>,
}

/// Where a clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    /// Open and counting.
    Running,
    /// Open and standing still.
    Paused,
    /// The due time passed and it is still not done.
    Breached,
    /// Done in time.
    Met,
    /// Done after the due time.
    MetLate,
    /// Lost its object.
    Cancelled,
}

/// A due time that moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Moved {
    /// Due time before.
    pub from: Timestamp,
    /// Due time now.
    pub to: Timestamp,
}

impl Clock {
    /// Gives where the clock stands; needs no current time, see D5.
    #[must_use]
    pub fn state(&self) -> ClockState {
        match (self.cancelled_at, self.met_at, self.breached_at) {
            (Some(_), _, _) => ClockState::Cancelled,
            (None, Some(_), Some(_)) => ClockState::MetLate,
            (None, Some(_), None) => ClockState::Met,
            (None, None, Some(_)) => ClockState::Breached,
            (None, None, None) if self.is_paused() => ClockState::Paused,
            (None, None, None) => ClockState::Running,
        }
    }

    /// Tells whether something is still to be done, in time or late.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.met_at.is_none() && self.cancelled_at.is_none()
    }

    /// Tells whether the clock stands still.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.is_open() && self.pauses.last().is_some_and(|pause| pause.to.is_none())
    }

    /// Gives the next instant at which the due index must fire: the warning,
    /// then the due time; none when paused, breached or closed (D5).
    #[must_use]
    pub fn fires_at(&self) -> Option<Timestamp> {
        if self.state() != ClockState::Running {
            return None;
        }
        match self.warn_at {
            Some(warn_at) if self.warned_at.is_none() && warn_at < self.due_at => Some(warn_at),
            _ => Some(self.due_at),
        }
    }
}
