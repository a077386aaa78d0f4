//! Who hears of remedies and of changed settings, and what they have to do.

use super::super::evaluate::Facts;
use super::super::event::{Event, Recipient, Ruled, TaskKind, TaskOpened};
use super::super::remedy::{LevelRaised, SettingChanged};
use super::super::state::Case;
use super::tell;
use crate::text::Sealed;

/// CP8-12: who answers for the case hears that the customer has it.
pub(super) fn of_given(case: &Case, facts: &Facts<'_>) -> Vec<Event> {
    if facts.actor.person == Some(case.owner) {
        return Vec::new();
    }
    vec![tell(Recipient::Person(case.owner), "remedy_given", false, &["CP8-12"])]
}

/// CP8-16: who talks from now on hears of it; the owner stays and hears too.
pub(super) fn of_setting(case: &Case, changed: &SettingChanged<Sealed>, facts: &Facts<'_>) -> Vec<Event> {
    let told = |person| facts.actor.person != Some(person);
    let mut events = Vec::new();
    if let Some(person) = changed.person.filter(|person| told(*person)) {
        events.push(tell(Recipient::Person(person), "talks_given_to_you", true, &["CP8-16"]));
    }
    if told(case.owner) && changed.person != Some(case.owner) {
        events.push(tell(Recipient::Person(case.owner), "setting_changed", false, &["CP8-16"]));
    }
    events
}

/// ASC-24: a task of whoever stands higher, which the case waits for.
pub(super) fn of_level(raised: &LevelRaised<Sealed>) -> Vec<Event> {
    let sources = vec!["ASC-24".to_owned(), "CP8-16".to_owned()];
    let task = TaskOpened {
        kind: TaskKind::LeaderTalk,
        post: raised.post,
        due: raised.due,
        blocking: true,
        sources,
        person: raised.person,
        unit: None,
        title: Some(raised.reason.clone()),
    };
    let to = raised.person.map_or(Recipient::Post(raised.post), Recipient::Person);
    vec![Ruled::TaskOpened(task).into(), tell(to, "level_raised", true, &["ASC-24"])]
}
