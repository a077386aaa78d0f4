//! What rules draw from what happened: tasks, notices and clocks.

use super::apply::number;
use super::command::Done;
use super::evaluate::{Facts, running};
use super::event::*;
use super::gate::HANDLING_RECORD;
use super::kind::{Channel, Flag, Kind};
use super::receive::{Started, clocks_for};
use super::stage::Stage;
use super::state::Case;
use super::words::*;
use crate::clock::{Clock, ClockKind, LimitRule, Terms};
use crate::ids::PersonId;
use crate::pack::ClockStart;
use crate::people::Post;
use crate::time::Timestamp;

/// Draws the consequences of events just decided, in order.
pub(super) fn follow(before: &Case, events: &[Event], facts: &Facts<'_>) -> Vec<Event> {
    let mut after = before.clone();
    let mut next = before.version;
    let mut all = Vec::new();
    let mut queue: std::collections::VecDeque<Event> = events.iter().cloned().collect();
    let mut decided = events.len();
    // Each consequence is looked at in its turn; none of them leads back to
    // an event of its own kind, so the queue runs dry.
    while let Some(event) = queue.pop_front() {
        next += 1;
        let recorded = Recorded {
            seq: next,
            occurred_at: facts.now,
            recorded_at: facts.now,
            by: facts.actor.person,
            event,
        };
        after.apply(&recorded);
        let drawn = of_event(&after, &recorded.event, facts);
        if decided == 0 {
            all.push(recorded.event);
        } else {
            decided -= 1;
        }
        queue.extend(drawn);
    }
    all
}

/// PROP-14, 51: who owns a message that somebody else wrote down is told.
pub(super) fn of_receipt(received: &Received, facts: &Facts<'_>) -> Vec<Event> {
    if facts.actor.person == Some(received.owner) {
        return Vec::new();
    }
    vec![tell(Recipient::Person(received.owner), "case_received", false, &["PROP-14", "PROP-51"])]
}

fn of_event(case: &Case, event: &Event, facts: &Facts<'_>) -> Vec<Event> {
    match event {
        Event::Begun(_) => Vec::new(),
        Event::Done(done) => of_action(case, done, facts),
        Event::Ruled(ruled) => of_rule(case, ruled, facts),
    }
}

fn of_action(case: &Case, done: &Done, facts: &Facts<'_>) -> Vec<Event> {
    match done {
        Done::Mark(marked) => of_flag(case, marked.flag, facts),
        Done::Unmark(marked) if waits(marked.flag) && !waiting(case) => {
            let still: Vec<u32> =
                case.clocks.iter().filter(|clock| clock.is_paused()).map(|clock| clock.id).collect();
            still.into_iter().filter_map(|id| case.resumed(id, facts)).collect()
        }
        Done::HandOver(offer) => {
            vec![tell(Recipient::Person(offer.to), "hand_over_offered", true, &["SUP-6"])]
        }
        Done::AcceptHandOver(_) => Vec::new(),
        Done::DeclineHandOver(_) => {
            vec![tell(Recipient::Person(case.owner), "hand_over_declined", true, &["SUP-6"])]
        }
        Done::Transfer(transfer) => of_transfer(case, transfer.to, facts),
        Done::RejectTransfer(_) => {
            vec![tell(Recipient::Person(case.owner), "transfer_rejected", true, &["SUP-6"])]
        }
        Done::ReturnTransfer(_) => {
            vec![tell(Recipient::Person(case.owner), "transfer_returned", true, &["SUP-6"])]
        }
        Done::Promise(promise) => agreed(case, promise.due, facts, "PROP-37"),
        Done::Reply(reply) => reply.next.map_or_else(Vec::new, |next| agreed(case, next, facts, "PROP-36")),
        Done::RequestApproval(asked) => {
            let fen = asked.amount.map_or(0, crate::money::Money::fen);
            let Some(rule) = facts.pack.approval(asked.of, fen) else { return Vec::new() };
            let routed = ApprovalRouted { decider: rule.decider, sources: rule.source.clone() };
            let told = tell(Recipient::Post(rule.decider), "approval_waits", true, &[]);
            vec![Ruled::ApprovalRouted(routed).into(), told]
        }
        Done::DecideApproval(decided) => {
            let asked = case.round.approvals.iter().find(|approval| approval.id == decided.approval);
            let person = asked.and_then(|approval| approval.asked_by);
            person
                .map(|person| tell(Recipient::Person(person), "approval_decided", false, &[]))
                .into_iter()
                .collect()
        }
        Done::AddTask(task) => {
            let to = task.person.map(Recipient::Person).or(task.post.map(Recipient::Post));
            to.map(|to| tell(to, "task_given", false, &[])).into_iter().collect()
        }
        Done::Escalate(escalated) => of_escalation(case, escalated.to),
        Done::RecordGroupSolution(_) => {
            vec![tell(Recipient::Person(case.owner), "group_solved", false, &["PROP-56"])]
        }
        Done::Urge(_) => vec![tell(Recipient::Person(worker(case)), "urged", true, &[])],
        Done::Supervise(_) => vec![
            tell(Recipient::Person(worker(case)), "supervised", true, &[]),
            tell(Recipient::Post(Post::Lead), "supervised", true, &[]),
        ],
        Done::Verify(verified) if verified.in_order && case.escalation.group_at.is_some() => {
            let task = open(TaskKind::GroupVisit, Post::Group, true, &["PROP-57"]);
            vec![task, tell(Recipient::Post(Post::Group), "group_visit_due", true, &["PROP-57"])]
        }
        Done::Visit(visit) => of_visit(case, visit.result),
        Done::CorrectKind(_) | Done::CorrectUnit(_) => rebound(case, facts),
        _ => Vec::new(),
    }
}

fn of_rule(case: &Case, ruled: &Ruled, facts: &Facts<'_>) -> Vec<Event> {
    match ruled {
        Ruled::StageChanged(change) => of_stage(case, change, facts),
        Ruled::ClockWarned(named) => {
            let kind = clock_kind(case, named.clock);
            vec![tell(Recipient::Person(worker(case)), warned(kind), false, &[])]
        }
        Ruled::ClockMissed(named) => of_missed(case, named.clock, facts),
        _ => Vec::new(),
    }
}

fn of_flag(case: &Case, flag: Flag, facts: &Facts<'_>) -> Vec<Event> {
    let heads = Recipient::Post(Post::Head);
    match flag {
        Flag::ManagementResponsibility | Flag::GroupTendency => {
            let there = case.tasks.iter().any(|task| task.kind == TaskKind::AppearInPerson && task.is_open());
            let mut events = vec![tell(heads, "appear_in_person", true, &["PROP-39"])];
            if !there {
                events.insert(0, open(TaskKind::AppearInPerson, Post::Head, true, &["PROP-39"]));
            }
            events
        }
        Flag::DrasticRisk => vec![
            tell(heads, "drastic_risk", true, &["PROP-42"]),
            tell(Recipient::Post(Post::Manager), "drastic_risk", true, &["PROP-42"]),
        ],
        Flag::Emergency => vec![tell(Recipient::Post(Post::Lead), "emergency", true, &["PROP-20"])],
        flag if waits(flag) => {
            let stops = |clock: &&Clock| clock.pausable && running(clock) && facts.now < clock.due_at;
            let pause = |clock: &Clock| {
                Ruled::ClockPaused(ClockPaused { clock: clock.id, reason: flag.as_str().to_owned() }).into()
            };
            case.clocks.iter().filter(stops).map(pause).collect()
        }
        _ => Vec::new(),
    }
}

/// PROP-22: a complaint goes to its handler and its lead at the same time.
fn of_transfer(case: &Case, to: PersonId, facts: &Facts<'_>) -> Vec<Event> {
    let mut events = Vec::new();
    if facts.actor.person != Some(to) {
        events.push(tell(Recipient::Person(to), "transferred_to_you", true, &["PROP-22"]));
    }
    if case.kind == Kind::Complaint {
        events.push(tell(Recipient::Post(Post::Lead), "complaint_transferred", false, &["PROP-22"]));
    }
    events
}

fn of_escalation(case: &Case, to: EscalationLevel) -> Vec<Event> {
    match to {
        EscalationLevel::DepartmentHead => vec![
            open(TaskKind::ProvideResources, Post::Head, false, &["PROP-24"]),
            tell(Recipient::Post(Post::Lead), "resources_asked", true, &["PROP-24"]),
            tell(Recipient::Post(Post::Head), "resources_asked", true, &["PROP-24"]),
        ],
        EscalationLevel::Company => {
            vec![tell(Recipient::Post(Post::Manager), "escalated", true, &["PROP-42"])]
        }
        EscalationLevel::Group => {
            let mut events = vec![tell(Recipient::Post(Post::Group), "escalated", true, &["PROP-56"])];
            if case.channel == Channel::PassedOn {
                events.push(tell(Recipient::Post(Post::Head), "escalated", false, &["PROP-57"]));
            }
            events
        }
    }
}

fn of_visit(case: &Case, result: VisitResult) -> Vec<Event> {
    match result {
        VisitResult::Dissatisfied => {
            let mut events =
                vec![tell(Recipient::Post(Post::Lead), "visit_dissatisfied", true, &["PROP-64"])];
            events.push(tell(Recipient::Person(case.owner), "visit_dissatisfied", false, &["PROP-64"]));
            events
        }
        VisitResult::Refused => vec![tell(Recipient::Post(Post::Lead), "visit_refused", false, &["PROP-63"])],
        VisitResult::Satisfied | VisitResult::NotReached => Vec::new(),
    }
}

/// Clocks that start with the stage, and again with a re-opening.
fn of_stage(case: &Case, change: &StageChanged, facts: &Facts<'_>) -> Vec<Event> {
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
    let back = change.new_round && matches!(change.from, Stage::Closed | Stage::Settling);
    if back {
        // The repeat wants its answer as the first message did (PROP-64, 79).
        start(ClockStart::Receipt, &|clock| {
            matches!(clock.kind, ClockKind::Reply | ClockKind::Measures | ClockKind::Resolve)
        });
        events.push(tell(Recipient::Person(case.owner), "reopened", true, &["PROP-64"]));
        if let Some(handler) = case.handler.filter(|handler| *handler != case.owner) {
            events.push(tell(Recipient::Person(handler), "reopened", true, &["PROP-64"]));
        }
    }
    renumber(&mut events, case);
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
fn agreed(case: &Case, due: Timestamp, facts: &Facts<'_>, source: &str) -> Vec<Event> {
    let terms = Terms {
        kind: ClockKind::Promise,
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
fn of_missed(case: &Case, id: u32, facts: &Facts<'_>) -> Vec<Event> {
    let kind = clock_kind(case, id);
    let mut events = vec![tell(Recipient::Person(worker(case)), missed(kind), true, &[])];
    if case.owner != worker(case) {
        events.push(tell(Recipient::Person(case.owner), missed(kind), true, &[]));
    }
    let rule =
        facts.pack.clocks.iter().find(|rule| Some(rule.terms.kind) == kind && rule.of.contains(&case.kind));
    let posts = rule.map_or_else(|| vec![Post::Lead], |rule| rule.escalate.clone());
    let sources: Vec<&str> =
        rule.map_or_else(Vec::new, |rule| rule.terms.source.iter().map(String::as_str).collect());
    events.extend(posts.into_iter().map(|post| tell(Recipient::Post(post), missed(kind), true, &sources)));
    if kind == Some(ClockKind::Record) && !case.forms.contains_key(HANDLING_RECORD) {
        events.push(open(TaskKind::HandlingRecord, Post::Lead, true, &["PROP-17", "X-54"]));
    }
    if kind == Some(ClockKind::HandOver) {
        events.push(open(TaskKind::DecideMethod, Post::Head, false, &["DESK-3", "X-53"]));
    }
    events
}

fn clock_kind(case: &Case, id: u32) -> Option<ClockKind> {
    case.clocks.iter().find(|clock| clock.id == id).map(|clock| clock.kind)
}

/// Names the notice of a limit that comes near its end.
fn warned(kind: Option<ClockKind>) -> &'static str {
    if kind == Some(ClockKind::Promise) { "promise_near" } else { "limit_near" }
}

/// Names the notice of a limit that broke.
fn missed(kind: Option<ClockKind>) -> &'static str {
    if kind == Some(ClockKind::Promise) { "promise_missed" } else { "limit_missed" }
}

/// A change of kind or unit rebinds; running clocks keep their start.
fn rebound(case: &Case, facts: &Facts<'_>) -> Vec<Event> {
    let Some(pack) = facts.rebound else { return Vec::new() };
    let mut events = Vec::new();
    if pack.reference() != case.pack {
        events.push(Ruled::PackRebound(pack.reference()).into());
    }
    for clock in case.clocks.iter().filter(|clock| running(clock)) {
        let applies = |rule: &&crate::pack::ClockRule| {
            rule.terms.kind == clock.kind
                && rule.of.contains(&case.kind)
                && (rule.channels.is_empty() || rule.channels.contains(&case.channel))
        };
        if matches!(clock.kind, ClockKind::Promise | ClockKind::Settle) {
            continue;
        }
        match pack.clocks.iter().find(applies) {
            None => events.push(Ruled::ClockCancelled(ClockRef { clock: clock.id }).into()),
            Some(rule) => {
                let mut moved = clock.clone();
                if moved.rebind(&rule.terms, facts.calendar).is_ok() && moved != *clock {
                    events.push(Ruled::ClockMoved(ClockMoved { clock: moved }).into());
                }
            }
        }
    }
    events
}

const fn waits(flag: Flag) -> bool {
    matches!(flag, Flag::WaitsForAuthority | Flag::WaitsForThirdParty)
}

fn waiting(case: &Case) -> bool {
    case.has(Flag::WaitsForAuthority) || case.has(Flag::WaitsForThirdParty)
}

/// Who works on it now: the handler, until there is one the owner.
fn worker(case: &Case) -> PersonId {
    case.handler.unwrap_or(case.owner)
}

fn open(kind: TaskKind, post: Post, blocking: bool, sources: &[&str]) -> Event {
    let sources = sources.iter().map(|source| (*source).to_owned()).collect();
    Ruled::TaskOpened(TaskOpened { kind, post, due: None, blocking, sources }).into()
}

fn tell(to: Recipient, why: &str, urgent: bool, sources: &[&str]) -> Event {
    let sources = sources.iter().map(|source| (*source).to_owned()).collect();
    Ruled::Notified(Notified { to, why: why.to_owned(), urgent, sources }).into()
}
