//! Histories made by the rules themselves, without a database.

use anyhow::bail;
use huiyin_domain::case::body::{CustomerWord, Moved, Note, Reply};
use huiyin_domain::case::{
    Carrier, Case, CaseActor, Channel, ClosureKind, Command, Event, Facts, Intake, Kind, Recorded, ReplyKind,
    Target, WordMeaning, receive, replay,
};
use huiyin_domain::ids::{CaseId, PersonId, UnitId};
use huiyin_domain::pack::property;
use huiyin_domain::people::Post;
use huiyin_domain::text::{SealedText, Sealer, Text};
use huiyin_domain::time::{Timestamp, WorkingCalendar};
use std::collections::BTreeMap;

/// Categories of the pack, taken in turn.
const CATEGORIES: [&str; 8] =
    ["building", "equipment", "safety", "environment", "service", "resident_dispute", "developer", "other"];

/// What a customer says, of common length.
const MESSAGE: &str = "电梯一个月停了三次，老人上不去楼，报修电话打了几遍都说在等配件，到底什么时候能修好？";

/// What the desk notes.
const NOTE: &str = "已电话联系客户，说明维保单位明天上午到场，客户同意等待。";

/// Makes histories of one organisation.
pub struct Maker {
    calendar: WorkingCalendar,
    actor: CaseActor,
    person: PersonId,
    unit: UnitId,
    message: Text,
    note: Text,
}

/// One case with everything that is stored of it.
pub struct Made {
    /// The case as it stands.
    pub case: Case,
    /// Its history.
    pub events: Vec<Recorded>,
    /// Its texts.
    pub sealed: Vec<SealedText>,
}

/// Which case is to be made.
pub struct Wanted {
    /// Its id.
    pub id: CaseId,
    /// Its number.
    pub number: String,
    /// When it was received.
    pub at: Timestamp,
    /// How many entries.
    pub events: usize,
    /// Whether the customer withdrew it.
    pub closed: bool,
    /// Which of many; category follows.
    pub place: u64,
}

impl Maker {
    /// Makes histories in which one person at one unit does everything.
    ///
    /// # Errors
    /// Never in practice: the sample texts are acceptable.
    pub fn new(person: PersonId, unit: UnitId) -> anyhow::Result<Self> {
        let actor =
            CaseActor { person: Some(person), posts: [Post::Agent, Post::Lead].into(), customer: false };
        let (message, note) = (Text::new(MESSAGE)?, Text::new(NOTE)?);
        Ok(Self { calendar: WorkingCalendar::china(), actor, person, unit, message, note })
    }

    /// Makes one history by the rules.
    ///
    /// # Errors
    /// When the rules refuse a step.
    pub fn make(&self, wanted: &Wanted) -> anyhow::Result<Made> {
        let people = BTreeMap::new();
        let facts = Facts {
            pack: property(),
            rebound: None,
            calendar: &self.calendar,
            actor: &self.actor,
            people: &people,
            do_not_visit: false,
            house: &huiyin_domain::approval::NOBODY,
            now: wanted.at,
        };
        let mut sealer = Sealer::new(seed(wanted.id));
        let begun = receive(self.intake(wanted), &facts, &mut sealer);
        let begun = begun.map_err(|refused| anyhow::anyhow!("recording is refused: {refused:?}"))?;
        let mut events = recorded(0, begun, &facts);
        let Some(mut case) = replay(wanted.id, &events) else { bail!("a case must begin with its receipt") };
        let last: &[Command] = if wanted.closed { &self.ending() } else { &[self.reply()] };
        let notes = wanted.events.saturating_sub(events.len() + last.len());
        let note = Command::Note(Note { text: self.note.clone(), mentions: Vec::new() });
        let steps = std::iter::repeat_n(&note, notes).chain(last);
        for command in steps {
            let decided = case.decide(command.clone(), &facts, &mut sealer);
            let decided = decided.map_err(|refused| anyhow::anyhow!("a step is refused: {refused:?}"))?;
            let more = recorded(case.version, decided, &facts);
            more.iter().for_each(|entry| case.apply(entry));
            events.extend(more);
        }
        Ok(Made { case, events, sealed: sealer.into_sealed() })
    }

    fn intake(&self, wanted: &Wanted) -> Intake {
        let turn = usize::try_from(wanted.place % 8).unwrap_or(0);
        Intake {
            number: wanted.number.clone(),
            kind: Kind::Complaint,
            channel: Channel::Web,
            source: None,
            unit: self.unit,
            owner: self.person,
            collected_at: None,
            title: None,
            text: self.message.clone(),
            parties: Vec::new(),
            persons: 1,
            anonymous: false,
            no_usable_contact: false,
            category: Some(CATEGORIES[turn].to_owned()),
            fields: BTreeMap::new(),
            external: None,
        }
    }

    fn reply(&self) -> Command {
        let (text, proof, next) = (self.note.clone(), None, None);
        Command::Reply(Reply {
            text,
            proof,
            addressee: None,
            kind: ReplyKind::Acknowledge,
            carrier: Carrier::Spoken,
            next,
            attachments: Vec::new(),
            acknowledged_phrases: Vec::new(),
        })
    }

    fn ending(&self) -> [Command; 2] {
        let word = CustomerWord { text: self.note.clone(), meaning: WordMeaning::Withdraws };
        let closed = Target::Closed(ClosureKind::Withdrawn);
        [Command::RecordCustomerWord(word), Command::Move(closed, Moved { reason: None })]
    }
}

fn recorded(after: u64, events: Vec<Event>, facts: &Facts<'_>) -> Vec<Recorded> {
    let number = |(place, event): (usize, Event)| Recorded {
        seq: after + place as u64 + 1,
        occurred_at: facts.now,
        recorded_at: facts.now,
        by: facts.actor.person,
        event,
    };
    events.into_iter().enumerate().map(number).collect()
}

/// Salts of made-up texts need not be secret, only different for each case.
fn seed(id: CaseId) -> [u8; 32] {
    let mut seed = [0; 32];
    seed[..16].copy_from_slice(id.0.as_bytes());
    seed
}
