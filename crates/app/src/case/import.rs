//! Taking over history: cases with their own times, telling nobody (contracts §4).

use std::collections::BTreeMap;

use huiyin_domain::case::body::Classified;
use huiyin_domain::case::{
    Begun, Case, CaseActor, Channel, ClockRef, ClosureKind, Done, Event, External, Facts, Intake, Kind,
    Recorded, Relation, Ruled, Stage, StageChanged, body, receive,
};
use huiyin_domain::clock::ClockState;
use huiyin_domain::ids::{CaseId, PersonId, UnitId};
use huiyin_domain::text::{Sealer, Text};
use huiyin_domain::time::Timestamp;
use huiyin_store::case::{number, read};
use huiyin_store::people::unit;
use huiyin_store::sql::Tx;

use super::act::refusal;
use super::commit::{Decided, commit, seed};
use super::create::fold;
use super::rules::Rules;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, CaseSight};

/// One case as it was kept elsewhere.
#[derive(Clone, Debug)]
pub struct ImportedCase {
    /// Where it comes from; with the source it is not taken over twice.
    pub external: External,
    /// Its number there, or nothing for one of ours.
    pub number: Option<String>,
    /// What it is about.
    pub kind: Kind,
    /// How it reached the desk.
    pub channel: Channel,
    /// The unit it belongs to.
    pub unit: UnitId,
    /// Who owns it.
    pub owner: PersonId,
    /// When it was received.
    pub received_at: Timestamp,
    /// Its title.
    pub title: Option<Text>,
    /// The message.
    pub text: Text,
    /// True when the customer gave no name.
    pub anonymous: bool,
    /// True when no usable contact is known (PROP-60).
    pub no_usable_contact: bool,
    /// Category as the customer put it.
    pub category: Option<String>,
    /// Category as verified.
    pub final_category: Option<String>,
    /// Fields of the pack.
    pub fields: BTreeMap<String, Text>,
    /// Parties in their roles.
    pub parties: Vec<huiyin_domain::case::CaseParty>,
    /// The case that it follows from.
    pub follows: Option<CaseId>,
    /// The first answer, when there was one.
    pub reply: Option<ImportedReply>,
    /// How and when it was closed, when it was.
    pub closed: Option<(ClosureKind, Timestamp)>,
    /// What else the source said, kept as a note.
    pub note: Option<Text>,
}

/// An answer that the customer got.
#[derive(Clone, Debug)]
pub struct ImportedReply {
    /// What the customer was told.
    pub reply: body::Reply,
    /// When.
    pub at: Timestamp,
}

/// Takes over one case; gives nothing when it was taken over before.
///
/// The clocks show the truth: met or missed at their own times. No notice, no
/// task and no job follows from history.
///
/// # Errors
/// Fields that are not acceptable, such as a reply before the message.
#[expect(clippy::too_many_lines, reason = "one history, told in the order of its own times")]
pub fn import(tx: &mut Tx<'_>, ctx: &Ctx, rules: &Rules, new: ImportedCase) -> Result<Option<CaseId>, Error> {
    if read::by_external(tx, ctx.org(), &new.external.source, &new.external.id)?.is_some() {
        return Ok(None);
    }
    check_times(ctx, &new)?;
    let sight = CaseSight {
        paths: vec![unit::path(tx, ctx.org(), new.unit, ctx.now)?],
        people: vec![new.owner],
        opened: false,
    };
    let permit = policy::case_permit(&ctx.actor, &sight)?;
    let held = rules.of(tx, ctx.org())?;
    let day = held.calendar().zone().date(new.received_at);
    let number = match &new.number {
        Some(number) => number.clone(),
        None => {
            let number = number::next_imported(tx, ctx.org(), day)?;
            format!("IM-{}-{number:04}", day.to_string().replace('-', ""))
        }
    };
    let actor = CaseActor::default();
    let people = BTreeMap::new();
    let facts = Facts {
        pack: held.in_force(tx, ctx, (new.unit, new.kind), new.received_at)?,
        rebound: None,
        calendar: held.calendar(),
        actor: &actor,
        people: &people,
        do_not_visit: false,
        house: &huiyin_domain::approval::NOBODY,
        now: new.received_at,
    };
    let mut sealer = Sealer::new(seed(ctx));
    let mut story = Story { ctx, events: Vec::new() };
    let (classified, reply, closed, note) =
        (classified(&new, &facts)?, new.reply.clone(), new.closed, new.note.clone());
    let follows = new.follows;
    let kind = huiyin_domain::case::CommandKind::Note;
    let received_at = new.received_at;
    let begun =
        receive(intake(new, number), &facts, &mut sealer).map_err(|refused| refusal(&refused, kind))?;
    story.events_at(
        received_at,
        begun.into_iter().filter(|event| matches!(event, Event::Begun(Begun::Received(_)))),
    );
    if let Some(note) = note {
        let note = body::Seal::seal(body::Note { text: note, mentions: Vec::new() }, &mut sealer);
        story.events_at(received_at, [Event::Done(Done::Note(note))]);
    }
    if let Some(other) = follows {
        let link = body::Linked { text: None, relation: Relation::FollowsFrom, other };
        story.events_at(received_at, [Event::Done(Done::Link(body::Seal::seal(link, &mut sealer)))]);
    }
    if let Some(reply) = reply {
        story.miss(CaseId(ctx.uuid()), reply.at)?;
        let given = body::Seal::seal(reply.reply, &mut sealer);
        story.events_at(reply.at, [Event::Done(Done::Reply(given))]);
    }
    if let Some(classified) = classified {
        let at = story.last_at();
        story.events_at(at, [Event::Done(Done::Classify(classified))]);
    }
    if let Some((closure, at)) = closed {
        story.miss(CaseId(ctx.uuid()), at)?;
        story.events_at(at, [closing(closure)]);
    } else {
        story.miss(CaseId(ctx.uuid()), ctx.now)?;
    }
    let id = CaseId(ctx.uuid());
    let after = fold(id, &story.events)?;
    let decided = Decided {
        before: None,
        after,
        events: story.events,
        sealed: sealer.into_sealed(),
        action: "import",
        tell: false,
    };
    commit(tx, ctx, &permit, &decided).map_err(|error| {
        if error.is_unique("cases_number") {
            return Error::conflict("number_taken").with_field("number", "number_taken");
        }
        super::create::taken(error)
    })?;
    Ok(Some(id))
}

/// History under construction, in the order of its own times.
struct Story<'a> {
    ctx: &'a Ctx,
    events: Vec<Recorded>,
}

impl Story<'_> {
    fn events_at(&mut self, at: Timestamp, events: impl IntoIterator<Item = Event>) {
        for event in events {
            let seq = self.events.len() as u64 + 1;
            self.events.push(Recorded { seq, occurred_at: at, recorded_at: self.ctx.now, by: None, event });
        }
    }

    /// Marks the limits that passed unmet up to a moment, at their own times.
    fn miss(&mut self, id: CaseId, until: Timestamp) -> Result<(), Error> {
        let case: Case = fold(id, &self.events)?;
        let mut passed: Vec<_> = case
            .clocks
            .iter()
            .filter(|clock| {
                clock.state() == ClockState::Running && clock.due_at <= until && !clock.kind.elapses()
            })
            .map(|clock| (clock.due_at, clock.id))
            .collect();
        passed.sort_unstable();
        for (at, clock) in passed {
            self.events_at(at, [Event::Ruled(Ruled::ClockMissed(ClockRef { clock }))]);
        }
        Ok(())
    }

    fn last_at(&self) -> Timestamp {
        self.events.last().map_or(self.ctx.now, |recorded| recorded.occurred_at)
    }
}

fn intake(new: ImportedCase, number: String) -> Intake {
    Intake {
        number,
        kind: new.kind,
        channel: new.channel,
        source: None,
        unit: new.unit,
        owner: new.owner,
        collected_at: None,
        title: new.title,
        text: new.text,
        parties: new.parties,
        persons: 1,
        anonymous: new.anonymous,
        no_usable_contact: new.no_usable_contact,
        category: new.category,
        fields: new.fields,
        external: Some(new.external),
    }
}

fn closing(closure: ClosureKind) -> Event {
    Event::Ruled(Ruled::StageChanged(StageChanged {
        from: Stage::Received,
        to: Stage::Closed,
        closure: Some(closure),
        new_round: false,
        reason: None,
        sources: Vec::new(),
    }))
}

fn classified(new: &ImportedCase, facts: &Facts<'_>) -> Result<Option<Classified>, Error> {
    let Some(code) = &new.final_category else { return Ok(None) };
    if facts.pack.category(code).is_none() {
        return Err(Error::field("final_category", "unknown_category"));
    }
    Ok(Some(Classified { category: None, final_category: Some(code.clone()), cause: None }))
}

/// A history whose times contradict each other is not taken over.
fn check_times(ctx: &Ctx, new: &ImportedCase) -> Result<(), Error> {
    if new.received_at > ctx.now {
        return Err(Error::field("received_at", "in_the_future"));
    }
    if new.reply.as_ref().is_some_and(|reply| reply.at < new.received_at) {
        return Err(Error::field("reply_at", "before_receipt"));
    }
    let last = new.reply.as_ref().map_or(new.received_at, |reply| reply.at);
    if new.closed.is_some_and(|(_, at)| at < last) {
        return Err(Error::field("closed_at", "before_receipt"));
    }
    Ok(())
}
