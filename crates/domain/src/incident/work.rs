//! What is done on an incident for all of its members: measures, one reply to
//! many, closing, and the reports about a hot one.

use super::body::{Command, CommandKind, MeasureResult, NewMeasure};
use super::decide::Facts;
use super::event::{
    Event, HotWithdrawn, MeasureAdded, MeasureEnded, MembersDone, MembersReplied, StageChanged,
};
use super::state::{Incident, Measure, Stage};
use crate::case::body::{Reply, Seal as _};
use crate::case::{ClockRef, FieldReason, Notified, Reason, Recipient, Refused, ReplyKind, WorkTakenOver};
use crate::ids::PersonId;
use crate::special::{SpecialFiled, SpecialKind, SpecialMatter};
use crate::text::{Sealed, Sealer};

/// Says why an action is closed, whatever its body; who asks is asked before.
pub(super) fn reasons(kind: CommandKind, incident: &Incident, facts: &Facts<'_>) -> Vec<Reason> {
    let closed = incident.stage == Stage::Closed;
    let mut reasons = Vec::new();
    let mut need = |open: bool, code: &'static str| {
        if !open {
            reasons.push(Reason::new(code).params(&[("stage", incident.stage.as_str())]));
        }
    };
    match kind {
        CommandKind::AddMeasure => need(!closed, "wrong_stage"),
        CommandKind::EndMeasure => need(incident.measures.iter().any(is_open), "no_open_measure"),
        CommandKind::ReplyMembers | CommandKind::CloseMembers => {
            need(facts.stand.open > 0, "no_open_members");
        }
        CommandKind::Close => {
            need(!closed, "wrong_stage");
            need(!incident.measures.iter().any(is_open), "measures_open");
            let owed = incident.hot().is_some_and(|hot| {
                hot.reports.iter().any(|one| one.kind == SpecialKind::First && one.is_open())
            });
            need(!owed, "report_owed");
            if facts.stand.open > 0 {
                let params = [("number", &*facts.stand.open.to_string())];
                reasons.push(Reason::new("members_open").params(&params));
            }
        }
        CommandKind::Reopen => need(closed, "wrong_stage"),
        CommandKind::WithdrawHot => need(incident.hot().is_some(), "not_hot"),
        CommandKind::FileReport => need(!incident.hots.is_empty(), "not_hot"),
        CommandKind::Join | CommandKind::Split | CommandKind::Mark | CommandKind::Undo => {}
    }
    reasons
}

const fn is_open(measure: &Measure) -> bool {
    measure.ended_at.is_none()
}

impl Incident {
    /// Turns an action that is open into what happens.
    pub(super) fn work(
        &self,
        command: Command,
        facts: &Facts<'_>,
        sealer: &mut Sealer,
    ) -> Result<Vec<Event>, Refused> {
        match command {
            Command::AddMeasure(body) => self.measured(body, facts, sealer),
            Command::EndMeasure(body) => self.measure_ended(&body, sealer),
            Command::Close(body) => {
                let reason = sealer.seal(body.reason.as_str());
                let mut events = vec![self.moved(Stage::Closed, Some(reason))];
                // PROP-85: completed, the case report is owed
                if let (Some(_), Some(rule)) = (self.hot(), &facts.pack.hot) {
                    let due = (SpecialKind::Closing, rule.case_report);
                    events.extend(self.owed(due, rule, (facts.calendar, facts.now)));
                }
                Ok(events)
            }
            Command::Reopen(body) => {
                let mut events = vec![self.reopened(Some(sealer.seal(body.reason.as_str())))];
                // what was completed is not: its report is not owed yet
                events.extend(self.called_off(|kind| kind == SpecialKind::Closing));
                Ok(events)
            }
            Command::WithdrawHot(body) => {
                let reason = Some(sealer.seal(body.reason.as_str()));
                let mut events = vec![Event::HotWithdrawn(HotWithdrawn { reason })];
                events.extend(self.called_off(|_| true));
                events.extend(self.leaders("hot_withdrawn"));
                Ok(events)
            }
            Command::FileReport(body) => self.reported(body, sealer),
            Command::Operate(_) | Command::Undo(..) => Ok(Vec::new()),
        }
    }

    /// Says whether a person answers for the incident or for an open measure.
    #[must_use]
    pub fn is_owed_by(&self, person: PersonId) -> bool {
        let measures = self.measures.iter().any(|one| is_open(one) && one.person == person);
        self.stage != Stage::Closed && (self.owner == person || measures)
    }

    /// Makes the events by which another goes on where somebody stops (PROP-14).
    #[must_use]
    pub fn taken_over(&self, from: PersonId, to: PersonId) -> Vec<Event> {
        let taken = Event::WorkTakenOver(WorkTakenOver { from, to });
        vec![taken, Self::tells(Recipient::Person(to), "work_taken_over", false, &["PROP-14"])]
    }

    fn measured(
        &self,
        body: NewMeasure,
        facts: &Facts<'_>,
        sealer: &mut Sealer,
    ) -> Result<Vec<Event>, Refused> {
        if body.due.is_some_and(|due| due <= facts.now) {
            return Err(Refused::fields(vec![FieldReason::new("due", "in_the_past")]));
        }
        let person = body.person.unwrap_or(self.owner);
        let text = sealer.seal(body.text.as_str());
        let mut events = vec![Event::MeasureAdded(MeasureAdded { text, person, due: body.due })];
        if self.stage != Stage::Measures {
            events.push(self.moved(Stage::Measures, None));
        }
        if facts.actor.person != Some(person) {
            events.push(Self::tells(Recipient::Person(person), "measure_given", false, &[]));
        }
        Ok(events)
    }

    fn measure_ended(&self, body: &MeasureResult, sealer: &mut Sealer) -> Result<Vec<Event>, Refused> {
        if !self.measures.iter().any(|one| one.id == body.measure && is_open(one)) {
            return Err(Refused::fields(vec![FieldReason::new("measure", "not_open")]));
        }
        let result = sealer.seal(body.result.as_str());
        Ok(vec![Event::MeasureEnded(MeasureEnded { measure: body.measure, result, dropped: body.dropped })])
    }

    fn reported(&self, body: SpecialFiled, sealer: &mut Sealer) -> Result<Vec<Event>, Refused> {
        if body.kind == SpecialKind::Closing && self.stage != Stage::Closed {
            return Err(Refused::fields(vec![FieldReason::new("kind", "not_completed")]));
        }
        let wrong = body.unfit(SpecialMatter::Hot);
        if !wrong.is_empty() {
            return Err(Refused::fields(wrong));
        }
        let mut events = vec![Event::ReportFiled(body.seal(sealer))];
        events.extend(self.leaders("report_filed"));
        Ok(events)
    }

    /// Makes the events of one reply that members took, each by its own rules.
    ///
    /// The incident is answered once nobody who is open lacks a final answer.
    #[must_use]
    pub fn members_replied(
        &self,
        reply: &Reply,
        done: MembersDone,
        facts: &Facts<'_>,
        sealer: &mut Sealer,
    ) -> Vec<Event> {
        let text = sealer.seal(reply.text.as_str());
        let replied = MembersReplied { kind: reply.kind, carrier: reply.carrier, text, done };
        let mut events = vec![Event::MembersReplied(replied)];
        let before = matches!(self.stage, Stage::Open | Stage::Measures);
        if before && reply.kind == ReplyKind::Final && facts.stand.unanswered == 0 {
            events.push(self.moved(Stage::Answered, None));
        }
        events
    }

    /// Makes the event of members that were closed, each by its own rules.
    #[must_use]
    pub fn members_closed(&self, done: MembersDone) -> Vec<Event> {
        vec![Event::MembersClosed(done)]
    }

    /// Makes the events of a member that was opened again: what all of them
    /// wait for is not done either (PROP-64).
    #[must_use]
    pub fn member_reopened(&self) -> Vec<Event> {
        if self.stage != Stage::Closed {
            return Vec::new();
        }
        let mut events = vec![self.reopened(None)];
        events.extend(self.called_off(|kind| kind == SpecialKind::Closing));
        events.push(Self::tells(Recipient::Person(self.owner), "incident_reopened", true, &["PROP-64"]));
        events
    }

    pub(super) fn reopened(&self, reason: Option<Sealed>) -> Event {
        let to = if self.measures.is_empty() { Stage::Open } else { Stage::Measures };
        self.moved(to, reason)
    }

    fn moved(&self, to: Stage, reason: Option<Sealed>) -> Event {
        Event::StageChanged(StageChanged { from: self.stage, to, reason })
    }

    /// Calls off reports that are owed and not given.
    pub(super) fn called_off(&self, which: impl Fn(SpecialKind) -> bool) -> Vec<Event> {
        let owed = self.hots.iter().flat_map(|hot| &hot.reports);
        let open = owed.filter(|one| one.is_open() && which(one.kind)).filter_map(|one| one.clock);
        open.map(|clock| Event::ClockCancelled(ClockRef { clock })).collect()
    }

    /// Makes the event of somebody's being told.
    #[must_use]
    pub fn tells(to: Recipient, why: &str, urgent: bool, sources: &[&str]) -> Event {
        let sources = sources.iter().map(|source| (*source).to_owned()).collect();
        Event::Notified(Notified { to, why: why.to_owned(), urgent, sources })
    }
}
