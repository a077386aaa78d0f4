use crate::esl_fake::FakeEsl;
use crate::house::{House, extension, number, prompt, tape};
use huiyin_telephony::{By, CallControl, Cause, Command, Member, Monitoring, Origin, Side, Signal};
use std::time::Duration;

async fn open() -> (FakeEsl, House, tempfile::TempDir) {
    let fake = FakeEsl::start().await;
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(&fake.settings(folder.path()), "secret").await;
    house.connected().await;
    (fake, house, folder)
}

/// CALL-1, CALL-5: a parked call goes through a prompt and a digit to an
/// agent, is recorded on two sides, and ends on both.
#[tokio::test]
async fn a_parked_call_goes_to_an_agent() {
    let (fake, mut house, folder) = open().await;
    fake.arrive("c1");
    let customer = house
        .hear(|signal| match signal {
            Signal::Offered { leg, origin, caller, called, name } => {
                assert_eq!(*origin, Origin::Trunk("carrier".into()));
                assert_eq!((caller.as_str(), called.as_str()), ("13800138000", "4001"));
                assert_eq!(name.as_deref(), Some("Wang Li"));
                Some(*leg)
            }
            _ => None,
        })
        .await;
    house.send(Command::Answer { leg: customer });
    house.hear_exactly(Signal::Answered { leg: customer }).await;
    house.send(Command::Play {
        leg: customer,
        prompts: vec![prompt("a"), prompt("b")],
        token: 7,
        repeat: false,
    });
    fake.asked("uuid_broadcast c1 file_string:///sounds/a.wav!/sounds/b.wav aleg").await;
    let path = ("Playback-File-Path", "file_string:///sounds/a.wav!/sounds/b.wav");
    fake.of("PLAYBACK_STOP", "c1", &[path, ("Playback-Status", "done")]);
    house.hear_exactly(Signal::Played { leg: customer, token: 7, all: true }).await;
    fake.of("DTMF", "c1", &[("DTMF-Digit", "#")]);
    house.hear_exactly(Signal::Digit { leg: customer, digit: '#' }).await;
    let agent = house.dial(extension("1001"));
    let channel = fake.dialled("user/1001").await;
    let asked = fake.asked("}user/1001").await;
    assert!(
        asked.contains("origination_caller_id_name='张三 1x'")
            && asked.contains("sip_h_Subject='王女士X-Evil 1'"),
        "{asked}"
    );
    fake.of("CHANNEL_PROGRESS", &channel, &[]);
    house.hear_exactly(Signal::Ringing { leg: agent }).await;
    fake.of("CHANNEL_ANSWER", &channel, &[]);
    house.hear_exactly(Signal::Answered { leg: agent }).await;
    let room = house.bridge(customer, agent);
    fake.asked(&format!("uuid_bridge c1 {channel}")).await;
    let (tape, sound) = tape();
    house.send(Command::Record { room, token: 3, tape });
    let start = fake.asked("uuid_record c1 start /rec/").await;
    let file = folder.path().join(start.rsplit('/').next().unwrap());
    let mut wav =
        b"RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0\x01\0\x02\0\x40\x1f\0\0\0\x7d\0\0\x04\0\x10\0data".to_vec();
    wav.extend_from_slice(&[32, 0, 0, 0]);
    wav.extend_from_slice(&[0, 0, 0xFF, 0xFF].repeat(8));
    std::fs::write(&file, wav).unwrap();
    house.send(Command::PauseRecording { room });
    fake.asked("uuid_record c1 mask /rec/").await;
    fake.gone("c1", "NORMAL_CLEARING");
    house.hear_exactly(Signal::Taped { room, token: 3, millis: 1, whole: true }).await;
    assert_eq!(house.hear_end(customer).await, (By::Peer, Cause::Normal));
    assert_eq!(*sound.lock().unwrap(), [0xD5, 0x55].repeat(8));
    assert!(!file.exists());
    house.send(Command::Hangup { leg: agent, cause: Cause::Normal });
    assert_eq!(house.hear_end(agent).await, (By::Us, Cause::Normal));
}

/// CALL-5: error replies of a job become causes; a dead line makes room for
/// the next one.
#[tokio::test]
async fn errors_become_causes() {
    let (fake, mut house, _folder) = open().await;
    fake.refuse("}user/1002", "-ERR USER_NOT_REGISTERED");
    let leg = house.dial(extension("1002"));
    assert_eq!(house.hear_end(leg).await, (By::Network, Cause::Unreachable));
    fake.refuse("gateway/carrier/", "-ERR GATEWAY_DOWN");
    let leg = house.dial(number("13800138000"));
    let spare = fake.dialled("sofia/gateway/spare/13800138000").await;
    fake.gone(&spare, "USER_BUSY");
    assert_eq!(house.hear_end(leg).await, (By::Peer, Cause::Busy));
    house.hear_nothing().await;
}

/// CALL-5: a command for a channel that is gone ends the leg, once.
#[tokio::test]
async fn hanging_up_in_the_middle_is_told_once() {
    let (fake, mut house, _folder) = open().await;
    fake.arrive("c1");
    let leg = house.offered().await;
    fake.forget("c1");
    house.send(Command::Answer { leg });
    house.send(Command::Hangup { leg, cause: Cause::Busy });
    assert_eq!(house.hear_end(leg).await, (By::Us, Cause::Busy));
    fake.gone("c1", "NORMAL_CLEARING");
    house.hear_nothing().await;
    assert_eq!(house.pbx.standing().legs, 0);
}

/// CALL-5: a lost connection is made again and both sides are compared;
/// phones and lines are told anew.
#[tokio::test]
async fn calls_are_compared_after_a_lost_connection() {
    let (fake, mut house, _folder) = open().await;
    house
        .hear(|signal| match signal {
            Signal::Registered(phone) => {
                assert_eq!(
                    (phone.extension.as_str(), phone.from.to_string().as_str()),
                    ("1001", "192.0.2.7:5062")
                );
                Some(())
            }
            _ => None,
        })
        .await;
    house.hear_exactly(Signal::Trunk { name: "carrier".into(), up: true }).await;
    fake.arrive("stays");
    let stays = house.offered().await;
    fake.arrive("goes");
    let goes = house.offered().await;
    fake.raw(b"Content-Length: 5000\nContent-Type: text/event-pl");
    fake.cut(true);
    house.lost().await;
    house.hear_exactly(Signal::Trunk { name: "carrier".into(), up: false }).await;
    house.send(Command::Hangup { leg: stays, cause: Cause::Normal });
    fake.forget("goes");
    fake.put("new");
    fake.put("huiyin-1a2b-leg-1-1");
    tokio::time::sleep(Duration::from_millis(400)).await;
    fake.cut(false);
    house.connected().await;
    assert_eq!(house.hear_end(goes).await, (By::Network, Cause::Failure));
    house
        .hear(|signal| match signal {
            Signal::Offered { origin, .. } => {
                assert_eq!(*origin, Origin::Extension("1003".into()));
                Some(())
            }
            _ => None,
        })
        .await;
    assert_eq!(house.hear_end(stays).await, (By::Us, Cause::Normal));
    fake.asked("uuid_kill huiyin-1a2b-leg-1-1").await;
}

/// CALL-5: a wrong password never connects.
#[tokio::test]
async fn a_wrong_password_never_connects() {
    let fake = FakeEsl::start().await;
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(&fake.settings(folder.path()), "wrong").await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert!(!house.pbx.connected());
}

/// CALL-5: events without their headers, and of other people's channels,
/// harm nobody.
#[tokio::test]
async fn odd_events_harm_nobody() {
    let (fake, mut house, _folder) = open().await;
    fake.arrive("c1");
    let leg = house.offered().await;
    for name in
        ["CHANNEL_PARK", "DTMF", "PLAYBACK_STOP", "BACKGROUND_JOB", "CUSTOM", "CHANNEL_HANGUP_COMPLETE", "X"]
    {
        fake.event(name, &[], "");
        fake.event(
            name,
            &[("Unique-ID", "nobody"), ("DTMF-Digit", ""), ("Event-Subclass", "sofia::register")],
            "-ERR",
        );
    }
    fake.of("DTMF", "c1", &[("DTMF-Digit", "9")]);
    house.hear_exactly(Signal::Digit { leg, digit: '9' }).await;
    assert!(house.pbx.connected());
}

/// CALL-9: a third one makes a conference; a supervisor listens and whispers.
#[tokio::test]
async fn three_talk_and_a_supervisor_listens() {
    let (fake, mut house, _folder) = open().await;
    fake.arrive("c1");
    let customer = house.offered().await;
    house.send(Command::Answer { leg: customer });
    house.hear_exactly(Signal::Answered { leg: customer }).await;
    let mut legs = Vec::new();
    for name in ["1001", "1002", "1003"] {
        let leg = house.dial(extension(name));
        let channel = fake.dialled(&format!("user/{name}")).await;
        fake.of("CHANNEL_ANSWER", &channel, &[]);
        house.hear_exactly(Signal::Answered { leg }).await;
        legs.push((leg, channel));
    }
    let room = house.bridge(customer, legs[0].0);
    fake.asked(&format!("uuid_bridge c1 {}", legs[0].1)).await;
    house.send(Command::Monitor { room, leg: legs[2].0, mode: Monitoring::Whisper(legs[0].0) });
    fake.asked(&format!("uuid_setvar {} eavesdrop_whisper_aleg true", legs[2].1)).await;
    fake.asked(&format!("uuid_transfer {} eavesdrop:{} inline", legs[2].1, legs[0].1)).await;
    house.send(Command::Bridge { room, members: vec![Member { leg: legs[1].0, side: Side::Agent }] });
    for channel in ["c1", &legs[0].1, &legs[1].1] {
        fake.asked(&format!("uuid_transfer {channel} conference:")).await;
    }
    house.send(Command::Hold { leg: customer, music: vec![prompt("music")] });
    fake.asked("uuid_transfer c1 park inline").await;
    fake.asked("uuid_broadcast c1 /sounds/music.wav aleg").await;
}
