//! Limits that start, move and end, and who hears when one breaks.

use super::super::apply::number;
use super::super::evaluate::{CaseActor, Facts, permit_move, running};
use super::super::event::*;
use super::super::gate::HANDLING_RECORD;
use super::super::kind::Flag;
use super::super::receive::{Started, clocks_for};
use super::super::stage::Stage;
use super::super::state::Case;
use super::super::words::*;
use super::{open, tell, worker};
use crate::clock::{Clock, ClockKind, LimitRule, Terms};
use crate::ids::PersonId;
use crate::pack::{By, ClockRule, ClockStart, Pack};
use crate::people::Post;
use crate::time::Timestamp;

/// Clocks that start with the stage, and again with a re-opening.
pub(super) fn of_stage(case: &Case, change: &StageChanged, facts: &Facts<'_>) -> Vec<Event> {
    let mut events = Vec::new();
    let mut start = |start: ClockStart, also: &dyn Fn(&Clock) -> bool| {
        let first = number(case.clocks.len()) + u32::try_from(events.len()).unwrap_or(0);
        let started = Started { kind: case.kind, channel: case.channel, round: case.round.number, first };
        let clocks = clocks_for(&started, start, facts.pack, facts.calendar, facts.now).unwrap_or_default();
        let wanted: Vec<Event> = clocks
            .into_iter()
            .filter(|clock| also(clock))
            .map(|clock| Ruled::ClockStarted(clock).into())
            .collect();
        events.extend(wanted);
    };
    start(ClockStart::Stage(change.to), &|_| true);
    if change.new_round && !case.forms.contains_key(HANDLING_RECORD) {
        start(ClockStart::Receipt, &|clock| clock.kind == ClockKind::Record);
    }
    let back = change.new_round && matches!(change.from, Stage::Closed | Stage::Settling);
    if back {
        // The repeat wants its answer as the first message did (PROP-64, 79).
        start(ClockStart::Receipt, &|clock| {
            matches!(
                clock.kind,
                ClockKind::Reply | ClockKind::Measures | ClockKind::Resolve | ClockKind::Target
            )
        });
        events.push(tell(Recipient::Person(case.owner), "reopened", true, &["PROP-64"]));
        if let Some(handler) = case.handler.filter(|handler| *handler != case.owner) {
            events.push(tell(Recipient::Person(handler), "reopened", true, &["PROP-64"]));
        }
    }
    renumber(&mut events, case);
    // what was put right in time only waits from here on.
    if matches!(change.to, Stage::Visiting | Stage::Settling) {
        let record = |clock: &&Clock| clock.kind == ClockKind::Record && running(clock);
        let ends = |clock: &Clock| Ruled::ClockCancelled(ClockRef { clock: clock.id }).into();
        events.extend(case.clocks.iter().filter(record).map(ends));
    }
    events
}

/// Gives clocks started together consecutive numbers.
fn renumber(events: &mut [Event], case: &Case) {
    let mut next = case.clocks.len();
    for event in events {
        if let Event::Ruled(Ruled::ClockStarted(clock)) = event {
            clock.id = number(next);
            next += 1;
        }
    }
}

/// A due time agreed with the customer, watched by a clock of its own.
pub(super) fn agreed(case: &Case, due: Timestamp, facts: &Facts<'_>, source: &str) -> Vec<Event> {
    watched(case, (ClockKind::Promise, due), facts, source)
}

/// A due time that somebody set, watched by a clock of its own.
pub(super) fn watched(
    case: &Case,
    (kind, due): (ClockKind, Timestamp),
    facts: &Facts<'_>,
    source: &str,
) -> Vec<Event> {
    let terms = Terms {
        kind,
        due: LimitRule::EndOfSameDay,
        warn: "1 h before".parse().ok(),
        pausable: false,
        source: vec![source.to_owned()],
    };
    let id = number(case.clocks.len());
    let clock = Clock::agreed(id, case.round.number, (&terms, due), facts.calendar, facts.now);
    clock.ok().map(|clock| Ruled::ClockStarted(clock).into()).into_iter().collect()
}

/// Who hears when a limit breaks, and what must then be done.
pub(super) fn of_missed(case: &Case, id: u32, facts: &Facts<'_>) -> Vec<Event> {
    let kind = kind_of(case, id);
    let mut events = vec![tell(Recipient::Person(worker(case)), missed(kind), true, &[])];
    events.extend(
        effect_owners(case, id).map(|person| tell(Recipient::Person(person), missed(kind), true, &[])),
    );
    if case.owner != worker(case) {
        events.push(tell(Recipient::Person(case.owner), missed(kind), true, &[]));
    }
    let rule = kind.filter(|_| !case.owes(id)).and_then(|kind| rule_of(kind, case, facts.pack));
    // PROP-82: a report that a leader waits for is missed by the leader too
    let missing = if case.owes(id) { vec![Post::Lead, Post::Head, Post::Manager] } else { vec![Post::Lead] };
    let posts = rule.map_or(missing, |rule| rule.escalate.clone());
    let of_clock = || case.clocks.iter().find(|clock| clock.id == id).map(|clock| &clock.source);
    let known = rule.map(|rule| &rule.terms.source).or_else(of_clock);
    let sources: Vec<&str> = known.into_iter().flatten().map(String::as_str).collect();
    events.extend(posts.into_iter().map(|post| tell(Recipient::Post(post), missed(kind), true, &sources)));
    if kind == Some(ClockKind::Record) && !case.forms.contains_key(HANDLING_RECORD) {
        events.push(open(TaskKind::HandlingRecord, Post::Lead, true, &["PROP-17", "X-54"]));
    }
    if kind == Some(ClockKind::HandOver) {
        events.push(open(TaskKind::DecideMethod, Post::Head, false, &["DESK-3", "X-53"]));
    }
    events
}

/// Who has to look at the effect that this clock watches, beside the worker.
fn effect_owners(case: &Case, id: u32) -> impl Iterator<Item = PersonId> + '_ {
    let due = case.clocks.iter().find(|clock| clock.id == id && clock.kind == ClockKind::EffectCheck);
    let due = due.map(|clock| clock.due_at);
    let looks = move |task: &&super::super::task::Task| {
        task.kind == TaskKind::EffectCheck && task.is_open() && due.is_some() && task.due == due
    };
    let people = case.tasks.iter().filter(looks).filter_map(|task| task.person);
    people.filter(|person| *person != worker(case) && *person != case.owner)
}

fn kind_of(case: &Case, id: u32) -> Option<ClockKind> {
    case.clocks.iter().find(|clock| clock.id == id).map(|clock| clock.kind)
}

/// Whoever works on it hears that a limit comes near its end.
pub(super) fn of_warned(case: &Case, id: u32) -> Event {
    let why = match kind_of(case, id) {
        Some(ClockKind::Promise) => "promise_near",
        Some(ClockKind::EffectCheck) => "effect_check_near",
        _ => "limit_near",
    };
    tell(Recipient::Person(worker(case)), why, false, &[])
}

/// Names the notice of a limit that broke.
fn missed(kind: Option<ClockKind>) -> &'static str {
    match kind {
        Some(ClockKind::Promise) => "promise_missed",
        Some(ClockKind::EffectCheck) => "effect_check_missed",
        _ => "limit_missed",
    }
}

/// Finds the pack's rule for a kind of clock and this case.
fn rule_of<'a>(kind: ClockKind, case: &Case, pack: &'a Pack) -> Option<&'a ClockRule> {
    pack.clocks.iter().find(|rule| rule.terms.kind == kind && applies(rule, case))
}

fn applies(rule: &ClockRule, case: &Case) -> bool {
    rule.of.contains(&case.kind) && (rule.channels.is_empty() || rule.channels.contains(&case.channel))
}

/// A change of kind or unit rebinds; running clocks keep their start, and a
/// stage that the kind does not have begins again at the first.
pub(super) fn rebound(case: &Case, facts: &Facts<'_>) -> Vec<Event> {
    let pack = facts.rebound.unwrap_or(facts.pack);
    let mut events = Vec::new();
    if pack.reference() != case.pack {
        events.push(Ruled::PackRebound(pack.reference()).into());
    }
    for clock in case.clocks.iter().filter(|clock| clock.is_open() && clock.breached_at.is_none()) {
        let agreed = matches!(clock.kind, ClockKind::Promise | ClockKind::Settle | ClockKind::EffectCheck);
        if agreed || clock.kind.is_of_work() || case.owes(clock.id) {
            continue;
        }
        match rule_of(clock.kind, case, pack) {
            None => events.push(Ruled::ClockCancelled(ClockRef { clock: clock.id }).into()),
            Some(rule) => {
                let mut moved = clock.clone();
                if moved.rebind(&rule.terms, facts.calendar).is_ok() && moved != *clock {
                    events.push(Ruled::ClockMoved(ClockMoved { clock: moved }).into());
                }
            }
        }
    }
    let first = number(case.clocks.len());
    events.extend(begun_late(case, pack, facts, first).into_iter().map(|c| Ruled::ClockStarted(c).into()));
    if !pack.stages(case.kind).contains(&case.stage) {
        let changed = StageChanged {
            from: case.stage,
            to: Stage::Received,
            closure: None,
            new_round: false,
            reason: None,
            sources: Vec::new(),
        };
        events.push(Ruled::StageChanged(changed).into());
    }
    events
}

/// Limits that the new kind has from its receipt and the old one had not;
/// what was done meanwhile meets them.
fn begun_late(case: &Case, pack: &Pack, facts: &Facts<'_>, first: u32) -> Vec<Clock> {
    let started = Started { kind: case.kind, channel: case.channel, round: case.round.number, first };
    let all = clocks_for(&started, ClockStart::Receipt, pack, facts.calendar, case.received_at);
    let there = |kind: ClockKind| case.clocks.iter().any(|clock| clock.kind == kind);
    let mut late: Vec<Clock> = all.unwrap_or_default().into_iter().filter(|c| !there(c.kind)).collect();
    for (clock, id) in late.iter_mut().zip(first..) {
        clock.id = id;
        if let Some(at) = met_already(clock.kind, case) {
            // A clock that just began can be met by what came after its start.
            clock.meet(at).ok();
        }
    }
    late
}

fn met_already(kind: ClockKind, case: &Case) -> Option<Timestamp> {
    let reply = |meets: fn(ReplyKind) -> bool| {
        case.replies.iter().find(|reply| meets(reply.kind)).map(|reply| reply.at)
    };
    match kind {
        ClockKind::Acknowledge => reply(|_| true),
        ClockKind::Reply | ClockKind::Target => reply(|kind| kind != ReplyKind::Acknowledge),
        ClockKind::Measures => reply(|kind| matches!(kind, ReplyKind::Measures | ReplyKind::Final)),
        ClockKind::Record => case.forms.get(HANDLING_RECORD).map(|form| form.at),
        ClockKind::HandOver => case.taken_at,
        ClockKind::Resolve
        | ClockKind::Visit
        | ClockKind::Promise
        | ClockKind::Report
        | ClockKind::Attend
        | ClockKind::Settle
        | ClockKind::EffectCheck
        | ClockKind::Task
        | ClockKind::Urge
        | ClockKind::Supervise => None,
    }
}

/// Lets run again what a flag had stopped; what a person stopped stays so.
pub(super) fn resumed(case: &Case, facts: &Facts<'_>) -> Vec<Event> {
    let by_flag = |clock: &&Clock| {
        let pause = clock.pauses.last().filter(|pause| pause.to.is_none());
        pause.is_some_and(|pause| pause.reason.parse::<Flag>().is_ok())
    };
    let still: Vec<u32> = case.clocks.iter().filter(by_flag).map(|clock| clock.id).collect();
    still.into_iter().filter_map(|id| case.resumed(id, facts)).collect()
}

/// beyond our ability the week counts from the last final notice.
pub(super) fn week_from_notice(case: &Case, started: usize, facts: &Facts<'_>) -> Vec<Event> {
    let beyond = matches!(case.round.exemption, Some((ExemptionReason::BeyondAbility, _)));
    let mut events = if beyond { week_ends(case) } else { Vec::new() };
    if events.is_empty() {
        return events;
    }
    let first = number(case.clocks.len() + started);
    let again = Started { kind: case.kind, channel: case.channel, round: case.round.number, first };
    let start = ClockStart::Stage(Stage::Settling);
    let clocks = clocks_for(&again, start, facts.pack, facts.calendar, facts.now).unwrap_or_default();
    events.extend(clocks.into_iter().map(|clock| Ruled::ClockStarted(clock).into()));
    events
}

/// Ends the running week of an exempt case.
pub(super) fn week_ends(case: &Case) -> Vec<Event> {
    let week = |clock: &&Clock| clock.kind == ClockKind::Settle && clock.is_open();
    let cancel = |clock: &Clock| Ruled::ClockCancelled(ClockRef { clock: clock.id }).into();
    case.clocks.iter().filter(week).map(cancel).collect()
}

/// How soon a week that is over is looked at again, µs.
const AT_ONCE: i64 = 1_000_000;

/// PROP-64: the week ran out while something still kept the case open, as a
/// blocking task does; once that is done the case settles by itself.
///
/// The clock runs out once more, at once: the move is nobody's, with its gates.
pub(super) fn settle_again(case: &Case, facts: &Facts<'_>) -> Option<Event> {
    let over = case.clocks.iter().rev().find(|clock| clock.kind == ClockKind::Settle)?;
    if case.stage != Stage::Settling || over.met_at.is_none() || over.cancelled_at.is_some() {
        return None;
    }
    let nobody = CaseActor::default();
    let by_clock = Facts { actor: &nobody, ..*facts };
    let ways = facts.pack.moves.iter().filter(|rule| {
        rule.of.contains(&case.kind) && rule.from.contains(&case.stage) && rule.by.contains(&By::Clock)
    });
    let open = ways.map(|rule| rule.to).any(|target| permit_move(target, case, &by_clock).is_ok());
    let terms = Terms {
        kind: ClockKind::Settle,
        due: LimitRule::EndOfSameDay,
        warn: None,
        pausable: false,
        source: over.source.clone(),
    };
    let (id, due) = (number(case.clocks.len()), Timestamp::from_micros(facts.now.micros() + AT_ONCE));
    // the week began when it began: what is counted from it stays so
    let again = Clock::agreed(id, case.round.number, (&terms, due), facts.calendar, over.started_at);
    again.ok().filter(|_| open).map(|clock| Ruled::ClockStarted(clock).into())
}
