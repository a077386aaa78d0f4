//! Many recorded calls at once, through menu and queue to agents who answer.

use super::centre::Centre;
use super::peer::Callers;
use super::records::{self, Records};
use crate::bench::server::Server;
use anyhow::bail;
use huiyin_media::load::{End, Load, Report as Heard};
use serde::Serialize;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a customer listens to the menu before pressing.
const LISTENS: Duration = Duration::from_secs(1);

/// How long the last call may take to be answered.
const PATIENCE: Duration = Duration::from_secs(30);

/// Everything on this machine alone.
pub const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// What was measured of so many calls.
#[derive(Serialize)]
pub struct Loaded {
    pub who: &'static str,
    pub calls: u32,
    pub packets: u64,
    pub lost: u64,
    pub doubled: u64,
    pub mixed_up: u64,
    /// Milliseconds in the control: the same voices with nobody in between.
    pub control_p95: f64,
    /// Milliseconds added to the control.
    pub added_p50: f64,
    pub added_p95: f64,
    pub added_p99: f64,
    /// How late the generator itself was at most, milliseconds.
    pub generator_late: f64,
    /// Processor time of the server, part of one core.
    pub core: f64,
    /// Resident memory of the server in the calls, MiB.
    pub memory_mib: f64,
    /// What one call took of it, KiB.
    pub kib_per_call: f64,
    pub records: Option<Records>,
}

impl Loaded {
    /// Says whether nothing was lost by us and every record is right.
    pub fn holds(&self) -> bool {
        let (whole, calls) = (self.lost == 0 && self.mixed_up == 0, u64::from(self.calls));
        whole
            && self
                .records
                .as_ref()
                .is_none_or(|records| records.answered == calls && records.recorded == calls)
    }

    /// Puts together what was heard, with and without somebody in between.
    pub fn of((who, calls): (&'static str, u32), (heard, control): (&Heard, &Heard), used: &Used) -> Self {
        let added = |with: Duration, without: Duration| millis(with) - millis(without);
        Self {
            who,
            calls,
            packets: heard.sent,
            lost: heard.lost(),
            doubled: heard.doubled,
            mixed_up: heard.strays,
            control_p95: millis(control.p95),
            added_p50: added(heard.p50, control.p50),
            added_p95: added(heard.p95, control.p95),
            added_p99: added(heard.p99, control.p99),
            generator_late: millis(heard.behind),
            core: used.core,
            memory_mib: used.memory_mib,
            kib_per_call: (used.memory_mib - used.before_mib) * 1024.0 / f64::from(calls),
            records: None,
        }
    }
}

/// What a server used in a measurement.
pub struct Used {
    pub core: f64,
    pub before_mib: f64,
    pub memory_mib: f64,
}

/// Milliseconds.
pub fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Lets both ends talk to each other with nobody in between.
///
/// # Errors
/// When the machine gives no socket.
pub fn control(calls: u32, lasts: Duration) -> anyhow::Result<Heard> {
    let calls = usize::try_from(calls)?;
    let load = Load::open(LOOPBACK, calls)?;
    for call in 0..calls {
        load.talk(End::Near, call, Some(load.at(End::Far)));
        load.talk(End::Far, call, Some(load.at(End::Near)));
    }
    let _ = load.measure(Duration::from_secs(1));
    Ok(load.measure(lasts))
}

/// Calls in a steady rhythm; each presses a key once it is answered, and talks.
pub struct Ringing<'a> {
    pub callers: &'a mut Callers,
    pub load: &'a Load,
    pub key: Option<char>,
    pub to: SocketAddr,
}

impl Ringing<'_> {
    /// Calls so often, and waits until `done` says that everybody was picked up.
    ///
    /// # Errors
    /// When not everybody was after half a minute.
    pub fn ring(&mut self, (calls, rate): (u32, u32), done: impl Fn() -> bool) -> anyhow::Result<()> {
        let began = Instant::now();
        let mut later: Vec<(Instant, usize, SocketAddr)> = Vec::new();
        let (mut placed, mut last) = (0, Instant::now());
        while !done() || !later.is_empty() {
            while placed < calls && Duration::from_secs(1) * placed / rate <= began.elapsed() {
                self.callers.call(self.to, self.load.at(End::Near))?;
                (placed, last) = (placed + 1, Instant::now());
            }
            for (caller, remote) in self.callers.hear(Duration::from_millis(2))? {
                later.push((Instant::now() + LISTENS, caller, remote));
            }
            later.retain(|(at, caller, remote)| {
                let due = self.key.is_none() || *at <= Instant::now();
                if due {
                    self.key.iter().for_each(|key| self.load.press(End::Near, *caller, *key, *remote));
                    self.load.talk(End::Near, *caller, Some(*remote));
                }
                !due
            });
            if last.elapsed() > PATIENCE {
                let lives = self.callers.lives();
                let answered = lives.iter().filter(|life| life.answered.is_some()).count();
                let refused: Vec<u16> = lives.iter().filter_map(|life| life.refused).take(5).collect();
                bail!(
                    "of {placed} calls {answered} were answered by menu or queue, but not every agent picked up; refused with {refused:?}"
                );
            }
        }
        Ok(())
    }
}

/// Measures so many calls.
///
/// # Errors
/// When not every call comes about.
pub fn measured(folder: &Path, (calls, rate): (u32, u32), lasts: Duration) -> anyhow::Result<Loaded> {
    let control = control(calls, lasts)?;
    let centre = Centre::started(folder, calls, SocketAddr::new(LOOPBACK, 0))?;
    let load = Arc::new(Load::open(LOOPBACK, usize::try_from(calls)?)?);
    let far = Arc::clone(&load);
    let picked = move |place, remote, _: &str| far.talk(End::Far, place, Some(remote));
    let phones = centre.phones(calls, load.at(End::Far), Arc::new(picked))?;
    let before_mib = centre.server.memory()?;
    let (number, key) = centre.menu();
    let mut callers = Callers::of(centre.sip(), number, "load")?;
    let mut ringing = Ringing { callers: &mut callers, load: &load, key: Some(key), to: centre.sip() };
    ringing.ring((calls, rate), || phones.answered() >= calls)?;
    let _ = load.measure(Duration::from_secs(2));
    let (heard, core) = busy(&centre.server, || load.measure(lasts))?;
    let used = Used { core, before_mib, memory_mib: centre.server.memory()? };
    let mut loaded = Loaded::of(("huiyin", calls), (&heard, &control), &used);
    callers.hang_up()?;
    loaded.records = Some(records::read(&centre, lasts)?);
    Ok(loaded)
}

fn busy(server: &Server, work: impl FnOnce() -> Heard) -> anyhow::Result<(Heard, f64)> {
    let (began, before) = (Instant::now(), server.processor_seconds()?);
    let heard = work();
    Ok((heard, (server.processor_seconds()? - before) / began.elapsed().as_secs_f64()))
}

impl fmt::Display for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{}: {} recorded calls: {} packets, {} lost, {} doubled, {} mixed up; added delay p50 {:.1} p95 {:.1} \
             p99 {:.1} ms (control p95 {:.1} ms, generator late by {:.1} ms at most); {:.0} % of a core; \
             {:.0} MiB, {:.0} KiB a call",
            self.who,
            self.calls,
            self.packets,
            self.lost,
            self.doubled,
            self.mixed_up,
            self.added_p50,
            self.added_p95,
            self.added_p99,
            self.control_p95,
            self.generator_late,
            self.core * 100.0,
            self.memory_mib,
            self.kib_per_call,
        )?;
        self.records.iter().try_for_each(|records| writeln!(f, "  {records}"))
    }
}
