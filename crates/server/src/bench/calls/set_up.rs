//! How fast calls come about: from the caller's INVITE to the agent's telephone.

use super::centre::Centre;
use super::load::{LOOPBACK, Ringing};
use super::peer::Callers;
use super::records::{self, Records};
use crate::bench::report::Figure;
use huiyin_media::load::Load;
use serde::Serialize;
use std::collections::HashMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What was measured.
#[derive(Serialize)]
pub struct SetUp {
    calls: u32,
    wanted_per_second: u32,
    per_second: f64,
    /// Milliseconds from INVITE until the caller was answered: p50, p95, p99.
    answered: [f64; 3],
    /// Milliseconds from INVITE until an agent's telephone was connected.
    connected: [f64; 3],
    records: Records,
}

impl SetUp {
    /// Says whether every call came about.
    pub fn holds(&self) -> bool {
        self.records.answered == u64::from(self.calls)
    }
}

/// Measures so many calls at a rate.
///
/// # Errors
/// When not every call comes about.
pub fn measured(folder: &Path, calls: u32, rate: u32) -> anyhow::Result<SetUp> {
    let centre = Centre::started(folder, calls, SocketAddr::new(LOOPBACK, 0))?;
    let load = Load::open(LOOPBACK, usize::try_from(calls)?)?;
    let taken: Arc<Mutex<HashMap<String, Instant>>> = Arc::default();
    let noted = Arc::clone(&taken);
    let picked = move |_: usize, _: SocketAddr, caller: &str| {
        let mut taken = noted.lock().unwrap_or_else(PoisonError::into_inner);
        taken.insert(caller.to_owned(), Instant::now());
    };
    let phones = centre.phones(calls, load.at(huiyin_media::load::End::Far), Arc::new(picked))?;
    let mut callers = Callers::of(centre.sip(), centre.queue(), "setup")?;
    let began = Instant::now();
    let mut ringing = Ringing { callers: &mut callers, load: &load, key: None, to: centre.sip() };
    ringing.ring((calls, rate), || phones.answered() >= calls)?;
    let whole = began.elapsed();
    let (mut answered, mut connected) = (Figure::new("answered", 1), Figure::new("connected", 1));
    let taken = taken.lock().unwrap_or_else(PoisonError::into_inner);
    for life in callers.lives() {
        answered.took(life.answered.unwrap_or(whole));
        let at = taken.get(&life.number).copied();
        connected.took(at.map_or(whole, |at| at.saturating_duration_since(life.sent)));
    }
    drop(taken);
    callers.hang_up()?;
    let records = records::read(&centre, Duration::ZERO)?;
    let of = |figure: &Figure| [50.0, 95.0, 99.0].map(|percent| figure.milliseconds(percent));
    let per_second = f64::from(calls) / whole.as_secs_f64();
    Ok(SetUp {
        calls,
        wanted_per_second: rate,
        per_second,
        answered: of(&answered),
        connected: of(&connected),
        records,
    })
}

impl fmt::Display for SetUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |[half, most, nearly]: [f64; 3]| format!("p50 {half:.1} p95 {most:.1} p99 {nearly:.1} ms");
        writeln!(
            f,
            "set-up: {} calls at {}/s, {:.0}/s came about; answered {}; at the agent's telephone {}\n  {}",
            self.calls,
            self.wanted_per_second,
            self.per_second,
            of(self.answered),
            of(self.connected),
            self.records
        )
    }
}
