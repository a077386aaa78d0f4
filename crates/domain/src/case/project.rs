//! The flat row that statistics read (`CaseFacts`), derived from the state.

use super::kind::{Channel, Kind};
use super::stage::ClosureKind;
use super::state::Case;
use super::words::{ExemptionReason, ReplyKind, VisitResult};
use crate::clock::ClockKind;
use crate::count::{self, Amount, Amounts, Marks};
use crate::ids::UnitId;
use crate::money::Money;
use crate::time::Timestamp;

/// What statistics read of one case; incident membership stays outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFacts<'a> {
    /// What it is about.
    pub kind: Kind,
    /// How it reached us.
    pub channel: Channel,
    /// The unit it belongs to.
    pub unit: UnitId,
    /// Category as the customer put it.
    pub intake_category: Option<&'a str>,
    /// Category as verified, used in statistics (PROP-92).
    pub final_category: Option<&'a str>,
    /// Cause leaf.
    pub cause: Option<&'a str>,
    /// When the message reached us.
    pub received_at: Timestamp,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// When the customer first got a substantive answer.
    pub first_reply_at: Option<Timestamp>,
    /// When executing ended last.
    pub executed_at: Option<Timestamp>,
    /// When it was last found in order.
    pub verified_at: Option<Timestamp>,
    /// When the last visit was made.
    pub visited_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// How it was closed.
    pub closure: Option<ClosureKind>,
    /// Why no visit was made.
    pub exemption: Option<ExemptionReason>,
    /// The customer's word at the last visit.
    pub satisfied: Option<bool>,
    /// Rounds so far.
    pub rounds: u32,
    /// Reminders so far.
    pub urged: u32,
    /// How often the customer had to ask (SUP-10).
    pub asked_progress: u32,
    /// The amount demanded (PROP-81).
    pub demand: Option<Money>,
    /// Limit of the first reply.
    pub reply_due_at: Option<Timestamp>,
    /// When that limit was met.
    pub reply_met_at: Option<Timestamp>,
    /// The pack that binds it.
    pub pack: &'a str,
    /// Category of the statistics: final, else that of intake.
    pub category: Option<&'a str>,
    /// Elementary facts, of which figures are made.
    pub marks: Marks,
    /// Numbers that are added up.
    pub amounts: Amounts,
}

/// Derives the flat row from the state.
#[must_use]
pub fn facts(case: &Case) -> CaseFacts<'_> {
    let substantive = |kind: ReplyKind| kind != ReplyKind::Acknowledge;
    let reply = case.clocks.iter().find(|clock| matches!(clock.kind, ClockKind::Reply | ClockKind::Measures));
    let verified = case.round.verified.as_ref().filter(|(verified, ..)| verified.in_order);
    let visit = case.round.visits.last();
    CaseFacts {
        kind: case.kind,
        channel: case.channel,
        unit: case.unit,
        intake_category: case.category.as_deref(),
        final_category: case.final_category.as_deref(),
        cause: case.cause.as_deref(),
        received_at: case.received_at,
        accepted_at: case.accepted_at,
        first_reply_at: case.replies.iter().find(|reply| substantive(reply.kind)).map(|reply| reply.at),
        executed_at: case.round.executed_at,
        verified_at: verified.map(|(_, _, at)| *at),
        visited_at: visit.map(|visit| visit.at),
        closed_at: case.closed_at,
        closure: case.closure,
        exemption: case.round.exemption.map(|(reason, _)| reason),
        satisfied: visit.and_then(|visit| match visit.visit.result {
            VisitResult::Satisfied => Some(true),
            VisitResult::Dissatisfied => Some(false),
            VisitResult::NotReached | VisitResult::Refused => None,
        }),
        rounds: case.round.number,
        urged: case.counts.urged,
        asked_progress: case.counts.asked_progress,
        demand: case.demand,
        reply_due_at: reply.map(|clock| clock.due_at),
        reply_met_at: reply.and_then(|clock| clock.met_at),
        pack: &case.pack.name,
        category: case.final_category.as_deref().or(case.category.as_deref()),
        marks: count::marks(case),
        amounts: count::amounts(case),
    }
}

impl CaseFacts<'_> {
    /// Gives a number that is added up over cases.
    #[must_use]
    pub fn amount(&self, amount: Amount) -> i64 {
        match amount {
            Amount::Times => i64::from(self.amounts.times),
            Amount::Misses => i64::from(self.amounts.misses),
            Amount::PromisesMade => i64::from(self.amounts.promises_made),
            Amount::PromisesKept => i64::from(self.amounts.promises_kept),
            Amount::Demanded => self.demand.map_or(0, Money::fen),
            Amount::Agreed => self.amounts.agreed_fen,
            Amount::Paid => self.amounts.paid_fen,
            Amount::PromisesBroken => i64::from(self.amounts.promises_broken),
            Amount::Reassigned => i64::from(self.amounts.reassigned),
            Amount::IdleDays => i64::from(self.amounts.idle_days),
        }
    }
}
