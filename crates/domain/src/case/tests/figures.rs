//! Every figure against a slow count over events alone, on random lives.
//!
//! Size: the second account of every metric, by hand and on purpose apart from
//! the first; splitting it would hide that it is one.

use super::super::body::{FormFiled, FormWaived};
use super::super::*;
use super::desk::{ANN, Desk};
use crate::clock::{Clock, ClockKind};
use crate::count::{Amount, Heap, METRICS, MetricUnit, Subject};
use crate::ids::CaseId;
use crate::time::{Timestamp, Zone};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::json;
use std::collections::BTreeMap;

/// What the events of one case say, told without its state.
#[derive(Default)]
struct Slow {
    kind: Option<Kind>,
    named: bool,
    accepted: bool,
    closure: Option<ClosureKind>,
    closed: bool,
    reopened: bool,
    exempt: bool,
    verified: bool,
    visit: Option<VisitResult>,
    replied: bool,
    finally: bool,
    repeated: bool,
    follows: bool,
    final_category: bool,
    cause: bool,
    demand: Option<i64>,
    flags: Vec<Flag>,
    late: bool,
    clocks: BTreeMap<u32, (Clock, Option<Timestamp>, bool)>,
    told: Vec<Timestamp>,
    inbound: Vec<(Timestamp, bool)>,
    received_at: Option<Timestamp>,
    promises: Vec<(Timestamp, PromiseKind, Option<Timestamp>, bool)>,
    options: Vec<(u32, Option<i64>, bool)>,
    steps: Vec<Timestamp>,
    transfers: i64,
    paid: i64,
    tasks: u32,
    record_asked: Option<u32>,
    broken_clocks: Vec<u32>,
    promise_clocks: Vec<Option<u32>>,
    closed_at: Option<Timestamp>,
    included: Option<bool>,
    major: Option<MajorStanding>,
}

impl Slow {
    fn of(history: &[Recorded]) -> Self {
        let mut slow = Self::default();
        for recorded in history {
            let at = recorded.occurred_at;
            match &recorded.event {
                Event::Begun(Begun::Received(received)) => slow.begun(received, at, recorded.recorded_at),
                Event::Done(done) => slow.done(done, at),
                Event::Ruled(ruled) => slow.ruled(ruled, at),
            }
        }
        slow
    }

    fn begun(&mut self, received: &Received, at: Timestamp, recorded_at: Timestamp) {
        self.kind = Some(received.kind);
        self.named = received.parties.iter().any(|party| party.role == PartyRole::Complainant);
        self.received_at = Some(at);
        let day = |at: Timestamp| Zone::shanghai().date(at);
        self.late = received.collected_at.is_some_and(|collected| day(collected) != day(recorded_at));
        if received.anonymous {
            self.flags.push(Flag::Anonymous);
        }
        received.clocks.iter().for_each(|clock| self.started(clock));
    }

    fn started(&mut self, clock: &Clock) {
        self.clocks.insert(clock.id, (clock.clone(), None, false));
    }

    fn meet(&mut self, kinds: &[ClockKind], at: Timestamp) {
        for (clock, met, ended) in self.clocks.values_mut().filter(|(clock, ..)| kinds.contains(&clock.kind))
        {
            if met.is_none() && !*ended && at >= clock.started_at {
                *met = Some(at);
            }
        }
    }

    /// CP8-14, 17; CP8-12: what moved on, what was broken, what was paid.
    fn moved(&mut self, done: &Done, at: Timestamp) {
        match done {
            Done::Reply(_) | Done::DecideApproval(_) | Done::Visit(_) | Done::DrawUpAgreement(_) => {
                self.steps.push(at);
            }
            Done::CompleteTask(ended) | Done::CancelTask(ended) => {
                self.steps.push(at);
                self.record_asked = self.record_asked.filter(|asked| *asked != ended.task);
            }
            Done::AddTask(_) | Done::PlanHomeVisit(_) => self.tasks += 1,
            Done::Contact(contact) if contact.direction == Direction::Outbound => self.steps.push(at),
            Done::FileForm(FormFiled { form, .. }) | Done::WaiveForm(FormWaived { form, .. })
                if form == HANDLING_RECORD && self.record_asked.take().is_some() =>
            {
                self.steps.push(at);
            }
            Done::GiveRemedy(given) => {
                self.steps.push(at);
                self.paid += given.amount.map_or(0, crate::money::Money::fen);
            }
            Done::Transfer(_) => self.transfers += 1,
            Done::Promise(_) => self.promise_clocks.push(None),
            _ => {}
        }
    }

    fn idle(&self) -> i64 {
        let mut steps = self.steps.clone();
        steps.extend(self.received_at);
        steps.extend(self.closed_at.filter(|_| self.closed));
        steps.sort_unstable();
        steps.windows(2).map(|two| (two[1].micros() - two[0].micros()) / 86_400_000_000).max().unwrap_or(0)
    }

    fn broken(&self) -> i64 {
        let clocks = self.promise_clocks.iter();
        let broken = self.promises.iter().zip(clocks).filter(|((due, _, kept, gone), clock)| {
            let missed = clock.is_some_and(|clock| self.broken_clocks.contains(&clock));
            kept.map_or(!gone && missed, |kept| kept > *due)
        });
        i64::try_from(broken.count()).unwrap()
    }

    fn done(&mut self, done: &Done, at: Timestamp) {
        self.moved(done, at);
        match done {
            Done::Contact(contact) if contact.direction == Direction::Inbound => {
                self.inbound.push((at, contact.asks_progress));
            }
            Done::Contact(_) => self.told.push(at),
            Done::StateDemand(demand) => self.demand = Some(demand.amount.fen()),
            Done::Classify(classified) => {
                self.final_category |= classified.final_category.is_some();
                self.cause |= classified.cause.is_some();
            }
            Done::Mark(marked) => {
                self.flags.push(marked.flag);
                if marked.flag == Flag::SettledAtOnce {
                    self.meet(&[ClockKind::Reply, ClockKind::Measures], at);
                }
            }
            Done::Unmark(marked) => self.flags.retain(|flag| *flag != marked.flag),
            Done::CorrectKind(corrected) => self.kind = Some(corrected.kind),
            Done::CorrectParty(corrected) => self.named |= corrected.role == PartyRole::Complainant,
            Done::Link(linked) => {
                self.repeated |= linked.relation == Relation::RepeatedBy;
                self.follows |= linked.relation == Relation::FollowsFrom;
            }
            Done::Promise(promise) => self.promises.push((promise.due, promise.kind, None, false)),
            Done::KeepPromise(ended) => self.promises[ended.promise as usize - 1].2 = Some(at),
            Done::WithdrawPromise(ended) => self.promises[ended.promise as usize - 1].3 = true,
            Done::OfferOption(option) => {
                let id = u32::try_from(self.options.len() + 1).unwrap();
                self.options.push((id, option.amount.map(crate::money::Money::fen), false));
            }
            Done::AnswerOption(answered) => {
                let option = self.options.iter_mut().find(|(id, ..)| *id == answered.option).unwrap();
                option.2 = answered.answer == OptionAnswer::Accepted;
            }
            Done::Verify(verified) => self.verified = verified.in_order,
            Done::Visit(visit) => match visit.result {
                VisitResult::Satisfied | VisitResult::Dissatisfied => self.visit = Some(visit.result),
                VisitResult::Refused => self.flags.push(Flag::DoNotVisit),
                VisitResult::NotReached => {}
            },
            Done::Exempt(_) => self.exempt = true,
            Done::DecideInclusion(decided) => self.included = Some(decided.counted),
            Done::JudgeMajor(judged) => self.major = Some(judged.standing),
            Done::Reply(reply) => self.reply(reply.kind, at),
            _ => {}
        }
    }

    fn reply(&mut self, kind: ReplyKind, at: Timestamp) {
        self.told.push(at);
        if kind == ReplyKind::Acknowledge {
            return;
        }
        self.replied = true;
        self.finally |= kind == ReplyKind::Final;
        self.meet(&[ClockKind::Reply], at);
        if kind != ReplyKind::Progress {
            self.meet(&[ClockKind::Measures], at);
        }
        let feedback = self
            .promises
            .iter_mut()
            .filter(|(_, kind, kept, gone)| *kind == PromiseKind::Feedback && kept.is_none() && !gone);
        feedback.for_each(|(_, _, kept, _)| *kept = Some(at));
    }

    fn ruled(&mut self, ruled: &Ruled, at: Timestamp) {
        match ruled {
            Ruled::StageChanged(change) => self.stage(change, at),
            Ruled::ClockStarted(clock) => {
                self.started(clock);
                let waiting = self.promises.iter().zip(&mut self.promise_clocks);
                let mut waiting =
                    waiting.filter(|((_, _, kept, gone), clock)| clock.is_none() && kept.is_none() && !gone);
                if let (ClockKind::Promise, Some((_, slot))) = (clock.kind, waiting.next()) {
                    *slot = Some(clock.id);
                }
            }
            Ruled::TaskOpened(task) => {
                self.tasks += 1;
                if task.kind == TaskKind::HandlingRecord {
                    self.record_asked = Some(self.tasks);
                }
            }
            Ruled::MajorRaised(_) => self.major = Some(MajorStanding::Provisional),
            Ruled::ClockMissed(missed) => {
                self.broken_clocks.push(missed.clock);
                let clock = self.clocks.get_mut(&missed.clock).unwrap();
                clock.0.breached_at = Some(clock.0.due_at);
            }
            Ruled::ClockResumed(moved) | Ruled::ClockMoved(moved) => {
                let clock = self.clocks.get_mut(&moved.clock.id).unwrap();
                clock.0.due_at = moved.clock.due_at;
            }
            Ruled::ClockCancelled(gone) => {
                let clock = self.clocks.get_mut(&gone.clock).unwrap();
                clock.2 |= clock.1.is_none();
            }
            _ => {}
        }
    }

    fn stage(&mut self, change: &StageChanged, at: Timestamp) {
        if change.to == Stage::Closed {
            self.closed_at = Some(at);
        }
        self.accepted |= !matches!(change.to, Stage::Received | Stage::Closed);
        self.closure = change.closure;
        let opens = self.closed && change.to != Stage::Closed;
        self.closed = change.to == Stage::Closed;
        if change.from == Stage::Executing && change.to == Stage::Verifying {
            self.verified = false;
        }
        self.reopened |= opens || change.new_round;
        if change.new_round {
            self.exempt = false;
            self.verified = false;
            self.visit = None;
        }
        if self.closed {
            for (_, met, ended) in self.clocks.values_mut() {
                *ended |= met.is_none();
            }
        }
    }

    fn has(&self, flag: Flag) -> bool {
        self.flags.contains(&flag)
    }

    /// The first reply limit that was not called off: due, in time, late.
    fn reply_limit(&self) -> (bool, bool, bool) {
        let found = self
            .clocks
            .values()
            .find(|(clock, _, ended)| matches!(clock.kind, ClockKind::Reply | ClockKind::Measures) && !ended);
        let Some((clock, met, _)) = found else { return (false, false, false) };
        let late = clock.breached_at.is_some() || met.is_some_and(|met| met >= clock.due_at);
        (true, met.is_some() && !late, late)
    }

    fn misses(&self) -> i64 {
        let (mut last, mut misses) = (self.received_at.unwrap(), 0);
        for (at, asks) in &self.inbound {
            let told = self.told.iter().any(|told| *told > last && told <= at);
            misses += i64::from(*asks && !told);
            last = *at;
        }
        misses
    }

    /// What the case brings to the part and the whole of a metric, by its name.
    #[expect(clippy::too_many_lines, reason = "one arm for each case")]
    fn brings(&self, metric: &str) -> (i64, i64) {
        let counted = self.kind == Some(Kind::Complaint)
            && self.accepted
            && self.included != Some(false)
            && !self.closure.is_some_and(ClosureKind::is_final);
        let one = |holds: bool| (i64::from(counted && holds), 0);
        let share =
            |part: bool, whole: bool| (i64::from(counted && part && whole), i64::from(counted && whole));
        let closure = |kind: ClosureKind| one(self.closure == Some(kind));
        let (due, in_time, late) = self.reply_limit();
        let made: Vec<_> = self.promises.iter().filter(|(_, _, _, gone)| !gone).collect();
        let kept = made.iter().filter(|(due, _, kept, _)| kept.is_some_and(|kept| kept <= *due)).count();
        let promised = counted && !self.promises.is_empty();
        let satisfied = self.visit == Some(VisitResult::Satisfied);
        match metric {
            "received" => (1, 0),
            "complaints_received" => (i64::from(self.kind == Some(Kind::Complaint)), 0),
            "inclusion_undecided" => one(self.included.is_none()),
            "verified_in" => one(self.included == Some(true)),
            // what is hot is an incident: a case by itself brings nothing
            "hot" | "hot_cases" => one(false),
            "major" => one(self.major == Some(MajorStanding::Confirmed)),
            "counted" => one(true),
            "times" => (i64::from(counted) * (1 + self.inbound.len() as i64), 0),
            "provisional" => one(!self.final_category),
            "closed" | "closed_in_period" => one(self.closed),
            "open" => one(!self.closed),
            "closing_rate" => share(self.closed, true),
            "closed_satisfied" => closure(ClosureKind::Satisfied),
            "closed_exempt" => closure(ClosureKind::ExemptElapsed),
            "closed_not_established" => closure(ClosureKind::NotEstablished),
            "closed_withdrawn" => closure(ClosureKind::Withdrawn),
            "agreed_but_dissatisfied" => closure(ClosureKind::AgreedButDissatisfied),
            "exempt" => one(self.exempt),
            "handling_rate" => share(self.finally, true),
            "reply_due" => one(due),
            "reply_in_time" => one(in_time),
            "reply_late" => one(late),
            "reply_in_time_rate" => share(in_time, due),
            "first_reply_days" => one(self.replied),
            "repeated" => one(self.repeated),
            "repeat_share" => share(self.repeated, true),
            "reopened" => one(self.reopened),
            "visits_due" => one(self.verified && !self.exempt),
            "visits_made" => one(self.verified && !self.exempt && self.visit.is_some()),
            "visit_rate" => share(self.visit.is_some(), self.verified && !self.exempt),
            "visit_rate_raw" => share(self.visit.is_some(), self.verified),
            "visited_in_period" => one(self.visit.is_some()),
            "visit_satisfied" => one(satisfied),
            "visit_dissatisfied" => one(self.visit == Some(VisitResult::Dissatisfied)),
            "satisfaction" => share(satisfied, self.visit.is_some()),
            "promises_made" => (i64::from(promised) * made.len() as i64, 0),
            "promises_kept" => (i64::from(promised) * kept as i64, 0),
            "promises_kept_rate" => {
                (i64::from(promised) * kept as i64, i64::from(promised) * made.len() as i64)
            }
            "promises_broken" => (i64::from(promised) * self.broken(), 0),
            "no_reaction" => one(late && !self.replied),
            "reassigned" => (i64::from(counted) * (self.transfers - 1).max(0), 0),
            "idle_days" => (i64::from(counted) * self.idle(), 0),
            "compensated" => one(self.paid > 0),
            "paid" => (i64::from(counted) * self.paid, 0),
            "paid_share" => {
                let demands = counted && self.demand.is_some();
                (i64::from(demands) * self.paid, i64::from(demands) * self.demand.unwrap_or(0))
            }
            "progress_misses" => (self.misses(), 0),
            "late_information" => (i64::from(self.late), 0),
            "important" => one(self.has(Flag::Important)),
            "authority" => one(self.has(Flag::WaitsForAuthority)),
            "demanding" => one(self.demand.is_some()),
            "demanded" => (i64::from(counted) * self.demand.unwrap_or(0), 0),
            "agreed" => {
                let last = self.options.iter().rev().find(|(_, _, accepted)| *accepted);
                (i64::from(counted) * last.and_then(|(_, amount, _)| *amount).unwrap_or(0), 0)
            }
            "follow_up_points" => one(self.follows),
            "anonymous" => one(self.has(Flag::Anonymous)),
            "cause_found" => one(self.cause),
            other => panic!("{other} has no slow count: write one"),
        }
    }
}

/// Gives the heap that one case makes.
pub(super) fn heap(case: &Case) -> Heap {
    let facts = project::facts(case);
    let mut sums = [0; Amount::ALL.len()];
    for amount in Amount::ALL {
        sums[*amount as usize] = facts.amount(*amount);
    }
    Heap { marks: facts.marks, rows: 1, sums }
}

/// Lives so many random cases, from every stage on, with odd intakes between.
fn lives(number: usize) -> Vec<Desk> {
    let mut runner = TestRunner::deterministic();
    let steps = prop::collection::vec(any::<(u8, u8, u8, u8)>(), 1..24);
    (0..number)
        .map(|place| {
            let steps = steps.new_tree(&mut runner).unwrap().current();
            let mut desk = super::stories::somewhere(&steps);
            if place % 3 == 0 {
                let asks = |desk: &mut Desk, asks: bool, direction: &str| {
                    let body = json!({"text": "问进展", "direction": direction, "channel": "phone", "asks_progress": asks});
                    // what is refused leaves nothing to count
                    let _ = desk.act(ANN, "contact", body);
                };
                asks(&mut desk, true, "inbound");
                desk.until_instant(Timestamp::from_micros(desk.now.micros() + 60_000_000));
                asks(&mut desk, false, if place % 2 == 0 { "outbound" } else { "inbound" });
                desk.until_instant(Timestamp::from_micros(desk.now.micros() + 60_000_000));
                asks(&mut desk, true, "inbound");
            }
            let days = i64::from(steps[0].3 % 12);
            desk.until_instant(Timestamp::from_micros(desk.now.micros() + days * 86_400_000_000));
            desk.case.id = CaseId(uuid::Uuid::from_u128(place as u128));
            desk
        })
        .collect()
}

/// PROP-87…93, PROP-95, X-3, X-9, X-13, X-21, X-27, MOB-15, DESK-12: each
/// figure of the dictionary is what a slow count over events alone gives.
#[test]
fn every_figure_is_what_the_events_say() {
    let lives = lives(1_000);
    let heaps: Vec<Heap> = lives.iter().map(|desk| heap(&desk.case)).collect();
    let slow: Vec<Slow> = lives.iter().map(|desk| Slow::of(&desk.history)).collect();
    for metric in METRICS.iter().filter(|metric| metric.formula.list().of != Subject::Complainant) {
        let (list, (amount, _)) = (metric.formula.list(), metric.formula.amounts());
        let mut total = (0, 0);
        for ((desk, heap), slow) in lives.iter().zip(&heaps).zip(&slow) {
            let expected = slow.brings(metric.name);
            let rows = i64::from(list.test.holds(heap.marks));
            let part = amount.map_or(rows, |amount| rows * heap.sums[amount as usize]);
            let events: Vec<&str> = desk.history.iter().map(|recorded| recorded.event.name()).collect();
            assert_eq!(part, expected.0, "{} of {:?} {events:?}", metric.name, desk.case.id);
            total = (total.0 + expected.0, total.1 + expected.1);
        }
        if metric.unit == MetricUnit::WorkingDays {
            continue;
        }
        let figure = metric.figure(heaps.iter());
        assert_eq!(figure.part, total.0, "{}", metric.name);
        if metric.formula.is_share() {
            assert_eq!(figure.whole, Some(total.1), "{}", metric.name);
        }
    }
    let reached = METRICS.iter().filter(|metric| metric.figure(heaps.iter()).part > 0).count();
    assert!(reached >= 30, "the random lives reach {reached} metrics: too few to prove anything");
}

/// MOB-15: who asks before anything was said is a miss; who was told first is not.
#[test]
fn a_question_without_notice_in_between_is_a_miss() {
    let mut desk = super::stories::investigating();
    let contact = |asks: bool, direction: &str| json!({"text": "进展", "direction": direction, "channel": "phone", "asks_progress": asks});
    desk.until("2026-03-02T11:00:00+08:00");
    desk.did(ANN, "contact", contact(true, "inbound"));
    assert_eq!(crate::count::misses(&desk.case), 1);
    desk.until("2026-03-02T11:10:00+08:00");
    desk.did(ANN, "contact", contact(false, "outbound"));
    desk.until("2026-03-02T11:20:00+08:00");
    desk.did(ANN, "contact", contact(true, "inbound"));
    assert_eq!(crate::count::misses(&desk.case), 1, "we had called in between");
    desk.until("2026-03-02T11:30:00+08:00");
    desk.did(ANN, "contact", contact(true, "inbound"));
    assert_eq!(crate::count::misses(&desk.case), 2);
}
