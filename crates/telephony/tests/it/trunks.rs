//! Trunks: line status, failover, registration, numbers, limits.

use super::kit::Kit;
use super::peers::{Sipp, free_port, sipp, sipp_at};
use huiyin_telephony::{
    By, CallControl as _, Cause, Command, LegId, Limits, Network, NumberRule, Signal, Target, Trunk,
    TrunkFault, TrunkMode, TrunkStanding, Wire,
};
use std::time::{Duration, Instant};

fn trunk(name: &str, order: u32, port: u16) -> Trunk {
    Trunk {
        name: name.to_owned(),
        house: None,
        order,
        address: format!("127.0.0.1:{port}"),
        wire: Wire::Udp,
        mode: TrunkMode::Peer,
        networks: Vec::new(),
        limits: Limits::default(),
        caller_id: Some("01012345".to_owned()),
        dialled: NumberRule { prefixes: vec![("0".to_owned(), "+86".to_owned())] },
        callers: NumberRule { prefixes: vec![("+86".to_owned(), "0".to_owned())] },
    }
}

fn number(number: &str) -> Target {
    Target::Number { number: number.to_owned(), trunk: None }
}

/// A carrier: answers OPTIONS forever at `port`.
fn carrier(kit_at: &str, scenario: &str, port: u16, calls: &str) -> Sipp {
    sipp_at(port, scenario, kit_at, "x", &["-m", calls])
}

/// CALL-5: a dead trunk is told, and a call takes the next one in order,
/// with the number as that carrier wants it.
#[tokio::test(flavor = "multi_thread")]
async fn calls_take_the_trunk_that_lives() {
    let (dead, alive) = (free_port(), free_port());
    let kit =
        Kit::with(|settings| settings.trunks = vec![trunk("second", 2, alive), trunk("first", 1, dead)])
            .await;
    let options = carrier(&kit.address(), "carrier_alive", alive, "1");
    kit.wait("the dead one", |signal| *signal == Signal::Trunk { name: "first".to_owned(), up: false }).await;
    kit.wait("the other", |signal| *signal == Signal::Trunk { name: "second".to_owned(), up: true }).await;
    options.passes().await;
    let call = carrier(&kit.address(), "carrier_call", alive, "1");
    tokio::time::sleep(Duration::from_millis(200)).await;
    let leg = kit.dial(number("010-8888"), Duration::from_secs(20));
    kit.wait("the answer", |signal| *signal == Signal::Answered { leg }).await;
    kit.send(Command::Hangup { leg, cause: Cause::Normal });
    call.passes().await;
    kit.empty().await;
}

/// Issue 7 item 1: registration at a carrier that asks for a password.
#[tokio::test(flavor = "multi_thread")]
async fn a_trunk_registers() {
    let port = free_port();
    let server = carrier("127.0.0.1:9", "carrier", port, "1");
    tokio::time::sleep(Duration::from_millis(300)).await;
    let kit = Kit::with(|settings| {
        settings.trunks = vec![Trunk { mode: account(600), ..trunk("carrier", 1, port) }];
    })
    .await;
    kit.wait("the line", |signal| *signal == Signal::Trunk { name: "carrier".to_owned(), up: true }).await;
    server.passes().await;
}

fn account(expires: u64) -> TrunkMode {
    let (user, password) = ("acct".to_owned(), "pw".to_owned());
    TrunkMode::Register { user, password, expires: Duration::from_secs(expires) }
}

impl Kit {
    fn trunk(&self, name: &str) -> Option<TrunkStanding> {
        self.phone.standing().trunks.into_iter().find(|trunk| trunk.name == name)
    }

    /// Waits until a trunk stands like that.
    async fn stands(&self, name: &str, up: bool, fault: Option<TrunkFault>) {
        let until = Instant::now() + Duration::from_secs(15);
        while self.trunk(name).is_none_or(|trunk| (trunk.up, trunk.fault) != (Some(up), fault)) {
            assert!(Instant::now() < until, "{name} is not {up} for {fault:?}: {:?}", self.trunk(name));
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    fn is_over(&self, leg: LegId) -> bool {
        self.count(|signal| matches!(signal, Signal::Ended { leg: ended, .. } if *ended == leg)) > 0
    }
}

/// CALL-5: a line that goes away is seen to be down and why, its calls take the next one even
/// before that, and it is used again once it is back.
#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_goes_away_is_seen_and_comes_back() {
    let (first, second) = (free_port(), free_port());
    let at = |port| carrier("127.0.0.1:9", "carrier_whole", port, "1000");
    let (gone, stays) = (at(first), at(second));
    let kit = Kit::with(|settings| {
        settings.trunk_watch = Duration::from_millis(900);
        settings.trunks = vec![trunk("first", 1, first), trunk("second", 2, second)];
    })
    .await;
    kit.stands("first", true, None).await;
    kit.stands("second", true, None).await;
    drop(gone);
    let leg = kit.dial(number("010-8888"), Duration::from_secs(20));
    kit.wait("the answer", |signal| *signal == Signal::Answered { leg }).await;
    assert_eq!(kit.trunk("second").map(|trunk| trunk.calls), Some(1));
    kit.stands("first", false, Some(TrunkFault::NoAnswer)).await;
    kit.wait("the signal", |signal| *signal == Signal::Trunk { name: "first".to_owned(), up: false }).await;
    kit.send(Command::Hangup { leg, cause: Cause::Normal });
    let _back = at(first);
    kit.stands("first", true, None).await;
    let leg = kit.dial(number("010-8888"), Duration::from_secs(20));
    kit.wait("the answer", |signal| *signal == Signal::Answered { leg }).await;
    assert_eq!(kit.trunk("first").map(|trunk| trunk.calls), Some(1), "the better one again");
    kit.send(Command::Hangup { leg, cause: Cause::Normal });
    drop(stays);
}

/// CALL-5: a carrier that refuses the account is told with its answer.
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_of_the_carrier_is_told() {
    let (refuses, unknown) = (free_port(), "no-such-host.invalid:5060".to_owned());
    let server = carrier("127.0.0.1:9", "carrier_refuses", refuses, "1");
    let kit = Kit::with(|settings| {
        settings.trunks = vec![
            Trunk { mode: account(600), ..trunk("refuses", 1, refuses) },
            Trunk { address: unknown, ..trunk("unknown", 2, 9) },
        ];
    })
    .await;
    kit.stands("refuses", false, Some(TrunkFault::Refused(403))).await;
    kit.stands("unknown", false, Some(TrunkFault::Address)).await;
    server.passes().await;
}

/// Issue 7 §1: trunks change without a restart: what is no more wanted takes its registration
/// back, what is new is used, what stays is left alone, and calls go on.
#[tokio::test(flavor = "multi_thread")]
async fn trunks_change_while_calls_go_on() {
    let (left, talks, comes) = (free_port(), free_port(), free_port());
    let server = carrier("127.0.0.1:9", "carrier_left", left, "1");
    let (_talks, _comes) = (
        carrier("127.0.0.1:9", "carrier_whole", talks, "1000"),
        carrier("127.0.0.1:9", "carrier_whole", comes, "1000"),
    );
    let registered = Trunk { mode: account(600), ..trunk("left", 9, left) };
    let kit =
        Kit::with(|settings| settings.trunks = vec![registered.clone(), trunk("talks", 1, talks)]).await;
    kit.stands("left", true, None).await;
    kit.stands("talks", true, None).await;
    let leg = kit.dial(number("010-8888"), Duration::from_secs(20));
    kit.wait("the answer", |signal| *signal == Signal::Answered { leg }).await;
    // only how many calls it may carry: nothing is registered anew
    let limits = Limits { calls: 7, calls_per_second: 0 };
    kit.phone.set_trunks(vec![Trunk { limits, ..registered }, trunk("talks", 1, talks)]);
    assert_eq!(kit.trunk("left").map(|trunk| trunk.up), Some(Some(true)));
    kit.phone.set_trunks(vec![trunk("comes", 1, comes)]);
    server.passes().await;
    kit.stands("comes", true, None).await;
    assert_eq!((kit.trunk("left"), kit.trunk("talks")), (None, None));
    let next = kit.dial(number("010-8888"), Duration::from_secs(20));
    kit.wait("the next answer", |signal| *signal == Signal::Answered { leg: next }).await;
    assert_eq!(kit.trunk("comes").map(|trunk| trunk.calls), Some(1));
    assert!(!kit.is_over(leg), "a call over a trunk that is gone goes on");
    for leg in [leg, next] {
        kit.send(Command::Hangup { leg, cause: Cause::Normal });
    }
    kit.empty().await;
}

/// A call out takes only the trunks of its own house: another's are not there for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_takes_no_trunk_of_another_house() {
    let (theirs, ours) = (free_port(), free_port());
    let at = |port| carrier("127.0.0.1:9", "carrier_whole", port, "1000");
    let _peers = (at(theirs), at(ours));
    let of = |house: &str, trunk: Trunk| Trunk { house: Some(house.to_owned()), ..trunk };
    let kit = Kit::with(|settings| {
        settings.trunks = vec![of("2", trunk("theirs", 1, theirs)), of("1", trunk("ours", 2, ours))];
    })
    .await;
    let call = |house: &str| {
        let leg = LegId::fresh();
        let call = super::kit::dial(leg, number("010-8888"), Duration::from_secs(20));
        kit.send(Command::Dial(huiyin_telephony::Dial { house: Some(house.to_owned()), ..call }));
        leg
    };
    let leg = call("1");
    kit.wait("the answer", |signal| *signal == Signal::Answered { leg }).await;
    let calls = |name: &str| kit.trunk(name).map(|trunk| trunk.calls);
    assert_eq!((calls("ours"), calls("theirs")), (Some(1), Some(0)));
    let nobody = call("3");
    kit.wait(
        "its end",
        |signal| matches!(signal, Signal::Ended { leg, cause: Cause::Unreachable, .. } if *leg == nobody),
    )
    .await;
    kit.send(Command::Hangup { leg, cause: Cause::Normal });
    kit.empty().await;
}

/// Issue 7, bad input: a trunk has its limit of calls at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_trunk_has_its_limit() {
    let kit = Kit::with(|settings| {
        settings.trunks = vec![Trunk {
            networks: vec![Network::parse("127.0.0.0/8").unwrap()],
            limits: Limits { calls: 1, calls_per_second: 0 },
            ..trunk("narrow", 1, 9)
        }];
    })
    .await;
    let rings = sipp("cancelled_late", &kit.address(), "cancelled", &[]);
    kit.wait("the first call", |signal| matches!(signal, Signal::Offered { .. })).await;
    sipp("congested", &kit.address(), "12345", &[]).passes().await;
    rings.passes().await;
    kit.wait("its end", |signal| {
        matches!(signal, Signal::Ended { by: By::Peer, cause: Cause::Cancelled, .. })
    })
    .await;
    assert_eq!(kit.count(|signal| matches!(signal, Signal::Offered { .. })), 1);
}
