//! What a clock measures.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What must happen before a clock is due; the pack's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClockKind {
    /// The customer knows that we have it (受理告知).
    Acknowledge,
    /// A substantive reply, perhaps a progress answer with a date (PROP-79).
    Reply,
    /// A reply with concrete measures (PROP-75).
    Measures,
    /// The matter is put right and verified.
    Resolve,
    /// The return visit is made (回访).
    Visit,
    /// What we promised is done (PROP-37).
    Promise,
    /// A report to a leader or the company is given (PROP-82, 84, 85).
    Report,
    /// The handling record is filed (PROP-17).
    Record,
    /// The matter is handed to the department head (DESK-3).
    HandOver,
    /// Somebody is on site (ASM-8).
    Attend,
    /// A waiting time that runs out by itself, as the exempt week (PROP-64).
    Settle,
    /// A time in which an answer is aimed at; missing it is no breach (ASC-20, X-2).
    Target,
    /// Whether a corrective action helped is looked at (PROP-95); outlives the case.
    EffectCheck,
    /// A task that somebody was given is done (ASC-11).
    Task,
    /// Whoever was urged says how far it is (催办).
    Urge,
    /// Whoever is supervised reports back (督办).
    Supervise,
}

impl ClockKind {
    /// Every kind, in the order of declaration.
    pub const ALL: [Self; 16] = [
        Self::Acknowledge,
        Self::Reply,
        Self::Measures,
        Self::Resolve,
        Self::Visit,
        Self::Promise,
        Self::Report,
        Self::Record,
        Self::HandOver,
        Self::Attend,
        Self::Settle,
        Self::Target,
        Self::EffectCheck,
        Self::Task,
        Self::Urge,
        Self::Supervise,
    ];

    /// Gives the word of packs and wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::Reply => "reply",
            Self::Measures => "measures",
            Self::Resolve => "resolve",
            Self::Visit => "visit",
            Self::Promise => "promise",
            Self::Report => "report",
            Self::Record => "record",
            Self::HandOver => "hand_over",
            Self::Attend => "attend",
            Self::Settle => "settle",
            Self::Target => "target",
            Self::EffectCheck => "effect_check",
            Self::Task => "task",
            Self::Urge => "urge",
            Self::Supervise => "supervise",
        }
    }

    /// Tells whether reaching the due time is the aim and no breach (PROP-64).
    #[must_use]
    pub const fn elapses(self) -> bool {
        matches!(self, Self::Settle)
    }

    /// Tells whether it watches work that people ask of each other; its rules
    /// stand in the pack's `[[work]]`, not in `[[clock]]`.
    #[must_use]
    pub const fn is_of_work(self) -> bool {
        matches!(self, Self::Task | Self::Urge | Self::Supervise)
    }

    /// Tells whether it waits for an answer to a reminder (催办, 督办).
    #[must_use]
    pub const fn is_of_reminder(self) -> bool {
        matches!(self, Self::Urge | Self::Supervise)
    }

    /// Tells whether passing the due time is no breach.
    #[must_use]
    pub const fn is_soft(self) -> bool {
        matches!(self, Self::Target)
    }
}
