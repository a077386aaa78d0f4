//! What follows when a complaint is, was or ceases to be major: reports with
//! their clocks, and who hears of it (PROP-82, X-11).

use super::super::apply::number;
use super::super::evaluate::Facts;
use super::super::event::{ClockRef, Event, Recipient, Ruled, StageChanged};
use super::super::major::{MajorRaised, MajorStanding, rises};
use super::super::stage::{ClosureKind, Stage};
use super::super::state::Case;
use super::tell;
use crate::clock::{Clock, ClockKind, LimitRule, Terms};
use crate::people::Post;
use crate::special::{ReportOwed, SpecialKind};

/// a demand that is high enough makes the complaint provisionally major,
/// and the report to the leader is owed from then on.
pub(super) fn of_demand(case: &Case, facts: &Facts<'_>) -> Vec<Event> {
    let (Some(rule), Some(demand)) = (&facts.pack.major, case.demand) else { return Vec::new() };
    if !rises(case, facts) {
        return Vec::new();
    }
    let sources: Vec<&str> = rule.source.iter().map(String::as_str).collect();
    let mut events =
        vec![Event::from(Ruled::MajorRaised(MajorRaised { demand, sources: rule.source.clone() }))];
    events.extend(owed(case, (SpecialKind::First, rule.report, 0), facts));
    events.push(tell(Recipient::Person(case.owner), "major_raised", true, &sources));
    events.extend(leaders("major_raised", &sources));
    // SUP-7: the general manager at once
    events.push(tell(Recipient::Post(Post::Gm), "major_raised", true, &["SUP-7"]));
    events
}

/// lowered, no report is owed any more; the leader hears of either.
pub(super) fn of_judgement(case: &Case, standing: MajorStanding) -> Vec<Event> {
    let lowered = standing == MajorStanding::Lowered;
    let mut events = if lowered { called_off(case) } else { Vec::new() };
    let why = if lowered { "major_lowered" } else { "major_confirmed" };
    events.extend(leaders(why, &["X-11"]));
    events
}

/// A leader who asked for it hears again until the matter is done.
pub(super) fn of_report(case: &Case, kind: SpecialKind, facts: &Facts<'_>) -> Vec<Event> {
    let mut events: Vec<Event> =
        vec![tell(Recipient::Post(Post::Manager), "report_filed", false, &["PROP-82"])];
    let again = facts.pack.major.as_ref().and_then(|rule| rule.interim);
    if let Some(limit) = again.filter(|_| kind != SpecialKind::Closing && case.stage != Stage::Closed) {
        events.extend(owed(case, (SpecialKind::Interim, limit, 0), facts));
    }
    events
}

/// PROP-82: completed, the detailed report is owed; a file that was none is
/// reported to nobody.
pub(super) fn of_closing(
    case: &Case,
    (change, started): (&StageChanged, usize),
    facts: &Facts<'_>,
) -> Vec<Event> {
    if change.to != Stage::Closed || case.major.is_none() {
        return Vec::new();
    }
    if change.closure.is_some_and(ClosureKind::is_final) {
        return called_off(case);
    }
    let reports = case.major.iter().flat_map(|major| &major.reports);
    let there = reports.into_iter().any(|one| one.kind == SpecialKind::Closing && !one.dropped);
    let limit = facts.pack.major.as_ref().and_then(|rule| rule.case_report);
    match limit.filter(|_| case.is_confirmed_major() && !there) {
        Some(limit) => owed(case, (SpecialKind::Closing, limit, started), facts),
        None => Vec::new(),
    }
}

/// A report with its clock, numbered after those that start beside it.
fn owed(case: &Case, (kind, due, beside): (SpecialKind, LimitRule, usize), facts: &Facts<'_>) -> Vec<Event> {
    let sources = facts.pack.major.as_ref().map(|rule| rule.source.clone()).unwrap_or_default();
    let terms = Terms {
        kind: ClockKind::Report,
        due,
        warn: "2 business hours before".parse().ok(),
        pausable: false,
        source: sources.clone(),
    };
    let clock = number(case.clocks.len() + beside);
    let Ok(started) = Clock::start(clock, case.round.number, &terms, facts.calendar, facts.now) else {
        return Vec::new();
    };
    vec![Ruled::ReportOwed(ReportOwed { kind, clock, sources }).into(), Ruled::ClockStarted(started).into()]
}

/// Calls off what is owed and not given.
fn called_off(case: &Case) -> Vec<Event> {
    let open = case.clocks.iter().filter(|clock| clock.is_open() && case.owes(clock.id));
    open.map(|clock| Ruled::ClockCancelled(ClockRef { clock: clock.id }).into()).collect()
}

/// Who hears of a major complaint: the lead and the leader in charge.
fn leaders<'a>(why: &'a str, sources: &'a [&'a str]) -> impl Iterator<Item = Event> + 'a {
    [Post::Lead, Post::Manager].into_iter().map(move |post| tell(Recipient::Post(post), why, true, sources))
}
