//! What departments have to do from an agreement, and who looks at the effect.

use super::super::agreement::CorrectiveAgreed;
use super::super::command::Done;
use super::super::evaluate::Facts;
use super::super::event::{Event, Recipient, Ruled, TaskKind, TaskOpened};
use super::super::remedy::{RemedyProposed, promised};
use super::super::state::Case;
use super::{clocks, tell, worker};
use crate::clock::ClockKind;
use crate::ids::UnitId;
use crate::people::Post;
use crate::text::Sealed;

/// ASC-10, DEPT-6: each promised item is a task of its own, with its department;
/// ASC-22: what has a value comes into the ledger, to be given within an approval.
pub(super) fn of_signature(case: &Case, id: u32, facts: &Facts<'_>) -> Vec<Event> {
    let Some(agreement) = case.round.agreements.iter().find(|one| one.id == id) else { return Vec::new() };
    let mut events = Vec::new();
    let mut told: Vec<UnitId> = Vec::new();
    for item in &agreement.items {
        if let Some(def) = promised(item, case, facts.pack) {
            events.push(Event::from(Done::ProposeRemedy(RemedyProposed {
                what: item.what.clone(),
                reason: None,
                remedy: def.name.clone(),
                amount: item.amount,
                option: Some(agreement.option.id),
                party: None,
                budget: None,
                invoice: None,
                gives: Some(def.gives),
            })));
        }
        events.push(Event::from(Ruled::TaskOpened(TaskOpened {
            kind: TaskKind::Promised,
            post: Post::Department,
            due: item.due,
            blocking: true,
            sources: vec!["ASC-10".to_owned(), "DEPT-6".to_owned()],
            person: item.department.is_none().then(|| worker(case)),
            unit: item.department,
            title: Some(item.what.clone()),
        })));
        if let Some(unit) = item.department.filter(|unit| !told.contains(unit)) {
            told.push(unit);
            events.push(to_unit(unit));
        }
    }
    events
}

/// those who wait for the customer's word hear that it is there.
pub(super) fn of_confirmation(case: &Case) -> Vec<Event> {
    let mut people = vec![worker(case)];
    people.extend((case.owner != worker(case)).then_some(case.owner));
    let tells = |person| tell(Recipient::Person(person), "agreement_confirmed", true, &["ASC-9", "X-42"]);
    people.into_iter().map(tells).collect()
}

/// Tells a department that a task of the case is its own.
pub(super) fn to_unit(unit: UnitId) -> Event {
    tell(Recipient::Unit(unit), "task_given", true, &["ASC-10"])
}

/// PROP-95: the owner of the action hears of it, and has its effect to look at
/// at the time agreed, whether the case is closed by then or not.
pub(super) fn of_corrective(case: &Case, agreed: &CorrectiveAgreed<Sealed>, facts: &Facts<'_>) -> Vec<Event> {
    let task = TaskOpened {
        kind: TaskKind::EffectCheck,
        post: Post::Lead,
        due: Some(agreed.check_at),
        blocking: false,
        sources: vec!["PROP-95".to_owned()],
        person: Some(agreed.person),
        unit: None,
        title: Some(agreed.text.clone()),
    };
    let mut events = vec![
        Ruled::TaskOpened(task).into(),
        tell(Recipient::Person(agreed.person), "corrective_agreed", true, &["PROP-95"]),
    ];
    events.extend(clocks::watched(case, (ClockKind::EffectCheck, agreed.check_at), facts, "PROP-95"));
    events
}
