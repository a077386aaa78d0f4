//! Limits that run, beside the rules that they follow.

mod explain;
mod properties;
mod reference;
mod rules;
mod turns;
mod warnings;
mod words;

use super::{Clock, ClockKind, Terms};
use crate::time::tests::at;
use crate::time::{Timestamp, WorkingCalendar, Zone};

fn terms(rule: &str) -> Terms {
    Terms {
        kind: ClockKind::Resolve,
        due: rule.parse().unwrap(),
        warn: None,
        pausable: true,
        source: vec!["PROP-79".into()],
    }
}

/// Starts a pausable clock by the calendar of China.
fn clock(rule: &str, from: &str) -> Clock {
    Clock::start(1, 1, &terms(rule), &WorkingCalendar::china(), at(from)).unwrap()
}

/// Writes an instant in Shanghai, to the second.
fn local(at: Timestamp) -> String {
    Zone::shanghai().rfc3339(at).trim_end_matches("+08:00").to_owned()
}
