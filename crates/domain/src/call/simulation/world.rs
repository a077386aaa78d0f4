//! The world outside: callers without patience, telephones that crash.
//!
//! Messages are lost, doubled or late, and the process dies.
//!
//! Size: what callers, agents and lines do lies side by side.

use super::dice::Dice;
use super::fate::{Fate, Word, concerned, failure};
use super::memory::Memory;
use super::{Observer, Report, Settings};
use crate::call::agent::{Ask, State as AgentState};
use crate::call::facts::{CallDirection, CallResult};
use crate::call::floor::{By, Effect, Happening, Target, happen};
use crate::call::queue::{Overflow, Wishes};
use crate::call::record::{Call, OfferEnd, State};
use crate::ids::{CallId, PersonId, QueueId};
use crate::time::Timestamp;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use uuid::Uuid;

/// A second in microseconds.
const SECOND: i64 = 1_000_000;

/// The world.
pub(super) struct World<'a> {
    settings: &'a Settings,
    observer: &'a mut dyn Observer,
    dice: Dice,
    now: i64,
    fates: BinaryHeap<Reverse<(i64, u64, Fate)>>,
    number: u64,
    born: u64,
    pub(super) floor: Memory,
    people: Vec<PersonId>,
    queues: Vec<QueueId>,
    counted: BTreeMap<CallResult, u64>,
    answered: u64,
    from_records: u64,
    wrong: Option<String>,
    happenings: u64,
}

impl<'a> World<'a> {
    pub(super) fn new(
        (settings, observer): (&'a Settings, &'a mut dyn Observer),
        seed: u64,
        floor: Memory,
        people: Vec<PersonId>,
        queues: Vec<QueueId>,
    ) -> Self {
        Self {
            settings,
            observer,
            dice: Dice(seed),
            now: 1_700_000_000 * SECOND,
            fates: BinaryHeap::new(),
            number: 0,
            born: 0,
            floor,
            people,
            queues,
            counted: BTreeMap::new(),
            answered: 0,
            from_records: 0,
            wrong: None,
            happenings: 0,
        }
    }

    /// Lives until every call was born and everything came to its end.
    pub(super) fn run(mut self) -> Report {
        for person in self.people.clone() {
            for deed in [0, 1] {
                self.fate(0, Fate::Agent(person, deed));
            }
            self.fate(60, Fate::Agent(person, 9));
        }
        self.fate(1, Fate::Arrival);
        self.fate(3_000, Fate::Restart);
        while let Some(Reverse((at, _, fate))) = self.fates.pop() {
            self.lapse_until(at);
            self.now = self.now.max(at);
            self.comes(fate);
        }
        // whatever has a lease is over a day later
        self.lapse_until(self.now + 86_400 * SECOND);
        self.report()
    }

    fn fate(&mut self, seconds: i64, fate: Fate) {
        self.fate_at(seconds * SECOND, fate);
    }

    fn fate_at(&mut self, micros: i64, fate: Fate) {
        self.number += 1;
        self.fates.push(Reverse((self.now + micros, self.number, fate)));
    }

    fn word(&mut self, (from, to): (u64, u64), call: CallId, word: Word) {
        let at = self.dice.seconds(from, to);
        self.fate_at(at, Fate::Says(call, word));
    }

    fn lapse_until(&mut self, at: i64) {
        while self.settings.leases {
            let due = self.floor.lapsed(Timestamp::from_micros(at), 1);
            let Some(lease) = due.first().copied() else { return };
            let until = self.floor.due().map_or(at, Timestamp::micros);
            self.now = self.now.max(until);
            self.happens(Happening::Lapsed(lease));
        }
    }

    fn happens(&mut self, happening: Happening) {
        self.happenings += 1;
        let before =
            concerned(&happening).and_then(|id| self.floor.get(id)).map(|call| call.answered_at.is_some());
        let id = concerned(&happening);
        let answering = matches!(happening, Happening::Answered(..) | Happening::DialAnswered(_));
        let now = Timestamp::from_micros(self.now);
        self.observer.happens(now, &happening);
        self.floor.cause = happening.name();
        let effects = match happen(&mut self.floor, happening, now) {
            Ok(effects) => effects,
            // a person asked for what cannot be
            Err(_) => return,
        };
        let after = id.and_then(|id| self.floor.get(id)).map(|call| call.answered_at.is_some());
        if answering && before == Some(false) && after == Some(true) {
            self.answered += 1;
        }
        if self.happenings.is_multiple_of(self.settings.look) && self.wrong.is_none() {
            self.wrong = self.floor.contradiction();
        }
        for effect in effects {
            self.follows(effect);
        }
    }

    /// What the world does about an effect, when it hears of it.
    fn follows(&mut self, effect: Effect) {
        if self.dice.chance(self.settings.lost) {
            return;
        }
        match effect {
            Effect::Ring { call, offer, .. } => {
                let (answer, why) = (self.dice.chance(800), self.dice.below(4));
                let word = if answer {
                    Word::Answers(offer)
                } else {
                    Word::Fails(offer, u8::try_from(why).unwrap_or(0))
                };
                self.word((1, 25), call, word.clone());
                if self.dice.chance(20) {
                    self.word((1, 200), call, word);
                }
            }
            Effect::Connect(call, _) => self.word((1, 30), call, Word::Talks),
            Effect::Dial(call, _, _) => {
                let word = match self.dice.below(10) {
                    0..6 => Word::DialAnswers,
                    6 => Word::Gone,
                    why => Word::DialFails(u8::try_from(why - 7).unwrap_or(0)),
                };
                self.word((2, 60), call, word);
            }
            Effect::LeadOn(call, Overflow::Voicemail) if self.dice.chance(700) => {
                self.happens(Happening::Voicemail(call, 120));
                self.word((5, 100), call, Word::Gone);
            }
            Effect::LeadOn(call, _) => {
                if self.dice.chance(300) {
                    self.happens(Happening::CallBackAsked(call, "13900000000".to_owned()));
                }
                self.word((1, 20), call, Word::Gone);
            }
            Effect::PutThrough(call, _) if self.dice.chance(200) => self.word((20, 40), call, Word::Back),
            Effect::PutThrough(call, _) => self.word((5, 300), call, Word::Ended),
            Effect::Release(call) => self.ended(call),
            Effect::Refuse(call) => self.ended(call),
            Effect::Withdraw(..) | Effect::Entertain(_) | Effect::Drop(..) => {}
        }
    }

    fn ended(&mut self, call: CallId) {
        self.fate(600, Fate::Forget(call));
    }

    fn comes(&mut self, fate: Fate) {
        match fate {
            Fate::Arrival => self.arrival(),
            Fate::Says(call, word) => self.says(call, word),
            Fate::Agent(person, deed) => self.deed(person, deed),
            Fate::Restart => {
                self.happens(Happening::NodeLost("node".to_owned()));
                for person in self.people.clone() {
                    self.fate(5, Fate::Agent(person, 1));
                }
                if self.born < self.settings.calls {
                    let later = self.dice.seconds(20_000, 90_000);
                    self.fate_at(later, Fate::Restart);
                }
            }
            Fate::Forget(call) => {
                if let Some(call) = self.floor.forget(call) {
                    self.counts(&call);
                }
            }
        }
    }

    fn arrival(&mut self) {
        if self.born >= self.settings.calls {
            return;
        }
        self.born += 1;
        let call = CallId(Uuid::from_u128(u128::from(self.born)));
        if self.dice.chance(100) {
            let agent = self.person();
            let inside = self.dice.chance(200);
            let direction = if inside { CallDirection::Internal } else { CallDirection::Out };
            let colleague = if inside { Some(self.person()) } else { None };
            self.happens(Happening::Dialled {
                call,
                node: "node".to_owned(),
                agent,
                number: "13900000001".to_owned(),
                party: None,
                direction,
                colleague,
            });
            if self.floor.get(call).is_none() {
                // an agent who may not dial has not dialled
                self.born -= 1;
            }
        } else {
            // some come on a line that has few: many more are there already
            let limit = if self.dice.chance(20) { 1 } else { self.settings.lines };
            self.happens(Happening::Arrived {
                call,
                node: "node".to_owned(),
                caller: Some("13900000002".to_owned()),
                called: "95100".to_owned(),
                line: None,
                service: None,
                party: None,
                limit: Some(limit),
                queue: self.queues.first().copied(),
            });
            self.word((1, 20), call, Word::Chooses);
            let patience = (5, if self.dice.chance(300) { 60 } else { 900 });
            self.word(patience, call, Word::Gone);
        }
        // some lines fail, and some messages come hours after all is over
        if self.dice.chance(20) {
            self.word((1, 400), call, Word::Breaks);
        }
        if self.dice.chance(20) {
            self.word((60, 9_000), call, Word::Late);
        }
        if self.dice.chance(50) {
            self.word((60, 400), call, Word::Alive);
        }
        let pause = self.dice.seconds(0, self.settings.pause);
        self.fate_at(pause, Fate::Arrival);
    }

    fn person(&mut self) -> PersonId {
        let place = self.dice.below(self.people.len() as u64);
        self.people.get(usize::try_from(place).unwrap_or(0)).copied().unwrap_or(PersonId(Uuid::nil()))
    }

    fn line(&mut self) -> QueueId {
        let place = self.dice.below(self.queues.len() as u64);
        self.queues.get(usize::try_from(place).unwrap_or(0)).copied().unwrap_or(QueueId(Uuid::nil()))
    }

    fn says(&mut self, call: CallId, word: Word) {
        // signals are lost too, the last one as well: only the lease is left then
        if self.dice.chance(self.settings.lost) {
            return;
        }
        match word {
            Word::Chooses if self.dice.chance(20) => {
                self.happens(Happening::Led(call, "02880000001".to_owned()));
            }
            Word::Chooses if self.dice.chance(20) => {
                self.happens(Happening::Voicemail(call, 60));
                self.word((5, 80), call, Word::Gone);
            }
            Word::Chooses => {
                let (queue, skilled) = (self.line(), self.dice.chance(100));
                let skills =
                    if skilled { BTreeMap::from([("cantonese".to_owned(), 3)]) } else { BTreeMap::new() };
                let (priority, angry) =
                    (u32::try_from(self.dice.below(4)).unwrap_or(0), self.dice.chance(30));
                let wishes = Wishes { skills, priority, angry, ..Wishes::default() };
                self.happens(Happening::Queued(call, queue, wishes));
            }
            Word::Gone => self.happens(Happening::HungUp(call, By::Customer)),
            Word::Ended => self.happens(Happening::HungUp(call, By::System)),
            Word::Answers(offer) => self.happens(Happening::Answered(call, offer)),
            Word::Fails(offer, why) => {
                self.happens(Happening::OfferFailed(call, offer, failure(why)));
            }
            Word::Talks => self.talks(call),
            Word::Back => {
                self.happens(Happening::Returned(call));
                self.word((1, 30), call, Word::Chooses);
            }
            Word::DialFails(why) => self.happens(Happening::DialFailed(call, failure(why))),
            Word::Breaks => self.happens(Happening::Broken(call)),
            Word::Alive => self.happens(Happening::Alive(call)),
            Word::Late => {
                for late in [
                    Happening::Answered(call, 1),
                    Happening::OfferFailed(call, 1, OfferEnd::NoAnswer),
                    Happening::Resumed(call),
                    Happening::Joined(call),
                    Happening::DialAnswered(call),
                    Happening::Returned(call),
                ] {
                    self.happens(late);
                }
            }
            Word::DialAnswers => self.happens(Happening::DialAnswered(call)),
            other => self.works(call, &other),
        }
    }

    /// What the agent does with a call.
    fn works(&mut self, call: CallId, word: &Word) {
        match *word {
            Word::Holds => {
                self.happens(Happening::Held(call));
                let next = match self.dice.below(10) {
                    0 => Word::Consults,
                    1..3 => Word::Transfers(0),
                    3 => Word::TakenOver,
                    _ => Word::Resumes,
                };
                self.word((2, 40), call, next);
            }
            Word::Resumes => {
                self.happens(Happening::Resumed(call));
                self.word((5, 60), call, Word::Talks);
            }
            Word::Consults => {
                self.happens(Happening::Consulting(call, "8002".to_owned()));
                let next = match self.dice.below(9) {
                    0..3 => Word::Joins,
                    3 => Word::Returns,
                    4..7 => Word::Transfers(0),
                    7 => Word::TakenOver,
                    _ => Word::Gone,
                };
                self.word((2, 40), call, next);
            }
            Word::Joins => {
                self.happens(Happening::Joined(call));
                let kind = u8::try_from(self.dice.below(2)).unwrap_or(1);
                let next = match self.dice.below(6) {
                    0 => Word::Returns,
                    1 => Word::Gone,
                    2 => Word::TakenOver,
                    _ => Word::Transfers(kind),
                };
                self.word((5, 60), call, next);
            }
            Word::Returns => {
                self.happens(Happening::Back(call));
                self.word((5, 60), call, Word::Talks);
            }
            Word::Transfers(kind) => {
                let queue = self.line();
                let target = match (kind, self.dice.below(3)) {
                    (0, 0) => Target::Number("02880000000".to_owned()),
                    (_, 1) => Target::Agent(self.person(), queue),
                    // most go where few may wait
                    _ if self.dice.chance(700) => Target::Queue(self.queues.last().copied().unwrap_or(queue)),
                    _ => Target::Queue(queue),
                };
                self.happens(Happening::Transferred(call, target, kind == 1));
                self.word((30, 900), call, Word::Gone);
            }
            Word::TakenOver => {
                let by = self.person();
                self.happens(Happening::TakenOver(call, by));
                self.word((5, 60), call, Word::Talks);
            }
            _ => {}
        }
    }

    /// What comes next in a conversation.
    fn talks(&mut self, call: CallId) {
        let next = match self.dice.below(100) {
            0..15 => Word::Holds,
            15..27 => Word::Consults,
            27..32 => Word::Transfers(0),
            32..35 => Word::TakenOver,
            _ if self.dice.chance(300) => {
                self.happens(Happening::HungUp(call, By::Agent));
                return;
            }
            _ => Word::Gone,
        };
        self.word((5, 300), call, next);
    }

    /// What agents do of their own accord.
    fn deed(&mut self, person: PersonId, deed: u8) {
        let ask = match deed {
            0 => Ask::SignIn,
            1 => Ask::DeviceUp,
            2 => Ask::NotReady("meal".to_owned()),
            3 => Ask::Ready,
            4 => Ask::SignOut,
            5 => Ask::DeviceDown,
            6 => Ask::WrapDone,
            7 => Ask::Prolong(60),
            _ => {
                if self.born < self.settings.calls {
                    let next = self.dice.seconds(30, 600);
                    self.fate_at(next, Fate::Agent(person, 9));
                    let deed = u8::try_from(2 + self.dice.below(6)).unwrap_or(3);
                    self.deed(person, deed);
                    // whoever left or crashed comes back, whoever pauses returns
                    for (after, deed) in [(40, 0), (45, 1), (50, 3)] {
                        self.fate(after, Fate::Agent(person, deed));
                    }
                }
                return;
            }
        };
        self.happens(Happening::Agent(person, ask));
    }

    fn counts(&mut self, call: &Call) {
        self.observer.ends(call);
        let facts = call.facts();
        *self.counted.entry(facts.result).or_default() += 1;
        self.from_records += u64::from(facts.answered);
    }

    fn report(mut self) -> Report {
        let lost = self.floor.open().count() as u64;
        let bound = |agent: &&crate::call::agent::Agent| {
            matches!(
                agent.state,
                AgentState::Reserved { .. } | AgentState::Talking { .. } | AgentState::WrapUp { .. }
            )
        };
        let stuck = self.floor.agents().filter(bound).count() as u64;
        let rest: Vec<Call> = self.floor.rest();
        for call in rest.iter().filter(|call| call.state == State::Ended) {
            self.counts(call);
        }
        let contradiction = self.wrong.take().or_else(|| self.floor.contradiction());
        let equal = self.counted == self.floor.results && self.answered == self.from_records;
        Report {
            calls: self.born,
            happenings: self.happenings,
            answered: self.answered,
            stuck,
            lost,
            equal,
            contradiction,
            results: self.floor.results.clone(),
            of_calls: self.floor.of_calls.clone(),
            of_agents: self.floor.of_agents.clone(),
            causes: self.floor.causes.clone(),
        }
    }
}
