//! What the floor keeps to: who gets a call, when it goes on, and that nothing that comes
//! late, twice or in any order leaves anybody stuck.
//!
//! Size: the scenes share one room, and the properties its happenings.

use super::*;
use crate::call::agent::Ask;
use crate::call::agent::{MISSED, State as AgentState};
use crate::call::facts::{CallDirection, CallResult};
use crate::call::queue::{Overflow, Strategy as Turn, Wishes, ordered, pick};
use crate::call::record::{OfferEnd, State};
use crate::call::simulation::Memory;
use proptest::prelude::*;
use std::collections::BTreeMap;
use uuid::Uuid;

mod seats;
mod ways;

const QUEUE: QueueId = QueueId(Uuid::from_u128(1));
const OTHER: QueueId = QueueId(Uuid::from_u128(2));

fn who(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(number))
}

fn which(number: u128) -> CallId {
    CallId(Uuid::from_u128(number))
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros((1_790_000_000 + seconds) * 1_000_000)
}

/// A floor with agents 1 to `agents`, signed in one second after the other.
struct Room {
    floor: Memory,
    now: i64,
}

impl Room {
    fn new(agents: u128, change: impl FnOnce(&mut Queue)) -> Self {
        let mut queue = Queue::new(QUEUE, "main".into(), "总队列".into());
        change(&mut queue);
        let mut room = Self { floor: Memory::default(), now: 0 };
        room.floor.with_queue(queue, (1..=agents).map(who));
        room.floor.with_queue(Queue::new(OTHER, "other".into(), "其他".into()), [who(9)]);
        for number in 1..=agents {
            room.now += 1;
            room.agent(number, Ask::SignIn);
            room.agent(number, Ask::DeviceUp);
        }
        room
    }

    fn happens(&mut self, what: Happening) -> Vec<Effect> {
        happen(&mut self.floor, what, at(self.now)).unwrap()
    }

    fn agent(&mut self, number: u128, ask: Ask) -> Vec<Effect> {
        self.happens(Happening::Agent(who(number), ask))
    }

    fn arrives(&mut self, number: u128, limit: Option<u32>) -> Vec<Effect> {
        self.happens(Happening::Arrived {
            call: which(number),
            node: "a".into(),
            caller: Some("13800000001".into()),
            called: "95100".into(),
            line: None,
            service: None,
            party: None,
            limit,
            queue: Some(QUEUE),
        })
    }

    fn queued(&mut self, number: u128, wishes: Wishes) -> Vec<Effect> {
        self.arrives(number, None);
        self.happens(Happening::Queued(which(number), QUEUE, wishes))
    }

    fn state(&self, number: u128) -> State {
        self.floor.get(which(number)).unwrap().state.clone()
    }

    fn rings_at(&self, number: u128) -> Option<PersonId> {
        match self.state(number) {
            State::Offering { agent, .. } => Some(agent),
            _ => None,
        }
    }

    fn answered(&mut self, number: u128) {
        let offer = self.floor.get(which(number)).unwrap().offers.len();
        self.happens(Happening::Answered(which(number), u32::try_from(offer).unwrap()));
    }

    fn at_work(&self, number: u128) -> AgentState {
        self.floor.agents().find(|agent| agent.person == who(number)).unwrap().state.clone()
    }

    /// Lets time go by, with every lease that ends meanwhile.
    fn later(&mut self, seconds: i64) {
        let end = self.now + seconds;
        while let Some(lease) = self.floor.lapsed(at(end), 1).first().copied() {
            let due = self.floor.due().unwrap().micros() / 1_000_000 - 1_790_000_000;
            self.now = self.now.max(due);
            self.happens(Happening::Lapsed(lease));
        }
        self.now = end;
    }
}

/// TEL-15, TEL-26, X-1: who does not answer within the rings loses the call to the next,
/// and who lets several ring is taken off the queue with a reason.
#[test]
fn an_unanswered_call_rings_at_the_next() {
    let mut room = Room::new(2, |_| ());
    room.queued(1, Wishes::default());
    assert_eq!(room.rings_at(1), Some(who(1)), "the longest idle first");
    room.later(21);
    assert_eq!(room.rings_at(1), Some(who(2)));
    room.later(200);
    let tired = AgentState::NotReady { reason: MISSED.to_owned() };
    assert_eq!((room.at_work(1), room.at_work(2)), (tired.clone(), tired));
    room.agent(2, Ask::Ready);
    assert_eq!(room.rings_at(1), Some(who(2)));
    room.answered(1);
    assert_eq!(room.at_work(2), AgentState::Talking { call: which(1) });
}

/// CALL-2: the call beyond the lines is led on, and counted.
#[test]
fn the_ninety_first_call_is_led_on_and_counted() {
    let mut room = Room::new(0, |_| ());
    for number in 1..=90 {
        room.arrives(number, Some(90));
    }
    assert_eq!(room.arrives(91, Some(90)), [Effect::LeadOn(which(91), Overflow::Voicemail)]);
    let facts = room.floor.get(which(91)).unwrap().facts();
    assert!(facts.beyond_limit && facts.overflowed);
    room.happens(Happening::Voicemail(which(91), 60));
    room.happens(Happening::HungUp(which(91), By::Customer));
    assert_eq!(room.floor.get(which(91)).unwrap().result, Some(CallResult::Voicemail));
    room.happens(Happening::HungUp(which(1), By::Customer));
    assert_eq!(room.arrives(92, Some(90)), [], "a line is free again");
}

/// SKILL-6: an angry customer comes first and gets the most able agent; TEL-32: a
/// dialect is a skill that is waited for, until nobody with it comes.
#[test]
fn angry_customers_and_dialects_are_looked_after() {
    let mut room = Room::new(2, |_| ());
    let cantonese = BTreeMap::from([("cantonese".to_owned(), 3)]);
    room.agent(1, Ask::NotReady("meal".into()));
    let wishes = Wishes { skills: cantonese.clone(), ..Wishes::default() };
    room.queued(1, wishes);
    assert_eq!(room.rings_at(1), None, "agent 2 does not speak it");
    room.later(65);
    assert_eq!(room.rings_at(1), Some(who(2)), "better somebody than nobody");
    room.answered(1);
    room.queued(2, Wishes::default());
    room.queued(3, Wishes { angry: true, ..Wishes::default() });
    room.agent(1, Ask::Skills(cantonese));
    room.agent(1, Ask::Ready);
    assert_eq!((room.rings_at(3), room.rings_at(2)), (Some(who(1)), None));
}

/// Issue 7: a hang-up that nobody heard of leaves nobody bound for ever, and a long
/// conversation that says so goes on.
#[test]
fn a_silent_conversation_ends() {
    let mut room = Room::new(1, |_| ());
    room.queued(1, Wishes::default());
    room.answered(1);
    room.later(i64::from(SILENCE) - 1);
    room.happens(Happening::Alive(which(1)));
    room.later(i64::from(SILENCE) - 1);
    assert_eq!(room.state(1).as_str(), "talking");
    room.later(60);
    assert_eq!((room.state(1).as_str(), room.at_work(1)), ("ended", AgentState::Ready));
}

/// a call typed in by hand gives the same record.
#[test]
fn a_typed_call_is_a_call() {
    let mut room = Room::new(1, |_| ());
    room.now = 500;
    let typed = |call, from, to| {
        Happening::Typed(Box::new(Typed {
            call: which(call),
            direction: CallDirection::In,
            agent: who(1),
            number: Some("13800000001".into()),
            line: Some("95100".into()),
            service: None,
            party: None,
            case: None,
            from: at(from),
            to: at(to),
            answered: true,
        }))
    };
    room.happens(typed(1, 100, 190));
    room.happens(typed(1, 100, 200));
    let call = room.floor.get(which(1)).unwrap();
    let facts = call.facts();
    assert_eq!((facts.talk_ms, facts.typed, facts.result), (90_000, true, CallResult::Answered));
    assert_eq!((call.is_over(), call.ended_at, call.called.as_str()), (true, Some(at(190)), "95100"));
    for (from, to) in [(300, 200), (400, 501)] {
        let refused = happen(&mut room.floor, typed(2, from, to), at(500));
        assert_eq!(refused, Err(Trouble::Refused(Refusal("call_times_unordered"))));
    }
}

/// Issue 7: an agent who says ready in the wrap-up is ready, also when they were not before
/// the call or asked for a pause during it: the newest word counts.
#[test]
fn ready_in_the_wrap_up_is_ready() {
    let mut room = Room::new(1, |_| ());
    room.queued(1, Wishes::default());
    room.answered(1);
    room.happens(Happening::Agent(who(1), Ask::NotReady("meal".into())));
    room.happens(Happening::HungUp(which(1), By::Customer));
    assert!(matches!(room.at_work(1), AgentState::WrapUp { .. }));
    room.happens(Happening::Agent(who(1), Ask::Ready));
    assert_eq!(room.at_work(1), AgentState::Ready);
}

/// CALL-5: a dialled call ends with the reason that the line gave; a process that
/// dies ends its calls and frees its agents.
#[test]
fn dialled_calls_end_with_their_reason() {
    let mut room = Room::new(1, |_| ());
    let dial = |room: &mut Room, number| {
        room.happens(Happening::Dialled {
            call: which(number),
            node: "a".into(),
            agent: who(1),
            number: "13800000001".into(),
            party: None,
            direction: CallDirection::Out,
            colleague: None,
        })
    };
    for (number, why, result) in [
        (1, OfferEnd::Busy, CallResult::Busy),
        (2, OfferEnd::NoAnswer, CallResult::NoAnswer),
        (3, OfferEnd::Unreachable, CallResult::Failed),
    ] {
        dial(&mut room, number);
        room.happens(Happening::DialFailed(which(number), why));
        assert_eq!(room.floor.get(which(number)).unwrap().result, Some(result));
    }
    dial(&mut room, 4);
    room.happens(Happening::DialAnswered(which(4)));
    room.happens(Happening::NodeLost("a".into()));
    let call = room.floor.get(which(4)).unwrap();
    assert_eq!((call.result, call.ended_by.as_deref()), (Some(CallResult::Lost), Some("restart")));
    assert_eq!(room.at_work(1), AgentState::Ready);
    room.queued(5, Wishes::default());
    assert_eq!(room.rings_at(5), None, "the telephone has to come back first");
}

fn any_happening() -> impl Strategy<Value = Happening> {
    let call = || (1_u128..4).prop_map(which);
    let agent = || (1_u128..4).prop_map(who);
    let number = || Just("8001".to_owned());
    let ask = prop_oneof![
        Just(Ask::SignIn),
        Just(Ask::SignOut),
        Just(Ask::Ready),
        Just(Ask::NotReady("meal".into())),
        Just(Ask::DeviceUp),
        Just(Ask::DeviceDown),
        Just(Ask::WrapDone),
    ];
    let why = prop_oneof![Just(OfferEnd::NoAnswer), Just(OfferEnd::Busy), Just(OfferEnd::Unreachable)];
    let target = prop_oneof![
        Just(Target::Queue(QUEUE)),
        agent().prop_map(|agent| Target::Agent(agent, QUEUE)),
        Just(Target::Number("02880000000".into())),
    ];
    prop_oneof![
        3 => call().prop_map(|call| Happening::Arrived {
            call, node: "a".into(), caller: None, called: "95100".into(),
            line: None, service: None, party: None, limit: None, queue: None,
        }),
        6 => call().prop_map(|call| Happening::Queued(call, QUEUE, Wishes::default())),
        8 => (call(), 1_u32..4).prop_map(|(call, offer)| Happening::Answered(call, offer)),
        3 => (call(), 1_u32..4, why.clone()).prop_map(|(call, offer, why)| Happening::OfferFailed(call, offer, why)),
        2 => call().prop_map(|call| Happening::HungUp(call, By::Customer)),
        2 => call().prop_map(Happening::Held),
        1 => call().prop_map(Happening::Resumed),
        2 => (call(), number()).prop_map(|(call, with)| Happening::Consulting(call, with)),
        1 => call().prop_map(Happening::Back),
        1 => call().prop_map(Happening::Joined),
        2 => (call(), target, any::<bool>()).prop_map(|(call, to, warm)| Happening::Transferred(call, to, warm)),
        2 => (call(), agent()).prop_map(|(call, by)| Happening::TakenOver(call, by)),
        1 => (call(), number()).prop_map(|(call, to)| Happening::Led(call, to)),
        1 => call().prop_map(Happening::Returned),
        1 => call().prop_map(|call| Happening::Voicemail(call, 60)),
        3 => (call(), agent(), prop::option::of(agent())).prop_map(|(call, agent, colleague)| {
            let direction = if colleague.is_some() { CallDirection::Internal } else { CallDirection::Out };
            Happening::Dialled { call, node: "a".into(), agent, number: "8002".into(), party: None, direction, colleague }
        }),
        1 => call().prop_map(Happening::DialAnswered),
        1 => (call(), why).prop_map(|(call, why)| Happening::DialFailed(call, why)),
        1 => call().prop_map(Happening::Broken),
        1 => Just(Happening::NodeLost("a".into())),
        8 => (agent(), ask).prop_map(|(agent, ask)| Happening::Agent(agent, ask)),
    ]
}

/// What calls and agents are, how often they were written left out.
fn picture(floor: &Memory) -> (BTreeMap<CallId, Call>, Vec<Agent>) {
    let calls = floor.rest().into_iter().map(|call| (call.id, Call { version: 0, ..call })).collect();
    (calls, floor.agents().cloned().map(|agent| Agent { version: 0, ..agent }).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// Issue 7: whatever happens in whatever order, told once or twice, comes to the same;
    /// agent and call always agree; and once nothing happens any more, every call is over
    /// and nobody is bound. A record that was stored is read as what it was.
    #[test]
    fn no_sequence_leaves_anybody_stuck(
        all in prop::collection::vec((any_happening(), 0_i64..40), 0..60),
        wrap_up in prop_oneof![Just(0_u32), Just(30)],
    ) {
        let mut once = Room::new(3, |queue| queue.wrap_up = wrap_up);
        let mut twice = Room { floor: once.floor.clone(), now: once.now };
        for (what, seconds) in all {
            let told = happen(&mut once.floor, what.clone(), at(once.now));
            let first = happen(&mut twice.floor, what.clone(), at(twice.now));
            prop_assert_eq!(&told, &first);
            drop(happen(&mut twice.floor, what, at(twice.now)));
            prop_assert_eq!(picture(&once.floor), picture(&twice.floor));
            prop_assert_eq!(once.floor.contradiction(), None);
            once.later(seconds);
            twice.later(seconds);
        }
        once.later(2 * i64::from(SILENCE));
        prop_assert_eq!(once.floor.open().count(), 0);
        prop_assert!(once.floor.agents().all(|agent| agent.state.call().is_none()));
        for call in once.floor.rest() {
            let text = serde_json::to_string(&call).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Call>(&text).unwrap(), &call);
            let facts = call.facts();
            prop_assert!(facts.talk_ms >= 0 && facts.wait_ms >= 0 && facts.hold_ms >= 0);
            prop_assert_eq!(facts.answered, !call.talks.is_empty());
        }
    }

    /// Issue 7: waiting counts, so that everybody's turn comes: nobody is overtaken by a
    /// call that came later than priority is worth; angry customers come first (SKILL-6).
    #[test]
    fn everybodys_turn_comes(calls in prop::collection::vec((0_i64..2_000, 0_u32..5, any::<bool>()), 1..40)) {
        let queue = Queue::new(QUEUE, "main".into(), "总队列".into());
        let waiting = |(number, (since, priority, angry)): (usize, &(i64, u32, bool))| Waiting {
            call: which(number as u128),
            since: at(*since),
            wishes: Wishes { priority: *priority, angry: *angry, ..Wishes::default() },
            passed: Vec::new(),
        };
        let mut line: Vec<Waiting> = calls.iter().enumerate().map(waiting).collect();
        ordered(&queue, &mut line);
        let worth = i64::from(queue.step) * 4 * 1_000_000;
        for (place, first) in line.iter().enumerate() {
            for later in &line[place + 1..] {
                prop_assert!(first.wishes.angry || !later.wishes.angry);
                if first.wishes.angry == later.wishes.angry {
                    prop_assert!(first.since.micros() <= later.since.micros() + worth);
                }
            }
        }
    }

    /// Issue 7: each strategy gives the call to somebody who is free and fits, and asks who
    /// let it ring only when nobody else is.
    #[test]
    fn the_call_goes_to_somebody_who_fits(
        people in prop::collection::vec((any::<bool>(), any::<bool>(), 0_u8..6, 0_u32..5, any::<bool>()), 0..8),
        least in 1_u8..6,
        turn in prop_oneof![Just(Turn::LongestIdle), Just(Turn::LeastCalls), Just(Turn::RoundRobin)],
    ) {
        let mut queue = Queue::new(QUEUE, "main".into(), "总队列".into());
        queue.strategy = turn;
        let staff: Vec<Agent> = people.iter().enumerate().map(|(number, (ready, device, level, calls, _))| {
            let mut agent = Agent::new(who(number as u128), at(0));
            if *ready {
                agent.becomes(AgentState::Ready, at(number as i64));
            }
            (agent.device, agent.calls) = (*device, *calls);
            agent.skills.insert("cantonese".into(), *level);
            agent
        }).collect();
        let passed: Vec<PersonId> =
            people.iter().enumerate().filter(|(_, one)| one.4).map(|(number, _)| who(number as u128)).collect();
        let skills = BTreeMap::from([("cantonese".to_owned(), least)]);
        let wishes = Wishes { skills: skills.clone(), ..Wishes::default() };
        let call = Waiting { call: which(1), since: at(0), wishes, passed: passed.clone() };
        let fitting: Vec<&Agent> =
            staff.iter().filter(|agent| agent.is_free() && agent.skills["cantonese"] >= least).collect();
        let found = pick(&queue, &call, &staff, at(1));
        prop_assert_eq!(found.is_some(), !fitting.is_empty());
        if let Some(agent) = found {
            prop_assert!(fitting.contains(&agent));
            let fresh = |agent: &&&Agent| !passed.contains(&agent.person);
            prop_assert!(!passed.contains(&agent.person) || !fitting.iter().any(|agent| fresh(&agent)));
            let best = fitting.iter().filter(fresh).map(|agent| agent.skills["cantonese"]).max();
            prop_assert!(best.is_none_or(|best| agent.skills["cantonese"] == best));
        }
    }
}
