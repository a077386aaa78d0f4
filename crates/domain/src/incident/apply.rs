//! Folding an incident's history into its state; nothing is refused here.

use super::event::{Event, Opened, Operated};
use super::membership::{Operation, OperationKind, Undone};
use super::state::{Hot, Incident, Measure, MembersAnswer, Stage};
use crate::case::{Recorded, WorkTakenOver};
use crate::clock::Clock;
use crate::ids::IncidentId;
use crate::special::{self, Owed};

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
            measures: Vec::new(),
            answers: Vec::new(),
            hots: Vec::new(),
        })
    }

    /// Folds one more event into the state.
    pub fn apply(&mut self, recorded: &Recorded<Event>) {
        self.version = recorded.seq;
        self.changed_at = recorded.occurred_at;
        let at = recorded.occurred_at;
        match &recorded.event {
            Event::Opened(_) | Event::Notified(_) | Event::Erased(_) => {}
            Event::WorkTakenOver(taken) => self.pass_on(*taken),
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
            Event::ClockCancelled(named) => {
                self.turn(named.clock, |clock| clock.cancel(at).is_ok());
                let owed = self.hots.iter_mut().flat_map(|hot| &mut hot.reports);
                let gone = owed.filter(|one| one.clock == Some(named.clock) && one.is_open());
                gone.for_each(|one| one.dropped = true);
            }
            Event::ClockMoved(moved) => self.turn(moved.clock.id, |clock| {
                *clock = moved.clock.clone();
                true
            }),
            other => self.worked(other, recorded),
        }
    }

    /// What was done for all members, and the hot flag with its reports.
    fn worked(&mut self, event: &Event, recorded: &Recorded<Event>) {
        let (at, by) = (recorded.occurred_at, recorded.by);
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        match event {
            Event::MeasureAdded(added) => self.measures.push(Measure {
                id: count(self.measures.len()).saturating_add(1),
                text: added.text.clone(),
                person: added.person,
                due: added.due,
                at,
                ended_at: None,
                result: None,
                dropped: false,
            }),
            Event::MeasureEnded(ended) => {
                if let Some(measure) = self.measures.iter_mut().find(|one| one.id == ended.measure) {
                    measure.ended_at = Some(at);
                    measure.result = Some(ended.result.clone());
                    measure.dropped = ended.dropped;
                }
            }
            Event::MembersReplied(replied) => self.answers.push(MembersAnswer {
                kind: replied.kind,
                carrier: replied.carrier,
                text: replied.text.clone(),
                at,
                by,
                members: count(replied.done.members.len()),
                refused: count(replied.done.refused.len()),
            }),
            Event::BecameHot(became) => self.hots.push(Hot {
                since: at,
                ground: became.ground.clone(),
                withdrawn_at: None,
                withdrawn_by: None,
                withdrawn_because: None,
                reports: Vec::new(),
            }),
            Event::HotRebased(became) => {
                let Some(hot) = self.hots.last_mut() else { return };
                hot.ground = became.ground.clone();
            }
            Event::HotWithdrawn(withdrawn) => {
                if let Some(hot) = self.hots.last_mut() {
                    (hot.withdrawn_at, hot.withdrawn_by) = (Some(at), by);
                    hot.withdrawn_because.clone_from(&withdrawn.reason);
                }
            }
            Event::ReportOwed(owed) => {
                let Some(hot) = self.hots.last_mut() else { return };
                let clock = Some(owed.clock);
                hot.reports.push(Owed { kind: owed.kind, clock, filed: None, dropped: false });
            }
            Event::ReportFiled(filed) => {
                let Some(hot) = self.hots.last_mut() else { return };
                if let Some(clock) = special::file(&mut hot.reports, filed, (at, by)) {
                    self.turn(clock, |clock| clock.meet(at).is_ok());
                }
            }
            // the cases say themselves how they were closed; the rest is above
            _ => {}
        }
    }

    /// The new person answers for the incident and for measures still open.
    fn pass_on(&mut self, taken: WorkTakenOver) {
        let open = self.measures.iter_mut().filter(|measure| measure.ended_at.is_none());
        let held = std::iter::once(&mut self.owner).chain(open.map(|measure| &mut measure.person));
        held.filter(|person| **person == taken.from).for_each(|person| *person = taken.to);
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
