//! Numbers that a case brings into a sum.

use crate::case::{Case, Direction, Promise};
use crate::time::Timestamp;

crate::wire::wire_enum! {
    /// What is added up over the cases of a list.
    Amount {
        /// How many times somebody came about it (PROP-90).
        Times = "times",
        /// Asked without having been told (MOB-15).
        Misses = "misses",
        /// Promises made.
        PromisesMade = "promises_made",
        /// Promises kept in time.
        PromisesKept = "promises_kept",
        /// Money demanded, in fen (PROP-81).
        Demanded = "demanded",
        /// Money agreed with the customer in all rounds, the last of each, in fen.
        Agreed = "agreed",
        /// Money paid, in fen.
        Paid = "paid",
        /// Promises that were not kept in time (CP8-14).
        PromisesBroken = "promises_broken",
        /// How often the work went from hand to hand (CP8-17).
        Reassigned = "reassigned",
        /// The longest time without progress, in whole days (CP8-17).
        IdleDays = "idle_days",
    }
}

/// The numbers of one case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    /// How many times somebody came about it.
    pub times: u32,
    /// Asked without having been told.
    pub misses: u32,
    /// Promises made.
    pub promises_made: u32,
    /// Promises kept in time.
    pub promises_kept: u32,
    /// Money agreed with the customer in all rounds, the last of each, in fen.
    pub agreed_fen: i64,
    /// Money paid, in fen.
    pub paid_fen: i64,
    /// Promises that were not kept in time.
    pub promises_broken: u32,
    /// How often the work went from hand to hand.
    pub reassigned: u32,
    /// The longest time without progress, in whole days.
    pub idle_days: u32,
}

/// Derives the numbers of a case.
#[must_use]
pub fn amounts(case: &Case) -> Amounts {
    let inbound = case.contacts.iter().filter(|seen| seen.contact.direction == Direction::Inbound);
    let count = |found: usize| u32::try_from(found).unwrap_or(u32::MAX);
    let made = case.promises.iter().filter(|promise| promise.withdrawn_at.is_none());
    let rounds = case.rounds.iter().chain([&case.round]);
    let accepted = rounds.filter_map(|round| {
        let accepted =
            |option: &&crate::case::OptionState| option.answer == Some(crate::case::OptionAnswer::Accepted);
        round.options.iter().rev().find(accepted).and_then(|option| option.amount)
    });
    Amounts {
        times: count(inbound.count()).saturating_add(1),
        misses: misses(case),
        promises_made: count(made.clone().count()),
        promises_kept: count(made.filter(|promise| kept_in_time(promise)).count()),
        agreed_fen: accepted.map(|money| money.fen()).fold(0, i64::saturating_add),
        paid_fen: case.paid_fen(),
        promises_broken: count(case.promises.iter().filter(|promise| is_broken(promise, case)).count()),
        reassigned: case.counts.transferred.saturating_sub(1),
        idle_days: idle_days(case),
    }
}

/// CP8-14: kept too late, or not kept when its time was over; a promise that
/// was taken back with the customer's knowledge is none.
fn is_broken(promise: &Promise, case: &Case) -> bool {
    let clock = || case.clocks.iter().find(|clock| Some(clock.id) == promise.clock);
    let missed = || clock().is_some_and(|clock| clock.breached_at.is_some());
    match promise.kept_at {
        Some(kept) => kept > promise.due,
        None => promise.withdrawn_at.is_none() && missed(),
    }
}

/// Microseconds of one day.
const DAY: i64 = 86_400_000_000;

/// CP8-17: the longest span in which nothing moved on, in whole days, up to
/// the last thing that did; what waits now shows with the next step.
#[must_use]
pub fn idle_days(case: &Case) -> u32 {
    let mut steps = progress(case);
    steps.push(case.received_at);
    steps.sort_unstable();
    let gaps = steps.windows(2).map(|two| (two[1].micros() - two[0].micros()) / DAY);
    gaps.max().and_then(|days| u32::try_from(days).ok()).unwrap_or(0)
}

/// Lists when the matter moved on: the customer heard of it or got something,
/// somebody signed, did or agreed something, or it was closed.
fn progress(case: &Case) -> Vec<Timestamp> {
    let rounds = || case.rounds.iter().chain([&case.round]);
    let mut steps: Vec<Timestamp> = case.replies.iter().map(|reply| reply.at).collect();
    let outbound = case.contacts.iter().filter(|seen| seen.contact.direction == Direction::Outbound);
    steps.extend(outbound.map(|seen| seen.at));
    steps.extend(case.tasks.iter().filter_map(|task| task.ended_at));
    steps.extend(case.remedies.iter().flat_map(|remedy| &remedy.given).map(|payment| payment.at));
    steps.extend(case.closed_at);
    for round in rounds() {
        let signed = round.approvals.iter().flat_map(|one| &one.signed).map(|signature| signature.at);
        steps.extend(signed.chain(round.approvals.iter().filter_map(|one| one.decision.map(|(.., at)| at))));
        steps.extend(round.visits.iter().map(|visit| visit.at));
        steps.extend(round.agreements.iter().map(|agreement| agreement.at));
    }
    steps
}

/// Gives when the matter last moved on.
#[must_use]
pub fn last_progress(case: &Case) -> Timestamp {
    progress(case).into_iter().max().map_or(case.received_at, |last| last.max(case.received_at))
}

fn kept_in_time(promise: &Promise) -> bool {
    promise.kept_at.is_some_and(|kept| kept <= promise.due)
}

/// Counts how often the customer had to ask without having been told since the
/// last time somebody spoke to them (MOB-15).
#[must_use]
pub fn misses(case: &Case) -> u32 {
    let told_between = |after: Timestamp, until: Timestamp| {
        let replied = case.replies.iter().any(|reply| reply.at > after && reply.at <= until);
        let called = case
            .contacts
            .iter()
            .any(|seen| seen.contact.direction == Direction::Outbound && seen.at > after && seen.at <= until);
        replied || called
    };
    let (mut last, mut misses) = (case.received_at, 0);
    for seen in case.contacts.iter().filter(|seen| seen.contact.direction == Direction::Inbound) {
        misses += u32::from(seen.contact.asks_progress && !told_between(last, seen.at));
        last = seen.at;
    }
    misses
}
