//! How a case begins: the message is received and somebody owns it.

use super::body::{Moved, Seal};
use super::consequence;
use super::decide::{FieldReason, Refused};
use super::evaluate::Facts;
use super::event::{Begun, CaseParty, Event, External, Received};
use super::kind::{Channel, Kind, Source};
use crate::clock::{Clock, DueError, Terms};
use crate::ids::{PersonId, UnitId};
use crate::pack::{ClockStart, Pack};
use crate::text::{Sealer, Text};
use crate::time::{Timestamp, WorkingCalendar};
use std::collections::BTreeMap;

/// What is known when a message is received, texts still readable.
#[derive(Clone, Debug)]
pub struct Intake {
    /// The human number.
    pub number: String,
    /// What it is about.
    pub kind: Kind,
    /// How it reached us.
    pub channel: Channel,
    /// Who or what brought it.
    pub source: Option<Source>,
    /// The unit it belongs to.
    pub unit: UnitId,
    /// Who answers that it gets solved (PROP-14).
    pub owner: PersonId,
    /// When it was collected in the field.
    pub collected_at: Option<Timestamp>,
    /// A short title.
    pub title: Option<Text>,
    /// The message.
    pub text: Text,
    /// Parties in their roles.
    pub parties: Vec<CaseParty>,
    /// How many persons complain together; 1 for one.
    pub persons: u32,
    /// True when the customer chose to give no name.
    pub anonymous: bool,
    /// True when no usable contact is known.
    pub no_usable_contact: bool,
    /// Category as the customer put it.
    pub category: Option<String>,
    /// Fields of the pack.
    pub fields: BTreeMap<String, Text>,
    /// Origin of an imported record.
    pub external: Option<External>,
}

/// The most persons that one message speaks for.
const MOST_PERSONS: u32 = 100_000;

/// Turns an intake into the first events of a case.
///
/// Only text and channel are mandatory; every limit that the pack sets
/// for kind and channel starts here.
///
/// # Errors
/// Fields that the pack does not know, or times out of order.
pub fn receive(intake: Intake, facts: &Facts<'_>, sealer: &mut Sealer) -> Result<Vec<Event>, Refused> {
    let mut wrong = Vec::new();
    if facts.pack.targets(intake.kind).is_empty() {
        wrong.push(FieldReason::new("kind", "kind_not_in_pack"));
    }
    if intake.category.as_ref().is_some_and(|code| facts.pack.category(code).is_none()) {
        wrong.push(FieldReason::new("category", "unknown_category"));
    }
    for (name, text) in &intake.fields {
        match facts.pack.field(intake.kind, name) {
            None => wrong.push(FieldReason::new(&format!("fields.{name}"), "unknown_field")),
            Some(field) if !field.kind.takes(text.as_str()) => {
                wrong.push(FieldReason::new(&format!("fields.{name}"), "wrong_value"));
            }
            Some(_) => {}
        }
    }
    if !(1..=MOST_PERSONS).contains(&intake.persons) {
        wrong.push(FieldReason::new("persons", "out_of_range"));
    }
    if intake.collected_at.is_some_and(|at| at > facts.now) {
        wrong.push(FieldReason::new("collected_at", "in_the_future"));
    }
    if !wrong.is_empty() {
        return Err(Refused::fields(wrong));
    }
    let by_receipt = Started { kind: intake.kind, channel: intake.channel, round: 1, first: 1 };
    let clocks = clocks_for(&by_receipt, ClockStart::Receipt, facts.pack, facts.calendar, facts.now)
        .map_err(|_| Refused::fields(vec![FieldReason::new("received_at", "out_of_range")]))?;
    let received = Received {
        number: intake.number,
        kind: intake.kind,
        channel: intake.channel,
        source: intake.source,
        unit: intake.unit,
        pack: facts.pack.reference(),
        owner: intake.owner,
        receiver: facts.actor.person,
        collected_at: intake.collected_at,
        late: intake.collected_at.map(|at| {
            let zone = facts.calendar.zone();
            zone.date(at) != zone.date(facts.now)
        }),
        title: intake.title.map(|title| sealer.seal(title.as_str())),
        text: sealer.seal(intake.text.as_str()),
        parties: intake.parties,
        persons: intake.persons,
        anonymous: intake.anonymous,
        no_usable_contact: intake.no_usable_contact,
        category: intake.category,
        fields: intake.fields.into_iter().map(|(name, text)| (name, sealer.seal(text.as_str()))).collect(),
        clocks,
        external: intake.external,
    };
    let told = consequence::of_receipt(&received, facts);
    let mut events = vec![Event::Begun(Begun::Received(Box::new(received)))];
    events.extend(told);
    Ok(events)
}

/// For which case clocks start, and which number the first one gets.
pub(super) struct Started {
    pub kind: Kind,
    pub channel: Channel,
    pub round: u32,
    pub first: u32,
}

/// Starts every clock that the pack sets for a start.
pub(super) fn clocks_for(
    case: &Started,
    start: ClockStart,
    pack: &Pack,
    calendar: &WorkingCalendar,
    at: Timestamp,
) -> Result<Vec<Clock>, DueError> {
    let mut clocks = Vec::new();
    let applies = |rule: &&crate::pack::ClockRule| {
        rule.start == start
            && rule.of.contains(&case.kind)
            && (rule.channels.is_empty() || rule.channels.contains(&case.channel))
    };
    for rule in pack.clocks.iter().filter(applies) {
        let terms: &Terms = &rule.terms;
        let id = case.first + u32::try_from(clocks.len()).unwrap_or(0);
        clocks.push(Clock::start(id, case.round, terms, calendar, at)?);
    }
    Ok(clocks)
}

/// Seals the reason of a move, where one was given.
pub(super) fn seal_reason(moved: Moved, sealer: &mut Sealer) -> Option<crate::text::Sealed> {
    moved.seal(sealer).reason
}
