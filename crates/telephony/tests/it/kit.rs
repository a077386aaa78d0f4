//! A toy call centre: a directory, a voice that is only SDP, and a brain that
//! goes by the dialled number.

use huiyin_telephony::{
    Agreed, CallControl, Cause, Command, Dial, Directory, Embedded, Extension, LegId, LegKind, Limits, Media,
    MediaFault, MediaNotice, Member, Monitoring, Origin, Prompt, RoomId, Secrets, Settings, Side, Signal,
    Tape, Target, TransferStep,
};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

pub(crate) const REALM: &str = "huiyin.test";
pub(crate) const PASSWORD: &str = "secret";

/// Extensions 8000 to 8099.
struct Toy;

impl Directory for Toy {
    fn extension(&self, name: &str) -> Option<Extension> {
        let known = name.len() == 4 && name.starts_with("80") && name.bytes().all(|b| b.is_ascii_digit());
        known.then(|| Extension {
            name: name.to_owned(),
            display_name: Some(format!("Agent {name}")),
            secrets: Secrets::of_password(name, REALM, PASSWORD),
            limits: Limits::default(),
        })
    }
}

/// A voice without sound: it answers SDP with SDP and writes down what it is
/// asked.
#[derive(Default)]
pub(crate) struct Silence {
    pub(crate) asked: Mutex<Vec<String>>,
    pub(crate) open: Mutex<HashMap<LegId, LegKind>>,
}

impl Silence {
    fn note(&self, what: String) {
        self.asked.lock().unwrap().push(what);
    }

    fn sdp(direction: &str) -> String {
        format!(
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8 101\r\n\
             a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na={direction}\r\n"
        )
    }
}

#[async_trait::async_trait]
impl Media for Silence {
    async fn open(&self, leg: LegId, kind: LegKind) -> Result<(), MediaFault> {
        assert_eq!(self.open.lock().unwrap().insert(leg, kind), None, "a voice was opened twice");
        Ok(())
    }
    async fn offer(&self, _leg: LegId) -> Result<String, MediaFault> {
        Ok(Self::sdp("sendrecv"))
    }
    async fn take_answer(&self, leg: LegId, sdp: &str) -> Result<Agreed, MediaFault> {
        self.answer(leg, sdp).await.map(|(_, agreed)| agreed)
    }
    async fn answer(&self, _leg: LegId, offer: &str) -> Result<(String, Agreed), MediaFault> {
        if !offer.contains("m=audio") {
            return Err(MediaFault::Unusable("no sound".to_owned()));
        }
        let direction = if offer.contains("a=sendonly") {
            "recvonly"
        } else if offer.contains("a=inactive") {
            "inactive"
        } else {
            "sendrecv"
        };
        Ok((Self::sdp(direction), Agreed { held: direction != "sendrecv" }))
    }
    fn play(&self, leg: LegId, _prompts: Vec<Prompt>, token: u64, _repeat: bool) {
        self.note(format!("play {leg} {token}"));
    }
    fn stop(&self, leg: LegId) {
        self.note(format!("stop {leg}"));
    }
    fn join(&self, room: RoomId, leg: LegId, side: Side) {
        self.note(format!("join {} {leg} {side:?}", room.0));
    }
    fn monitor(&self, room: RoomId, leg: LegId, mode: Monitoring) {
        self.note(format!("monitor {} {leg} {mode:?}", room.0));
    }
    fn leave(&self, room: RoomId, leg: LegId) {
        self.note(format!("leave {} {leg}", room.0));
    }
    fn mute(&self, leg: LegId, muted: bool) {
        self.note(format!("mute {leg} {muted}"));
    }
    fn hold(&self, leg: LegId, _music: Vec<Prompt>) {
        self.note(format!("hold {leg}"));
    }
    fn unhold(&self, leg: LegId) {
        self.note(format!("unhold {leg}"));
    }
    fn send_digit(&self, leg: LegId, digit: char) {
        self.note(format!("digit {leg} {digit}"));
    }
    fn record(&self, room: RoomId, token: u64, _tape: Tape) {
        self.note(format!("record {} {token}", room.0));
    }
    fn pause_recording(&self, room: RoomId, paused: bool) {
        self.note(format!("pause {} {paused}", room.0));
    }
    fn end_recording(&self, room: RoomId) {
        self.note(format!("end {}", room.0));
    }
    fn close(&self, leg: LegId) {
        assert!(self.open.lock().unwrap().remove(&leg).is_some(), "a voice was closed twice");
    }
}

/// The endpoint with its toys.
pub(crate) struct Kit {
    pub(crate) phone: Embedded,
    pub(crate) voice: Arc<Silence>,
    pub(crate) signals: Arc<Mutex<Vec<Signal>>>,
    pub(crate) notices: mpsc::Sender<MediaNotice>,
}

impl Kit {
    /// A demo's endpoint on a free port of the loopback.
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let voice = Arc::new(Silence::default());
        let mut settings = Settings::new("127.0.0.1:0".parse().unwrap(), REALM, [3; 32], voice.clone());
        settings.demo = true;
        change(&mut settings);
        let (notices, noticed) = mpsc::channel(64);
        Self::of(settings, voice, (notices, noticed)).await
    }

    /// The same with the real voice.
    pub(crate) async fn with_sound() -> Self {
        let sound = huiyin_media::Settings {
            bind: "127.0.0.1".parse().unwrap(),
            external_ip: None,
            ports: 30_000..=60_000,
            silence: Duration::from_secs(30),
        };
        let (voice, noticed) = huiyin_telephony::OwnVoice::start(sound).unwrap();
        let mut settings = Settings::new("127.0.0.1:0".parse().unwrap(), REALM, [3; 32], voice);
        settings.demo = true;
        let (notices, _) = mpsc::channel(1);
        Self::of(settings, Arc::default(), (notices, noticed)).await
    }

    async fn of(
        settings: Settings,
        voice: Arc<Silence>,
        (notices, noticed): (mpsc::Sender<MediaNotice>, mpsc::Receiver<MediaNotice>),
    ) -> Self {
        let (signals, received) = mpsc::channel(4_096);
        let phone = Embedded::start(settings, Arc::new(Toy), signals, noticed).await.unwrap();
        let heard = Arc::<Mutex<Vec<Signal>>>::default();
        let brain = Brain { phone: phone.clone(), partner: HashMap::new(), numbers: HashMap::new() };
        drop(tokio::runtime::Handle::current().spawn(brain.think(received, heard.clone())));
        Self { phone, voice, signals: heard, notices }
    }

    pub(crate) fn address(&self) -> String {
        self.phone.listen().to_string()
    }

    /// Waits until a signal fits.
    pub(crate) async fn wait(&self, what: &str, fits: impl Fn(&Signal) -> bool) -> Signal {
        let until = Instant::now() + Duration::from_secs(10);
        loop {
            if let Some(found) = self.signals.lock().unwrap().iter().find(|signal| fits(signal)) {
                return found.clone();
            }
            assert!(Instant::now() < until, "{what} did not come: {:?}", self.signals.lock().unwrap());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits until nothing is left of any call.
    pub(crate) async fn empty(&self) {
        let until = Instant::now() + Duration::from_secs(8);
        while Instant::now() < until {
            if self.phone.standing().legs == 0
                && self.voice.open.lock().unwrap().is_empty()
                && self.phone.load().0 == 0
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!(
            "left over: {:?}, voices {:?}, dialogs {}",
            self.phone.standing(),
            self.voice.open.lock().unwrap(),
            self.phone.load().0
        );
    }

    pub(crate) fn send(&self, command: Command) {
        self.phone.send(command).unwrap();
    }

    /// Calls an extension or number; returns the leg.
    pub(crate) fn dial(&self, to: Target, ring_for: Duration) -> LegId {
        let leg = LegId::fresh();
        self.send(Command::Dial(dial(leg, to, ring_for)));
        leg
    }

    /// Registers a phone that SIPp plays. The registration comes from the
    /// port at which SIPp then listens, as calls go where it came from.
    pub(crate) async fn place(&self, scenario: &str, extension: &str) -> super::peers::Sipp {
        let port = super::peers::free_port();
        let mut phone = super::raw::Raw::at(self.phone.listen(), port).await;
        let contact = format!("<sip:{extension}@127.0.0.1:{port}>");
        let answer = phone.enter(extension, &contact, PASSWORD).await;
        assert!(answer.starts_with("SIP/2.0 200"), "{answer}");
        drop(phone);
        super::peers::sipp_at(port, scenario, &self.address(), extension, &[])
    }

    /// How many signals fit.
    pub(crate) fn count(&self, fits: impl Fn(&Signal) -> bool) -> usize {
        self.signals.lock().unwrap().iter().filter(|signal| fits(signal)).count()
    }
}

pub(crate) fn dial(leg: LegId, to: Target, ring_for: Duration) -> Dial {
    let (from, name) = ("10086".to_owned(), Some("王 \"小\" 明".to_owned()));
    Dial { leg, to, house: None, from, name, ring_for, auto_answer: true, note: Some("漏水".to_owned()) }
}

/// Goes by the dialled number.
struct Brain {
    phone: Embedded,
    partner: HashMap<LegId, LegId>,
    numbers: HashMap<LegId, String>,
}

impl Brain {
    async fn think(mut self, mut received: mpsc::Receiver<Signal>, heard: Arc<Mutex<Vec<Signal>>>) {
        while let Some(signal) = received.recv().await {
            heard.lock().unwrap().push(signal.clone());
            for command in self.answer(signal) {
                let _ = self.phone.send(command);
            }
        }
    }

    fn answer(&mut self, signal: Signal) -> Vec<Command> {
        match signal {
            Signal::Offered { leg, called, origin, .. } => {
                self.numbers.insert(leg, called.clone());
                self.offered(leg, &called, &origin)
            }
            Signal::Answered { leg } => match (self.partner.get(&leg), self.numbers.get(&leg)) {
                (Some(caller), None) => {
                    let room = RoomId::fresh();
                    let members = vec![
                        Member { leg: *caller, side: Side::Customer },
                        Member { leg, side: Side::Agent },
                    ];
                    vec![Command::Answer { leg: *caller }, Command::Bridge { room, members }]
                }
                (_, Some(number)) if number == "hung_up" => {
                    vec![Command::Hangup { leg, cause: Cause::Normal }]
                }
                _ => Vec::new(),
            },
            Signal::Ended { leg, cause, .. } => {
                let other = self.partner.remove(&leg);
                if let Some(other) = other {
                    self.partner.remove(&other);
                }
                other.map(|leg| Command::Hangup { leg, cause }).into_iter().collect()
            }
            Signal::TransferAsked { leg, .. } => {
                vec![Command::TransferProgress { leg, step: TransferStep::Done }]
            }
            _ => Vec::new(),
        }
    }

    fn offered(&mut self, leg: LegId, called: &str, _origin: &Origin) -> Vec<Command> {
        let refuse = |cause| vec![Command::Ring { leg }, Command::Refuse { leg, cause }];
        match called {
            "busy" => refuse(Cause::Busy),
            "no_answer" => refuse(Cause::NoAnswer),
            "declined" => refuse(Cause::Declined),
            "cancelled" => vec![Command::Ring { leg }],
            "early" => vec![Command::OpenEarly { leg }, Command::Answer { leg }],
            extension if extension.starts_with("80") => {
                let out = LegId::fresh();
                self.partner.insert(out, leg);
                self.partner.insert(leg, out);
                let to = Target::Extension(extension.to_owned());
                vec![Command::Ring { leg }, Command::Dial(dial(out, to, Duration::from_secs(5)))]
            }
            _ => vec![Command::Ring { leg }, Command::Answer { leg }],
        }
    }
}
