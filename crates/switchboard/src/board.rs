//! The board: which calls live here, where a word goes, who may join.

use huiyin_app::App;
use huiyin_app::call::port::{Monitoring, Order, Phone, PhoneRefusal, What};
use huiyin_app::call::{self, Effect, Happening, LineRow};
use huiyin_domain::call::agent::Ask;
use huiyin_domain::call::trunk::TrunkNow;
use huiyin_domain::ids::{CallId, OrgId, PersonId};
use huiyin_telephony::{CallControl, Cause, Command, Dial, LegId, Signal, Target};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use crate::directory::Phones;
use crate::house::Houses;
use crate::leftover;
use crate::live::{Beginning, Live};
use crate::lives::Lives;
use crate::sounds::Sounds;
use crate::tapes::Tapes;
use crate::trunks::Since;
use crate::word::{Supervisor, Way, Word};

/// Words that may wait for one call.
const WORDS: usize = 256;

/// How long a supervisor's telephone rings.
const INVITED: Duration = Duration::from_secs(20);

/// What a demo allows that a real house does not.
#[derive(Clone, Debug, Default)]
pub struct Demo {
    /// Numbers of the supervisor's ways into the newest call: listen, whisper, barge.
    pub monitor: BTreeMap<String, Monitoring>,
}

/// What the board is told at its start.
pub struct Settings {
    /// Names this process among all that hold calls.
    pub node: String,
    /// Where recordings go.
    pub tapes: Arc<Tapes>,
    /// Whose telephones are whose.
    pub phones: Arc<Phones>,
    /// A PBX of the house carries the calls: it knows the ways outside.
    pub beside_pbx: bool,
    /// A demo's own.
    pub demo: Option<Demo>,
}

/// The live calls of this process.
#[derive(Clone)]
pub struct Board(pub(crate) Arc<Inside>);

/// What every call needs.
pub(crate) struct Inside {
    pub(crate) app: App,
    pub(crate) control: Arc<dyn CallControl>,
    pub(crate) lives: Lives,
    pub(crate) sounds: Sounds,
    pub(crate) houses: Houses,
    pub(crate) settings: Settings,
    /// Supervisors whose legs were answered but not yet let in.
    supervisors: Mutex<HashMap<LegId, (Supervisor, Option<CallId>)>>,
    /// Which telephones of a person can ring.
    devices: Mutex<HashMap<PersonId, BTreeSet<String>>>,
    since: Since,
    /// Held by who hands trunks to the telephone.
    pub(crate) trunks_turn: tokio::sync::Mutex<()>,
    runtime: Handle,
}

impl Board {
    /// Takes up work within a runtime: ends what an earlier process of this name left,
    /// then hears signals until they end.
    ///
    /// # Errors
    /// When what was left cannot be ended.
    pub async fn start(
        app: App,
        control: Arc<dyn CallControl>,
        mut signals: mpsc::Receiver<Signal>,
        settings: Settings,
    ) -> Result<Self, huiyin_app::Error> {
        leftover::cleared(&app, &settings).await?;
        let inside = Inside {
            app,
            control,
            lives: Lives::default(),
            sounds: Sounds::shipped(),
            houses: Houses::default(),
            settings,
            supervisors: Mutex::default(),
            devices: Mutex::default(),
            since: Since::default(),
            trunks_turn: tokio::sync::Mutex::default(),
            runtime: Handle::current(),
        };
        let board = Self(Arc::new(inside));
        let hearing = board.clone();
        board.0.runtime.spawn(async move {
            while let Some(signal) = signals.recv().await {
                hearing.hear(signal).await;
            }
        });
        Ok(board)
    }

    /// Passes a signal to the call that it concerns; what concerns none is done here.
    async fn hear(&self, signal: Signal) {
        match signal {
            Signal::Offered { leg, origin, caller, called, .. } => {
                // the database is asked: other calls must not wait for it
                let board = self.clone();
                self.0.lives.arrives(leg);
                self.0.runtime.spawn(async move { board.offered(leg, origin, (caller, called)).await });
            }
            Signal::Registered(phone) => self.device(&phone.extension, true),
            Signal::Unregistered { extension } => self.device(&extension, false),
            Signal::Trunk { name, up } => {
                tracing::warn!(%name, up, "trunk");
                self.0.since.note(name, up, self.0.app.clock.now());
            }
            Signal::Answered { leg } if self.is_supervisor(leg) => self.join(leg),
            Signal::Taped { room, .. } => self.tell_room(room.0, signal),
            signal => {
                let Some(leg) = leg_of(&signal) else { return };
                let over = matches!(signal, Signal::Ended { .. });
                // a supervisor's telephone that rings is still to be lifted
                if !self.0.lives.hears(leg, signal) && over {
                    self.supervisors().remove(&leg);
                }
            }
        }
    }

    fn tell_room(&self, room: u64, signal: Signal) {
        if let Some(call) = self.0.lives.in_room(room) {
            self.0.lives.tell(call, Word::Signal(signal));
        }
    }

    fn join(&self, leg: LegId) {
        let waiting = self.supervisors().remove(&leg);
        let found = waiting.and_then(|(who, call)| Some((who, call.or_else(|| self.0.lives.newest())?)));
        let Some((supervisor, call)) = found else {
            return self.send(Command::Hangup { leg, cause: Cause::NotFound });
        };
        self.0.lives.bind(leg, call);
        if !self.0.lives.tell(call, Word::Supervisor(supervisor)) {
            self.send(Command::Hangup { leg, cause: Cause::NotFound });
        }
    }

    pub(crate) fn begin(&self, leg: LegId, beginning: Beginning) {
        let id = CallId(self.0.app.ids.uuid(self.0.app.clock.now()));
        self.enter(id, Some(leg), beginning);
    }

    fn enter(&self, id: CallId, leg: Option<LegId>, beginning: Beginning) {
        let (mailbox, words) = mpsc::channel(WORDS);
        self.0.lives.enter(id, mailbox);
        if let Some(leg) = leg {
            self.0.lives.bind(leg, id);
        }
        let live = Live::new(self.clone(), id, leg, &beginning);
        let board = self.clone();
        self.0.runtime.spawn(async move {
            // a call that falls over is cleared away like any other
            let lived = board.0.runtime.spawn(live.run(beginning, words)).await;
            if let Err(error) = lived {
                tracing::error!(call = %id, %error, "a call fell over");
            }
            board.0.lives.leave(id);
        });
    }

    /// Lets a supervisor's telephone ring for a call.
    pub(crate) fn invite(&self, extension: String, call: CallId, supervisor: Supervisor) {
        self.supervisors().insert(supervisor.leg, (supervisor, Some(call)));
        self.send(Command::Dial(Dial {
            leg: supervisor.leg,
            to: Target::Extension(extension),
            house: None,
            from: String::new(),
            name: None,
            ring_for: INVITED,
            auto_answer: true,
            note: None,
        }));
    }

    /// A telephone of an agent can ring, or can no more.
    fn device(&self, extension: &str, up: bool) {
        let Some((org, Some(person))) = self.0.settings.phones.holder(extension) else { return };
        if !self.counts(person, extension, up) {
            return;
        }
        let (board, demo) = (self.clone(), self.0.settings.demo.is_some());
        self.0.runtime.spawn(async move {
            let mut asks = vec![if up { Ask::DeviceUp } else { Ask::DeviceDown }];
            // a demo's agents are at work as soon as their telephones are (issue 7)
            if up && demo {
                asks.insert(0, Ask::SignIn);
            }
            for ask in asks {
                board.take(org, Happening::Agent(person, ask)).await;
            }
        });
    }

    /// Names the telephones of a person that can ring now.
    pub(crate) fn there(&self, person: PersonId) -> BTreeSet<String> {
        let devices = self.0.devices.lock().unwrap_or_else(PoisonError::into_inner);
        devices.get(&person).cloned().unwrap_or_default()
    }

    /// Notes a telephone; a person cannot be reached when their last one is gone.
    fn counts(&self, person: PersonId, extension: &str, up: bool) -> bool {
        let mut devices = self.0.devices.lock().unwrap_or_else(PoisonError::into_inner);
        let held = devices.entry(person).or_default();
        if up {
            held.insert(extension.to_owned());
            return true;
        }
        held.remove(extension);
        let last = held.is_empty();
        if last {
            devices.remove(&person);
        }
        last
    }

    /// Takes what happened and lets follow what follows; false when it was refused.
    pub(crate) async fn take(&self, org: OrgId, happening: Happening) -> bool {
        match call::take(&self.0.app, org, happening.clone()).await {
            Ok(effects) => {
                self.carry(org, effects);
                true
            }
            Err(error) => {
                tracing::warn!(?happening, %error, "not taken");
                false
            }
        }
    }

    /// Asks the line for something; what it cannot do, a lease ends.
    pub(crate) fn send(&self, command: Command) {
        if let Err(unavailable) = self.0.control.send(command) {
            tracing::error!(%unavailable, "the line takes no command");
        }
    }

    fn is_supervisor(&self, leg: LegId) -> bool {
        self.supervisors().contains_key(&leg)
    }

    pub(crate) fn supervisors(
        &self,
    ) -> std::sync::MutexGuard<'_, HashMap<LegId, (Supervisor, Option<CallId>)>> {
        self.0.supervisors.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) fn way(mode: Monitoring) -> Way {
    match mode {
        Monitoring::Listen => Way::Listen,
        Monitoring::Whisper => Way::Whisper,
        Monitoring::Barge => Way::Barge,
    }
}

impl Phone for Board {
    fn node(&self) -> String {
        self.0.settings.node.clone()
    }

    fn order(&self, order: Order) -> Result<(), PhoneRefusal> {
        if matches!(order.what, What::Answer) {
            // a telephone is lifted by hand; nothing in SIP lifts it from afar
            return Err(PhoneRefusal::NotPossible);
        }
        if self.0.lives.tell(order.call, Word::Order(order)) { Ok(()) } else { Err(PhoneRefusal::NotHere) }
    }

    fn renewed(&self, extension: &str) {
        self.0.settings.phones.forget(extension);
    }

    fn trunks(&self, org: OrgId) -> Vec<TrunkNow> {
        self.0.since.of(org, self.0.control.standing())
    }

    fn trunks_kept(&self) {
        let board = self.clone();
        self.0.runtime.spawn(async move { board.take_trunks().await });
    }

    fn carry(&self, org: OrgId, effects: Vec<Effect>) {
        for effect in effects {
            let call = call_of(&effect);
            // a call that an agent asked for on the screen begins to live with this
            if matches!(effect, Effect::Dial(..)) && !self.0.lives.holds(call) {
                self.enter(call, None, Beginning::Asked { org });
            }
            self.0.lives.tell(call, Word::Effect(effect));
        }
    }
}

const fn call_of(effect: &Effect) -> CallId {
    match effect {
        Effect::Ring { call, .. }
        | Effect::Withdraw(call, ..)
        | Effect::Connect(call, _)
        | Effect::Entertain(call)
        | Effect::LeadOn(call, _)
        | Effect::PutThrough(call, _)
        | Effect::Dial(call, ..)
        | Effect::Refuse(call)
        | Effect::Release(call)
        | Effect::Drop(call, _) => *call,
    }
}

const fn leg_of(signal: &Signal) -> Option<LegId> {
    match signal {
        Signal::Ringing { leg }
        | Signal::Early { leg }
        | Signal::Answered { leg }
        | Signal::Digit { leg, .. }
        | Signal::Played { leg, .. }
        | Signal::HeldByPeer { leg }
        | Signal::ResumedByPeer { leg }
        | Signal::TransferAsked { leg, .. }
        | Signal::Ended { leg, .. }
        | Signal::Silent { leg }
        | Signal::Heard { leg }
        | Signal::Offered { leg, .. } => Some(*leg),
        Signal::Registered(_) | Signal::Unregistered { .. } | Signal::Trunk { .. } | Signal::Taped { .. } => {
            None
        }
    }
}

/// The line, where a call begins on one.
pub(crate) type Line = LineRow;
