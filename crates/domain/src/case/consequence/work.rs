//! Limits of work that people ask of each other: tasks, 催办 and 督办.
//!
//! What was asked with a due time, or gets one from the pack, has a clock of
//! its own: it warns who must do it and tells the posts of the pack when it
//! breaks.

use super::super::apply::number;
use super::super::body::ReminderAnswered;
use super::super::evaluate::Facts;
use super::super::event::{Event, Recipient, Ruled, TaskKind};
use super::super::state::Case;
use super::super::task::Task;
use super::{tell, worker};
use crate::clock::{Clock, ClockKind, LimitRule, Terms};
use crate::people::Post;
use crate::text::Sealed;
use crate::time::Timestamp;
use std::collections::BTreeSet;

/// ASC-10, 11: starts a clock for every open task that has a due time, or gets
/// one from the pack, and is not watched yet; `first` is its number.
pub(super) fn watched(case: &Case, first: u32, facts: &Facts<'_>) -> Vec<Event> {
    let watched = |task: &Task| {
        // the look at an effect has a limit of its own (PROP-95)
        task.kind == TaskKind::EffectCheck || case.clocks.iter().any(|clock| clock.task == Some(task.id))
    };
    let unwatched = case.tasks.iter().filter(|task| task.is_open() && !watched(task));
    let mut clocks: Vec<Clock> = Vec::new();
    for task in unwatched {
        let id = first.saturating_add(u32::try_from(clocks.len()).unwrap_or(u32::MAX));
        clocks.extend(clock_of(task, case, id, facts));
    }
    clocks.into_iter().map(|clock| Ruled::ClockStarted(clock).into()).collect()
}

fn clock_of(task: &Task, case: &Case, id: u32, facts: &Facts<'_>) -> Option<Clock> {
    let rule = facts.pack.work_rule(case.kind, ClockKind::Task, Some(task.kind));
    let by_rule = rule.is_some_and(|rule| rule.due.is_some());
    let terms = rule.map_or_else(|| bare(ClockKind::Task), |rule| rule.terms());
    let clock = started(id, case, &terms, (agreed_end(task, facts), by_rule), (task.given_at, facts))?;
    Some(Clock { task: Some(task.id), ..clock })
}

/// CP8-22: a visit is made at its time and written down by the end of the day.
fn agreed_end(task: &Task, facts: &Facts<'_>) -> Option<Timestamp> {
    let zone = facts.calendar.zone();
    match task.kind {
        TaskKind::HomeVisit => task.due.map(|at| zone.end_of(zone.date(at))),
        _ => task.due,
    }
}

/// Whoever was urged or is supervised answers in time, where a time is set.
pub(super) fn reminded(
    case: &Case,
    kind: ClockKind,
    due: Option<Timestamp>,
    facts: &Facts<'_>,
) -> Option<Event> {
    let rule = facts.pack.work_rule(case.kind, kind, None);
    let by_rule = rule.is_some_and(|rule| rule.due.is_some());
    let terms = rule.map_or_else(|| bare(kind), |rule| rule.terms());
    let clock = started(number(case.clocks.len()), case, &terms, (due, by_rule), (facts.now, facts))?;
    Some(Ruled::ClockStarted(Clock { asked_by: facts.actor.person, ..clock }).into())
}

/// Starts a clock by the time that was named, else by the rule's limit.
fn started(
    id: u32,
    case: &Case,
    terms: &Terms,
    (named, by_rule): (Option<Timestamp>, bool),
    (at, facts): (Timestamp, &Facts<'_>),
) -> Option<Clock> {
    let round = case.round.number;
    match named {
        Some(due) => Clock::agreed(id, round, (terms, due), facts.calendar, at).ok(),
        None if by_rule => Clock::start(id, round, terms, facts.calendar, at).ok(),
        None => None,
    }
}

/// Terms where the pack says nothing about such work.
const fn bare(kind: ClockKind) -> Terms {
    Terms { kind, due: LimitRule::EndOfSameDay, warn: None, pausable: false, source: Vec::new() }
}

/// Who hears that such a limit comes near; nothing for any other clock.
pub(super) fn of_warned(case: &Case, clock: &Clock) -> Option<Event> {
    match clock.kind {
        ClockKind::Task => Some(tell(doer(case, clock)?, "task_near", false, &[])),
        ClockKind::Urge | ClockKind::Supervise => {
            Some(tell(Recipient::Person(worker(case)), "reminder_near", false, &[]))
        }
        _ => None,
    }
}

/// Who hears that such a limit broke: who must do it, who owns the case, who
/// asked, and the posts of the pack.
pub(super) fn of_missed(case: &Case, clock: &Clock, facts: &Facts<'_>) -> Vec<Event> {
    let task = clock.task.and_then(|id| case.tasks.iter().find(|task| task.id == id));
    let rule = facts.pack.work_rule(case.kind, clock.kind, task.map(|task| task.kind));
    let why = if clock.kind == ClockKind::Task { "task_missed" } else { "reminder_missed" };
    let doer = if clock.kind == ClockKind::Task { doer(case, clock) } else { None };
    let mut to = BTreeSet::from([Recipient::Person(case.owner)]);
    to.insert(doer.unwrap_or(Recipient::Person(worker(case))));
    to.extend(clock.asked_by.map(Recipient::Person));
    let posts = rule.map_or_else(|| vec![Post::Lead], |rule| rule.escalate.clone());
    to.extend(posts.into_iter().map(Recipient::Post));
    let sources: Vec<&str> = clock.source.iter().map(String::as_str).collect();
    to.into_iter().map(|to| tell(to, why, true, &sources)).collect()
}

/// Who must do the task: the person, else the department, else the post.
fn doer(case: &Case, clock: &Clock) -> Option<Recipient> {
    let task = case.tasks.iter().find(|task| Some(task.id) == clock.task)?;
    let person = task.person.map(Recipient::Person);
    person.or(task.unit.map(Recipient::Unit)).or(task.post.map(Recipient::Post))
}

/// Whoever asked hears the answer.
pub(super) fn of_answer(
    case: &Case,
    answered: &ReminderAnswered<Sealed>,
    facts: &Facts<'_>,
) -> Option<Event> {
    let clock = case.clocks.iter().find(|clock| clock.id == answered.clock)?;
    let asker = clock.asked_by.filter(|person| facts.actor.person != Some(*person))?;
    Some(tell(Recipient::Person(asker), "reminder_answered", false, &[]))
}
