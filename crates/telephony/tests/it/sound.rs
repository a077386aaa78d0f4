//! Calls with the real voice engine.

use super::kit::{Kit, PASSWORD};
use super::peers::{Baresip, free_port, sipp, sipp_at};
use super::raw::Raw;
use huiyin_telephony::{By, Cause, Command, Member, Prompt, RoomId, Side, Signal, Tape, TapeWriter, Target};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Where a test's recording goes.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Vec<u8>>>);

impl TapeWriter for Memory {
    fn append(&mut self, frames: &[u8]) -> std::io::Result<()> {
        self.0.lock().unwrap().extend_from_slice(frames);
        Ok(())
    }
}

fn tone() -> Prompt {
    let samples: Vec<i16> = (0..4_000).map(|at| ((f64::from(at) * 0.35).sin() * 8_000.0) as i16).collect();
    Prompt { name: "tone".into(), samples: samples.into() }
}

/// Issue 7 items 1 and 4: a prompt is played to a phone that sends it back;
/// its voice is heard and recorded.
#[tokio::test(flavor = "multi_thread")]
async fn a_prompt_is_heard_and_recorded() {
    let kit = Kit::with_sound().await;
    let port = free_port();
    let contact = format!("<sip:8001@127.0.0.1:{port}>");
    Raw::at(kit.phone.listen(), port).await.enter("8001", &contact, PASSWORD).await;
    let phone = sipp_at(port, "phone", &kit.address(), "8001", &["-rtp_echo"]);
    let leg = kit.dial(Target::Extension("8001".to_owned()), Duration::from_secs(8));
    kit.wait("the answer", |signal| *signal == Signal::Answered { leg }).await;
    let (room, memory) = (RoomId::fresh(), Memory::default());
    kit.send(Command::Bridge { room, members: vec![Member { leg, side: Side::Customer }] });
    kit.send(Command::Record { room, token: 9, tape: Tape(Box::new(memory.clone())) });
    kit.send(Command::Play { leg, prompts: vec![tone()], token: 5, repeat: false });
    kit.wait("its end", |signal| *signal == Signal::Played { leg, token: 5, all: true }).await;
    kit.wait("the echo", |signal| *signal == Signal::Heard { leg }).await;
    kit.send(Command::EndRecording { room });
    kit.wait("the tape", |signal| matches!(signal, Signal::Taped { token: 9, whole: true, .. })).await;
    assert!(memory.0.lock().unwrap().len() > 1_000);
    kit.send(Command::Hangup { leg, cause: Cause::Normal });
    phone.passes().await;
}

/// Issue 7, show: a carrier's call put through to baresip, which sends
/// what it hears back.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_reaches_baresip() {
    let kit = Kit::with_sound().await;
    let _phone = Baresip::start("8001", &kit.address(), "udp");
    kit.wait("baresip", |signal| matches!(signal, Signal::Registered(phone) if phone.extension == "8001"))
        .await;
    sipp("answered", &kit.address(), "8001", &[]).passes().await;
    kit.wait("the end", |signal| matches!(signal, Signal::Ended { by: By::Peer, cause: Cause::Normal, .. }))
        .await;
}

/// Issue 7 item 1: hold, odd offers and early media with the real voice.
#[tokio::test(flavor = "multi_thread")]
async fn scenarios_pass_with_sound() {
    let kit = Kit::with_sound().await;
    for (scenario, called) in
        [("hold", "12345"), ("late_offer", "12345"), ("bad_offer", "12345"), ("early", "early")]
    {
        sipp(scenario, &kit.address(), called, &[]).passes().await;
    }
}
