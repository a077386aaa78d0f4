//! Who counts as there, who is kept busy, and what records tell of it.

use super::*;

fn dialled(number: u128, agent: u128, colleague: Option<u128>) -> Happening {
    let direction = if colleague.is_some() { CallDirection::Internal } else { CallDirection::Out };
    Happening::Dialled {
        call: which(number),
        node: "a".into(),
        agent: who(agent),
        number: "8002".into(),
        party: None,
        direction,
        colleague: colleague.map(who),
    }
}

/// TEL-15: whose telephone was gone and registers anew is ready again after missed calls;
/// a break that they chose stays one, and a telephone that only renews changes nothing.
#[test]
fn a_telephone_that_registers_anew_ends_missed_calls() {
    let mut room = Room::new(1, |_| ());
    room.queued(1, Wishes::default());
    room.later(100);
    let tired = AgentState::NotReady { reason: MISSED.to_owned() };
    assert_eq!(room.at_work(1), tired);
    room.agent(1, Ask::DeviceUp);
    assert_eq!(room.at_work(1), tired, "it was there all the time");
    room.agent(1, Ask::DeviceDown);
    room.agent(1, Ask::DeviceUp);
    assert_eq!(room.rings_at(1), Some(who(1)), "ready, and the call that waits rings");
    room.answered(1);
    room.agent(1, Ask::NotReady("meal".into()));
    room.happens(Happening::HungUp(which(1), By::Customer));
    room.agent(1, Ask::WrapDone);
    room.agent(1, Ask::DeviceDown);
    room.agent(1, Ask::DeviceUp);
    assert_eq!(room.at_work(1), AgentState::NotReady { reason: "meal".into() });
}

/// CALL-16, TEL-35: a queue that closes when empty leads calls on once nobody there can be
/// reached, signed in or not.
#[test]
fn a_queue_without_telephones_is_empty() {
    let mut room = Room::new(1, |queue| queue.closed_when_empty = true);
    room.queued(1, Wishes::default());
    room.happens(Happening::HungUp(which(1), By::Customer));
    room.agent(1, Ask::DeviceDown);
    let led = room.queued(2, Wishes::default());
    assert_eq!(led, [Effect::LeadOn(which(2), Overflow::Voicemail)]);
}

/// CALL-3, CALL-12: seats are as many as people sign in, forty and more, however few lines
/// there are.
#[test]
fn seats_are_not_limited_by_lines() {
    let mut room = Room::new(45, |_| ());
    room.arrives(1, Some(1));
    assert_eq!(room.floor.agents().filter(|agent| agent.is_free()).count(), 45);
    for number in 2..=46 {
        room.queued(number, Wishes::default());
    }
    assert_eq!(room.floor.agents().filter(|agent| agent.state.call().is_some()).count(), 45);
}

/// TEL-30: a telephone that fails while it rings passes its call to the next at once, and
/// its agent is offered none until it is back.
#[test]
fn a_telephone_that_fails_passes_its_call_on() {
    let mut room = Room::new(2, |_| ());
    room.queued(1, Wishes::default());
    assert_eq!(room.rings_at(1), Some(who(1)));
    room.agent(1, Ask::DeviceDown);
    assert_eq!(room.rings_at(1), Some(who(2)));
    let offers = room.floor.get(which(1)).unwrap().offers.clone();
    assert_eq!(offers[0].ended.map(|(_, why)| why), Some(OfferEnd::Unreachable));
    room.queued(2, Wishes::default());
    assert_eq!(room.rings_at(2), None);
    room.agent(1, Ask::DeviceUp);
    assert_eq!(room.rings_at(2), Some(who(1)));
}

/// TEL-15, X-1: rings are those that the caller heard: a call that rang at two agents is
/// late where both together took longer than three rings.
#[test]
fn rings_count_from_the_first_offer() {
    let mut room = Room::new(2, |_| ());
    room.queued(1, Wishes::default());
    room.later(10);
    room.happens(Happening::OfferFailed(which(1), 1, OfferEnd::Declined));
    room.later(6);
    room.answered(1);
    let facts = room.floor.get(which(1)).unwrap().facts();
    assert_eq!((facts.rang_ms, facts.ring()), (Some(16_000), Some(4)));
}

/// CALL-10: an internal call keeps both busy, so that no customer waits behind it, and
/// nobody has anything to write up after it.
#[test]
fn an_internal_call_keeps_both_busy() {
    let mut room = Room::new(2, |_| ());
    room.happens(dialled(1, 1, Some(2)));
    assert!(matches!(room.at_work(2), AgentState::Reserved { .. }), "{:?}", room.at_work(2));
    room.queued(2, Wishes::default());
    assert_eq!(room.rings_at(2), None, "one dials, the other's telephone rings");
    room.happens(Happening::DialAnswered(which(1)));
    assert_eq!(room.at_work(2), AgentState::Talking { call: which(1) });
    room.later(20);
    assert_eq!(room.rings_at(2), None);
    room.happens(Happening::HungUp(which(1), By::Agent));
    assert!(room.rings_at(2).is_some(), "both are free at once");
    let record = room.floor.get(which(1)).unwrap();
    assert_eq!((record.works.len(), record.result), (0, Some(CallResult::Answered)));
    // on a break is on a break again afterwards
    let mut room = Room::new(2, |_| ());
    room.agent(2, Ask::NotReady("meal".into()));
    room.happens(dialled(1, 1, Some(2)));
    room.happens(Happening::DialAnswered(which(1)));
    assert_eq!(room.at_work(2), AgentState::Talking { call: which(1) });
    room.happens(Happening::NodeLost("a".into()));
    assert_eq!(room.at_work(2), AgentState::NotReady { reason: "meal".into() });
}

/// CALL-10: a call that nobody answered tells who dialled, and leaves nobody in a wrap-up.
#[test]
fn an_unanswered_call_tells_who_dialled() {
    for (colleague, end) in [
        (None, Happening::DialFailed(which(1), OfferEnd::Busy)),
        (Some(2), Happening::HungUp(which(1), By::Agent)),
    ] {
        let mut room = Room::new(2, |_| ());
        room.happens(dialled(1, 1, colleague));
        room.happens(end);
        let record = room.floor.get(which(1)).unwrap();
        assert_eq!((&*record.agents, record.facts().agent), (&[who(1)][..], Some(who(1))));
        assert_eq!((room.at_work(1), room.at_work(2)), (AgentState::Ready, AgentState::Ready));
    }
}

/// CALL-5: a call whose process died ended when it was last heard of, not when the process
/// came back.
#[test]
fn a_lost_call_ends_when_it_was_last_heard_of() {
    let mut room = Room::new(1, |_| ());
    room.queued(1, Wishes::default());
    room.answered(1);
    room.later(60);
    room.happens(Happening::Alive(which(1)));
    let heard = at(room.now);
    room.later(3_000);
    room.happens(Happening::NodeLost("a".into()));
    let call = room.floor.get(which(1)).unwrap();
    assert_eq!((call.ended_at, call.facts().talk_ms), (Some(heard), 60_000));
    assert_eq!((call.result, call.ended_by.as_deref()), (Some(CallResult::Lost), Some("restart")));
}

/// CALL-2: a call beyond the lines is led where its line's queue leads what it cannot take;
/// a flood of them is refused.
#[test]
fn calls_beyond_the_lines_are_treated() {
    let mut room = Room::new(0, |queue| queue.overflow = Overflow::Number("02880000000".into()));
    room.arrives(1, Some(1));
    let led = room.arrives(2, Some(1));
    assert_eq!(led, [Effect::LeadOn(which(2), Overflow::Number("02880000000".into()))]);
    room.happens(Happening::HungUp(which(2), By::Customer));
    let facts = room.floor.get(which(2)).unwrap().facts();
    let counted = (facts.beyond_limit, facts.overflowed, facts.result);
    assert_eq!(counted, (true, true, CallResult::Overflowed));
    for number in 3..=7 {
        assert!(matches!(room.arrives(number, Some(1))[..], [Effect::LeadOn(..)]), "{number}");
    }
    assert_eq!(room.arrives(8, Some(1)), [Effect::Refuse(which(8))]);
    let facts = room.floor.get(which(8)).unwrap().facts();
    assert!(facts.beyond_limit && facts.result == CallResult::Rejected);
}
