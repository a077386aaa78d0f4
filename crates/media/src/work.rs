//! The media thread: it waits for packets, orders and the next 20 ms.
//!
//! Size: one loop whose parts share all of its state.

use crate::engine::Order;
use crate::leg::{Heard, Leg, Way};
use crate::player::Player;
use crate::ring::FRAME;
use crate::room::{Role, Room, Side};
use crate::rtp::{LARGEST, Packet};
use crate::taping::{Job, Taping};
use crate::{Notice, Settings};
use mio::{Events, Interest, Poll, Token};
use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Wakes the thread for orders.
pub(crate) const WAKE: Token = Token(usize::MAX);

/// From one frame to the next.
const TICK: Duration = Duration::from_millis(20);

/// The least time from one look at the sockets to the next.
///
/// What arrives meanwhile is taken in one go: at 20,000 packets a second it is the waking
/// that costs, and a millisecond is heard by nobody.
const BREATH: Duration = Duration::from_millis(1);

/// Frames that are caught up after a standstill.
const CATCH_UP: u32 = 10;

/// Datagrams taken from one socket before the next one's turn.
const BATCH: usize = 16;

/// How far behind the clock voices are mixed and recorded, in samples: 100 ms.
const BEHIND: u64 = 800;

/// The thread's own.
pub(crate) struct Work {
    poll: Poll,
    orders: Receiver<Order>,
    told: mpsc::Sender<Notice>,
    tapes: SyncSender<Job>,
    silence: u64,
    began: Instant,
    ticks: u64,
    legs: HashMap<u64, Leg>,
    rooms: HashMap<u64, Room>,
}

impl Work {
    pub(crate) fn new(
        poll: Poll,
        orders: Receiver<Order>,
        (told, tapes): (mpsc::Sender<Notice>, SyncSender<Job>),
        settings: &Settings,
    ) -> Self {
        let silence = u64::try_from(settings.silence.as_millis()).unwrap_or(u64::MAX).saturating_mul(8);
        let (legs, rooms) = (HashMap::new(), HashMap::new());
        Self { poll, orders, told, tapes, silence, began: Instant::now(), ticks: 0, legs, rooms }
    }

    /// Works until the engine is dropped.
    pub(crate) fn run(mut self) {
        let mut events = Events::with_capacity(4096);
        let mut looked = Instant::now();
        loop {
            Self::breathe(looked);
            looked = Instant::now();
            let next = self.began + TICK * u32::try_from(self.ticks + 1).unwrap_or(u32::MAX);
            let wait = next.saturating_duration_since(Instant::now());
            match self.poll.poll(&mut events, Some(wait)) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    tracing::error!(%error, "media thread cannot wait");
                    return;
                }
            }
            for event in &events {
                if event.token() == WAKE {
                    if !self.take_orders() {
                        return;
                    }
                } else {
                    self.arrive(event.token().0 as u64);
                }
            }
            self.keep_time();
        }
    }

    /// Waits until a breath has gone by since the last look.
    #[expect(clippy::disallowed_methods, reason = "a thread of its own, and it must not wake for packets")]
    fn breathe(looked: Instant) {
        let rest = BREATH.saturating_sub(looked.elapsed());
        if !rest.is_zero() {
            std::thread::sleep(rest);
        }
    }

    /// Samples since the thread began.
    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX) / 125
    }

    fn take_orders(&mut self) -> bool {
        loop {
            match self.orders.try_recv() {
                Ok(order) => self.obey(order),
                Err(TryRecvError::Empty) => return true,
                Err(TryRecvError::Disconnected) => return false,
            }
        }
    }

    fn obey(&mut self, order: Order) {
        let now = self.now();
        match order {
            Order::Open { leg, way, chance, told } => self.open(leg, *way, chance, told),
            Order::Terms { leg, to, terms, told } => {
                if let Some(leg) = self.legs.get_mut(&leg) {
                    leg.latch.told(to);
                    leg.terms = Some(terms);
                    leg.listens_anew(now);
                }
                let _ = told.send(());
            }
            Order::Browser { leg, ask } => {
                if let Some(leg) = self.legs.get_mut(&leg)
                    && let Way::Browser(browser) = &mut leg.way
                {
                    leg.last_heard = now;
                    if let Some(terms) = ask(browser) {
                        leg.terms = Some(terms);
                    }
                }
            }
            other => self.steer(other, now),
        }
    }

    /// What has to do with who hears what.
    fn steer(&mut self, order: Order, now: u64) {
        match order {
            Order::Play { leg, prompts, repeat, token } => {
                let player = Player::new(prompts, repeat, token);
                self.plays(leg, Some(player));
            }
            Order::Stop(leg) => self.plays(leg, None),
            Order::Join { room, leg, role } => self.join(room, leg, role),
            Order::Leave { room, leg } => {
                if let Some(there) = self.rooms.get_mut(&room) {
                    there.leave(leg);
                }
                if let Some(leg) = self.legs.get_mut(&leg).filter(|leg| leg.room == Some(room)) {
                    leg.room = None;
                    leg.pauses();
                }
                self.tidy(room);
            }
            Order::Mute(leg, muted) => self.with(leg, |leg| leg.muted = muted),
            Order::Hold { leg, music } => {
                self.with(leg, |leg| {
                    leg.held = true;
                    leg.player = (!music.is_empty()).then(|| Player::new(music, true, 0));
                });
            }
            Order::Unhold(leg) => self.with(leg, |leg| {
                leg.held = false;
                leg.listens_anew(now);
                leg.player = None;
                leg.pauses();
            }),
            Order::Press(leg, keys) => self.with(leg, |leg| leg.press(&keys)),
            Order::Record { room, tape } => {
                let taping = Taping::new(room, tape, self.tapes.clone(), now.saturating_sub(BEHIND));
                self.rooms.entry(room).or_default().taping = Some(taping);
            }
            Order::PauseRecording(room, paused) => {
                if let Some(taping) = self.rooms.get_mut(&room).and_then(|room| room.taping.as_mut()) {
                    taping.paused = paused;
                }
            }
            Order::EndRecording(room) => {
                self.record(room, now);
                if let Some(there) = self.rooms.get_mut(&room) {
                    there.taping = None;
                }
                self.tidy(room);
            }
            Order::Close { leg, told } => self.close(leg, &told),
            Order::Open { .. } | Order::Terms { .. } | Order::Browser { .. } => {}
        }
    }

    fn with(&mut self, leg: u64, change: impl FnOnce(&mut Leg)) {
        if let Some(leg) = self.legs.get_mut(&leg) {
            change(leg);
        }
    }

    fn open(&mut self, number: u64, way: Way, chance: u64, told: std::sync::mpsc::SyncSender<bool>) {
        let mut leg = Leg::new(way, chance, self.now());
        let token = Token(usize::try_from(number).unwrap_or(usize::MAX - 1));
        let socket = match &mut leg.way {
            Way::Plain(socket) => socket,
            Way::Browser(browser) => browser.socket(),
        };
        let opened = self.poll.registry().register(socket, token, Interest::READABLE);
        let _ = told.send(opened.is_ok());
        if opened.is_ok() {
            self.legs.insert(number, leg);
        }
    }

    fn close(&mut self, number: u64, told: &std::sync::mpsc::SyncSender<crate::Figures>) {
        let Some(mut leg) = self.legs.remove(&number) else { return };
        let socket = match &mut leg.way {
            Way::Plain(socket) => socket,
            Way::Browser(browser) => browser.socket(),
        };
        let _ = self.poll.registry().deregister(socket);
        if let Some(room) = leg.room
            && let Some(there) = self.rooms.get_mut(&room)
        {
            // what the customer still said and heard belongs into the recording
            if there.customer() == Some(number)
                && let Some(taping) = &mut there.taping
            {
                let until = u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX) / 125;
                taping.record(until, |place| (leg.heard.get(place), leg.told.get(place)));
                there.taping = None;
            }
            there.leave(number);
            self.tidy(room);
        }
        let _ = told.send(leg.figures);
    }

    fn tidy(&mut self, room: u64) {
        if self.rooms.get(&room).is_some_and(|room| room.members.is_empty() && room.taping.is_none()) {
            self.rooms.remove(&room);
        }
    }

    fn join(&mut self, room: u64, leg: u64, role: Role) {
        let Some(joining) = self.legs.get_mut(&leg) else { return };
        let before = joining.room.replace(room);
        joining.pauses();
        if let Some(before) = before.filter(|before| *before != room) {
            if let Some(there) = self.rooms.get_mut(&before) {
                there.leave(leg);
            }
            self.tidy(before);
        }
        self.rooms.entry(room).or_default().join(leg, role);
    }

    fn plays(&mut self, number: u64, player: Option<Player>) {
        let Some(leg) = self.legs.get_mut(&number) else { return };
        let before = std::mem::replace(&mut leg.player, player);
        if leg.player.is_none() {
            leg.pauses();
        }
        if let Some(before) = before {
            let _ = self.told.try_send(Notice::Played { leg: number, token: before.token, all: false });
        }
    }

    /// Takes what arrived on the socket of a leg.
    fn arrive(&mut self, number: u64) {
        let mut bytes = [0; LARGEST];
        for _ in 0..BATCH {
            let now = self.now();
            let Some(leg) = self.legs.get_mut(&number) else { return };
            let received = match &mut leg.way {
                Way::Plain(socket) => socket.recv_from(&mut bytes),
                Way::Browser(browser) => browser.socket().recv_from(&mut bytes),
            };
            match received {
                Ok((length, from)) => {
                    self.datagram(number, (bytes.get(..length).unwrap_or_default(), from), now)
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                // the other side's port is closed: said by ICMP, worth nothing
                Err(_) => {}
            }
        }
        // more may be there: the edge is asked for again
        self.again(number);
    }

    fn again(&mut self, number: u64) {
        let Some(leg) = self.legs.get_mut(&number) else { return };
        let socket = match &mut leg.way {
            Way::Plain(socket) => socket,
            Way::Browser(browser) => browser.socket(),
        };
        let token = Token(usize::try_from(number).unwrap_or(usize::MAX - 1));
        let _ = self.poll.registry().reregister(socket, token, Interest::READABLE);
    }

    fn datagram(&mut self, number: u64, (bytes, from): (&[u8], SocketAddr), now: u64) {
        let Some(leg) = self.legs.get_mut(&number) else { return };
        let first = leg.figures.received == 0;
        let mut heard = Vec::new();
        match &mut leg.way {
            Way::Plain(_) => heard.extend(leg.datagram(bytes, from, now)),
            Way::Browser(browser) => {
                browser.datagram(bytes, from);
                heard = Self::from_browser(leg, now);
            }
        }
        if first && leg.figures.received > 0 {
            let _ = self.told.try_send(Notice::Heard(number));
        }
        heard.into_iter().for_each(|heard| self.spread(number, heard, now));
    }

    fn from_browser(leg: &mut Leg, now: u64) -> Vec<Heard> {
        let mut heard = Vec::new();
        while let Way::Browser(browser) = &mut leg.way {
            let Some(packet) = browser.next() else { break };
            let header = &packet.header;
            let plain = Packet {
                payload_type: *header.payload_type,
                marker: header.marker,
                sequence: header.sequence_number,
                timestamp: header.timestamp,
                source: *header.ssrc,
                payload: &packet.payload,
            };
            heard.extend(leg.packet(&plain, now));
        }
        heard
    }

    /// Passes what one leg said to those who hear nobody else.
    fn spread(&mut self, number: u64, heard: Heard, now: u64) {
        if let Heard::Key { report, new: true, .. } = &heard {
            let _ = self.told.try_send(Notice::Digit { leg: number, digit: report.key });
        }
        let Some(leg) = self.legs.get(&number).filter(|leg| !leg.muted && !leg.held) else { return };
        let Some(room) = leg.room.and_then(|room| self.rooms.get(&room)) else { return };
        for hearer in room.hearers(number) {
            if room.only_source(hearer) != Some(number) {
                continue;
            }
            let Some(hearer) =
                self.legs.get_mut(&hearer).filter(|hearer| !hearer.held && hearer.player.is_none())
            else {
                continue;
            };
            match &heard {
                Heard::Sound { law, timestamp, payload } => hearer.pass_on((*law, *timestamp), payload, now),
                Heard::Key { report, timestamp, marker, .. } => {
                    hearer.pass_key(*report, *timestamp, *marker, now);
                }
            }
        }
    }

    fn keep_time(&mut self) {
        let due = self.began.elapsed().as_millis() / TICK.as_millis();
        let due = u64::try_from(due).unwrap_or(u64::MAX);
        // after a long standstill the rest is let go: nobody wants to hear it late
        self.ticks = self.ticks.max(due.saturating_sub(u64::from(CATCH_UP)));
        while self.ticks < due {
            self.ticks += 1;
            self.tick(self.ticks * FRAME as u64);
        }
    }

    /// Does what is due at one frame of the clock.
    fn tick(&mut self, now: u64) {
        let numbers: Vec<u64> = self.legs.keys().copied().collect();
        for number in numbers {
            self.tick_leg(number, now);
        }
        let rooms: Vec<u64> =
            self.rooms.iter().filter(|(_, room)| room.taping.is_some()).map(|(room, _)| *room).collect();
        for room in rooms {
            self.record(room, now.saturating_sub(BEHIND));
        }
    }

    fn tick_leg(&mut self, number: u64, now: u64) {
        let Some(leg) = self.legs.get_mut(&number) else { return };
        if let Way::Browser(browser) = &mut leg.way
            && browser.wakes <= Instant::now()
        {
            browser.wake(Instant::now());
            let heard = Self::from_browser(leg, now);
            let gone = matches!(&leg.way, Way::Browser(browser) if !browser.is_alive());
            heard.into_iter().for_each(|heard| self.spread(number, heard, now));
            if gone {
                let _ = self.told.try_send(Notice::Silent(number));
            }
        }
        let Some(leg) = self.legs.get_mut(&number) else { return };
        if leg.terms.is_some() && !leg.said_silent && now.saturating_sub(leg.last_heard) > self.silence {
            leg.said_silent = true;
            let _ = self.told.try_send(Notice::Silent(number));
        }
        if leg.tell_key(now) {
            return;
        }
        if let Some(player) = &mut leg.player {
            let token = player.token;
            match player.frame() {
                Some(frame) => leg.tell(&frame, now),
                None => {
                    leg.player = None;
                    leg.pauses();
                    let _ = self.told.try_send(Notice::Played { leg: number, token, all: true });
                }
            }
            return;
        }
        if !leg.held {
            self.mix(number, now);
        }
    }

    /// Lets a leg hear several at once.
    fn mix(&mut self, number: u64, now: u64) {
        let Some(room) =
            self.legs.get(&number).and_then(|leg| leg.room).and_then(|room| self.rooms.get(&room))
        else {
            return;
        };
        if room.only_source(number).is_some() {
            return;
        }
        let mut sum = [0_i32; FRAME];
        let mut any = false;
        let from = now.saturating_sub(BEHIND);
        for source in room.sources(number) {
            if let Some(leg) = self.legs.get(&source).filter(|leg| !leg.held && !leg.muted) {
                leg.heard.add_to(from, &mut sum);
                any = true;
            }
        }
        if any && let Some(leg) = self.legs.get_mut(&number) {
            let frame = sum.map(|sample| i16::try_from(sample.clamp(-32_768, 32_767)).unwrap_or_default());
            leg.tell(&frame, now);
        }
    }

    fn record(&mut self, number: u64, until: u64) {
        let Some(room) = self.rooms.get_mut(&number) else { return };
        let customer = room.customer().and_then(|customer| self.legs.get(&customer));
        let Some(taping) = &mut room.taping else { return };
        match customer {
            Some(customer) => {
                taping.record(until, |place| (customer.heard.get(place), customer.told.get(place)))
            }
            // a customer who is elsewhere for a while leaves silence
            None => {
                let agent = room.members.iter().find(|(_, role)| *role == Role::Talker(Side::Agent));
                let agent = agent.and_then(|(leg, _)| self.legs.get(leg));
                taping.record(until, |place| (0, agent.map_or(0, |leg| leg.heard.get(place))));
            }
        }
    }
}
