//! A checked menu: nodes that say, ask, look, wait or end.

use crate::pack::Names;
use crate::time::Period;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The most options of one level (CALL-4).
pub const MOST_OPTIONS: usize = 5;

/// One voice menu of an organisation, checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Menu {
    /// Its name.
    pub name: String,
    /// Counts up with every change, from 1.
    pub version: u32,
    /// What people call it.
    pub title: Names,
    /// Where a call begins.
    pub start: String,
    /// The queue node for those who press keys without end (CALL-4).
    pub person: String,
    /// Every node by its name.
    pub nodes: BTreeMap<String, Node>,
}

/// One place of a menu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Node {
    /// Its name within the menu.
    pub name: String,
    /// What the call record says of it; its name where nothing is said.
    pub title: Option<Names>,
    /// Said on arrival.
    pub prompts: Vec<String>,
    /// What happens then.
    pub does: Does,
}

/// What a node does once its prompts are said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Does {
    /// Goes on.
    Say {
        /// Where to.
        to: String,
        /// True when a key goes on at once.
        skip: bool,
    },
    /// Lets the caller choose by a key.
    Choose(Choose),
    /// Branches by the number that was dialled (CALL-18).
    Called(Called),
    /// Branches by the time of day.
    Hours(Hours),
    /// Looks up who calls and branches by it (CALL-9).
    Customer(Lookup),
    /// Tells of what is known to be out of order where the caller lives.
    Incident(Incident),
    /// Goes on; from here the caller refuses to be recorded (CALL-11).
    NoRecording {
        /// Where to.
        to: String,
    },
    /// Puts through to whoever is on duty.
    Duty(Transfer),
    /// Puts through to a number.
    Transfer(Transfer),
    /// Lets the caller wait for an agent.
    Queue(Queue),
    /// Takes a spoken message.
    Voicemail(Voicemail),
    /// Promises to call back (TEL-33).
    CallBack(CallBack),
    /// Ends the call.
    HangUp,
}

/// A choice by keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choose {
    /// Key to where it leads, at most [`MOST_OPTIONS`].
    pub options: BTreeMap<char, Branch>,
    /// The key that says it once more.
    pub again: Option<char>,
    /// Seconds of silence after the prompts before they are said again.
    pub wait: u32,
    /// How often they are said at most.
    pub tries: u32,
    /// Said when the key means nothing.
    pub wrong: Vec<String>,
    /// Said when no key came.
    pub silent: Vec<String>,
    /// Where those go who choose nothing.
    pub otherwise: String,
}

/// One branch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Branch {
    /// What the call record says of it.
    pub title: Option<Names>,
    /// Where it leads.
    pub to: String,
}

/// Branches by what was dialled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Called {
    /// By the digits of the line.
    pub lines: BTreeMap<String, String>,
    /// By the service of the line (CALL-18…20).
    pub services: BTreeMap<String, String>,
    /// For every other line.
    pub otherwise: String,
}

crate::wire::wire_enum! {
    /// On which days the hours hold.
    Days {
        /// 每天.
        Every = "every",
        /// 工作日: as the working calendar says.
        Working = "working",
        /// 休息日: as the working calendar says.
        Off = "off",
    }
}

/// Branches by the time, in the zone of the organisation's calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hours {
    /// On which days.
    pub days: Days,
    /// Within which hours; the calendar's own where none are given.
    pub periods: Vec<Period>,
    /// Within them.
    pub open: String,
    /// Outside.
    pub closed: String,
}

/// Branches by who calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lookup {
    /// Seconds that looking up may take.
    pub wait: u32,
    /// By the level of the customer.
    pub levels: BTreeMap<String, String>,
    /// For those on the blacklist: complaints are taken all the same.
    pub blacklisted: Option<String>,
    /// For customers of no level named here.
    pub known: String,
    /// For numbers that nobody knows.
    pub unknown: String,
}

/// Tells of a known incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Incident {
    /// What is said by category of the incident.
    pub kinds: BTreeMap<String, Vec<String>>,
    /// Said before the time by which it is to be over.
    pub until: Vec<String>,
    /// For those who heard of one.
    pub told: String,
    /// For those whom none concerns.
    pub to: String,
}

/// Puts through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Transfer {
    /// The digits; none for whoever is on duty.
    pub number: Option<String>,
    /// Seconds that it may ring.
    pub ring: u32,
    /// Where the caller goes when nobody answers or is on duty.
    pub failed: String,
}

/// A queue with what callers hear while they wait.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Queue {
    /// The queue's name.
    pub queue: String,
    /// Skills that the agent must have.
    pub skills: Vec<String>,
    /// Higher ones come first, 0 to 9.
    pub priority: u32,
    /// What is played meanwhile.
    pub music: Vec<String>,
    /// Seconds between two announcements of the position; none without.
    pub every: Option<u32>,
    /// True when the expected wait is said too.
    pub minutes: bool,
    /// The offer to be called back.
    pub call_back: Option<CallOffer>,
    /// Seconds after which the caller is led on; none waits for ever.
    pub longest: Option<u32>,
    /// Where those go whom the queue does not take, or took too long (CALL-2).
    pub full: String,
}

/// The offer to be called back instead of waiting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CallOffer {
    /// The key that takes it.
    pub key: char,
    /// Seconds of waiting after which it is said.
    pub after: u32,
    /// What is said.
    pub prompts: Vec<String>,
    /// Where it leads.
    pub to: String,
}

/// A spoken message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Voicemail {
    /// The queue whose agents hear it.
    pub queue: String,
    /// Seconds that it may be long.
    pub longest: u32,
    /// Said when it was taken.
    pub done: Vec<String>,
}

/// A promised call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CallBack {
    /// The queue whose agents call.
    pub queue: String,
    /// True when the caller types the number; else the one that calls.
    pub ask: bool,
    /// Seconds of silence while typing.
    pub wait: u32,
    /// Said when it is promised.
    pub done: Vec<String>,
    /// Where those go who gave no number.
    pub failed: String,
}

impl Menu {
    /// Finds a node.
    #[must_use]
    pub fn node(&self, name: &str) -> Option<&Node> {
        self.nodes.get(name)
    }

    /// Lists every prompt that it says, by name.
    #[must_use]
    pub fn prompts(&self) -> BTreeSet<&str> {
        self.nodes.values().flat_map(Node::said).map(String::as_str).collect()
    }
}

impl Node {
    /// Lists what is said here, on arrival and later.
    fn said(&self) -> Vec<&String> {
        let mut said: Vec<&String> = self.prompts.iter().collect();
        match &self.does {
            Does::Choose(choose) => said.extend(choose.wrong.iter().chain(&choose.silent)),
            Does::Incident(incident) => {
                said.extend(incident.kinds.values().flatten().chain(&incident.until));
            }
            Does::Queue(queue) => {
                let offer = queue.call_back.iter().flat_map(|offer| &offer.prompts);
                said.extend(queue.music.iter().chain(offer));
            }
            Does::Voicemail(mail) => said.extend(&mail.done),
            Does::CallBack(back) => said.extend(&back.done),
            Does::Say { .. }
            | Does::NoRecording { .. }
            | Does::Called(_)
            | Does::Hours(_)
            | Does::Customer(_)
            | Does::Duty(_)
            | Does::Transfer(_)
            | Does::HangUp => {}
        }
        said
    }
}

/// What leads from a node to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// The caller's key.
    Pressed,
    /// It happens by itself or by circumstances.
    Itself,
    /// As [`Way::Itself`], where nobody is at work.
    Closed,
}

impl Does {
    /// Lists where it leads and by what.
    pub(super) fn ways(&self) -> Vec<(Way, &str)> {
        let mut ways: Vec<(Way, &str)> = Vec::new();
        match self {
            Self::Say { to, .. } | Self::NoRecording { to } => ways.push((Way::Itself, to)),
            Self::Choose(choose) => {
                ways.extend(choose.options.values().map(|branch| (Way::Pressed, &*branch.to)));
                ways.push((Way::Itself, &choose.otherwise));
            }
            Self::Called(called) => {
                let branches = called.lines.values().chain(called.services.values());
                ways.extend(branches.chain([&called.otherwise]).map(|to| (Way::Itself, &**to)));
            }
            Self::Hours(hours) => ways.extend([(Way::Itself, &*hours.open), (Way::Closed, &hours.closed)]),
            Self::Customer(lookup) => {
                let branches = lookup.levels.values().chain(&lookup.blacklisted);
                let rest = [&lookup.known, &lookup.unknown];
                ways.extend(branches.chain(rest).map(|to| (Way::Itself, &**to)));
            }
            Self::Incident(incident) => {
                ways.extend([(Way::Itself, &*incident.told), (Way::Itself, &incident.to)]);
            }
            Self::Duty(transfer) | Self::Transfer(transfer) => ways.push((Way::Itself, &transfer.failed)),
            Self::Queue(queue) => {
                ways.extend(queue.call_back.iter().map(|offer| (Way::Pressed, &*offer.to)));
                ways.push((Way::Itself, &queue.full));
            }
            Self::CallBack(back) => ways.push((Way::Itself, &back.failed)),
            Self::Voicemail(_) | Self::HangUp => {}
        }
        ways
    }
}
