//! What a menu asks for, and what it is told.

use super::facts::Customer;
use super::model::CallOffer;
use super::number;
use crate::call::queue::Wishes;
use crate::pack::Names;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What whoever plays a menu does next; several come in one answer, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// Says prompts in place of what is said now; [`Input::Played`] follows.
    Play {
        /// Names of prompts, in order.
        prompts: Vec<String>,
    },
    /// Waits for one key: [`Input::Timeout`] comes so many seconds after the last
    /// prompt or key without one.
    Collect {
        /// Seconds.
        wait: u32,
    },
    /// Asks who calls; [`Input::Known`] answers, [`Input::Timeout`] when it is late.
    LookUp {
        /// The caller's number.
        number: String,
        /// Seconds that it may take.
        wait: u32,
    },
    /// Puts the call into a queue; [`Input::Full`] when it is not taken or late.
    Queue {
        /// The queue's name.
        queue: String,
        /// What the call asks for.
        wishes: Wishes,
        /// What the caller hears meanwhile.
        treatment: Treatment,
    },
    /// Records a message after a tone; [`Input::Taken`] when it ends, which a `#` of
    /// the caller does too.
    Voicemail {
        /// The queue whose agents hear it.
        queue: String,
        /// Seconds that it may be long.
        longest: u32,
    },
    /// Writes down that somebody is to be called back (TEL-33).
    CallBack {
        /// The queue whose agents call.
        queue: String,
        /// The digits to call.
        number: String,
    },
    /// Puts through; [`Input::Failed`] when nobody answers.
    Transfer {
        /// To whom.
        to: Whom,
        /// Seconds that it may ring.
        ring: u32,
    },
    /// Ends the call.
    Release,
}

/// To whom a call is put through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Whom {
    /// To a number.
    Number(String),
    /// To the one on duty, at this number.
    OnDuty(String),
}

/// What a caller hears while waiting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Treatment {
    /// Played over and over.
    pub music: Vec<String>,
    /// Seconds between two announcements of the position.
    pub every: Option<u32>,
    /// True when the expected wait is said too.
    pub minutes: bool,
    /// The offer to be called back.
    pub call_back: Option<CallOffer>,
    /// Seconds after which the caller is led on.
    pub longest: Option<u32>,
}

impl Treatment {
    /// Composes the announcement of a position, with the wait where it is known.
    ///
    /// `ahead` counts the calls before this one.
    #[must_use]
    pub fn position(&self, ahead: u32, minutes: Option<u32>) -> Vec<String> {
        let minutes = minutes.filter(|_| self.minutes);
        number::position(ahead, minutes)
    }
}

/// What a menu is told; what it does not wait for changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// A key: `0` to `9`, `*`, `#`.
    Digit(char),
    /// What was waited for did not come.
    Timeout,
    /// The prompts were said to their end.
    Played,
    /// Who calls, or that nobody knows the number.
    Known(Option<Customer>),
    /// The queue does not take the call, or it waited too long.
    Full,
    /// Nobody answered where it was put through.
    Failed,
    /// The message was taken.
    Taken,
    /// The caller hung up, or an agent answered: the menu is over.
    Over,
}

/// One step of a call's way through its menu, for the call record (CALL-9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// When.
    pub at: Timestamp,
    /// The node's name.
    pub step: String,
    /// What people read.
    pub text: Names,
    /// The key that was pressed there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<char>,
}
