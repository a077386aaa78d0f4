//! Folding an incident's history into its state; nothing is refused here.

use super::event::{Event, Opened, Operated};
use super::membership::{Operation, OperationKind, Undone};
use super::state::{Incident, Stage};
use crate::case::Recorded;
use crate::clock::Clock;
use crate::ids::IncidentId;

/// Folds a whole history; nothing when it does not begin with an opening.
#[must_use]
pub fn replay<'a>(
    id: IncidentId,
    history: impl IntoIterator<Item = &'a Recorded<Event>>,
) -> Option<Incident> {
    let mut history = history.into_iter();
    let mut incident = Incident::begin(id, history.next()?)?;
    history.for_each(|recorded| incident.apply(recorded));
    Some(incident)
}

impl Incident {
    /// Begins an incident from its first event; nothing from any other event.
    #[must_use]
    pub fn begin(id: IncidentId, first: &Recorded<Event>) -> Option<Self> {
        let Event::Opened(opened) = &first.event else { return None };
        let opened: &Opened = opened;
        Some(Self {
            id,
            number: opened.number.clone(),
            version: first.seq,
            title: opened.title.clone(),
            unit: opened.unit,
            building: opened.building.clone(),
            category: opened.category.clone(),
            owner: opened.owner,
            pack: opened.pack.clone(),
            stage: Stage::Open,
            opened_at: first.occurred_at,
            changed_at: first.occurred_at,
            closed_at: None,
            operations: Vec::new(),
            clocks: Vec::new(),
        })
    }

    /// Folds one more event into the state.
    pub fn apply(&mut self, recorded: &Recorded<Event>) {
        self.version = recorded.seq;
        self.changed_at = recorded.occurred_at;
        let at = recorded.occurred_at;
        match &recorded.event {
            Event::Opened(_) | Event::Notified(_) | Event::Erased(_) => {}
            Event::Joined(operated) => self.operate(OperationKind::Join, operated, recorded),
            Event::Split(operated) => self.operate(OperationKind::Split, operated, recorded),
            Event::Marked(operated) => self.operate(OperationKind::Mark, operated, recorded),
            Event::Undone(undoing) => {
                let undone = Undone { by: recorded.by, at, reason: undoing.reason.clone() };
                let found = self.operations.iter_mut().find(|operation| operation.id == undoing.operation);
                if let Some(operation) = found {
                    operation.undone = Some(undone);
                }
            }
            Event::StageChanged(change) => {
                self.stage = change.to;
                self.closed_at = (change.to == Stage::Closed).then_some(at);
            }
            Event::ClockStarted(clock) => self.clocks.push(clock.clone()),
            // A turn that a clock refuses was not decided by these rules.
            Event::ClockWarned(named) => self.turn(named.clock, |clock| clock.warned(at).is_ok()),
            Event::ClockMissed(named) => self.turn(named.clock, |clock| clock.fall_due(at).is_ok()),
            Event::ClockCancelled(named) => self.turn(named.clock, |clock| clock.cancel(at).is_ok()),
            Event::ClockMoved(moved) => self.turn(moved.clock.id, |clock| {
                *clock = moved.clock.clone();
                true
            }),
        }
    }

    fn operate(&mut self, kind: OperationKind, operated: &Operated, recorded: &Recorded<Event>) {
        self.operations.push(Operation {
            id: u32::try_from(self.operations.len()).unwrap_or(u32::MAX).saturating_add(1),
            kind,
            members: operated.members.clone(),
            reason: operated.reason.clone(),
            by: recorded.by,
            at: recorded.occurred_at,
            undone: None,
        });
    }

    fn turn(&mut self, id: u32, turn: impl FnOnce(&mut Clock) -> bool) {
        if let Some(clock) = self.clocks.iter_mut().find(|clock| clock.id == id) {
            turn(clock);
        }
    }
}
