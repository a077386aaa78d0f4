//! The load generator against the engine: what is relayed arrives, once, at the right end.

use super::hear::{AGENT, CUSTOMER, engine};
use crate::load::{End, Load};
use crate::{Engine, Kind, Said};
use std::net::SocketAddr;
use std::time::Duration;

/// Opens a leg for a talker; gives where it is to send to.
fn leg(engine: &Engine, leg: u64, at: SocketAddr) -> SocketAddr {
    engine.open(leg, Kind::Plain).expect("leg");
    let offer = format!(
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {} RTP/AVP 8\r\n",
        at.port()
    );
    let (answer, _) = engine.answer(leg, &offer).expect("answered");
    Said::read(&answer).expect("our own").to.expect("address")
}

/// Issue 7: twenty calls at once, nothing lost, doubled or brought to another call; a call
/// that ends in the middle is what is lost.
#[test]
fn nothing_is_lost_between_many() {
    let (engine, _notices) = engine(20_500..=20_699);
    let load = Load::open("127.0.0.1".parse().expect("address"), 20).expect("load");
    for call in 0..20_usize {
        let legs = [call as u64 * 2 + 1, call as u64 * 2 + 2];
        let near = leg(&engine, legs[0], load.at(End::Near));
        let far = leg(&engine, legs[1], load.at(End::Far));
        engine.join(100 + call as u64, legs[0], CUSTOMER);
        engine.join(100 + call as u64, legs[1], AGENT);
        load.talk(End::Near, call, Some(near));
        load.talk(End::Far, call, Some(far));
    }
    let _ = load.measure(Duration::from_millis(200));
    let report = load.measure(Duration::from_secs(1));
    assert_eq!((report.lost(), report.doubled, report.strays), (0, 0, 0), "{report}");
    assert!(report.sent >= 1_000, "{report}");
    assert!(report.p50 <= report.p95 && report.p95 <= report.p99 && report.p99 <= report.longest, "{report}");
    engine.mute(1, true);
    let muted = load.measure(Duration::from_millis(400));
    assert!(muted.lost() > 5 && muted.lost() <= muted.sent / 20, "one of forty voices: {muted}");
}
