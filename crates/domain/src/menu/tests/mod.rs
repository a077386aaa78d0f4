//! Menus as authors write them and as callers hear them.

mod faults;
mod random;
mod shown;

use super::*;
use crate::time::{Timestamp, WorkingCalendar, tests::at};
use std::collections::BTreeSet;

/// What is around the shipped menu.
pub(super) fn around() -> Surroundings {
    let set = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>());
    Surroundings {
        prompts: Some(prompt::SHIPPED.iter().map(|prompt| prompt.name.to_owned()).collect()),
        queues: set(&["front_desk", "complaints"]),
        lines: set(&["4000000001"]),
        services: set(&["complaint", "after_sales"]),
        skills: set(&["cantonese"]),
    }
}

pub(super) fn front_desk() -> Menu {
    let (file, text) = shipped().remove(0);
    load(file, text, &around()).unwrap_or_else(|faults| {
        panic!("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

/// A menu of the night: hours that pass midnight, a message outside them.
pub(super) const NIGHT: &str = r#"
menu = "night"
version = 1
title = { zh = "夜", en = "Night" }
start = "hours"
person = "line"
[[node]]
name = "hours"
kind = "hours"
days = "working"
periods = ["20:00-08:00"]
open = "line"
closed = "mail"
[[node]]
name = "line"
kind = "queue"
queue = "night"
full = "mail"
[[node]]
name = "mail"
kind = "voicemail"
prompts = ["voicemail"]
queue = "night"
"#;

/// A telephone that plays a menu.
pub(super) struct Phone {
    pub(super) menu: Menu,
    calendar: WorkingCalendar,
    pub(super) now: Timestamp,
    pub(super) caller: Option<&'static str>,
    pub(super) service: Option<&'static str>,
    pub(super) line: Option<&'static str>,
    pub(super) duty: Option<&'static str>,
    walk: Option<Walk>,
}

impl Phone {
    pub(super) fn new(menu: Menu) -> Self {
        Self {
            menu,
            calendar: WorkingCalendar::china(),
            now: at("2026-11-25T10:00"),
            caller: Some("13800000001"),
            service: None,
            line: None,
            duty: None,
            walk: None,
        }
    }

    fn facts(&self) -> Facts<'_> {
        Facts {
            now: self.now,
            calendar: &self.calendar,
            line: self.line,
            service: self.service,
            caller: self.caller,
            duty: self.duty,
        }
    }

    pub(super) fn begin(&mut self) -> Vec<Act> {
        let (walk, acts) = Walk::begin(&self.menu, &self.facts());
        self.walk = Some(walk);
        acts
    }

    pub(super) fn step(&mut self, input: Input) -> Vec<Act> {
        let mut walk = self.walk.take().expect("it was begun");
        let acts = walk.step(&self.menu, input, &self.facts());
        self.walk = Some(walk);
        acts
    }

    pub(super) fn walk(&mut self) -> &mut Walk {
        self.walk.as_mut().expect("it was begun")
    }
}

/// Writes acts shortly.
pub(super) fn told(acts: &[Act]) -> Vec<String> {
    acts.iter()
        .map(|act| match act {
            Act::Play { prompts } => prompts.join(" "),
            Act::Collect { wait } => format!("key within {wait}"),
            Act::LookUp { number, .. } => format!("who is {number}"),
            Act::Queue { queue, .. } => format!("queue {queue}"),
            Act::Voicemail { queue, .. } => format!("message for {queue}"),
            Act::CallBack { queue, number } => format!("{queue} calls {number}"),
            Act::Transfer { to, .. } => format!("{to:?}"),
            Act::Release => "release".to_owned(),
        })
        .collect()
}
