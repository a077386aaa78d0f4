//! Clocks.

use super::super::codes;
use super::super::fault::{Faults, PackFault};
use super::super::model::{ClockRule, ClockStart, MajorRule};
use super::super::vocabulary::{Vocabulary, near};
use super::super::work::WorkRule;
use super::approval::amount;
use super::draft::{Draft, Placed, kinds};
use super::section::{Item, Section};
use crate::case::Stage;
use crate::clock::{ClockKind, LimitError, LimitRule, Terms, Warn};
use crate::incident::{HotRule, HotWindow};
use std::str::FromStr;

const AT_RECEIPT: &str = "receipt";

pub(super) fn read_clock(section: &Section<'_, '_>, draft: &mut Draft, faults: &mut Faults) {
    let known = ["kind", "of", "channels", "start", "due", "warn", "pausable", "escalate", "source"];
    section.only(&known, faults);
    let kind = section.word::<ClockKind>("kind", faults);
    let due = section.get("due", faults).and_then(|item| limit::<LimitRule>(&item, faults));
    let warn = section.maybe("warn").and_then(|item| limit::<Warn>(&item, faults));
    let pausable = section.is("pausable", faults);
    let start = section.maybe("start").map_or(Some(ClockStart::Receipt), |item| start(&item, faults));
    let (Some(kind), Some(due), Some(start)) = (kind, due, start) else { return };
    if kind.is_of_work() {
        faults.at(&section.place(), codes::CLOCK_OF_WORK, &[("clock", kind.word())]);
    }
    // D5: what the customer must hear in time does not wait for others.
    if pausable && matches!(kind, ClockKind::Acknowledge | ClockKind::Reply) {
        faults.at(&section.place(), codes::NEVER_PAUSABLE, &[("clock", kind.word())]);
    }
    let source = section.texts("source", faults);
    let rule = ClockRule {
        of: kinds(section, faults),
        channels: section.words("channels", faults),
        start,
        terms: Terms { kind, due, warn, pausable, source },
        escalate: section.words("escalate", faults),
    };
    draft.clocks.push(Placed { place: section.place(), value: rule });
}

/// ASC-11, DEPT-6: how tasks and reminders are watched.
pub(super) fn read_work(section: &Section<'_, '_>, draft: &mut Draft, faults: &mut Faults) {
    section.only(&["kind", "tasks", "of", "due", "warn", "pausable", "escalate", "source"], faults);
    let kind = section.word::<ClockKind>("kind", faults);
    let rule = kind.map(|kind| WorkRule {
        of: kinds(section, faults),
        kind,
        tasks: section.words("tasks", faults),
        due: section.maybe("due").and_then(|item| limit(&item, faults)),
        warn: section.maybe("warn").and_then(|item| limit(&item, faults)),
        pausable: section.is("pausable", faults),
        escalate: section.words("escalate", faults),
        source: section.texts("source", faults),
    });
    let Some(rule) = rule else { return };
    let tasks_of_none = rule.kind != ClockKind::Task && !rule.tasks.is_empty();
    if !rule.kind.is_of_work() || tasks_of_none {
        faults.at(&section.place(), codes::NO_WORK, &[("clock", rule.kind.word())]);
    }
    draft.work.push(Placed { place: section.place(), value: rule });
}

fn start(item: &Item<'_, '_>, faults: &mut Faults) -> Option<ClockStart> {
    let text = item.text(faults)?;
    if text == AT_RECEIPT {
        return Some(ClockStart::Receipt);
    }
    let found = Stage::find(text);
    if found.is_none() {
        let known = Stage::ALL.iter().map(|stage| stage.as_str()).chain([AT_RECEIPT]);
        let params = [("what", "stage"), ("word", text)];
        faults.add(PackFault::new(&item.place(), codes::UNKNOWN_WORD, &params).near(near(text, known)));
    }
    found.map(ClockStart::Stage)
}

fn limit<T: FromStr<Err = LimitError>>(item: &Item<'_, '_>, faults: &mut Faults) -> Option<T> {
    let text = item.text(faults)?;
    match text.parse() {
        Ok(limit) => Some(limit),
        Err(LimitError::Unknown { text, near }) => {
            let near = near.into_iter().map(|word| word.trim_matches('"').to_owned()).collect();
            let fault = PackFault::new(&item.place(), codes::LIMIT_UNKNOWN, &[("text", &text)]);
            faults.add(fault.near(near));
            None
        }
        Err(LimitError::OutOfRange { text }) => {
            faults.at(&item.place(), codes::LIMIT_RANGE, &[("text", &text)]);
            None
        }
    }
}

/// PROP-81, 82: when a complaint is major.
pub(super) fn read_major(section: &Section<'_, '_>, faults: &mut Faults) -> Option<MajorRule> {
    section.only(&["demand", "report", "interim", "case_report", "source"], faults);
    let demand = section.get("demand", faults).and_then(|item| amount(&item, faults));
    let report = section.get("report", faults).and_then(|item| limit::<LimitRule>(&item, faults));
    let mut further = |key| section.maybe(key).and_then(|item| limit::<LimitRule>(&item, faults));
    let (interim, case_report) = (further("interim"), further("case_report"));
    Some(MajorRule {
        demand_fen: demand?,
        report: report?,
        interim,
        case_report,
        source: section.texts("source", faults),
    })
}

/// PROP-83…85, X-8: when an incident is hot.
pub(super) fn read_hot(section: &Section<'_, '_>, faults: &mut Faults) -> Option<HotRule> {
    section.only(&["complainants", "group", "window", "report", "case_report", "source"], faults);
    let mut count = |key| section.get(key, faults).and_then(|item| item.count(2, 1_000, faults));
    let (complainants, group) = (count("complainants"), count("group"));
    let window = section.maybe("window").map_or(Some(HotWindow::RollingMonth), |item| item.word(faults));
    let report = section.get("report", faults).and_then(|item| limit::<LimitRule>(&item, faults));
    let case_report = section.get("case_report", faults).and_then(|item| limit::<LimitRule>(&item, faults));
    Some(HotRule {
        complainants: complainants?,
        group: group?,
        window: window?,
        report: report?,
        case_report: case_report?,
        source: section.texts("source", faults),
    })
}
