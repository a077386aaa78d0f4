//! Who hears of talks with several parties.

use super::super::evaluate::Facts;
use super::super::event::{Event, Recipient};
use super::super::state::Case;
use super::super::thread::{MessageWritten, ThreadOpened};
use super::{tell, worker};
use crate::text::Sealed;

/// DEPT-4: the salesperson hears that there is a thread to write into.
pub(super) fn of_opening(opened: &ThreadOpened<Sealed>, facts: &Facts<'_>) -> Vec<Event> {
    let told = opened.person.filter(|person| facts.actor.person != Some(*person));
    told.map(|person| tell(Recipient::Person(person), "thread_opened", false, &["DEPT-4"]))
        .into_iter()
        .collect()
}

/// DEPT-4: the other side of the thread hears of the message, nobody else.
pub(super) fn of_message(case: &Case, written: &MessageWritten<Sealed>, facts: &Facts<'_>) -> Vec<Event> {
    let Some(thread) = case.thread(written.thread) else { return Vec::new() };
    let me = facts.actor.person;
    let mut people = vec![worker(case)];
    people.extend(thread.person);
    people.dedup();
    let others = people.into_iter().filter(|person| me != Some(*person));
    others.map(|person| tell(Recipient::Person(person), "message_written", false, &["DEPT-4"])).collect()
}
