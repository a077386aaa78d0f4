//! Elementary facts of a case, one bit each: what every figure is made of.
//!
//! A metric asks for bits that are set and bits that are not ([`Test`]), so one
//! formula serves memory and database alike. A bit never gets another meaning.

use crate::case::{Case, ClosureKind, Flag, Kind, PartyRole, Relation, ReplyKind, Stage, VisitResult};
use crate::clock::ClockKind;
use crate::time::Zone;

macro_rules! marks {
    ($($(#[$doc:meta])* $name:ident = $bit:literal),+ $(,)?) => {
        /// One elementary fact.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Mark {
            $($(#[$doc])* $name = $bit),+
        }

        impl Mark {
            /// Every fact.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];
        }
    };
}

marks! {
    /// It is a complaint (PROP-25).
    Complaint = 0,
    /// It was accepted.
    Accepted = 1,
    /// It counts: accepted, verified in, not void nor recorded twice (PROP-88).
    Counted = 2,
    /// Whether it counts is not decided yet (PROP-88).
    Undecided = 3,
    /// It is closed.
    Closed = 4,
    /// Closed by the customer's word at the visit (PROP-64).
    ClosedSatisfied = 5,
    /// Closed after its exempt week (PROP-64).
    ClosedExempt = 6,
    /// Closed as not established.
    ClosedNotEstablished = 7,
    /// Withdrawn by the customer.
    ClosedWithdrawn = 8,
    /// Agreed but dissatisfied, never counted as satisfied.
    ClosedDissatisfied = 9,
    /// No return visit is made (PROP-60).
    Exempt = 10,
    /// A reply was due (PROP-79).
    ReplyDue = 11,
    /// The reply came within its limit.
    ReplyInTime = 12,
    /// The reply came late, or its limit passed without one.
    ReplyLate = 13,
    /// The customer got a substantive reply.
    Replied = 14,
    /// The customer got a final answer.
    FinallyAnswered = 15,
    /// Done and found in order: a return visit is due or exempt (PROP-59).
    Verified = 16,
    /// The return visit reached the customer.
    Visited = 17,
    /// Satisfied at the last visit.
    VisitSatisfied = 18,
    /// Dissatisfied at the last visit.
    VisitDissatisfied = 19,
    /// The customer came again about it (PROP-64).
    Repeated = 20,
    /// It was opened again.
    Reopened = 21,
    /// Chosen by hand for the case library.
    Important = 22,
    /// Registered on a later day than it was collected (PROP-12).
    Late = 23,
    /// It waits or waited for an authority (PROP-18).
    Authority = 24,
    /// No final category yet: figures by category are provisional.
    Provisional = 25,
    /// The customer gave no name.
    Anonymous = 26,
    /// The customer demands money (PROP-81).
    Demanded = 27,
    /// A cause is recorded (PROP-97).
    HasCause = 28,
    /// The customer had to ask without having been told (MOB-15).
    Missed = 29,
    /// At least one promise was made.
    Promised = 30,
    /// A complainant is known by name.
    Named = 31,
    /// The customer wants no visits (PROP-63).
    DoNotVisit = 32,
    /// It is a major complaint (PROP-81).
    Major = 33,
    /// Compensation was paid.
    Paid = 34,
    /// It follows from another case, as new points of a follow-up post do (PROP-91).
    FollowsFrom = 35,
    /// The incident that it belongs to is hot (PROP-83); the incident says so, no
    /// case does ([`of_incident`]).
    Hot = 36,
    /// Closed without what the customer asked for: not established, or dissatisfied
    /// with what was agreed (DEPT-8).
    Unmet = 37,
    /// The customer was lost since (DEPT-8).
    CustomerLost = 38,
}

/// Number of the meaning of facts and numbers; raised when one is added, so
/// that stored rows of an older meaning are derived again.
pub const SHAPE: u32 = 5;

/// The facts of a row that its incident sets: a change of the case leaves them.
#[must_use]
pub const fn of_incident() -> Marks {
    Marks::of(&[Mark::Hot])
}

/// A set of elementary facts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Marks(i64);

impl Marks {
    /// Reads the set as it is stored.
    #[must_use]
    pub const fn from_bits(bits: i64) -> Self {
        Self(bits)
    }

    /// Gives the set as it is stored.
    #[must_use]
    pub const fn bits(self) -> i64 {
        self.0
    }

    /// Makes a set.
    #[must_use]
    pub const fn of(marks: &[Mark]) -> Self {
        let (mut bits, mut place) = (0, 0);
        while place < marks.len() {
            bits |= 1 << (marks[place] as u8);
            place += 1;
        }
        Self(bits)
    }

    /// Tells whether the fact is in it.
    #[must_use]
    pub const fn has(self, mark: Mark) -> bool {
        self.0 & (1 << (mark as u8)) != 0
    }

    /// Gives the union.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn put(&mut self, mark: Mark, holds: bool) {
        if holds {
            self.0 |= 1 << (mark as u8);
        }
    }
}

/// Facts that must hold and facts that must not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Test {
    /// All of these.
    pub all: Marks,
    /// None of these.
    pub none: Marks,
}

impl Test {
    /// Asks for facts that must hold and facts that must not.
    #[must_use]
    pub const fn new(all: &[Mark], none: &[Mark]) -> Self {
        Self { all: Marks::of(all), none: Marks::of(none) }
    }

    /// Tells whether a case passes.
    #[must_use]
    pub const fn holds(self, marks: Marks) -> bool {
        marks.0 & self.all.0 == self.all.0 && marks.0 & self.none.0 == 0
    }
}

/// Derives the elementary facts of a case.
#[must_use]
pub fn marks(case: &Case) -> Marks {
    let mut marks = Marks::default();
    inclusion(case, &mut marks);
    closing(case, &mut marks);
    replies(case, &mut marks);
    visits(case, &mut marks);
    let is_repeat = |(kind, ..): &(Relation, _, _)| *kind == Relation::RepeatedBy;
    marks.put(Mark::Repeated, case.relations.iter().any(is_repeat));
    let follows = |(kind, ..): &(Relation, _, _)| *kind == Relation::FollowsFrom;
    marks.put(Mark::FollowsFrom, case.relations.iter().any(follows));
    marks.put(Mark::Reopened, case.counts.reopened > 0);
    marks.put(Mark::Important, case.has(Flag::Important));
    marks.put(Mark::CustomerLost, case.has(Flag::CustomerLost));
    marks.put(Mark::Late, case.registered_late(&Zone::shanghai()));
    marks.put(Mark::Authority, case.has(Flag::WaitsForAuthority));
    marks.put(Mark::Provisional, case.final_category.is_none());
    marks.put(Mark::Anonymous, case.has(Flag::Anonymous));
    marks.put(Mark::Demanded, case.demand.is_some());
    marks.put(Mark::HasCause, case.cause.is_some());
    marks.put(Mark::Missed, super::misses(case) > 0);
    marks.put(Mark::Paid, case.paid_fen() > 0);
    marks.put(Mark::Promised, !case.promises.is_empty());
    marks.put(Mark::Named, case.parties.iter().any(|party| party.role == PartyRole::Complainant));
    marks
}

/// PROP-88: counted = accepted ∧ verified-in; PROP-90: once.
fn inclusion(case: &Case, marks: &mut Marks) {
    let complaint = case.kind == Kind::Complaint;
    let is_final = case.closure.is_some_and(ClosureKind::is_final);
    marks.put(Mark::Complaint, complaint);
    marks.put(Mark::Accepted, case.accepted_at.is_some());
    let decided = case.inclusion.as_ref().map(|inclusion| inclusion.counted);
    // what nobody has looked at yet counts provisionally and is shown as such
    let countable = complaint && case.accepted_at.is_some() && !is_final;
    marks.put(Mark::Counted, countable && decided != Some(false));
    marks.put(Mark::Undecided, countable && decided.is_none());
    marks.put(Mark::Major, case.is_confirmed_major());
}

/// PROP-93: closed and open follow PROP-64.
fn closing(case: &Case, marks: &mut Marks) {
    marks.put(Mark::Closed, case.stage == Stage::Closed);
    let closed = |kind| case.closure == Some(kind);
    marks.put(Mark::ClosedSatisfied, closed(ClosureKind::Satisfied));
    marks.put(Mark::ClosedExempt, closed(ClosureKind::ExemptElapsed));
    marks.put(Mark::ClosedNotEstablished, closed(ClosureKind::NotEstablished));
    marks.put(Mark::ClosedWithdrawn, closed(ClosureKind::Withdrawn));
    marks.put(Mark::ClosedDissatisfied, closed(ClosureKind::AgreedButDissatisfied));
    let unmet = closed(ClosureKind::NotEstablished) || closed(ClosureKind::AgreedButDissatisfied);
    marks.put(Mark::Unmet, unmet);
}

fn replies(case: &Case, marks: &mut Marks) {
    let limit = case.clocks.iter().find(|clock| {
        matches!(clock.kind, ClockKind::Reply | ClockKind::Measures) && clock.cancelled_at.is_none()
    });
    marks.put(Mark::ReplyDue, limit.is_some());
    let late = limit.is_some_and(|clock| clock.breached_at.is_some());
    marks.put(Mark::ReplyInTime, !late && limit.is_some_and(|clock| clock.met_at.is_some()));
    marks.put(Mark::ReplyLate, late);
    marks.put(Mark::Replied, case.replies.iter().any(|reply| reply.kind != ReplyKind::Acknowledge));
    marks.put(Mark::FinallyAnswered, case.replies.iter().any(|reply| reply.kind == ReplyKind::Final));
}

fn visits(case: &Case, marks: &mut Marks) {
    let round = &case.round;
    marks.put(Mark::Exempt, round.exemption.is_some());
    marks.put(Mark::Verified, round.verified.as_ref().is_some_and(|(verified, ..)| verified.in_order));
    marks.put(Mark::DoNotVisit, case.has(Flag::DoNotVisit));
    let reached = round
        .visits
        .iter()
        .rev()
        .map(|visit| visit.visit.result)
        .find(|result| matches!(result, VisitResult::Satisfied | VisitResult::Dissatisfied));
    marks.put(Mark::Visited, reached.is_some());
    marks.put(Mark::VisitSatisfied, reached == Some(VisitResult::Satisfied));
    marks.put(Mark::VisitDissatisfied, reached == Some(VisitResult::Dissatisfied));
}
