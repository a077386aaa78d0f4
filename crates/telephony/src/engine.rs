//! Our own media engine as the endpoint's voice.

use crate::{
    Agreed, LegId, LegKind, Media, MediaFault, MediaNotice, Monitoring, Prompt, RoomId, Side, Tape,
    TapeWriter,
};
use async_trait::async_trait;
use huiyin_media::{Engine, Fault, Kind, Notice, Role, Taped};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc;

/// Prompts that are kept ready at most.
const PROMPTS: usize = 1_000;

/// The media engine behind the port of the endpoint.
pub struct OwnVoice {
    engine: Engine,
    /// The token of each room's recording.
    tokens: Arc<Mutex<HashMap<RoomId, u64>>>,
    prompts: Mutex<HashMap<usize, Ready>>,
}

/// A prompt as the engine wants it; the samples are held, so that their place
/// in memory names them.
struct Ready {
    _samples: Arc<[i16]>,
    prompt: Arc<huiyin_media::Prompt>,
}

impl OwnVoice {
    /// Starts the engine; hand both to `Embedded::start`. Needs a runtime.
    ///
    /// # Errors
    /// The machine gives no thread or no way to wait.
    pub fn start(
        settings: huiyin_media::Settings,
    ) -> std::io::Result<(Arc<Self>, mpsc::Receiver<MediaNotice>)> {
        let (engine, mut noticed) = Engine::start(settings)?;
        let tokens = Arc::<Mutex<HashMap<RoomId, u64>>>::default();
        let (told, notices) = mpsc::channel(1_024);
        let known = tokens.clone();
        drop(tokio::runtime::Handle::current().spawn(async move {
            while let Some(notice) = noticed.recv().await {
                if told.send(translate(notice, &known)).await.is_err() {
                    return;
                }
            }
        }));
        Ok((Arc::new(Self { engine, tokens, prompts: Mutex::default() }), notices))
    }

    /// Asks the engine for something, while other calls go on.
    async fn asked<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Engine) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, MediaFault> {
        let engine = self.engine.clone();
        let answered = tokio::task::spawn_blocking(move || ask(&engine)).await;
        answered.unwrap_or(Err(Fault::Ended)).map_err(fault)
    }

    fn ready(&self, prompts: Vec<Prompt>) -> Vec<Arc<huiyin_media::Prompt>> {
        let mut known = self.prompts.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() > PROMPTS {
            known.clear();
        }
        let ready = |prompt: Prompt| {
            let place = prompt.samples.as_ptr().addr();
            let ready = known.entry(place).or_insert_with(|| Ready {
                prompt: Arc::new(huiyin_media::Prompt(prompt.samples.to_vec())),
                _samples: prompt.samples,
            });
            ready.prompt.clone()
        };
        prompts.into_iter().map(ready).collect()
    }
}

fn translate(notice: Notice, tokens: &Mutex<HashMap<RoomId, u64>>) -> MediaNotice {
    match notice {
        Notice::Digit { leg, digit } => MediaNotice::Digit(LegId(leg), digit),
        Notice::Played { leg, token, all } => MediaNotice::Played(LegId(leg), token, all),
        Notice::Silent(leg) => MediaNotice::Silent(LegId(leg)),
        Notice::Heard(leg) => MediaNotice::Heard(LegId(leg)),
        Notice::Taped(Taped { room, millis, whole }) => {
            let room = RoomId(room);
            let token =
                tokens.lock().unwrap_or_else(PoisonError::into_inner).remove(&room).unwrap_or_default();
            MediaNotice::Taped { room, token, millis, whole }
        }
    }
}

fn fault(fault: Fault) -> MediaFault {
    match fault {
        Fault::Sdp(_) | Fault::Browser(_) => MediaFault::Unusable(fault.to_string()),
        Fault::NoPort | Fault::NoLeg | Fault::Behind | Fault::Ended => MediaFault::Exhausted,
    }
}

/// A tape as the engine wants it.
struct Reel(Box<dyn TapeWriter>);

impl huiyin_media::Tape for Reel {
    fn append(&mut self, frames: &[u8]) -> std::io::Result<()> {
        self.0.append(frames)
    }

    fn end(self: Box<Self>) -> std::io::Result<()> {
        self.0.end()
    }
}

#[async_trait]
impl Media for OwnVoice {
    async fn open(&self, leg: LegId, kind: LegKind) -> Result<(), MediaFault> {
        let kind = match kind {
            LegKind::Plain => Kind::Plain,
            LegKind::Browser => Kind::Browser,
        };
        self.asked(move |engine| engine.open(leg.0, kind)).await
    }

    async fn offer(&self, leg: LegId) -> Result<String, MediaFault> {
        self.asked(move |engine| engine.offer(leg.0)).await
    }

    async fn take_answer(&self, leg: LegId, sdp: &str) -> Result<Agreed, MediaFault> {
        let sdp = sdp.to_owned();
        let agreed = self.asked(move |engine| engine.take_answer(leg.0, &sdp)).await?;
        Ok(Agreed { held: agreed.held })
    }

    async fn answer(&self, leg: LegId, offer: &str) -> Result<(String, Agreed), MediaFault> {
        let offer = offer.to_owned();
        let (text, agreed) = self.asked(move |engine| engine.answer(leg.0, &offer)).await?;
        Ok((text, Agreed { held: agreed.held }))
    }

    fn play(&self, leg: LegId, prompts: Vec<Prompt>, token: u64, repeat: bool) {
        self.engine.play(leg.0, self.ready(prompts), (token, repeat));
    }

    fn stop(&self, leg: LegId) {
        self.engine.stop(leg.0);
    }

    fn join(&self, room: RoomId, leg: LegId, side: Side) {
        let side = match side {
            Side::Customer => huiyin_media::Side::Customer,
            Side::Agent => huiyin_media::Side::Agent,
        };
        self.engine.join(room.0, leg.0, Role::Talker(side));
    }

    fn monitor(&self, room: RoomId, leg: LegId, mode: Monitoring) {
        let role = match mode {
            Monitoring::Listen => Role::Listener,
            Monitoring::Whisper(to) => Role::Whisperer(to.0),
            Monitoring::Barge => Role::Barger,
        };
        self.engine.join(room.0, leg.0, role);
    }

    fn leave(&self, room: RoomId, leg: LegId) {
        self.engine.leave(room.0, leg.0);
    }

    fn mute(&self, leg: LegId, muted: bool) {
        self.engine.mute(leg.0, muted);
    }

    fn hold(&self, leg: LegId, music: Vec<Prompt>) {
        self.engine.hold(leg.0, self.ready(music));
    }

    fn unhold(&self, leg: LegId) {
        self.engine.unhold(leg.0);
    }

    fn send_digit(&self, leg: LegId, digit: char) {
        self.engine.press(leg.0, digit.encode_utf8(&mut [0; 4]));
    }

    fn record(&self, room: RoomId, token: u64, tape: Tape) {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).insert(room, token);
        self.engine.record(room.0, Box::new(Reel(tape.0)));
    }

    fn pause_recording(&self, room: RoomId, paused: bool) {
        self.engine.pause_recording(room.0, paused);
    }

    fn end_recording(&self, room: RoomId) {
        self.engine.end_recording(room.0);
    }

    fn close(&self, leg: LegId) {
        self.engine.let_go(leg.0);
    }
}
