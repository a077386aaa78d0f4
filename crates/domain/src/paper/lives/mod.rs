//! Random lives of papers: what is listed is accepted, a history gives its state,
//! whatever is open can go on, nothing is skipped that a requirement asks for.

mod house;
mod letters;
mod records;

use super::{Mark, Paper, PaperFacts, Step, decide, evaluate, open};
use crate::case::CaseActor;
use crate::ids::{PersonId, UnitId};
use crate::paper::LineFacts;
use crate::people::Post;
use crate::text::Text;
use crate::time::{Timestamp, WorkingCalendar};
use proptest::prelude::*;
use serde_json::Value;
use std::fmt::Debug;
use uuid::Uuid;

const HOUR: i64 = 3_600_000_000;

/// The unit of every paper, and another department beside it.
const HERE: u128 = 7;
const THERE: u128 = 8;

/// Who works here: a post and, where they have one in either unit, a place.
const EVERYBODY: &[(Post, Option<u128>)] = &[
    (Post::Agent, Some(HERE)),
    (Post::Lead, Some(HERE)),
    (Post::Head, Some(HERE)),
    (Post::Head, Some(HERE)),
    (Post::Department, Some(HERE)),
    (Post::Department, Some(THERE)),
    (Post::Visitor, Some(HERE)),
    (Post::Spokesperson, None),
    (Post::Supervision, None),
    (Post::Supervision, None),
    (Post::Office, None),
    (Post::Manager, None),
    (Post::DeputyGm, None),
    (Post::Gm, None),
];

/// Who an actor is, by number: 0 is the clock.
fn actor(number: usize) -> (CaseActor, Vec<UnitId>) {
    let Some((post, place)) = number.checked_sub(1).map(|at| EVERYBODY[at]) else {
        return (CaseActor::default(), Vec::new());
    };
    let actor = CaseActor { person: Some(who(number)), posts: [post].into(), customer: false };
    (actor, place.into_iter().map(unit_of).collect())
}

/// The first who holds a post.
fn holder(post: Post) -> PersonId {
    who(EVERYBODY.iter().position(|(held, _)| *held == post).unwrap() + 1)
}

fn who(number: usize) -> PersonId {
    PersonId(Uuid::from_u128(number as u128))
}

fn unit_of(number: u128) -> UnitId {
    UnitId(Uuid::from_u128(number))
}

fn here() -> UnitId {
    unit_of(HERE)
}

fn text(words: &str) -> Text {
    Text::new(words).unwrap()
}

fn began() -> Timestamp {
    Timestamp::parse("2026-03-02T02:00:00Z").unwrap()
}

fn hours_after(at: Timestamp, hours: i64) -> Timestamp {
    Timestamp::from_micros(at.micros() + hours * HOUR)
}

/// One turn: which of what is open, or anything at all, which body, how many
/// hours later.
type Turn = (u16, bool, u8, u8);

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    prop::collection::vec((any::<u16>(), prop::bool::weighted(0.2), any::<u8>(), 0..40_u8), 1..50)
}

/// What happened: the paper before and after a step, and who took it when.
struct Taken<'a, P: Paper> {
    before: &'a P,
    step: &'a P::Step,
    after: &'a P,
    facts: &'a PaperFacts<'a>,
}

/// What makes a life: how it begins, what bodies fit, what must hold.
struct Life<P: Paper, B, H> {
    new: P::New,
    begun_by: Option<Post>,
    /// Makes a body that the rules should take; nothing when none can be known.
    body: B,
    holds: H,
}

impl<P, B, H> Life<P, B, H>
where
    P: Paper + PartialEq + Debug,
    B: Fn(&P, &str, &PaperFacts<'_>, u8) -> Option<Value>,
    H: Fn(&Taken<'_, P>),
{
    /// Lives it through, and looks at it after each turn.
    #[expect(clippy::too_many_lines, reason = "one life, from its opening to its replay")]
    fn live(self, turns: &[Turn]) {
        let calendar = WorkingCalendar::china();
        let people: Vec<_> = (0..=EVERYBODY.len()).map(actor).collect();
        let facts = |number: usize, now: Timestamp, choice: u8| PaperFacts {
            actor: &people[number].0,
            now,
            calendar: &calendar,
            places: &people[number].1,
            outside: people[number].1.is_empty(),
            unworded: u64::from(choice % 4 == 1),
            taken: false,
            line: Some(LineFacts { owner: holder(Post::Agent) }),
        };
        let begins =
            self.begun_by.map_or(0, |post| EVERYBODY.iter().position(|(held, _)| *held == post).unwrap() + 1);
        let mut now = began();
        let mut paper: P = open(self.new, &facts(begins, now, 0)).unwrap();
        let first = paper.clone();
        let mut history: Vec<(&'static str, String, Mark)> = Vec::new();
        for (pick, wild, choice, later) in turns {
            let listed: Vec<(usize, &str)> = (1..people.len())
                .flat_map(|number| P::Step::NAMES.iter().map(move |name| (number, *name)))
                .filter(|(number, name)| evaluate(&paper, name, &facts(*number, now, *choice)).is_ok())
                .collect();
            let way_out = || {
                (0..people.len()).any(|number| {
                    let seen = facts(number, now, 0);
                    P::Step::NAMES.iter().any(|name| evaluate(&paper, name, &seen).is_ok())
                })
            };
            let stuck = listed.is_empty() && paper.card().open && !way_out();
            assert!(!stuck, "no way out of {}", paper.state());
            // the clock takes what fires, nothing else
            let any = (
                1 + usize::from(*pick) % (people.len() - 1),
                P::Step::NAMES[usize::from(*choice) % P::Step::NAMES.len()],
            );
            let (number, name) = match listed.len() {
                0 => any,
                _ if *wild => any,
                many => listed[usize::from(*pick) % many],
            };
            let seen = facts(number, now, *choice);
            if let Some(body) = (self.body)(&paper, name, &seen, *choice) {
                let step = P::Step::read(name, body).unwrap().unwrap();
                let may = evaluate(&paper, name, &seen);
                match decide(&paper, &step, &seen) {
                    Ok(after) => {
                        assert_eq!(may, Ok(()), "{name} was accepted and is not listed");
                        (self.holds)(&Taken { before: &paper, step: &step, after: &after, facts: &seen });
                        history.push(kept::<P>(&step, &seen));
                        paper = after;
                    }
                    Err(refused) => assert!(may.is_err(), "{name} is listed and refused: {refused:?}"),
                }
            }
            now = hours_after(now, i64::from(*later));
            while let Some(step) = paper.fire(now) {
                let seen = facts(0, now, 0);
                let after = decide(&paper, &step, &seen).expect("the clock's own step is open");
                assert_ne!(after, paper, "a clock that changes nothing fires for ever");
                (self.holds)(&Taken { before: &paper, step: &step, after: &after, facts: &seen });
                history.push(kept::<P>(&step, &seen));
                paper = after;
            }
            assert!(paper.card().fires_at.is_none_or(|at| at > now), "what fired is due no more");
        }
        let replayed = history.iter().fold(first, |mut paper, (name, body, mark)| {
            let body: Value = serde_json::from_str(body).unwrap();
            paper.apply(&P::Step::read(name, body).unwrap().unwrap(), *mark);
            paper
        });
        assert_eq!(replayed, paper, "replaying the history gives the state");
        let back: P = serde_json::from_str(&serde_json::to_string(&paper).unwrap()).unwrap();
        assert_eq!(back, paper, "a state reads back as it was written");
    }
}

/// Gives an entry of the history as it is kept.
fn kept<P: Paper>(step: &P::Step, facts: &PaperFacts<'_>) -> (&'static str, String, Mark) {
    let body = serde_json::to_value(step).unwrap();
    (step.name(), body["body"].to_string(), facts.mark())
}
