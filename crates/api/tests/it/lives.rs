//! Random lives of cases, by the rules and without a database.

use crate::metrics::Chance;
use huiyin_domain::approval::House;
use huiyin_domain::case::sample::sample_body;
use huiyin_domain::case::{
    Case, CaseActor, CaseParty, Channel, ClosureKind, Command, CommandKind, Event, Facts, Intake, Kind,
    Named, PartyRole, Recorded, Stage, Target, evaluate, receive, replay,
};
use huiyin_domain::ids::{CaseId, PartyId, PersonId};
use huiyin_domain::pack::property;
use huiyin_domain::people::Post;
use huiyin_domain::text::{SealedText, Sealer, Text};
use huiyin_domain::time::{Timestamp, WorkingCalendar};
use huiyin_testkit::TestApp;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Microseconds of an hour.
pub(crate) const HOUR: i64 = 3_600_000_000;

/// One random life, by the rules and without a database.
pub(crate) struct Life {
    pub case: Case,
    pub history: Vec<Recorded>,
    pub sealed: Vec<SealedText>,
}

/// Who lives there, and the rules that they live by.
pub(crate) struct World<'a> {
    people: Vec<(PersonId, Post)>,
    named: BTreeMap<PersonId, Named>,
    house: House,
    calendar: &'a WorkingCalendar,
    unit: huiyin_domain::ids::UnitId,
}

impl<'a> World<'a> {
    pub fn of(app: &TestApp, people: Vec<(PersonId, Post)>, calendar: &'a WorkingCalendar) -> Self {
        let mut house = House::default();
        let mut named = BTreeMap::new();
        for (person, post) in &people {
            house.holders.entry(*post).or_default().insert(*person);
            named.insert(*person, Named { active: true, posts: [*post].into(), sees: true });
        }
        Self { people, named, house, calendar, unit: app.unit }
    }

    fn facts<'b>(&'b self, actor: &'b CaseActor, now: Timestamp) -> Facts<'b> {
        Facts {
            pack: property(),
            rebound: None,
            calendar: self.calendar,
            actor,
            people: &self.named,
            do_not_visit: false,
            house: &self.house,
            now,
        }
    }

    /// Lives one case: received, mostly accepted, then whatever is open, at random.
    pub fn live(&self, chance: &mut Chance, place: usize, at: Timestamp) -> Life {
        let id = CaseId(Uuid::from_u128(0x0189_0000_0000_7000_8000_0000_0100_0000 + place as u128));
        let mut seed = [0; 32];
        seed[..16].copy_from_slice(id.0.as_bytes());
        let mut sealer = Sealer::new(seed);
        let mut now = at;
        let actors: Vec<CaseActor> = self
            .people
            .iter()
            .map(|(person, post)| CaseActor { person: Some(*person), posts: [*post].into(), customer: false })
            .collect();
        let intake = self.intake(chance, place);
        let begun = receive(intake, &self.facts(&actors[0], now), &mut sealer).expect("a receipt");
        let mut history = Vec::new();
        record(&mut history, begun, (now, self.people[0].0));
        let mut case = replay(id, &history).expect("a case");
        let promise = json!({"kind": "feedback", "text": "回电", "due": "2026-12-01T10:00:00+08:00"});
        let first = [(CommandKind::parse("promise"), promise), (CommandKind::parse("accept"), json!({}))];
        let accepts = chance.below(6) > 0;
        let mut steps: Vec<_> = first.into_iter().filter(|_| accepts).collect();
        // every other life is lived with a will to come to its end
        let willing = place.is_multiple_of(2);
        steps.extend((0..if willing { 100 } else { chance.below(14) }).map(|_| (None, json!(null))));
        for (named, body) in steps {
            let onwards = willing && named.is_none() && chance.below(12) > 0;
            let first = if named.is_some() { 0 } else { chance.below(actors.len()) };
            // who wills an end asks those who may bring it nearer, one after another
            let asked = if onwards { actors.len() } else { 1 };
            let found = (first..first + asked).find_map(|who| {
                let who = who % actors.len();
                let facts = self.facts(&actors[who], now);
                let (kind, body) = match named {
                    Some(kind) => (kind, body.clone()),
                    None if onwards => onward(&case, &history, &facts, chance)?,
                    None => any(&case, &facts, chance)?,
                };
                Some((who, kind, body))
            });
            let Some((who, kind, body)) = found else { continue };
            let facts = self.facts(&actors[who], now);
            let Ok(command) = Command::read(kind, body) else { continue };
            // what a rule refuses is no part of the history
            if let Ok(events) = case.decide(command, &facts, &mut sealer) {
                let before = history.len();
                record(&mut history, events, (now, self.people[who].0));
                history[before..].iter().for_each(|recorded| case.apply(recorded));
            }
            // with a hundred steps none lives on after the month
            let pause = chance.below(if willing { 2 } else { 9 });
            now = Timestamp::from_micros(now.micros() + i64::try_from(pause).unwrap_or(0) * HOUR);
        }
        Life { case, history, sealed: sealer.into_sealed() }
    }

    fn intake(&self, chance: &mut Chance, place: usize) -> Intake {
        let party =
            PartyId(Uuid::from_u128(0x0189_0000_0000_7000_8000_0000_0200_0000 + chance.below(700) as u128));
        let known = chance.below(5) > 0;
        let role = PartyRole::Complainant;
        let channels = [Channel::Phone, Channel::Letter, Channel::Visit, Channel::Online];
        Intake {
            number: format!("Q-{place:06}"),
            kind: if chance.below(12) == 0 { Kind::Repair } else { Kind::Complaint },
            channel: channels[chance.below(channels.len())],
            source: None,
            unit: self.unit,
            owner: self.people[0].0,
            collected_at: None,
            title: None,
            text: Text::new("楼道灯不亮").expect("a text"),
            parties: if known { vec![CaseParty { party, role }] } else { Vec::new() },
            persons: if chance.below(40) == 0 { 3 } else { 1 },
            anonymous: !known,
            no_usable_contact: false,
            category: (chance.below(3) > 0).then(|| "equipment".to_owned()),
            fields: BTreeMap::new(),
            external: None,
        }
    }
}

/// Picks what brings a case nearer to its end, if this person may do it, and was
/// not done just now.
fn onward(
    case: &Case,
    history: &[Recorded],
    facts: &Facts<'_>,
    chance: &mut Chance,
) -> Option<(CommandKind, Value)> {
    use CommandKind as K;
    let helps: &[K] = match case.stage {
        Stage::Received | Stage::Accepted => {
            &[K::Promise, K::Transfer, K::AcceptTransfer, K::DecideInclusion, K::StateDemand]
        }
        Stage::Assessing => &[],
        Stage::Investigating => &[
            K::Transfer,
            K::AcceptTransfer,
            K::RecordFinding,
            K::OfferOption,
            K::StateBasis,
            K::Reply,
            K::ProposeRemedy,
        ],
        Stage::Negotiating | Stage::Deciding => &[
            K::AnswerOption,
            K::OfferOption,
            K::RequestApproval,
            K::DecideApproval,
            K::DecideInclusion,
            K::Reply,
        ],
        Stage::Executing => &[K::CompleteTask, K::KeepPromise, K::GiveRemedy],
        Stage::Verifying => &[K::Verify, K::FileForm, K::Reply],
        Stage::Visiting => &[K::Visit],
        Stage::Settling | Stage::Closed => &[K::Reopen],
    };
    let lately: Vec<K> = history
        .iter()
        .rev()
        .take(6)
        .filter_map(|one| match &one.event {
            Event::Done(done) => Some(done.kind()),
            _ => None,
        })
        .collect();
    let has_handler = case.handler.is_some() || case.transfer.is_some();
    let open = |kind: &K| evaluate(*kind, case, facts).is_ok() && (*kind != K::Transfer || !has_handler);
    let ends = [ClosureKind::Satisfied, ClosureKind::ExemptElapsed, ClosureKind::AgreedButDissatisfied];
    let further = |target: &Target| match target {
        Target::Stage(stage) => *stage as usize > case.stage as usize,
        Target::Closed(kind) => ends.contains(kind),
    };
    let targets = facts.pack.targets(case.kind).into_iter();
    let moves: Vec<K> = targets.filter(further).map(K::Move).filter(open).collect();
    let acts: Vec<K> = helps.iter().copied().filter(|kind| !lately.contains(kind)).filter(open).collect();
    let from = if moves.is_empty() || chance.below(2) == 0 { acts } else { moves };
    let kind = *from.get(chance.below(from.len()))?;
    Some((kind, sample_body(kind, case, facts, chance.below(48))?))
}

/// Picks one of the actions that are open, with a body that fits.
fn any(case: &Case, facts: &Facts<'_>, chance: &mut Chance) -> Option<(CommandKind, Value)> {
    use CommandKind as K;
    let apart = |kind: &K| kind.is_apart() || matches!(kind, K::CorrectUnit | K::CorrectParty | K::Link);
    let targets = facts.pack.targets(case.kind).into_iter().map(K::Move);
    let open = |kind: &K| evaluate(*kind, case, facts).is_ok();
    let moves: Vec<K> = targets.filter(open).collect();
    let acts: Vec<K> = K::FACTS.iter().copied().filter(|kind| !apart(kind) && open(kind)).collect();
    let from = if moves.is_empty() || chance.below(2) == 0 { &acts } else { &moves };
    let kind = *from.get(chance.below(from.len()))?;
    Some((kind, sample_body(kind, case, facts, chance.below(48))?))
}

fn record(history: &mut Vec<Recorded>, events: Vec<Event>, (now, by): (Timestamp, PersonId)) {
    for event in events {
        let seq = history.len() as u64 + 1;
        history.push(Recorded { seq, occurred_at: now, recorded_at: now, by: Some(by), event });
    }
}
