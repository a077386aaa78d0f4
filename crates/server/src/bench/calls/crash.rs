//! The process is killed in the middle of calls: what is left of them.

use super::centre::Centre;
use super::load::{LOOPBACK, Ringing};
use super::peer::Callers;
use super::records::{self, Records};
use huiyin_media::load::{End, Load};
use serde::Serialize;
use std::fmt;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long the calls last before.
const TALKS: Duration = Duration::from_secs(5);

/// What must be there of a recording, seconds: all but the last ones.
const KEPT: Duration = Duration::from_secs(3);

/// What was left.
#[derive(Serialize)]
pub struct Crash {
    calls: u32,
    /// Seconds from the kill until the new process was ready.
    back_after: f64,
    /// The calls of before, with `recorded` for what plays of at least 3 s.
    records: Records,
    /// Whether a new call went through to an agent.
    answers_again: bool,
}

impl Crash {
    /// Says whether every call ended with a reason, plays, and agents work again.
    pub fn holds(&self) -> bool {
        let calls = u64::from(self.calls);
        let lost = self.records.results.get("lost").copied().unwrap_or_default();
        let ready = self.records.agents.get("ready").copied().unwrap_or_default();
        lost == calls && self.records.recorded == calls && ready == calls && self.answers_again
    }
}

/// Kills the process in the middle of so many calls.
///
/// # Errors
/// When calls do not come about, or the process does not come back.
pub fn measured(folder: &Path, (calls, rate): (u32, u32)) -> anyhow::Result<Crash> {
    let centre = Centre::started(folder, calls, SocketAddr::new(LOOPBACK, 0))?;
    let sip = centre.sip();
    {
        let load = Arc::new(Load::open(LOOPBACK, usize::try_from(calls)?)?);
        let far = Arc::clone(&load);
        let picked = move |place, remote, _: &str| far.talk(End::Far, place, Some(remote));
        let phones = centre.phones(calls, load.at(End::Far), Arc::new(picked))?;
        let (number, key) = centre.menu();
        let mut callers = Callers::of(sip, number, "crash")?;
        let mut ringing = Ringing { callers: &mut callers, load: &load, key: Some(key), to: sip };
        ringing.ring((calls, rate), || phones.answered() >= calls)?;
        let _ = load.measure(TALKS);
    }
    let folder = centre.folder().to_owned();
    // kill -9: the value ends the process without a word
    drop(centre);
    let killed = Instant::now();
    let centre = Centre::started(&folder, calls, sip)?;
    let back_after = killed.elapsed().as_secs_f64();
    let load = Arc::new(Load::open(LOOPBACK, usize::try_from(calls)?)?);
    let phones = centre.phones(calls, load.at(End::Far), Arc::new(|_, _, _: &str| {}))?;
    let records = records::read(&centre, KEPT)?;
    let mut callers = Callers::of(sip, centre.queue(), "again")?;
    let mut ringing = Ringing { callers: &mut callers, load: &load, key: None, to: sip };
    let answers_again = ringing.ring((1, 1), || phones.answered() >= 1).is_ok();
    Ok(Crash { calls, back_after, records, answers_again })
}

impl fmt::Display for Crash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "crash: killed in {} calls, ready again after {:.1} s; {}; a new call is {}",
            self.calls,
            self.back_after,
            self.records,
            if self.answers_again { "answered" } else { "NOT answered" }
        )
    }
}
