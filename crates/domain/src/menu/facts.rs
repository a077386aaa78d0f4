//! What is known of a call while it goes through a menu.

use crate::call::queue::Wishes;
use crate::ids::PersonId;
use crate::time::{Timestamp, WorkingCalendar};
use serde::{Deserialize, Serialize};

/// What a step of a menu may know; time comes in with it.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Now.
    pub now: Timestamp,
    /// The organisation's calendar, which has its zone.
    pub calendar: &'a WorkingCalendar,
    /// The digits of the line that was dialled.
    pub line: Option<&'a str>,
    /// The service of that line (CALL-18).
    pub service: Option<&'a str>,
    /// The caller's number, none when it is withheld.
    pub caller: Option<&'a str>,
    /// The number of whoever is on duty now, none when nobody is.
    pub duty: Option<&'a str>,
}

/// Who calls, as far as the number tells (CALL-9).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Customer {
    /// The customer's level, such as `vip`.
    pub level: Option<String>,
    /// How much the level puts them ahead in a queue, 0 to 9; the house's own value.
    pub priority: u32,
    /// The agent who knows their matter, asked first when free.
    pub agent: Option<PersonId>,
    /// True when business with them is restricted; never their complaints.
    pub blacklisted: bool,
    /// True when they were angry the last time, so that they come first (SKILL-6).
    pub angry: bool,
    /// Skills that they need, such as their dialect (TEL-32).
    pub skills: Vec<String>,
    /// What is known to be out of order where they live.
    pub incident: Option<KnownIncident>,
}

impl Customer {
    /// Gives what a call of theirs asks of a queue.
    ///
    /// Whoever has a skill at all serves; who has it best is picked first (TEL-32).
    #[must_use]
    pub fn wishes(&self) -> Wishes {
        Wishes {
            skills: self.skills.iter().map(|skill| (skill.clone(), 1)).collect(),
            priority: self.priority.min(9),
            angry: self.angry,
            agent: self.agent,
            longest: None,
        }
    }
}

/// An incident that the caller's building has now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KnownIncident {
    /// Its category, such as `water`.
    pub category: Option<String>,
    /// When it is to be over.
    pub until: Option<Timestamp>,
}
