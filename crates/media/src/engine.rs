//! The handle by which the rest of the house reaches the media thread.

use crate::browser::{Browser, BrowserFault};
use crate::law::Law;
use crate::leg::{Figures, Terms, Way};
use crate::player::Prompt;
use crate::room::Role;
use crate::sdp::{Direction, Ours, Said, SdpFault};
use crate::taping::{Tape, writer};
use crate::work::{WAKE, Work};
use crate::{Notice, Settings};
use mio::{Poll, Waker};
use socket2::{Domain, Protocol, Socket, Type};
use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicU16, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;

/// How long the thread may take for an answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Bytes that the system keeps of a leg that nobody reads for a moment.
const BUFFER: usize = 256 * 1024;

/// Orders that may wait for the thread, and notices of it that nobody took yet.
const ORDERS: usize = 8_192;
const NOTICES: usize = 16_384;

/// Payload type of keys where we are the ones who offer.
const KEYS: u8 = 101;

/// What kind of way a leg has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// RTP as it is: desk phones and trunks.
    Plain,
    /// A browser.
    Browser,
}

/// What an offer and its answer agreed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// The other side put us on hold.
    pub held: bool,
}

/// Why something cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// No port is free, or the machine gives no socket.
    #[error("no port for sound is free")]
    NoPort,
    /// There is no such leg.
    #[error("the leg is not open")]
    NoLeg,
    /// The description of a desk phone or trunk.
    #[error(transparent)]
    Sdp(#[from] SdpFault),
    /// The description of a browser.
    #[error(transparent)]
    Browser(#[from] BrowserFault),
    /// The thread has more to do than it can.
    #[error("the media thread is too far behind")]
    Behind,
    /// The thread has ended.
    #[error("the media thread has ended")]
    Ended,
}

type AskBrowser = Box<dyn FnOnce(&mut Browser) -> Option<Terms> + Send>;

/// What the thread is told.
pub(crate) enum Order {
    Open { leg: u64, way: Box<Way>, chance: u64, told: SyncSender<bool> },
    Terms { leg: u64, to: Option<SocketAddr>, terms: Terms, told: SyncSender<()> },
    Browser { leg: u64, ask: AskBrowser },
    Play { leg: u64, prompts: Arc<[Arc<Prompt>]>, repeat: bool, token: u64 },
    Stop(u64),
    Join { room: u64, leg: u64, role: Role },
    Leave { room: u64, leg: u64 },
    Mute(u64, bool),
    Hold { leg: u64, music: Arc<[Arc<Prompt>]> },
    Unhold(u64),
    Press(u64, String),
    Record { room: u64, tape: Box<dyn Tape> },
    PauseRecording(u64, bool),
    EndRecording(u64),
    Close { leg: u64, told: SyncSender<Figures> },
}

/// What the caller's side remembers of a leg.
#[derive(Clone)]
struct Known {
    kind: Kind,
    at: SocketAddr,
    law: Option<Law>,
    keys: Option<u8>,
    version: u64,
}

struct Inside {
    settings: Settings,
    orders: SyncSender<Order>,
    waker: Waker,
    known: Mutex<HashMap<u64, Known>>,
    next_port: AtomicU16,
    session: AtomicU64,
}

/// The media engine of a process; all handles are one.
#[derive(Clone)]
pub struct Engine(Arc<Inside>);

impl Engine {
    /// Starts the thread; what it notices comes by the receiver.
    ///
    /// # Errors
    /// When the machine gives no thread or no way to wait.
    pub fn start(settings: Settings) -> io::Result<(Self, mpsc::Receiver<Notice>)> {
        let poll = Poll::new()?;
        let waker = Waker::new(poll.registry(), WAKE)?;
        let (orders, taken) = sync_channel(ORDERS);
        let (told, notices) = mpsc::channel(NOTICES);
        let (tapes, _) = writer(told.clone())?;
        let work = Work::new(poll, taken, (told, tapes), &settings);
        std::thread::Builder::new().name("media".into()).spawn(move || {
            // voices before everything else, where the machine allows it
            let _ = rustix::process::nice(-10);
            work.run();
        })?;
        let next_port = AtomicU16::new(*settings.ports.start());
        let inside = Inside {
            settings,
            orders,
            waker,
            known: Mutex::default(),
            next_port,
            session: AtomicU64::new(1),
        };
        Ok((Self(Arc::new(inside)), notices))
    }

    /// Opens a leg on a free port.
    ///
    /// # Errors
    /// [`Fault::NoPort`], [`Fault::Ended`].
    pub fn open(&self, leg: u64, kind: Kind) -> Result<(), Fault> {
        let (socket, bound) = self.bind()?;
        let at = SocketAddr::new(self.seen(), bound.port());
        let way = match kind {
            Kind::Plain => Way::Plain(socket),
            Kind::Browser => Way::Browser(Box::new(Browser::new(socket, at)?)),
        };
        let (told, opened) = sync_channel(1);
        self.order(Order::Open { leg, way: Box::new(way), chance: chance(), told })?;
        if !self.heard(&opened)? {
            return Err(Fault::NoPort);
        }
        self.known().insert(leg, Known { kind, at, law: None, keys: None, version: 1 });
        Ok(())
    }

    /// Writes the description by which we call somebody.
    ///
    /// # Errors
    /// [`Fault::NoLeg`], or the browser's.
    pub fn offer(&self, leg: u64) -> Result<String, Fault> {
        let known = self.leg(leg)?;
        if known.kind == Kind::Browser {
            return self.browser(leg, |browser| (browser.offer(), None))?.map_err(Fault::from);
        }
        let laws: &[Law] = match known.law {
            Some(Law::Pcmu) => &[Law::Pcmu],
            Some(Law::Pcma) => &[Law::Pcma],
            None => &[Law::Pcma, Law::Pcmu],
        };
        let keys = Some(known.keys.unwrap_or(KEYS));
        Ok(self.ours(leg, &known, (laws, keys, Direction::Both)).offer())
    }

    /// Takes the answer to our offer.
    ///
    /// # Errors
    /// When it is none, or shares nothing with us.
    pub fn take_answer(&self, leg: u64, text: &str) -> Result<Agreed, Fault> {
        let known = self.leg(leg)?;
        if known.kind == Kind::Browser {
            let text = text.to_owned();
            let taken = self.browser(leg, move |browser| match browser.take_answer(&text) {
                Ok(terms) => (Ok(()), Some(terms)),
                Err(fault) => (Err(fault), None),
            })?;
            taken?;
            return Ok(Agreed { held: false });
        }
        let said = Said::read(text)?;
        self.agree(leg, &said, said.laws.first().copied().unwrap_or(Law::Pcma))?;
        Ok(Agreed { held: said.direction.holds() })
    }

    /// Answers an offer, the first one or a later one.
    ///
    /// # Errors
    /// When it is none, or shares nothing with us.
    pub fn answer(&self, leg: u64, text: &str) -> Result<(String, Agreed), Fault> {
        let known = self.leg(leg)?;
        if known.kind == Kind::Browser {
            let held = text.contains("a=sendonly") || text.contains("a=inactive");
            let text = text.to_owned();
            let answered = self.browser(leg, move |browser| match browser.answer(&text) {
                Ok((answer, terms)) => (Ok(answer), Some(terms)),
                Err(fault) => (Err(fault), None),
            })?;
            return Ok((answered?, Agreed { held }));
        }
        let said = Said::read(text)?;
        // the law in use is kept where the peer still knows it
        let law = known.law.filter(|law| said.laws.contains(law));
        let law = law.or_else(|| said.laws.first().copied()).unwrap_or(Law::Pcma);
        self.agree(leg, &said, law)?;
        let known = self.leg(leg)?;
        let laws = [law];
        let ours = self.ours(leg, &known, (&laws, said.keys, said.direction.answer()));
        Ok((ours.answer(&said), Agreed { held: said.direction.holds() }))
    }

    fn agree(&self, leg: u64, said: &Said, law: Law) -> Result<(), Fault> {
        if let Some(known) = self.known().get_mut(&leg) {
            (known.law, known.keys) = (Some(law), said.keys);
            known.version += 1;
        }
        let (told, done) = sync_channel(1);
        let terms = Terms { law, keys: said.keys };
        self.order(Order::Terms { leg, to: said.to, terms, told })?;
        self.heard(&done)
    }

    fn ours<'a>(
        &self,
        leg: u64,
        known: &Known,
        (laws, keys, direction): (&'a [Law], Option<u8>, Direction),
    ) -> Ours<'a> {
        let _ = self.0.session.fetch_add(1, Ordering::Relaxed);
        Ours { at: known.at, laws, keys, direction, session: (leg, known.version) }
    }

    fn browser<T: Send + 'static>(
        &self,
        leg: u64,
        ask: impl FnOnce(&mut Browser) -> (T, Option<Terms>) + Send + 'static,
    ) -> Result<T, Fault> {
        let (told, answer) = sync_channel(1);
        let ask: AskBrowser = Box::new(move |browser| {
            let (answer, terms) = ask(browser);
            let _ = told.send(answer);
            terms
        });
        self.order(Order::Browser { leg, ask })?;
        self.heard(&answer)
    }

    /// Plays prompts one after the other, in place of what is played.
    pub fn play(&self, leg: u64, prompts: Vec<Arc<Prompt>>, (token, repeat): (u64, bool)) {
        self.say(Order::Play { leg, prompts: prompts.into(), repeat, token });
    }

    /// Stops playing.
    pub fn stop(&self, leg: u64) {
        self.say(Order::Stop(leg));
    }

    /// Lets a leg into a room, out of the one before.
    pub fn join(&self, room: u64, leg: u64, role: Role) {
        self.say(Order::Join { room, leg, role });
    }

    /// Takes a leg out of a room.
    pub fn leave(&self, room: u64, leg: u64) {
        self.say(Order::Leave { room, leg });
    }

    /// Silences a leg towards the others, or not.
    pub fn mute(&self, leg: u64, muted: bool) {
        self.say(Order::Mute(leg, muted));
    }

    /// Holds a leg: it hears music, nobody hears it.
    pub fn hold(&self, leg: u64, music: Vec<Arc<Prompt>>) {
        self.say(Order::Hold { leg, music: music.into() });
    }

    /// Ends the hold.
    pub fn unhold(&self, leg: u64) {
        self.say(Order::Unhold(leg));
    }

    /// Presses keys towards a leg (RFC 4733).
    pub fn press(&self, leg: u64, keys: &str) {
        self.say(Order::Press(leg, keys.to_owned()));
    }

    /// Records a room from now on.
    pub fn record(&self, room: u64, tape: Box<dyn Tape>) {
        self.say(Order::Record { room, tape });
    }

    /// Writes silence in place of the sound, or the sound again.
    pub fn pause_recording(&self, room: u64, paused: bool) {
        self.say(Order::PauseRecording(room, paused));
    }

    /// Ends the recording of a room.
    pub fn end_recording(&self, room: u64) {
        self.say(Order::EndRecording(room));
    }

    /// Closes a leg and waits for nothing.
    pub fn let_go(&self, leg: u64) {
        if self.known().remove(&leg).is_some() {
            let (told, _) = sync_channel(1);
            self.say(Order::Close { leg, told });
        }
    }

    /// Closes a leg and gives what was counted of it; nothing when it was not open.
    pub fn close(&self, leg: u64) -> Option<Figures> {
        self.known().remove(&leg)?;
        let (told, figures) = sync_channel(1);
        self.order(Order::Close { leg, told }).ok()?;
        self.heard(&figures).ok()
    }

    fn bind(&self) -> Result<(mio::net::UdpSocket, SocketAddr), Fault> {
        let (first, last) = (*self.0.settings.ports.start(), *self.0.settings.ports.end());
        let span = (last - first) / 2 + 1;
        for _ in 0..span {
            let step = self.0.next_port.fetch_add(2, Ordering::Relaxed);
            let port = first + (step.wrapping_sub(first) / 2 % span) * 2;
            if let Ok(bound) = bound(SocketAddr::new(self.0.settings.bind, port)) {
                return Ok(bound);
            }
        }
        Err(Fault::NoPort)
    }

    /// The address that peers are told.
    fn seen(&self) -> IpAddr {
        self.0.settings.external_ip.unwrap_or(self.0.settings.bind)
    }

    fn leg(&self, leg: u64) -> Result<Known, Fault> {
        self.known().get(&leg).cloned().ok_or(Fault::NoLeg)
    }

    fn known(&self) -> MutexGuard<'_, HashMap<u64, Known>> {
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn order(&self, order: Order) -> Result<(), Fault> {
        match self.0.orders.try_send(order) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => return Err(Fault::Behind),
            Err(TrySendError::Disconnected(_)) => return Err(Fault::Ended),
        }
        self.0.waker.wake().map_err(|_| Fault::Ended)
    }

    fn say(&self, order: Order) {
        if let Err(fault) = self.order(order) {
            tracing::error!(%fault, "sound cannot be steered");
        }
    }

    fn heard<T>(&self, answer: &Receiver<T>) -> Result<T, Fault> {
        answer.recv_timeout(PATIENCE).map_err(|_| Fault::Ended)
    }
}

fn bound(address: SocketAddr) -> io::Result<(mio::net::UdpSocket, SocketAddr)> {
    let domain = if address.is_ipv4() { Domain::IPV4 } else { Domain::IPV6 };
    let socket = Socket::new(domain, Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_recv_buffer_size(BUFFER)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    let socket: std::net::UdpSocket = socket.into();
    let at = socket.local_addr()?;
    Ok((mio::net::UdpSocket::from_std(socket), at))
}

/// Numbers that nobody guesses, to begin a stream with.
fn chance() -> u64 {
    use std::hash::{BuildHasher as _, RandomState};
    RandomState::new().hash_one(std::process::id())
}
