//! Turning a command on an incident into events, or saying why not.

use super::body::{Command, CommandKind, MOST_MEMBERS, MembersOperated, NewIncident};
use super::event::{Event, Opened, Operated, Undoing};
use super::membership::{self, Member, Membership, Operation, OperationKind};
use super::state::{Incident, Stage};
use super::work;
use crate::case::{CaseActor, ClosureKind, FieldReason, NOT_PERMITTED, PackRef, Reason, Refused};
use crate::ids::{PersonId, UnitId};
use crate::pack::{By, Pack};
use crate::people::Post;
use crate::text::{Sealed, Sealer};
use crate::time::{Timestamp, WorkingCalendar};
use std::collections::BTreeMap;

/// What a decision must know of a case or contact that it names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseSeen {
    /// How the case is closed, while it is.
    pub closure: Option<ClosureKind>,
    /// False when the case has no such contact.
    pub there: bool,
    /// Number of the other incident to which it belongs.
    pub elsewhere: Option<String>,
}

/// Everything a decision may look at beside the incident itself.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The pack that binds the incident.
    pub pack: &'a Pack,
    /// The calendar of the organisation.
    pub calendar: &'a WorkingCalendar,
    /// Who acts.
    pub actor: &'a CaseActor,
    /// The cases and contacts named, of this organisation and visible.
    pub seen: &'a BTreeMap<Member, CaseSeen>,
    /// How far the members are.
    pub stand: MembersStand,
    /// When it happens.
    pub now: Timestamp,
}

/// How far the member cases of an incident are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MembersStand {
    /// Cases that are not closed, nor wait out an exempt week.
    pub open: u32,
    /// Of those, cases whose customer has no final answer yet.
    pub unanswered: u32,
}

/// Who takes a hot flag back.
const LEADERS: &[By] = &[By::Post(Post::Lead), By::Post(Post::Head), By::Post(Post::Manager)];

/// Who works on incidents: the desk and its lead (appendix D).
const DESK: &[By] = &[
    By::Post(Post::Agent),
    By::Post(Post::Lead),
    By::Post(Post::Head),
    By::Post(Post::Supervisor),
    By::Post(Post::ShiftLeader),
];

/// Says whether some body of the action would be accepted now (D2).
///
/// # Errors
/// Every reason why not.
pub fn evaluate(kind: CommandKind, incident: &Incident, facts: &Facts<'_>) -> Result<(), Vec<Reason>> {
    let mut reasons = Vec::new();
    let who = if kind == CommandKind::WithdrawHot { LEADERS } else { DESK };
    reasons.extend(permitted(who, facts));
    let standing = incident.operations.iter().any(|operation| operation.undone.is_none());
    match kind {
        CommandKind::Join => {}
        CommandKind::Split | CommandKind::Mark => {
            if incident.membership().members.is_empty() {
                reasons.push(Reason::new("no_members"));
            }
        }
        CommandKind::Undo => {
            if !standing {
                reasons.push(Reason::new("nothing_to_undo"));
            }
        }
        _ => reasons.extend(work::reasons(kind, incident, facts)),
    }
    if reasons.is_empty() { Ok(()) } else { Err(reasons) }
}

fn permitted(who: &[By], facts: &Facts<'_>) -> Option<Reason> {
    let holds = |by: &By| matches!(by, By::Post(post) if facts.actor.posts.contains(post));
    let may = facts.actor.person.is_none() || who.iter().any(holds);
    (!may).then(|| Reason::new(NOT_PERMITTED).who(who))
}

/// Turns the opening of an incident into its first events.
///
/// # Errors
/// Fields that are not acceptable, or who may not.
pub fn open(
    new: NewIncident,
    (number, unit, owner): (String, UnitId, PersonId),
    facts: &Facts<'_>,
    sealer: &mut Sealer,
) -> Result<Vec<Event>, Refused> {
    if let Some(reason) = permitted(DESK, facts) {
        return Err(Refused::Closed(vec![reason]));
    }
    let mut wrong = Vec::new();
    if new.category.as_ref().is_some_and(|code| facts.pack.category(code).is_none()) {
        wrong.push(FieldReason::new("category", "unknown_category"));
    }
    if new.building.as_ref().is_some_and(|building| building.trim().is_empty() || building.len() > 100) {
        wrong.push(FieldReason::new("building", "text_length"));
    }
    wrong.extend(unfit(OperationKind::Join, &new.members, &Membership::default(), facts));
    if !wrong.is_empty() {
        return Err(Refused::fields(wrong));
    }
    let opened = Opened {
        number,
        title: sealer.seal(new.title.as_str()),
        unit,
        building: new.building.map(|building| building.trim().to_owned()),
        category: new.category,
        owner,
        pack: PackRef { name: facts.pack.name.clone(), version: facts.pack.version },
    };
    let mut events = vec![Event::Opened(Box::new(opened))];
    if !new.members.is_empty() {
        let reason = sealer.seal(new.reason.as_str());
        events.push(Event::Joined(Operated { members: new.members, reason }));
    }
    Ok(events)
}

impl Incident {
    /// Turns a command into what happens, or says why not.
    ///
    /// # Errors
    /// [`Refused`] with every reason; nothing happened then.
    pub fn decide(
        &self,
        command: Command,
        facts: &Facts<'_>,
        sealer: &mut Sealer,
    ) -> Result<Vec<Event>, Refused> {
        evaluate(command.kind(), self, facts).map_err(Refused::Closed)?;
        match command {
            Command::Operate(body) => self.operated(body, facts, sealer),
            Command::Undo(operation, body) => {
                self.may_undo(operation, facts)?;
                let reason = sealer.seal(body.reason.as_str());
                let mut events = vec![Event::Undone(Undoing { operation, reason })];
                events.extend(self.opens_again(&self.regained(operation), facts));
                Ok(events)
            }
            other => self.work(other, facts, sealer),
        }
    }

    fn operated(
        &self,
        body: MembersOperated,
        facts: &Facts<'_>,
        sealer: &mut Sealer,
    ) -> Result<Vec<Event>, Refused> {
        let mut wrong = unfit(body.kind, &body.members, &self.membership(), facts);
        if body.members.is_empty() {
            wrong.push(FieldReason::new("members", "required"));
        }
        let one_case = matches!(body.members.as_slice(), [Member { contact: None, .. }]);
        if body.kind == OperationKind::Mark && !one_case {
            wrong.push(FieldReason::new("members", "one_case"));
        }
        if !wrong.is_empty() {
            return Err(Refused::fields(wrong));
        }
        let reason: Sealed = sealer.seal(body.reason.as_str());
        let joined = if body.kind == OperationKind::Join { body.members.clone() } else { Vec::new() };
        let mut events = vec![Event::operated(body.kind, Operated { members: body.members, reason })];
        events.extend(self.opens_again(&joined, facts));
        Ok(events)
    }

    /// PROP-64, 90: an incident that gains an open case is not done.
    fn opens_again(&self, gained: &[Member], facts: &Facts<'_>) -> Option<Event> {
        let open = |member: &Member| facts.seen.get(member).is_some_and(|seen| seen.closure.is_none());
        (self.stage == Stage::Closed && gained.iter().any(open)).then(|| self.reopened(None))
    }

    /// Gives who would belong again when an operation is undone.
    ///
    /// Nothing when the undoing itself is refused.
    #[must_use]
    pub fn regained(&self, operation: u32) -> Vec<Member> {
        membership::without(&self.operations, operation)
            .map_or_else(|_| Vec::new(), |after| after.beyond(&self.membership()))
    }

    /// D3: undo in any order; refused where a later operation depends on it.
    fn may_undo(&self, id: u32, facts: &Facts<'_>) -> Result<(), Refused> {
        let closed = |reason: Reason| Refused::Closed(vec![reason]);
        let found: Option<&Operation> = self.operations.iter().find(|operation| operation.id == id);
        let Some(found) = found else { return Err(closed(Reason::new("unknown_operation"))) };
        if found.undone.is_some() {
            return Err(closed(Reason::new("undone_already")));
        }
        if let Err(clash) = membership::without(&self.operations, id) {
            let params = [("operation", &*clash.operation.to_string())];
            return Err(closed(Reason::new("operation_depends").params(&params)));
        }
        for member in self.regained(id) {
            let seen = facts.seen.get(&member);
            if let Some(other) = seen.and_then(|seen| seen.elsewhere.as_deref()) {
                return Err(closed(Reason::new("joined_elsewhere").params(&[("incident", other)])));
            }
            if seen.and_then(|seen| seen.closure).is_some_and(ClosureKind::is_final) {
                return Err(closed(Reason::new("case_void_or_duplicate")));
            }
        }
        Ok(())
    }
}

/// Names the members that an operation cannot take, with the place of each.
fn unfit(
    kind: OperationKind,
    members: &[Member],
    before: &Membership,
    facts: &Facts<'_>,
) -> Vec<FieldReason> {
    if members.len() > MOST_MEMBERS {
        return vec![FieldReason::new("members", "too_many_members")];
    }
    let mut named = std::collections::BTreeSet::new();
    let mut wrong = Vec::new();
    for (place, member) in members.iter().enumerate() {
        let seen = facts.seen.get(member);
        let joins = kind == OperationKind::Join;
        let code = match seen {
            None => Some("unknown_case"),
            Some(seen) if !seen.there => Some("unknown_contact"),
            Some(_) if !named.insert(*member) => Some("named_twice"),
            Some(_) if joins && before.members.contains_key(member) => Some("already_member"),
            Some(_) if !joins && !before.members.contains_key(member) => Some("not_a_member"),
            Some(seen) if joins && seen.elsewhere.is_some() => Some("joined_elsewhere"),
            Some(seen) if joins && seen.closure.is_some_and(ClosureKind::is_final) => {
                Some("case_void_or_duplicate")
            }
            Some(_) => None,
        };
        wrong.extend(code.map(|code| FieldReason::new(&format!("members[{place}]"), code)));
    }
    wrong
}
