//! Recordings that Asterisk writes for us, in two files of one side each.

use huiyin_telephony::Tape;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Ends of the names of the two sides: what the customer says, and hears.
pub(crate) const SIDES: [(&str, &str); 2] = [(".said", "in"), (".heard", "out")];

/// The tapes that wait for their sound; they outlive a lost connection.
#[derive(Default)]
pub(crate) struct Tapes(Mutex<HashMap<String, Waiting>>);

struct Waiting {
    tape: Tape,
    ended: [bool; 2],
    whole: bool,
}

impl Tapes {
    pub(crate) fn begin(&self, name: &str, tape: Tape) {
        self.with(|tapes| tapes.insert(name.to_owned(), Waiting { tape, ended: [false; 2], whole: true }));
    }

    /// One side ended; says the name once both did.
    pub(crate) fn half_ended(&self, side: &str, whole: bool) -> Option<String> {
        let at = SIDES.iter().position(|(end, _)| side.ends_with(end))?;
        let name = side.strip_suffix(SIDES[at].0)?;
        self.with(|tapes| {
            let waiting = tapes.get_mut(name)?;
            waiting.ended[at] = true;
            waiting.whole &= whole;
            (waiting.ended == [true; 2]).then(|| name.to_owned())
        })
    }

    /// Whether both sides ended; then the tape, and whether all is well.
    pub(crate) fn take_ended(&self, name: &str) -> Option<(Tape, bool)> {
        self.with(|tapes| {
            tapes.get(name).filter(|waiting| waiting.ended == [true; 2])?;
            tapes.remove(name).map(|waiting| (waiting.tape, waiting.whole))
        })
    }

    pub(crate) fn waiting(&self) -> Vec<String> {
        self.with(|tapes| tapes.keys().cloned().collect())
    }

    fn with<T>(&self, act: impl FnOnce(&mut HashMap<String, Waiting>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
