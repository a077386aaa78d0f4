use crate::ari_fake::FakeAri;
use crate::house::{House, extension, number, prompt, tape};
use huiyin_telephony::{
    By, CallControl, Cause, Command, Dial, LegId, Member, Monitoring, Origin, Side, Signal,
};
use std::time::Duration;

async fn open() -> (FakeAri, House) {
    let fake = FakeAri::start().await;
    let house = House::open(&fake.settings(), "secret").await;
    house.connected().await;
    (fake, house)
}

/// CALL-1, CALL-5: a call goes from the line through a prompt and a digit to
/// an agent, is recorded on two sides, and ends on both.
#[tokio::test]
async fn a_call_goes_from_the_line_to_an_agent() {
    let (fake, mut house) = open().await;
    fake.arrive("c1");
    let customer = house
        .hear(|signal| match signal {
            Signal::Offered { leg, origin, caller, called, .. } => {
                assert_eq!(*origin, Origin::Trunk("carrier".into()));
                assert_eq!((caller.as_str(), called.as_str()), ("13800138000", "4001"));
                Some(*leg)
            }
            _ => None,
        })
        .await;
    house.send(Command::Ring { leg: customer });
    house.send(Command::Answer { leg: customer });
    house.hear_exactly(Signal::Answered { leg: customer }).await;
    house.send(Command::Play {
        leg: customer,
        prompts: vec![prompt("welcome"), prompt("menu")],
        token: 7,
        repeat: false,
    });
    let asked = fake.asked("/play/").await;
    assert!(asked.contains("media=sound:huiyin/welcome,sound:huiyin/menu"), "{asked}");
    fake.digit("c1", '1');
    house.hear_exactly(Signal::Digit { leg: customer, digit: '1' }).await;
    let agent = house.dial(extension("1001"));
    let channel = fake.dialled("PJSIP/1001").await;
    fake.ring(&channel);
    house.hear_exactly(Signal::Ringing { leg: agent }).await;
    fake.pick_up(&channel);
    house.hear_exactly(Signal::Answered { leg: agent }).await;
    let room = house.bridge(customer, agent);
    house.hear_exactly(Signal::Played { leg: customer, token: 7, all: false }).await;
    let (tape, sound) = tape();
    house.send(Command::Record { room, token: 3, tape });
    fake.asked("spy=out").await;
    house.send(Command::PauseRecording { room });
    fake.asked("/mute").await;
    fake.gone("c1", 16);
    assert_eq!(house.hear_end(customer).await, (By::Peer, Cause::Normal));
    house.hear_exactly(Signal::Taped { room, token: 3, millis: 1, whole: true }).await;
    assert_eq!(*sound.lock().unwrap(), *b"abababab\x61\xD5\x61\xD5\x61\xD5\x61\xD5");
    house.send(Command::Hangup { leg: agent, cause: Cause::Normal });
    assert_eq!(house.hear_end(agent).await, (By::Us, Cause::Normal));
    assert_eq!(fake.wrong(), Vec::<String>::new());
    assert_eq!(house.pbx.standing().legs, 0);
}

/// CALL-5: what a name or a note says cannot become a header or a variable.
#[tokio::test]
async fn names_and_notes_cannot_break_out() {
    let (fake, house) = open().await;
    house.dial(extension("1001"));
    let asked = fake.asked("endpoint=PJSIP/1001").await;
    assert!(asked.contains("\"王女士X-Evil: 1\""), "{asked}");
    assert!(asked.contains("callerId=%22%E5%BC%A0%E4%B8%89%201x%22%20%3C4001%3E&"), "{asked}");
}

/// CALL-5: when a line takes no call, the next one is tried, once each.
#[tokio::test]
async fn a_dead_line_makes_room_for_the_next() {
    let (fake, mut house) = open().await;
    fake.refuse_dials("PJSIP/13800138000@carrier", 500);
    let leg = house.dial(number("13800138000"));
    let spare = fake.dialled("PJSIP/13800138000@spare").await;
    assert!(fake.asked("@spare").await.contains("4009"));
    assert_eq!(house.pbx.standing().trunks[1].name, "spare");
    fake.gone(&spare, 34);
    assert_eq!(house.hear_end(leg).await, (By::Network, Cause::Congestion));
    house.hear_nothing().await;
}

/// CALL-5: causes of the other side are told in our words.
#[tokio::test]
async fn causes_are_told_in_our_words() {
    let (fake, mut house) = open().await;
    for (code, by, cause) in [
        (17, By::Peer, Cause::Busy),
        (21, By::Peer, Cause::Declined),
        (19, By::Peer, Cause::NoAnswer),
        (16, By::Peer, Cause::NoAnswer),
        (1, By::Network, Cause::NotFound),
        (20, By::Network, Cause::Unreachable),
    ] {
        let leg = house.dial(extension(&format!("10{code}")));
        let channel = fake.dialled(&format!("PJSIP/10{code}&")).await;
        fake.gone(&channel, code);
        assert_eq!(house.hear_end(leg).await, (by, cause), "{code}");
    }
    let nobody = house.dial(extension("a&b"));
    assert_eq!(house.hear_end(nobody).await, (By::Network, Cause::NotFound));
}

/// CALL-5: who hangs up while we answer, bridge or play is told once, and
/// nothing is left behind.
#[tokio::test]
async fn hanging_up_in_the_middle_is_told_once() {
    let (fake, mut house) = open().await;
    fake.arrive("c1");
    let leg = house.offered().await;
    fake.forget("c1");
    house.send(Command::Answer { leg });
    house.send(Command::Play { leg, prompts: vec![prompt("a")], token: 1, repeat: true });
    house.send(Command::Hangup { leg, cause: Cause::Normal });
    house.send(Command::Hangup { leg, cause: Cause::Busy });
    assert_eq!(house.hear_end(leg).await, (By::Us, Cause::Normal));
    fake.gone("c1", 16);
    house.send(Command::Answer { leg });
    house.hear_nothing().await;
    assert_eq!(house.pbx.standing().legs, 0);
}

/// CALL-5: whoever rings too long is given up by us, whatever the PBX does.
#[tokio::test]
async fn ringing_ends_in_time() {
    let (fake, mut house) = open().await;
    let leg = LegId::fresh();
    house.send(Command::Dial(Dial {
        leg,
        to: extension("1001"),
        house: None,
        from: "4001".into(),
        name: None,
        ring_for: Duration::from_millis(300),
        auto_answer: false,
        note: None,
    }));
    let channel = fake.dialled("PJSIP/1001").await;
    fake.ring(&channel);
    assert_eq!(house.hear_end(leg).await, (By::Network, Cause::NoAnswer));
    assert!(fake.asked("DELETE channels/huiyin").await.contains("reason_code=19"));
}

/// CALL-5: a lost connection is made again; who hung up meanwhile is over,
/// who is still there stays, and who called meanwhile is offered.
#[tokio::test]
async fn calls_are_compared_after_a_lost_connection() {
    let (fake, mut house) = open().await;
    house.hear_exactly(Signal::Trunk { name: "carrier".into(), up: true }).await;
    fake.arrive("stays");
    let stays = house.offered().await;
    fake.arrive("goes");
    let goes = house.offered().await;
    fake.arrive("hung-up");
    let hung_up = house.offered().await;
    fake.cut(true);
    house.lost().await;
    house.hear_exactly(Signal::Trunk { name: "carrier".into(), up: false }).await;
    let refused = house.pbx.send(Command::Answer { leg: stays });
    assert_eq!(refused, Err(huiyin_telephony::Unavailable::Busy));
    house.send(Command::Hangup { leg: hung_up, cause: Cause::Normal });
    fake.forget("goes");
    fake.put("new", true);
    fake.put("huiyin-1a2b-leg-1-1", false);
    fake.put("of-others", false);
    tokio::time::sleep(Duration::from_millis(400)).await;
    fake.cut(false);
    house.connected().await;
    assert_eq!(house.hear_end(goes).await, (By::Network, Cause::Failure));
    let new = house.offered().await;
    assert_eq!(house.hear_end(hung_up).await, (By::Us, Cause::Normal));
    fake.asked("DELETE channels/huiyin-1a2b-leg-1-1").await;
    house.send(Command::Answer { leg: stays });
    house.hear_exactly(Signal::Answered { leg: stays }).await;
    house.send(Command::Answer { leg: new });
    house.hear_exactly(Signal::Answered { leg: new }).await;
}

/// CALL-5: a wrong password is not a connection, and is tried again.
#[tokio::test]
async fn a_wrong_password_never_connects() {
    let fake = FakeAri::start().await;
    let house = House::open(&fake.settings(), "wrong").await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert!(!house.pbx.connected());
    assert_eq!(fake.log(), Vec::<String>::new());
}

/// CALL-5: an https address that is none is tried again and ends nothing.
#[tokio::test]
async fn an_address_without_tls_ends_nothing() {
    let fake = FakeAri::start().await;
    let house = House::open(&fake.settings().replace("http://", "https://"), "secret").await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert!(!house.pbx.connected());
    house.send(Command::Hangup { leg: LegId(1), cause: Cause::Normal });
}

/// CALL-5: words that are no event harm nobody and are counted.
#[tokio::test]
async fn malformed_events_harm_nobody() {
    let (fake, mut house) = open().await;
    fake.arrive("c1");
    let leg = house.offered().await;
    for bad in [
        "{",
        "[]",
        "{}",
        "null",
        "7",
        "\u{0}",
        "{\"type\":7}",
        "{\"type\":\"StasisStart\"}",
        "{\"type\":\"StasisStart\",\"args\":7,\"channel\":[]}",
        "{\"type\":\"ChannelDestroyed\",\"channel\":{\"id\":7},\"cause\":-1}",
        "{\"type\":\"ChannelDtmfReceived\",\"digit\":\"\",\"channel\":{\"id\":\"c1\"}}",
        "{\"type\":\"PlaybackFinished\",\"playback\":{\"id\":\"nobody\",\"state\":\"done\"}}",
        "{\"type\":\"ContactStatusChange\",\"endpoint\":{\"resource\":\"1\"},\"contact_info\":{\"contact_status\":\"Reachable\",\"uri\":\"@@;\"}}",
    ] {
        fake.raw(bad);
    }
    fake.raw(&format!("{{\"type\":\"X\",\"y\":{}1{}}}", "[".repeat(5_000), "]".repeat(5_000)));
    fake.digit("c1", '5');
    house.hear_exactly(Signal::Digit { leg, digit: '5' }).await;
    assert!(house.pbx.connected());
    assert!(house.pbx.standing().malformed >= 5, "{:?}", house.pbx.standing());
}

/// CALL-9, CALL-11: a supervisor listens, whispers and barges in; hold takes
/// the customer out of the room and brings music.
#[tokio::test]
async fn supervisors_and_hold_find_their_place() {
    let (fake, mut house) = open().await;
    fake.arrive("c1");
    let customer = house.offered().await;
    house.send(Command::Answer { leg: customer });
    house.hear_exactly(Signal::Answered { leg: customer }).await;
    let mut legs = Vec::new();
    for name in ["1001", "1002"] {
        let leg = house.dial(extension(name));
        let channel = fake.dialled(&format!("PJSIP/{name}")).await;
        fake.pick_up(&channel);
        house.hear_exactly(Signal::Answered { leg }).await;
        legs.push((leg, channel));
    }
    let (agent, supervisor) = (legs[0].0, legs[1].0);
    let room = house.bridge(customer, agent);
    house.send(Command::Monitor { room, leg: supervisor, mode: Monitoring::Listen });
    fake.asked(&format!("channels/c1/snoop/{}.ear?spy=both&whisper=none", legs[1].1)).await;
    house.send(Command::Monitor { room, leg: supervisor, mode: Monitoring::Whisper(agent) });
    fake.asked(&format!("channels/{}/snoop/{}.ear?spy=both&whisper=out", legs[0].1, legs[1].1)).await;
    house.send(Command::Monitor { room, leg: supervisor, mode: Monitoring::Barge });
    fake.asked(&format!("-room-{}/addChannel?channel={}", room.0, legs[1].1)).await;
    house.send(Command::Hold { leg: customer, music: vec![prompt("music")] });
    fake.asked("removeChannel?channel=c1").await;
    let play = fake.asked("sound:huiyin/music").await;
    let playback = play.split(['/', '?']).nth(3).unwrap().to_owned();
    fake.played(&playback, "done");
    house.send(Command::Unhold { leg: customer });
    house.send(Command::Bridge { room, members: vec![Member { leg: supervisor, side: Side::Agent }] });
    house.send(Command::Digits { leg: customer, digits: "1x2#".into() });
    fake.asked("dtmf=12%23").await;
    let again = fake.log().iter().filter(|line| line.contains("sound:huiyin/music")).count();
    assert!(again >= 1);
    assert_eq!(fake.wrong(), Vec::<String>::new());
}
