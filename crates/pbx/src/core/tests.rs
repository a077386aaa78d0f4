use super::*;
use huiyin_telephony::{Command, Member, Monitoring, Origin, Side, Tape, TapeWriter, Target};
use std::collections::HashSet;

struct Nowhere;

impl TapeWriter for Nowhere {
    fn append(&mut self, _: &[u8]) -> std::io::Result<()> {
        Ok(())
    }
}

fn core() -> Core {
    let text = "kind = \"asterisk\"\nurl = \"http://x\"\nuser = \"u\"\nsecret_file = \"s\"\n\
                [[line]]\nname = \"a\"\n[[line]]\nname = \"b\"";
    Core::new(PbxSettings::parse(text).unwrap(), "1f")
}

/// Numbers by chance, the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

fn arrival(channel: &str) -> Arrival {
    Arrival {
        channel: channel.into(),
        up: false,
        origin: Origin::Trunk("a".into()),
        caller: "1".into(),
        called: "2".into(),
        name: None,
    }
}

fn some_command(chance: &mut Chance, legs: &[LegId]) -> Command {
    let leg = legs[chance.below(legs.len())];
    let room = RoomId(chance.below(3) as u64 + 1);
    let prompt = Prompt { name: "p".into(), samples: vec![0].into() };
    match chance.below(14) {
        0 => Command::Answer { leg },
        1 => Command::Hangup { leg, cause: Cause::Normal },
        2 => Command::Play { leg, prompts: vec![prompt], token: 1, repeat: chance.below(2) == 0 },
        3 => Command::StopPlaying { leg },
        4 | 5 => {
            let side = if chance.below(2) == 0 { Side::Customer } else { Side::Agent };
            Command::Bridge { room, members: vec![Member { leg, side }] }
        }
        6 => Command::Unbridge { room, leg },
        7 => Command::Hold { leg, music: vec![prompt] },
        8 => Command::Unhold { leg },
        9 => Command::Monitor { room, leg, mode: Monitoring::Listen },
        10 => Command::Monitor { room, leg, mode: Monitoring::Barge },
        11 => Command::Record { room, token: 1, tape: Tape(Box::new(Nowhere)) },
        12 => Command::EndRecording { room },
        _ => Command::Refuse { leg, cause: Cause::Busy },
    }
}

fn some_news(chance: &mut Chance, channels: &[String], all: &mut Vec<String>) -> News {
    let channel = channels[chance.below(channels.len())].clone();
    match chance.below(8) {
        0 => {
            let fresh = format!("c{}", all.len());
            all.push(fresh.clone());
            News::Arrived(arrival(&fresh))
        }
        1 | 2 => News::Up { channel },
        3 => News::Ringing { channel },
        4 => News::Gone { channel, cause: Cause::Congestion },
        5 => News::Gone { channel, cause: Cause::Normal },
        6 => News::Played {
            playback: format!("huiyin-1f-play-{}", chance.below(40)),
            whole: chance.below(2) == 0,
        },
        _ => News::Digit { channel, digit: '1' },
    }
}

/// CALL-5: whatever happens in whatever order, a leg ends exactly once,
/// nothing is told of it afterwards, and once all channels are gone nothing
/// is left.
#[test]
fn every_leg_ends_exactly_once_in_any_order() {
    for seed in 0..3_000 {
        let (mut chance, mut core, now) = (Chance(seed), core(), Instant::now());
        let mut legs = vec![LegId(u64::MAX)];
        let mut channels = vec!["c0".to_owned()];
        let (mut ended, mut open) = (HashSet::new(), HashSet::new());
        core.news(News::Arrived(arrival("c0")));
        for turn in 0..80 {
            match chance.below(10) {
                0 if turn < 60 => {
                    let leg = LegId(1_000_000 + seed * 100 + turn);
                    let (to, name) = (Target::Number { number: "13800138000".into(), trunk: None }, None);
                    let ring_for = Duration::from_secs(20);
                    let dial = Dial {
                        leg,
                        to,
                        house: None,
                        from: "1".into(),
                        name,
                        ring_for,
                        auto_answer: false,
                        note: None,
                    };
                    core.command(Command::Dial(dial), now);
                    legs.push(leg);
                    open.insert(leg);
                }
                1 if chance.below(8) == 0 => {
                    let present = channels.iter().filter(|_| chance.below(2) == 0);
                    let present =
                        present.map(|channel| Present { channel: channel.clone(), up: true, arrival: None });
                    core.lost(now);
                    let present = present.collect();
                    core.news(News::Resynced { present });
                }
                1..5 => core.command(some_command(&mut chance, &legs), now),
                _ => {
                    let known = channels.clone();
                    core.news(some_news(&mut chance, &known, &mut channels));
                }
            }
            hear(&mut core, &mut legs, &mut channels, &mut open, &mut ended);
        }
        core.tick(now + Duration::from_secs(60));
        // a refused line makes room for the next one: three rounds end all
        for _ in 0..3 {
            for channel in channels.clone() {
                core.news(News::Gone { channel, cause: Cause::Failure });
            }
            hear(&mut core, &mut legs, &mut channels, &mut open, &mut ended);
        }
        assert!(open.is_subset(&ended) && core.legs.is_empty(), "{seed}");
        assert!(core.rooms.is_empty() && core.by_channel.is_empty(), "{seed}");
    }
}

fn hear(
    core: &mut Core,
    legs: &mut Vec<LegId>,
    channels: &mut Vec<String>,
    open: &mut HashSet<LegId>,
    ended: &mut HashSet<LegId>,
) {
    let (steps, signals) = core.take();
    for step in steps {
        if let Step::Dial { channel, .. } = step {
            channels.push(channel);
        }
    }
    for signal in signals {
        match signal {
            Signal::Offered { leg, .. } => {
                legs.push(leg);
                open.insert(leg);
            }
            Signal::Ended { leg, .. } => {
                assert!(open.contains(&leg) && ended.insert(leg), "{leg} ended twice")
            }
            Signal::Answered { leg } | Signal::Played { leg, .. } | Signal::Digit { leg, .. } => {
                assert!(!ended.contains(&leg), "{leg} is over");
            }
            _ => {}
        }
    }
}

/// CALL-5: a PBX that stays away ends all legs after two minutes.
#[test]
fn a_pbx_that_stays_away_ends_all_legs() {
    let (mut core, now) = (core(), Instant::now());
    core.news(News::Arrived(arrival("c0")));
    core.lost(now);
    core.tick(now + Duration::from_secs(119));
    assert_eq!(core.standing().legs, 1);
    core.tick(now + Duration::from_secs(120));
    assert_eq!(core.standing().legs, 0);
    let (_, signals) = core.take();
    let over =
        |signal: &Signal| matches!(signal, Signal::Ended { by: By::Network, cause: Cause::Failure, .. });
    assert_eq!(signals.iter().filter(|signal| over(signal)).count(), 1);
}

/// CALL-7: a second recording of a room, or one of an empty room, is told to
/// have failed rather than lost.
#[test]
fn recordings_that_cannot_be_are_told() {
    let mut core = core();
    let tape = || Tape(Box::new(Nowhere));
    core.command(Command::Record { room: RoomId(1), token: 5, tape: tape() }, Instant::now());
    let (steps, signals) = core.take();
    assert!(steps.is_empty());
    assert_eq!(signals, [Signal::Taped { room: RoomId(1), token: 5, millis: 0, whole: false }]);
}
