//! The second account of every figure, for tests: told from events alone.
//!
//! Size: every metric by hand, on purpose apart from the first account; splitting
//! it would hide that it is one.

use super::body::{FormFiled, FormWaived};
use super::*;
use crate::clock::{Clock, ClockKind};
use crate::ids::PartyId;
use crate::time::{Timestamp, Zone};
use std::collections::{BTreeMap, BTreeSet};

/// What the events of one case say, told without its state.
#[derive(Clone, Debug, Default)]
pub struct Slow {
    kind: Option<Kind>,
    complainants: BTreeSet<PartyId>,
    accepted: bool,
    closure: Option<ClosureKind>,
    closed: bool,
    reopened: bool,
    exempt: bool,
    verified: bool,
    visit: Option<VisitResult>,
    replied_at: Option<Timestamp>,
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
    options: Vec<(Option<i64>, bool)>,
    /// How many options earlier rounds had, and what was agreed in them, in fen.
    options_before: usize,
    agreed_before: i64,
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
    /// Reads a history.
    #[must_use]
    pub fn of(history: &[Recorded]) -> Self {
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
        let complains = |party: &&CaseParty| party.role == PartyRole::Complainant;
        self.complainants = received.parties.iter().filter(complains).map(|party| party.party).collect();
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
        broken.count() as i64
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
            Done::CorrectParty(corrected) => {
                if let Some(from) = corrected.from {
                    self.complainants.remove(&from);
                }
                if corrected.role == PartyRole::Complainant {
                    self.complainants.insert(corrected.to);
                }
            }
            Done::Link(linked) => {
                self.repeated |= linked.relation == Relation::RepeatedBy;
                self.follows |= linked.relation == Relation::FollowsFrom;
            }
            Done::Promise(promise) => self.promises.push((promise.due, promise.kind, None, false)),
            Done::KeepPromise(ended) => self.promise(ended.promise).2 = Some(at),
            Done::WithdrawPromise(ended) => self.promise(ended.promise).3 = true,
            Done::OfferOption(option) => {
                self.options.push((option.amount.map(crate::money::Money::fen), false));
            }
            Done::AnswerOption(answered) => {
                let accepted = answered.answer == OptionAnswer::Accepted;
                self.options[answered.option as usize - 1].1 = accepted;
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
        self.replied_at = self.replied_at.or(Some(at));
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
                let clock = &mut self.clock(missed.clock).0;
                clock.breached_at = Some(clock.due_at);
            }
            Ruled::ClockResumed(moved) | Ruled::ClockMoved(moved) => {
                self.clock(moved.clock.id).0.due_at = moved.clock.due_at;
            }
            Ruled::ClockCancelled(gone) => {
                let clock = self.clock(gone.clock);
                clock.2 |= clock.1.is_none();
            }
            _ => {}
        }
    }

    fn clock(&mut self, id: u32) -> &mut (Clock, Option<Timestamp>, bool) {
        let Some(clock) = self.clocks.get_mut(&id) else { panic!("clock {id} never started") };
        clock
    }

    fn promise(&mut self, id: u32) -> &mut (Timestamp, PromiseKind, Option<Timestamp>, bool) {
        &mut self.promises[id as usize - 1]
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
            self.agreed_before += self.agreed_now();
            self.options_before = self.options.len();
        }
        if self.closed {
            for (_, met, ended) in self.clocks.values_mut() {
                *ended |= met.is_none();
            }
        }
    }

    /// What the customer took last in this round, in fen; each round agrees anew.
    fn agreed_now(&self) -> i64 {
        let mut taken = self.options[self.options_before..].iter().rev().filter(|(_, accepted)| *accepted);
        taken.next().and_then(|(amount, _)| *amount).unwrap_or(0)
    }

    fn has(&self, flag: Flag) -> bool {
        self.flags.contains(&flag)
    }

    fn unmet(&self) -> bool {
        matches!(self.closure, Some(ClosureKind::NotEstablished | ClosureKind::AgreedButDissatisfied))
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
        let (mut last, mut misses) = (self.received_at.unwrap_or(Timestamp::from_micros(0)), 0);
        for (at, asks) in &self.inbound {
            let told = self.told.iter().any(|told| *told > last && told <= at);
            misses += i64::from(*asks && !told);
            last = *at;
        }
        misses
    }

    /// Whether it counts in the statistics (PROP-88).
    #[must_use]
    pub fn counts(&self) -> bool {
        self.kind == Some(Kind::Complaint)
            && self.accepted
            && self.included != Some(false)
            && !self.closure.is_some_and(ClosureKind::is_final)
    }

    /// When it was received.
    #[must_use]
    pub const fn received_at(&self) -> Option<Timestamp> {
        self.received_at
    }

    /// When the customer first got a substantive answer.
    #[must_use]
    pub const fn replied_at(&self) -> Option<Timestamp> {
        self.replied_at
    }

    /// Who complains, as the parties stand.
    #[must_use]
    pub const fn complainants(&self) -> &BTreeSet<PartyId> {
        &self.complainants
    }

    /// What the case brings to the part and the whole of a metric, by its name.
    #[expect(clippy::too_many_lines, reason = "one arm for each case")]
    ///
    /// # Panics
    /// When the metric has no second account yet.
    #[must_use]
    pub fn brings(&self, metric: &str) -> (i64, i64) {
        let counted = self.counts();
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
            "unmet" => one(self.unmet()),
            "customers_lost" => one(self.has(Flag::CustomerLost)),
            "lost_after_unmet" => share(self.has(Flag::CustomerLost), self.unmet()),
            "exempt" => one(self.exempt),
            "handling_rate" => share(self.finally, true),
            "reply_due" => one(due),
            "reply_in_time" => one(in_time),
            "reply_late" => one(late),
            "reply_in_time_rate" => share(in_time, due),
            "first_reply_days" => one(self.replied_at.is_some()),
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
            "no_reaction" => one(late && self.replied_at.is_none()),
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
            "agreed" => (i64::from(counted) * (self.agreed_before + self.agreed_now()), 0),
            "follow_up_points" => one(self.follows),
            "anonymous" => one(self.has(Flag::Anonymous)),
            "cause_found" => one(self.cause),
            other => panic!("{other} has no slow count: write one"),
        }
    }
}
