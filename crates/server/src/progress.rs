//! How far a long command is, on standard error: a bar on a terminal, a line
//! now and then where none is.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal as _, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How often a line is written where there is no terminal.
const EVERY: Duration = Duration::from_secs(5);

/// How far a command is; clones show the same.
#[derive(Clone)]
pub struct Progress(Arc<Mutex<Shown>>);

struct Shown {
    bar: ProgressBar,
    lines: Option<Lines<std::io::Stderr>>,
}

impl Progress {
    /// Begins to show a number of something, such as `rows`.
    #[must_use]
    pub fn counting(unit: &'static str) -> Self {
        let bar = ProgressBar::no_length();
        let template = format!("{{spinner}} {{pos}}{{msg}} {unit}, {{per_sec}}");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style);
        }
        Self::shown(bar, unit)
    }

    /// Begins to show steps that follow each other.
    #[must_use]
    pub fn steps() -> Self {
        Self::shown(ProgressBar::new_spinner(), "")
    }

    fn shown(bar: ProgressBar, unit: &'static str) -> Self {
        let plain = !std::io::stderr().is_terminal();
        let lines = plain.then(|| Lines::new(std::io::stderr(), unit, EVERY, Instant::now()));
        Self(Arc::new(Mutex::new(Shown { bar, lines })))
    }

    /// Says how many are done, and of how many where that is known.
    pub fn done(&self, done: u64, of: Option<u64>) {
        self.with(|shown| {
            shown.bar.set_position(done);
            if let Some(of) = of {
                shown.bar.set_message(format!(" of {of}"));
            }
            shown.lines.iter_mut().for_each(|lines| lines.done(done, of, Instant::now()));
        });
    }

    /// Says which step has begun.
    pub fn step(&self, what: &str) {
        self.with(|shown| {
            shown.bar.set_message(what.to_owned());
            shown.bar.tick();
            shown.lines.iter_mut().for_each(|lines| lines.step(what, Instant::now()));
        });
    }

    /// Does something that writes to the terminal itself.
    pub fn suspend<T>(&self, work: impl FnOnce() -> T) -> T {
        let bar = self.with(|shown| shown.bar.clone());
        match bar {
            Some(bar) => bar.suspend(work),
            None => work(),
        }
    }

    /// Ends the show.
    pub fn end(&self) {
        self.with(|shown| shown.bar.finish_and_clear());
    }

    /// A panic elsewhere is not the time to care for how far it was.
    fn with<T>(&self, work: impl FnOnce(&mut Shown) -> T) -> Option<T> {
        self.0.lock().ok().map(|mut shown| work(&mut shown))
    }
}

/// Lines for whoever reads no terminal: a file, a pipe, the journal.
struct Lines<W> {
    out: W,
    unit: &'static str,
    every: Duration,
    began: Instant,
    next: Instant,
}

impl<W: Write> Lines<W> {
    fn new(out: W, unit: &'static str, every: Duration, now: Instant) -> Self {
        Self { out, unit, every, began: now, next: now + every }
    }

    fn done(&mut self, done: u64, of: Option<u64>, now: Instant) {
        let of = of.map(|of| format!(" of {of}")).unwrap_or_default();
        self.say(&format!("{done}{of} {}", self.unit), now);
    }

    fn step(&mut self, what: &str, now: Instant) {
        self.say(what, now);
    }

    fn say(&mut self, what: &str, now: Instant) {
        if now < self.next {
            return;
        }
        self.next = now + self.every;
        let seconds = now.duration_since(self.began).as_secs();
        // nobody is left to be told when standard error is closed
        let _ = writeln!(self.out, "{what} after {seconds} s");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 3 §1: a long command tells how far it is where there is no
    /// terminal too, and a short one says nothing.
    #[test]
    fn lines_come_now_and_then() {
        let began = Instant::now();
        let after = |seconds: u64| began + Duration::from_secs(seconds);
        let mut lines = Lines::new(Vec::new(), "rows", EVERY, began);
        lines.done(10, None, after(4));
        lines.done(20, None, after(5));
        lines.done(30, None, after(9));
        lines.done(40, Some(100), after(11));
        lines.step("copying files", after(60));
        let said = String::from_utf8(lines.out).expect("text");
        assert_eq!(said, "20 rows after 5 s\n40 of 100 rows after 11 s\ncopying files after 60 s\n");
    }
}
