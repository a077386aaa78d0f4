use super::{local, terms};
use crate::clock::{Clock, ClockState};
use crate::time::WorkingCalendar;
use crate::time::tests::at;

fn warned(rule: &str, warn: &str, from: &str) -> Clock {
    let mut terms = terms(rule);
    terms.warn = Some(warn.parse().unwrap());
    Clock::start(1, 1, &terms, &WorkingCalendar::china(), at(from)).unwrap()
}

/// X-4, PROP-36: the warning comes its time before the due time.
#[test]
fn warnings_come_before() {
    let cases = [
        ("end of same day", "2 h before", "2026-09-30T10:00", "2026-09-30T22:00:00"),
        ("2 working days", "1 working day before", "2026-09-30T17:45", "2026-10-09T00:00:00"),
        ("2 working days", "4 business hours before", "2026-09-30T17:45", "2026-10-09T14:00:00"),
        ("16 business hours", "1 working day before", "2026-09-30T17:30", "2026-10-08T15:30:00"),
        ("16 business hours", "8 business hours before", "2026-09-30T17:30", "2026-10-08T16:30:00"),
        ("7 days", "1 day before", "2026-09-30T10:00", "2026-10-07T00:00:00"),
    ];
    for (rule, warn, from, expected) in cases {
        let warn_at = warned(rule, warn, from).warn_at.unwrap();
        assert_eq!(local(warn_at), expected, "{rule}, {warn}, from {from}");
    }
}

/// a complaint at 23:50 with the limit of the same day warns at once.
#[test]
fn warnings_never_come_before_the_start() {
    for warn in ["2 h before", "3 working days before", "40 business hours before", "9 days before"] {
        let clock = warned("end of same day", warn, "2026-09-30T23:50");
        assert_eq!(clock.warn_at, Some(clock.started_at), "{warn}");
    }
}

/// D5, PROP-36: the due index fires for the warning, then for the due time.
#[test]
fn fires_first_for_the_warning() {
    let mut clock = warned("end of same day", "2 h before", "2026-09-30T10:00");
    assert_eq!(clock.fires_at(), clock.warn_at);
    assert!(clock.warned(at("2026-09-30T21:59:59")).is_err());
    clock.warned(at("2026-09-30T22:00:05")).unwrap();
    assert_eq!(clock.fires_at(), Some(clock.due_at));
    clock.fall_due(clock.due_at).unwrap();
    assert_eq!((clock.fires_at(), clock.state()), (None, ClockState::Breached));
}

/// X-2, D5: a due time that moves later warns once more; one that does not, does not.
#[test]
fn a_later_due_time_warns_again() {
    let calendar = WorkingCalendar::china();
    let mut clock = warned("24 h", "2 h before", "2026-09-30T10:00");
    clock.warned(at("2026-10-01T08:00")).unwrap();
    clock.recompute(&calendar).unwrap();
    assert_eq!(clock.fires_at(), Some(clock.due_at));
    clock.extend(at("2026-10-01T09:00"), at("2026-10-02T10:00"), "parts".into(), &calendar).unwrap();
    assert_eq!(clock.fires_at().map(local), Some("2026-10-02T08:00:00".into()));
}
