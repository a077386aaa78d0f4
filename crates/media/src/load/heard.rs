//! What one end heard: of whom, which numbers, how late, through which leg.

use super::lock;
use super::stamp::Stamp;
use std::collections::HashMap;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Packets of one talker that are remembered: an hour.
const MOST: u32 = 50 * 3600;

/// What was heard since the measurement began.
pub(super) struct Heard {
    /// One bit for each number, by talker.
    numbers: Vec<Vec<u64>>,
    /// Whom a leg brought first.
    first: HashMap<SocketAddr, u32>,
    /// Packets that a leg brought of somebody else.
    pub(super) strays: u64,
    /// Packets that came twice.
    pub(super) doubled: u64,
    /// Microseconds under way, of each packet.
    pub(super) delays: Vec<u32>,
    /// False outside a measurement.
    counts: bool,
}

impl Heard {
    pub(super) fn of(talkers: usize) -> Self {
        let numbers = vec![Vec::new(); talkers];
        Self { numbers, first: HashMap::new(), strays: 0, doubled: 0, delays: Vec::new(), counts: false }
    }

    /// Begins anew.
    pub(super) fn begin(&mut self) {
        *self = Self { counts: true, ..Self::of(self.numbers.len()) };
    }

    fn take(&mut self, stamp: Stamp, from: SocketAddr, micros: u64) {
        if !self.counts || stamp.number > MOST {
            return;
        }
        self.strays += u64::from(*self.first.entry(from).or_insert(stamp.talker) != stamp.talker);
        let Some(numbers) = self.numbers.get_mut(stamp.talker as usize) else { return };
        let (word, bit) = (stamp.number as usize / 64, 1_u64 << (stamp.number % 64));
        if numbers.len() <= word {
            numbers.resize(word + 1, 0);
        }
        if let Some(word) = numbers.get_mut(word) {
            self.doubled += u64::from(*word & bit != 0);
            *word |= bit;
        }
        self.delays.push(u32::try_from(micros.saturating_sub(stamp.micros)).unwrap_or(u32::MAX));
    }

    /// Counts how many of a talker's numbers were heard.
    pub(super) fn of_talker(&self, talker: usize, (from, until): (u32, u32)) -> u64 {
        let Some(numbers) = self.numbers.get(talker) else { return 0 };
        let has = |number: &u32| {
            let word = numbers.get(*number as usize / 64).copied().unwrap_or_default();
            word & 1 << (number % 64) != 0
        };
        (from..until).filter(has).count() as u64
    }
}

/// Hears until it is told to stop.
pub(super) fn listen(socket: &UdpSocket, (heard, began): (&Mutex<Heard>, Instant), stop: &AtomicBool) {
    let mut bytes = [0; 1500];
    while !stop.load(Ordering::Relaxed) {
        let Ok((length, from)) = socket.recv_from(&mut bytes) else { continue };
        let micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        if let Some(stamp) = Stamp::read(bytes.get(..length).unwrap_or_default()) {
            lock(heard).take(stamp, from, micros);
        }
    }
}
