//! Where calls go that are put through, or that nobody can take.

use super::*;

/// TEL-23: a transferred call goes to the colleague who is meant, whether they serve the
/// queue or not, and never back to who gave it away while others are free.
#[test]
fn a_transfer_reaches_whom_it_is_meant_for() {
    let mut room = Room::new(2, |queue| queue.wrap_up = 0);
    room.agent(9, Ask::SignIn);
    room.agent(9, Ask::DeviceUp);
    room.queued(1, Wishes::default());
    room.answered(1);
    let refused = |room: &mut Room, to| {
        happen(&mut room.floor, Happening::Transferred(which(1), to, false), at(room.now))
    };
    let nobody = refused(&mut room, Target::Agent(who(77), QUEUE));
    assert_eq!(nobody, Err(Trouble::Refused(Refusal("agent_offline"))));
    let nowhere = refused(&mut room, Target::Queue(QueueId(Uuid::from_u128(77))));
    assert_eq!(nowhere, Err(Trouble::Refused(Refusal("unknown_queue"))));
    assert_eq!(room.at_work(1), AgentState::Talking { call: which(1) }, "the agent keeps the call");
    room.happens(Happening::Transferred(which(1), Target::Agent(who(9), QUEUE), true));
    assert_eq!(room.rings_at(1), Some(who(9)));
    room.answered(1);
    room.agent(2, Ask::NotReady("meal".into()));
    room.happens(Happening::Transferred(which(1), Target::Queue(OTHER), false));
    assert_eq!(room.rings_at(1), Some(who(9)), "nobody else serves it");
    room.answered(1);
    room.happens(Happening::HungUp(which(1), By::Customer));
    let call = room.floor.get(which(1)).unwrap();
    assert_eq!(call.agents, [who(1), who(9)]);
    assert_eq!(call.facts().transfers, 2);
    assert!(call.transfers[0].warm && !call.transfers[1].warm);
}

/// TEL-23: whom nobody answers outside is not lost: the call waits for an agent again.
#[test]
fn a_transfer_that_fails_comes_back() {
    let mut room = Room::new(2, |queue| queue.wrap_up = 0);
    room.queued(1, Wishes::default());
    room.answered(1);
    room.happens(Happening::Transferred(which(1), Target::Number("13912345678".into()), false));
    let back = room.happens(Happening::Returned(which(1)));
    assert!(back.contains(&Effect::Entertain(which(1))), "{back:?}");
    assert_eq!(room.rings_at(1), Some(who(2)), "who gave it away is not the first to have it back");
    room.answered(1);
    assert_eq!(room.floor.get(which(1)).unwrap().agents, [who(1), who(2)]);
}

/// CALL-2: a call that waits too long, or finds the queue full or empty, is led on.
#[test]
fn a_queue_leads_on_what_it_cannot_serve() {
    let mut room = Room::new(0, |queue| (queue.longest, queue.most) = (60, 1));
    room.queued(1, Wishes::default());
    let full = room.queued(2, Wishes::default());
    assert_eq!(full, [Effect::LeadOn(which(2), Overflow::Voicemail)]);
    room.later(61);
    let call = room.floor.get(which(1)).unwrap();
    assert_eq!((call.state.as_str(), call.overflowed, call.facts().wait_ms), ("menu", true, 60_000));
    room.happens(Happening::CallBackAsked(which(1), "13800000001".into()));
    room.later(200);
    assert_eq!(room.floor.get(which(1)).unwrap().result, Some(CallResult::CallBack), "TEL-33");
    let mut empty = Room::new(0, |queue| queue.closed_when_empty = true);
    let led = empty.queued(1, Wishes::default());
    assert_eq!(led, [Effect::LeadOn(which(1), Overflow::Voicemail)]);
}

/// CALL-2: where menu and queue both say how long a call waits, the smaller holds, and the
/// menu's ends with the menu.
#[test]
fn a_menu_leads_on_sooner_than_its_queue() {
    for (of_menu, waited) in [(Some(20), 20_000), (Some(90), 60_000), (None, 60_000)] {
        let mut room = Room::new(0, |queue| queue.longest = 60);
        room.queued(1, Wishes { longest: of_menu, ..Wishes::default() });
        room.later(waited / 1000 - 1);
        assert_eq!(room.state(1).as_str(), "waiting", "{of_menu:?}");
        room.later(2);
        let call = room.floor.get(which(1)).unwrap();
        assert_eq!((call.state.as_str(), call.overflowed), ("menu", true), "{of_menu:?}");
        assert_eq!(call.facts().wait_ms, waited, "{of_menu:?}");
    }
    let mut room = Room::new(1, |queue| queue.longest = 60);
    room.queued(1, Wishes { longest: Some(20), ..Wishes::default() });
    room.answered(1);
    room.happens(Happening::Transferred(which(1), Target::Queue(QUEUE), false));
    room.later(40);
    assert_ne!(room.state(1).as_str(), "menu", "an agent put it there, no menu");
}
