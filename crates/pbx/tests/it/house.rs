//! The call centre's side: an adapter, its signals, and tapes in memory.

use huiyin_pbx::{Pbx, PbxSettings};
use huiyin_telephony::{
    CallControl, Cause, Command, Dial, LegId, Member, Prompt, RoomId, Side, Signal, Tape, TapeWriter, Target,
};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::mpsc;

pub struct House {
    pub pbx: Pbx,
    signals: mpsc::Receiver<Signal>,
    _folder: tempfile::TempDir,
}

impl House {
    /// Starts an adapter; `{folder}` in the settings is a fresh one.
    pub async fn open(settings: &str, secret: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("secret"), secret).unwrap();
        std::fs::write(folder.path().join("pbx.toml"), settings).unwrap();
        let settings = PbxSettings::load(&folder.path().join("pbx.toml")).unwrap();
        let (sender, signals) = mpsc::channel(1_000);
        let pbx = Pbx::start(settings, sender).unwrap();
        Self { pbx, signals, _folder: folder }
    }

    pub async fn connected(&self) {
        for _ in 0..2_000 {
            if self.pbx.connected() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("no connection came to be");
    }

    pub async fn lost(&self) {
        for _ in 0..500 {
            if !self.pbx.connected() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the connection is not lost");
    }

    pub fn send(&self, command: Command) {
        self.pbx.send(command).unwrap();
    }

    /// The next signal that fits; others before it are passed over.
    #[track_caller]
    pub fn hear<T>(&mut self, fits: impl Fn(&Signal) -> Option<T>) -> impl Future<Output = T> {
        let caller = std::panic::Location::caller();
        async move {
            let mut passed = Vec::new();
            let waiting = async {
                loop {
                    let signal = self.signals.recv().await.unwrap();
                    if let Some(found) = fits(&signal) {
                        return found;
                    }
                    passed.push(signal);
                }
            };
            let found = tokio::time::timeout(Duration::from_secs(10), waiting).await;
            found.unwrap_or_else(|_| panic!("{caller}: not heard; passed over: {passed:?}"))
        }
    }

    #[track_caller]
    pub fn hear_exactly(&mut self, wanted: Signal) -> impl Future<Output = ()> {
        self.hear(move |signal| (*signal == wanted).then_some(()))
    }

    #[track_caller]
    pub fn hear_end(&mut self, leg: LegId) -> impl Future<Output = (huiyin_telephony::By, Cause)> {
        self.hear(move |signal| match signal {
            Signal::Ended { leg: ended, by, cause } if *ended == leg => Some((*by, *cause)),
            _ => None,
        })
    }

    #[track_caller]
    pub fn offered(&mut self) -> impl Future<Output = LegId> {
        self.hear(|signal| match signal {
            Signal::Offered { leg, .. } => Some(*leg),
            _ => None,
        })
    }

    /// Nothing more is heard for a moment.
    pub async fn hear_nothing(&mut self) {
        let heard = tokio::time::timeout(Duration::from_millis(300), self.signals.recv()).await;
        assert!(heard.is_err(), "{heard:?}");
    }

    pub fn dial(&self, to: Target) -> LegId {
        let leg = LegId::fresh();
        self.send(Command::Dial(Dial {
            leg,
            to,
            house: None,
            from: "4001".into(),
            name: Some("张\"三\" <1>,x".into()),
            ring_for: Duration::from_secs(20),
            auto_answer: true,
            note: Some("王女士\r\nX-Evil: 1".into()),
        }));
        leg
    }

    pub fn bridge(&self, customer: LegId, agent: LegId) -> RoomId {
        let room = RoomId::fresh();
        let members =
            vec![Member { leg: customer, side: Side::Customer }, Member { leg: agent, side: Side::Agent }];
        self.send(Command::Bridge { room, members });
        room
    }
}

pub fn extension(name: &str) -> Target {
    Target::Extension(name.into())
}

pub fn number(number: &str) -> Target {
    Target::Number { number: number.into(), trunk: None }
}

pub fn prompt(name: &str) -> Prompt {
    Prompt { name: name.into(), samples: vec![0; 8_000].into() }
}

/// A tape that stays in memory.
pub fn tape() -> (Tape, Arc<Mutex<Vec<u8>>>) {
    let sound = Arc::new(Mutex::new(Vec::new()));
    (Tape(Box::new(Memory(Arc::clone(&sound)))), sound)
}

struct Memory(Arc<Mutex<Vec<u8>>>);

impl TapeWriter for Memory {
    fn append(&mut self, frames: &[u8]) -> std::io::Result<()> {
        self.0.lock().unwrap().extend_from_slice(frames);
        Ok(())
    }
}
