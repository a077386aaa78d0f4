//! Incidents at work: stages, measures, the hot flag, over random lives.
//!
//! Size: one desk that acts on an incident, and the lives that it plays.

use super::body::*;
use super::decide::{CaseSeen, Facts, MembersStand, evaluate, open};
use super::event::{Event, MembersDone};
use super::hot::{Record, Sighting, first_ground};
use super::membership::{Member, OperationKind};
use super::state::{Incident, Stage};
use super::{CommandKind, replay};
use crate::case::{CaseActor, Chained as _, ClosureKind, Recipient, Recorded, Refused, ReplyKind};
use crate::ids::{CaseId, IncidentId, PersonId, UnitId};
use crate::pack::property;
use crate::people::Post;
use crate::special::SpecialKind;
use crate::text::{Sealer, Text};
use crate::time::{Timestamp, WorkingCalendar};
use proptest::prelude::*;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use uuid::Uuid;

static CHINA: LazyLock<WorkingCalendar> = LazyLock::new(WorkingCalendar::china);

const CASES: u8 = 6;

fn case(number: u8) -> CaseId {
    CaseId(Uuid::from_u128(u128::from(number) + 1))
}

fn text(words: &str) -> Text {
    Text::new(words).unwrap()
}

/// Complaints by A, B, C, A again, D and E, five days from one to the next.
fn sighting(number: u8) -> Sighting {
    let who = ["a", "b", "c", "a", "d", "e"][usize::from(number)];
    let at = Timestamp::parse("2026-03-02T10:00:00+08:00").unwrap();
    Sighting {
        at: Timestamp::from_micros(at.micros() + i64::from(number) * 5 * 86_400_000_000),
        who: Some(who.to_owned()),
        persons: 1,
        record: Record { case: case(number), seq: 1 },
    }
}

/// An incident with its history and what is around it.
#[derive(Clone)]
struct Desk {
    incident: Incident,
    history: Vec<Recorded<Event>>,
    closed: BTreeSet<CaseId>,
    now: Timestamp,
    posts: BTreeSet<Post>,
}

impl Desk {
    fn opens(members: &[u8]) -> Self {
        let now = Timestamp::parse("2026-04-01T09:00:00+08:00").unwrap();
        let new = NewIncident {
            title: text("五号楼漏水"),
            reason: text("同一处"),
            members: members.iter().map(|number| Member::case(case(*number))).collect(),
            unit: None,
            building: Some("5".to_owned()),
            category: None,
        };
        let posts = BTreeSet::from([Post::Agent, Post::Lead]);
        let (closed, seen) = (BTreeSet::new(), seen(&BTreeSet::new()));
        let actor = CaseActor { person: Some(person(1)), posts: posts.clone(), ..CaseActor::default() };
        let facts = facts(&actor, &seen, MembersStand::default(), now);
        let head = ("SJ-20260401-0001".to_owned(), UnitId(Uuid::from_u128(9)), person(1));
        let events = open(new, head, &facts, &mut Sealer::new([1; 32])).unwrap();
        let history: Vec<Recorded<Event>> =
            (1..).zip(events).map(|(seq, event)| recorded(seq, now, event)).collect();
        let incident = replay(IncidentId(Uuid::from_u128(7)), &history).unwrap();
        let mut desk = Self { incident, history, closed, now, posts };
        desk.warm();
        desk
    }

    fn with_facts<T>(&self, run: impl FnOnce(&Facts<'_>) -> T) -> T {
        let actor = CaseActor { person: Some(person(1)), posts: self.posts.clone(), ..CaseActor::default() };
        let open = self.incident.membership().cases().filter(|case| !self.closed.contains(case)).count();
        let stand = MembersStand { open: u32::try_from(open).unwrap(), unanswered: 0 };
        run(&facts(&actor, &seen(&self.closed), stand, self.now))
    }

    fn act(&mut self, command: Command) -> Result<(), Vec<String>> {
        let mut sealer = Sealer::new([2; 32]);
        let decided = self.with_facts(|facts| self.incident.decide(command, facts, &mut sealer));
        let events = decided.map_err(|refused| -> Vec<String> {
            match refused {
                Refused::Closed(reasons) => reasons.iter().map(|reason| reason.code.to_owned()).collect(),
                Refused::Body(fields) => fields.iter().map(|f| format!("{}:{}", f.path, f.code)).collect(),
            }
        })?;
        self.append(events);
        self.warm();
        Ok(())
    }

    fn append(&mut self, events: Vec<Event>) {
        for event in events {
            let recorded = recorded(self.incident.version + 1, self.now, event);
            self.incident.apply(&recorded);
            self.history.push(recorded);
        }
    }

    fn sightings(&self) -> Vec<Sighting> {
        let members = self.incident.membership().members;
        (0..CASES).filter(|number| members.contains_key(&Member::case(case(*number)))).map(sighting).collect()
    }

    fn warm(&mut self) {
        let rule = property().hot.as_ref().unwrap();
        let events = self.incident.heat(self.sightings(), rule, (&CHINA, self.now));
        self.append(events);
    }

    fn join(&mut self, kind: OperationKind, members: &[u8]) -> Result<(), Vec<String>> {
        let members = members.iter().map(|number| Member::case(case(*number))).collect();
        self.act(Command::Operate(MembersOperated { kind, members, reason: text("查明") }))
    }

    fn undo(&mut self, operation: u32) -> Result<(), Vec<String>> {
        self.act(Command::Undo(operation, OperationUndone { reason: text("弄错了") }))
    }

    fn because(&mut self, command: impl Fn(IncidentReason) -> Command) -> Result<(), Vec<String>> {
        self.act(command(IncidentReason { reason: text("如此") }))
    }

    fn names(&self) -> Vec<&'static str> {
        self.history.iter().map(|recorded| recorded.event.name()).collect()
    }

    fn invariants(&self) {
        let replayed = replay(self.incident.id, &self.history).unwrap();
        assert_eq!(replayed, self.incident, "replaying the history gives the state");
        let written = serde_json::to_string(&self.incident).unwrap();
        assert_eq!(serde_json::from_str::<Incident>(&written).unwrap(), self.incident);
        for recorded in &self.history {
            let event = serde_json::to_string(&recorded.event).unwrap();
            assert_eq!(serde_json::from_str::<Event>(&event).unwrap(), recorded.event, "{event}");
            assert!(!event.contains("漏水") && !event.contains("如此"), "no personal text in {event}");
        }
        let rule = property().hot.as_ref().unwrap();
        let sightings = self.sightings();
        let withdrawn = self.incident.hots.last().is_some_and(|hot| hot.withdrawn_by.is_some());
        match self.incident.hot() {
            Some(hot) => {
                let there: BTreeSet<CaseId> = sightings.iter().map(|one| one.record.case).collect();
                assert!(
                    hot.ground.records.iter().all(|record| there.contains(&record.case)),
                    "its members carry it"
                );
                assert!(hot.ground.complainants >= rule.complainants);
                assert!(first_ground(sightings, rule, CHINA.zone()).is_some());
            }
            None if !withdrawn => {
                assert_eq!(first_ground(sightings, rule, CHINA.zone()), None, "what is hot has the flag");
            }
            None => {}
        }
        let owed = self.incident.hots.iter().flat_map(|hot| &hot.reports).filter(|one| one.is_open());
        for one in owed {
            let clock = self.incident.clocks.iter().find(|clock| Some(clock.id) == one.clock).unwrap();
            assert!(clock.is_open(), "what is owed has a clock that runs");
        }
        let measures = self.incident.measures.iter().any(|measure| measure.ended_at.is_none());
        assert!(self.incident.stage != Stage::Closed || !measures, "never closed with an open measure");
    }
}

fn person(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(number))
}

fn recorded(seq: u64, now: Timestamp, event: Event) -> Recorded<Event> {
    let by = if event.is_ruled() { None } else { Some(person(1)) };
    Recorded { seq, occurred_at: now, recorded_at: now, by, event }
}

fn seen(closed: &BTreeSet<CaseId>) -> BTreeMap<Member, CaseSeen> {
    let one = |number: u8| {
        let closure = closed.contains(&case(number)).then_some(ClosureKind::Satisfied);
        (Member::case(case(number)), CaseSeen { closure, there: true, elsewhere: None })
    };
    (0..CASES).map(one).collect()
}

fn facts<'a>(
    actor: &'a CaseActor,
    seen: &'a BTreeMap<Member, CaseSeen>,
    stand: MembersStand,
    now: Timestamp,
) -> Facts<'a> {
    Facts { pack: property(), calendar: &CHINA, actor, seen, stand, now }
}

/// PROP-83, PROP-84, X-8: hot by three different complainants within a month,
/// named by their records; a week for the report; withdrawn by the split that
/// takes the ground away, kept by the one that leaves another.
#[test]
fn three_complainants_make_it_hot_and_a_split_takes_that_back() {
    let mut desk = Desk::opens(&[0, 1]);
    assert!(desk.incident.hot().is_none());
    desk.join(OperationKind::Join, &[3]).unwrap();
    assert!(desk.incident.hot().is_none(), "the same one again is nobody new (X-9)");
    desk.join(OperationKind::Join, &[2, 4]).unwrap();
    let hot = desk.incident.hot().unwrap();
    assert_eq!(hot.ground.records, [0, 1, 2].map(|number| Record { case: case(number), seq: 1 }));
    assert_eq!(desk.incident.due_at().unwrap(), Timestamp::parse("2026-04-09T00:00:00+08:00").unwrap());
    let told = desk.history.iter().any(|recorded| {
        matches!(&recorded.event, Event::Notified(told) if told.why == "hot_raised" && told.to == Recipient::Post(Post::Manager))
    });
    assert!(told, "the leader in charge hears of it");
    // D leaves: the three others carry it; B leaves: A, C and D do
    desk.join(OperationKind::Split, &[4]).unwrap();
    assert_eq!(desk.names().iter().filter(|name| **name == "hot_rebased").count(), 0);
    desk.undo(4).unwrap();
    desk.join(OperationKind::Split, &[1]).unwrap();
    assert!(desk.incident.hot().unwrap().ground.records.iter().all(|record| record.case != case(1)));
    desk.join(OperationKind::Split, &[2]).unwrap();
    assert!(desk.incident.hot().is_none() && desk.incident.due_at().is_none());
    assert_eq!(desk.names().last(), Some(&"notified"));
    desk.undo(6).unwrap();
    assert!(desk.incident.hot().is_some(), "undone, it is hot again");
    desk.invariants();
}

/// PROP-83, X-10: taken back with a reason by a leader, only what comes later
/// makes it hot again; an agent cannot.
#[test]
fn a_leader_takes_the_flag_back_with_a_reason() {
    let mut desk = Desk::opens(&[0, 1, 2]);
    desk.posts = BTreeSet::from([Post::Agent]);
    assert_eq!(desk.because(Command::WithdrawHot).unwrap_err(), ["not_permitted"]);
    desk.posts.insert(Post::Manager);
    desk.because(Command::WithdrawHot).unwrap();
    assert!(desk.incident.hot().is_none() && desk.incident.hots[0].withdrawn_because.is_some());
    desk.join(OperationKind::Join, &[4, 5]).unwrap();
    assert!(desk.incident.hot().is_none(), "contacts that were known when it was withdrawn");
    assert_eq!(desk.because(Command::WithdrawHot).unwrap_err(), ["not_hot"]);
    desk.invariants();
}

/// PROP-84, PROP-85: open, measures, answered, closed; the first report before
/// the end, the case report within a week after it.
#[test]
fn an_incident_goes_from_measures_to_its_case_report() {
    let mut desk = Desk::opens(&[0, 1, 2]);
    let measure = NewMeasure { text: text("更换落水管"), person: None, due: None };
    desk.act(Command::AddMeasure(measure)).unwrap();
    assert_eq!(desk.incident.stage, Stage::Measures);
    let reply = crate::case::body::Reply {
        kind: ReplyKind::Final,
        carrier: crate::case::Carrier::Spoken,
        text: text("三日内更换"),
        proof: None,
        addressee: None,
        next: None,
        attachments: Vec::new(),
        acknowledged_phrases: Vec::new(),
    };
    let done = MembersDone { members: vec![Member::case(case(0))], refused: Vec::new() };
    let mut sealer = Sealer::new([3; 32]);
    let events = desk.with_facts(|facts| desk.incident.members_replied(&reply, done, facts, &mut sealer));
    desk.append(events);
    assert_eq!(desk.incident.stage, Stage::Answered, "nobody lacks a final answer");
    let shut = desk.because(Command::Close).unwrap_err();
    assert_eq!(shut, ["measures_open", "report_owed", "members_open"]);
    desk.closed.extend([0, 1, 2].map(case));
    let ended = MeasureResult { measure: 1, result: text("已更换"), dropped: false };
    desk.act(Command::EndMeasure(ended)).unwrap();
    let wrong: crate::special::SpecialFiled =
        serde_json::from_value(json!({"kind": "first", "sections": {"content": "漏水"}})).unwrap();
    assert_eq!(desk.act(Command::FileReport(wrong)).unwrap_err().len(), 4, "four sections are missing");
    let first: crate::special::SpecialFiled = serde_json::from_value(json!({"kind": "first", "sections": {
        "content": "三户反映", "causes": "失修", "handling": "已更换", "difficulties": "无", "help_needed": "无"
    }}))
    .unwrap();
    desk.act(Command::FileReport(first)).unwrap();
    desk.because(Command::Close).unwrap();
    let closing = desk.incident.hots[0].reports.last().unwrap();
    assert!(closing.kind == SpecialKind::Closing && closing.is_open());
    assert_eq!(desk.incident.due_at().unwrap(), Timestamp::parse("2026-04-09T00:00:00+08:00").unwrap());
    // PROP-64: a member that is opened again opens it; the report waits for the end
    desk.closed.remove(&case(1));
    let events = desk.incident.member_reopened();
    desk.append(events);
    assert_eq!((desk.incident.stage, desk.incident.due_at()), (Stage::Measures, None));
    desk.invariants();
}

/// What somebody asks for, sensible or not.
#[derive(Clone, Debug)]
enum Asked {
    Operate(OperationKind, Vec<u8>),
    Undo(u32),
    Measure,
    EndMeasure(u32),
    Close,
    Reopen,
    Withdraw,
    CloseCases,
    CaseReopened(u8),
    Later(u8),
}

fn asked() -> impl Strategy<Value = Asked> {
    let kind = prop_oneof![
        4 => Just(OperationKind::Join), 2 => Just(OperationKind::Split), 1 => Just(OperationKind::Mark)
    ];
    prop_oneof![
        5 => (kind, prop::collection::vec(0..CASES, 1..4)).prop_map(|(kind, members)| Asked::Operate(kind, members)),
        3 => (1..12_u32).prop_map(Asked::Undo),
        1 => Just(Asked::Measure),
        1 => (1..4_u32).prop_map(Asked::EndMeasure),
        1 => Just(Asked::Close),
        1 => Just(Asked::Reopen),
        1 => Just(Asked::Withdraw),
        1 => Just(Asked::CloseCases),
        1 => (0..CASES).prop_map(Asked::CaseReopened),
        1 => (0..200_u8).prop_map(Asked::Later),
    ]
}

impl Desk {
    fn ask(&mut self, asked: Asked) {
        // what is refused leaves nothing behind
        let before = self.history.len();
        let done = match asked {
            Asked::Operate(kind, members) => self.join(kind, &members),
            Asked::Undo(operation) => self.undo(operation),
            Asked::Measure => {
                self.act(Command::AddMeasure(NewMeasure { text: text("如此"), person: None, due: None }))
            }
            Asked::EndMeasure(measure) => {
                self.act(Command::EndMeasure(MeasureResult {
                    measure, result: text("如此"), dropped: false
                }))
            }
            Asked::Close => self.because(Command::Close),
            Asked::Reopen => self.because(Command::Reopen),
            Asked::Withdraw => self.because(Command::WithdrawHot),
            Asked::CloseCases => {
                self.closed = (0..CASES).map(case).collect();
                Ok(())
            }
            Asked::CaseReopened(number) => {
                self.closed.remove(&case(number));
                if self.incident.membership().members.contains_key(&Member::case(case(number))) {
                    let events = self.incident.member_reopened();
                    self.append(events);
                }
                Ok(())
            }
            Asked::Later(hours) => {
                self.now = Timestamp::from_micros(self.now.micros() + i64::from(hours) * 3_600_000_000);
                let due: Vec<u32> = self
                    .incident
                    .clocks
                    .iter()
                    .filter(|clock| clock.fires_at().is_some_and(|at| at <= self.now))
                    .map(|clock| clock.id)
                    .collect();
                for clock in due {
                    let events = self.incident.tick(clock, self.now);
                    self.append(events);
                }
                Ok(())
            }
        };
        assert!(done.is_ok() || self.history.len() == before, "a refusal leaves nothing behind");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// D3, PROP-83, PROP-90: whatever is joined, split, undone, measured, closed
    /// and opened again in whatever order: history replays, the flag is true, what
    /// is owed has a clock, and no closed incident holds an open measure.
    #[test]
    fn an_incident_lives_by_the_rules_whatever_people_do(
        first in prop::collection::btree_set(0..CASES, 0..4), asked in prop::collection::vec(asked(), 1..30)
    ) {
        let mut desk = Desk::opens(&first.into_iter().collect::<Vec<_>>());
        desk.invariants();
        for one in asked {
            desk.ask(one);
            desk.invariants();
            // D2: what is listed as open says so of the same thing as deciding it
            let closable = desk.with_facts(|facts| evaluate(CommandKind::Close, &desk.incident, facts)).is_ok();
            let mut tried = desk.clone();
            prop_assert_eq!(closable, tried.because(Command::Close).is_ok());
        }
        let mut all = desk.clone();
        while let Some(last) = all.incident.operations.iter().rev().find(|one| one.undone.is_none()).map(|one| one.id) {
            all.undo(last).expect("the last one can always go");
            all.invariants();
        }
        prop_assert!(all.incident.membership().members.is_empty(), "everything undone, nobody belongs");
        prop_assert!(all.incident.hot().is_none());
    }
}
