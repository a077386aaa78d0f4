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
        /// Money agreed with the customer, in fen.
        Agreed = "agreed",
        /// Money paid, in fen.
        Paid = "paid",
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
    /// Money agreed with the customer, in fen.
    pub agreed_fen: i64,
    /// Money paid, in fen.
    pub paid_fen: i64,
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
        paid_fen: 0,
    }
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
