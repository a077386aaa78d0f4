//! The figures as a table and as JSON, beside what was aimed at.

use super::Scale;
use super::aims::{self, Aim, MEMORY_MIB};
use super::build::Built;
use super::machine::Machine;
use hdrhistogram::Histogram;
use serde_json::{Value, json};
use std::time::Duration;

/// Longest time that a figure tells apart: ten minutes, in microseconds.
const LONGEST: u64 = 600_000_000;

/// One measurement.
pub struct Figure {
    /// What was measured.
    pub name: String,
    /// Clients at once.
    pub clients: usize,
    /// Processors that the server kept busy, where it was measured over HTTP.
    pub processors: Option<f64>,
    times: Option<Histogram<u64>>,
    seconds: f64,
}

impl Figure {
    /// Begins a measurement.
    pub fn new(name: &str, clients: usize) -> Self {
        let times = Histogram::new_with_max(LONGEST, 3).ok();
        Self { name: name.to_owned(), clients, processors: None, times, seconds: 0.0 }
    }

    /// Counts one that took so long.
    pub fn took(&mut self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(LONGEST).max(1);
        if let Some(times) = &mut self.times {
            times.saturating_record(micros);
        }
    }

    /// Adds what another client measured.
    ///
    /// # Errors
    /// Never in practice: all have the same bounds.
    pub fn join(&mut self, other: &Self) -> anyhow::Result<()> {
        if let (Some(times), Some(more)) = (&mut self.times, &other.times) {
            times.add(more)?;
        }
        Ok(())
    }

    /// Tells how long the whole took.
    pub fn ended(&mut self, whole: Duration) {
        self.seconds = whole.as_secs_f64();
    }

    /// Gives how many a second.
    pub fn per_second(&self) -> f64 {
        let count = self.times.as_ref().map_or(0, Histogram::len);
        if self.seconds > 0.0 { count as f64 / self.seconds } else { 0.0 }
    }

    /// Gives the time, in milliseconds, within which so many of a hundred were done.
    pub fn milliseconds(&self, percent: f64) -> f64 {
        self.times.as_ref().map_or(0.0, |times| times.value_at_percentile(percent) as f64 / 1_000.0)
    }

    /// Says how it stands beside its aim; nothing without one.
    fn beside_aim(&self) -> Option<String> {
        let rate = |aim: f64| format!("{:.2} × {aim}/s", self.per_second() / aim);
        let time = |aim: f64| {
            let within = if self.milliseconds(99.0) <= aim { "within" } else { "over" };
            format!("p99 {within} {aim} ms")
        };
        aims::of(&self.name, self.clients).map(|aim| match aim {
            Aim::P99(most) => time(most),
            Aim::Rate(least) => rate(least),
            Aim::Both(least, most) => format!("{}, {}", rate(least), time(most)),
        })
    }
}

/// All figures of one run.
pub struct Report {
    machine: Machine,
    scale: Value,
    built: Built,
    figures: Vec<Figure>,
    memory_mib: f64,
}

impl Report {
    /// Begins a report.
    pub fn new(machine: Machine, scale: &Scale) -> Self {
        let scale = json!({"cases": scale.cases, "events": scale.events, "seconds": scale.seconds});
        Self { machine, scale, built: Built::default(), figures: Vec::new(), memory_mib: 0.0 }
    }

    /// Notes what was built.
    pub fn built(&mut self, built: &Built) {
        self.built = *built;
    }

    /// Adds a figure.
    pub fn add(&mut self, figure: Figure) {
        self.figures.push(figure);
    }

    /// Notes the memory of the server at the end, MiB.
    pub fn memory(&mut self, mib: f64) {
        self.memory_mib = mib;
    }

    /// Gives how the fastest create compares with the control; nothing without both.
    fn beside_control(&self) -> Option<f64> {
        let control = self.figures.iter().find(|figure| figure.name.starts_with("control"))?;
        let created = self.figures.iter().filter(|figure| figure.name.starts_with("create"));
        let best = created.map(Figure::per_second).fold(0.0, f64::max);
        (control.per_second() > 0.0 && best > 0.0).then(|| best / control.per_second())
    }

    /// Renders the table for people.
    pub fn table(&self) -> String {
        let (machine, built) = (&self.machine, &self.built);
        let mut out = format!(
            "machine: {} cores, {} MiB, load {:.1} before, {:.0} durable writes/s, {}\n",
            machine.cores,
            machine.memory_mib,
            machine.load,
            machine.syncs_per_second,
            if machine.optimised { "optimised" } else { "NOT OPTIMISED: figures mean nothing" },
        );
        out.push_str(&format!(
            "built: {} cases, {} entries, {} open clocks in {:.1} s\n\n",
            built.cases, built.events, built.open_clocks, built.seconds
        ));
        out.push_str(&format!(
            "{:<38} {:>7} {:>10} {:>9} {:>9} {:>9} {:>6}  {}\n",
            "what", "clients", "per second", "p50 ms", "p95 ms", "p99 ms", "cpu", "beside the aim"
        ));
        for figure in &self.figures {
            let busy = figure.processors.map_or_else(String::new, |busy| format!("{busy:.2}"));
            out.push_str(&format!(
                "{:<38} {:>7} {:>10.1} {:>9.3} {:>9.3} {:>9.3} {:>6}  {}\n",
                figure.name,
                figure.clients,
                figure.per_second(),
                figure.milliseconds(50.0),
                figure.milliseconds(95.0),
                figure.milliseconds(99.0),
                busy,
                figure.beside_aim().unwrap_or_default(),
            ));
        }
        if let Some(ratio) = self.beside_control() {
            out.push_str(&format!("\nfastest create beside the control: {ratio:.2}\n"));
        }
        let fits = if self.memory_mib <= MEMORY_MIB { "within" } else { "over" };
        out.push_str(&format!(
            "memory of the server at the end: {:.0} MiB, {fits} {MEMORY_MIB}\n",
            self.memory_mib
        ));
        out
    }

    /// Renders everything for programs.
    pub fn json(&self) -> Value {
        let figure = |figure: &Figure| {
            json!({
                "name": figure.name,
                "clients": figure.clients,
                "per_second": figure.per_second(),
                "p50_ms": figure.milliseconds(50.0),
                "p95_ms": figure.milliseconds(95.0),
                "p99_ms": figure.milliseconds(99.0),
                "server_processors": figure.processors,
            })
        };
        let figures: Vec<Value> = self.figures.iter().map(figure).collect();
        json!({
            "machine": self.machine,
            "scale": self.scale,
            "built": self.built,
            "figures": figures,
            "create_beside_control": self.beside_control(),
            "server_memory_mib": self.memory_mib,
        })
    }
}
