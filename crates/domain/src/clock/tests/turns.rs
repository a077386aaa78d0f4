use super::{clock, local, terms};
use crate::clock::{Clock, ClockError, ClockKind, ClockState, Moved};
use crate::time::tests::{at, special};
use crate::time::{CalendarParts, WorkingCalendar};

fn china() -> WorkingCalendar {
    WorkingCalendar::china()
}

/// Pauses and resumes a clock; gives its new due time.
fn paused(rule: &str, from: &str, pause: [&str; 2]) -> String {
    let mut clock = clock(rule, from);
    clock.pause(at(pause[0]), "customer".into()).unwrap();
    clock.resume(at(pause[1]), &china()).unwrap();
    local(clock.due_at)
}

/// X-2, D5: a day-counted clock moves by the working days whose end lies in a pause.
#[test]
fn days_move_by_days_that_end_in_the_pause() {
    let from = "2026-11-02T10:00"; // a Monday; due Wednesday 24:00
    assert_eq!(
        paused("2 working days", from, ["2026-11-03T09:00", "2026-11-03T23:59:59"]),
        "2026-11-05T00:00:00"
    );
    assert_eq!(
        paused("2 working days", from, ["2026-11-03T09:00", "2026-11-04T00:00"]),
        "2026-11-06T00:00:00"
    );
    assert_eq!(
        paused("2 working days", from, ["2026-11-03T09:00", "2026-11-09T10:00"]),
        "2026-11-11T00:00:00"
    );
    assert_eq!(
        paused("2 working days", from, ["2026-11-04T00:00", "2026-11-04T12:00"]),
        "2026-11-05T00:00:00"
    );
    assert_eq!(
        paused("2 working days", "2026-11-06T10:00", ["2026-11-06T11:00", "2026-11-08T20:00"]),
        "2026-11-11T00:00:00",
        "a weekend is no working day"
    );
    assert_eq!(
        paused("7 days", from, ["2026-11-06T11:00", "2026-11-08T20:00"]),
        "2026-11-12T00:00:00",
        "but two days"
    );
    assert_eq!(
        paused("end of same day", from, ["2026-11-02T20:00", "2026-11-03T01:00"]),
        "2026-11-04T00:00:00"
    );
    assert_eq!(
        paused("end of same working day", "2026-11-06T10:00", ["2026-11-06T20:00", "2026-11-07T01:00"]),
        "2026-11-10T00:00:00"
    );
}

/// X-2, D5: an hour-counted clock moves by the time that it stood still.
#[test]
fn hours_move_by_time() {
    assert_eq!(
        paused("24 h", "2026-11-02T10:00", ["2026-11-02T12:00", "2026-11-02T14:30:01"]),
        "2026-11-03T12:30:01"
    );
    assert_eq!(
        paused("9 business h", "2026-11-02T10:00", ["2026-11-02T17:00", "2026-11-03T10:00"]),
        "2026-11-03T12:00:00"
    );
    assert_eq!(
        paused("9 business h", "2026-11-02T10:00", ["2026-11-02T18:00", "2026-11-03T09:00"]),
        "2026-11-03T10:00:00",
        "a night costs no working time"
    );
}

/// X-2, D5: several pauses add up.
#[test]
fn pauses_add_up() {
    let mut clock = clock("24 h", "2026-11-02T10:00");
    for (from, to) in [
        ("2026-11-02T12:00", "2026-11-02T13:00"),
        ("2026-11-02T13:00", "2026-11-02T15:00"),
        ("2026-11-03T12:59", "2026-11-03T13:59"),
    ] {
        clock.pause(at(from), "customer".into()).unwrap();
        assert_eq!((clock.state(), clock.fires_at()), (ClockState::Paused, None));
        clock.resume(at(to), &china()).unwrap();
    }
    assert_eq!(local(clock.due_at), "2026-11-03T14:00:00");
}

/// X-2, D5: acknowledge and reply never pause, as their rule says.
#[test]
fn what_may_not_pause_does_not() {
    let mut terms = terms("end of same day");
    (terms.kind, terms.pausable) = (ClockKind::Reply, false);
    let mut clock = Clock::start(1, 1, &terms, &china(), at("2026-11-02T10:00")).unwrap();
    assert_eq!(clock.pause(at("2026-11-02T11:00"), "customer".into()), Err(ClockError::NotPausable));
    assert_eq!(clock.pauses, []);
}

/// X-2, D5: turns that make no sense are refused and change nothing.
#[test]
fn wrong_turns_are_refused() {
    let calendar = china();
    let mut clock = clock("24 h", "2026-11-02T10:00");
    let before = clock.clone();
    assert_eq!(clock.pause(at("2026-11-02T09:59:59"), String::new()), Err(ClockError::TooEarly));
    assert_eq!(clock.pause(at("2026-11-03T10:00"), String::new()), Err(ClockError::Breached));
    assert_eq!(clock.resume(at("2026-11-02T11:00"), &calendar), Err(ClockError::NotPaused));
    assert_eq!(clock.fall_due(at("2026-11-03T09:59:59")), Err(ClockError::NotDue));
    assert_eq!(clock.meet(at("2026-11-02T09:00")), Err(ClockError::TooEarly));
    assert_eq!(clock, before);
    clock.pause(at("2026-11-02T12:00"), String::new()).unwrap();
    assert_eq!(clock.pause(at("2026-11-02T13:00"), String::new()), Err(ClockError::Paused));
    assert_eq!(clock.resume(at("2026-11-02T11:59"), &calendar), Err(ClockError::TooEarly));
    assert_eq!(clock.fall_due(at("2026-12-02T13:00")), Err(ClockError::Paused));
    clock.cancel(at("2026-11-02T13:00")).unwrap();
    assert_eq!(clock.cancel(at("2026-11-02T13:00")), Err(ClockError::Closed));
    assert_eq!(clock.resume(at("2026-11-02T13:30"), &calendar), Err(ClockError::Closed));
    assert_eq!((clock.state(), clock.fires_at()), (ClockState::Cancelled, None));
}

/// PROP-79, D5: done before the first instant too late is in time, else late.
#[test]
fn met_in_time_and_late() {
    let met = |when: &str| {
        let mut clock = clock("2 working days", "2026-09-30T17:45");
        clock.meet(at(when)).unwrap();
        (clock.state(), clock.breached_at.map(local))
    };
    assert_eq!(met("2026-10-09T23:59:59"), (ClockState::Met, None));
    assert_eq!(met("2026-10-10T00:00"), (ClockState::MetLate, Some("2026-10-10T00:00:00".into())));
    let mut clock = clock("2 working days", "2026-09-30T17:45");
    clock.pause(at("2026-10-09T10:00"), "customer".into()).unwrap();
    clock.meet(at("2026-10-12T10:00")).unwrap();
    assert_eq!(clock.state(), ClockState::Met, "it stood still");
}

/// PROP-36, D5: a breach is dated by the due time and stays when met later.
#[test]
fn a_breach_stays() {
    let mut clock = clock("24 h", "2026-11-02T10:00");
    clock.fall_due(at("2026-11-05T08:00")).unwrap();
    assert_eq!(clock.breached_at, Some(clock.due_at));
    assert!(clock.is_open());
    assert_eq!(
        clock.extend(at("2026-11-05T09:00"), at("2026-11-09T09:00"), String::new(), &china()),
        Err(ClockError::Breached)
    );
    clock.meet(at("2026-11-05T10:00")).unwrap();
    assert_eq!((clock.state(), clock.is_open()), (ClockState::MetLate, false));
}

/// PROP-64: the exempt week ends by itself, which is its aim and no breach.
#[test]
fn the_exempt_week_elapses() {
    let mut terms = terms("1 week");
    terms.kind = ClockKind::Settle;
    let mut clock = Clock::start(1, 1, &terms, &china(), at("2026-09-30T10:00")).unwrap();
    assert_eq!(
        clock.fall_due(at("2026-10-06T12:00")),
        Err(ClockError::NotDue),
        "a repeat on day 6 still counts"
    );
    clock.fall_due(at("2026-10-08T00:00:03")).unwrap();
    assert_eq!((clock.state(), clock.met_at), (ClockState::Met, Some(clock.due_at)));
}

/// PROP-37, PROP-50: a promise is due when it was promised for.
#[test]
fn a_promise_is_due_as_agreed() {
    let mut terms = terms("24 h");
    terms.kind = ClockKind::Promise;
    let start = at("2026-11-02T10:00");
    let promised = at("2026-11-02T16:00");
    let clock = Clock::agreed(1, 1, (&terms, promised), &china(), start).unwrap();
    assert_eq!((clock.due_at, clock.provisional), (promised, false));
    assert_eq!(Clock::agreed(1, 1, (&terms, start), &china(), start), Err(ClockError::NotLater));
}

/// X-3, D5: an extension moves the due time later, with its reason kept.
#[test]
fn an_extension_moves_later_only() {
    let calendar = china();
    let mut clock = clock("2 working days", "2026-11-02T10:00");
    let now = at("2026-11-03T10:00");
    assert_eq!(clock.extend(now, clock.due_at, String::new(), &calendar), Err(ClockError::NotLater));
    let moved = clock.extend(now, at("2026-11-10T00:00"), "supplier".into(), &calendar).unwrap();
    assert_eq!(moved, Moved { from: at("2026-11-05T00:00"), to: at("2026-11-10T00:00") });
    clock.pause(at("2026-11-06T10:00"), "customer".into()).unwrap();
    clock.resume(at("2026-11-07T10:00"), &calendar).unwrap();
    assert_eq!(local(clock.due_at), "2026-11-11T00:00:00", "Friday was lost");
    assert_eq!(clock.extensions[0].reason, "supplier");
}

/// X-2, D5: an extension of an hour-counted clock moves by the time lost after it.
#[test]
fn an_extension_moves_by_lost_time() {
    let calendar = china();
    let extended = |rule: &str| {
        let mut clock = clock(rule, "2026-11-02T10:00");
        clock.extend(at("2026-11-02T11:00"), at("2026-11-04T12:00"), "supplier".into(), &calendar).unwrap();
        clock.pause(at("2026-11-03T17:00"), "customer".into()).unwrap();
        clock.resume(at("2026-11-04T10:00"), &calendar).unwrap();
        local(clock.due_at)
    };
    assert_eq!(extended("24 h"), "2026-11-05T05:00:00");
    assert_eq!(extended("9 business h"), "2026-11-04T14:00:00");
}

/// X-2, D5: a changed calendar moves open clocks, and says so only where it moved.
#[test]
fn a_changed_calendar_moves_open_clocks() {
    let parts = CalendarParts {
        version: 2,
        regional: vec![special("2026-11-03", true)],
        ..WorkingCalendar::china_parts()
    };
    let changed = WorkingCalendar::new(parts).unwrap();
    let mut open = clock("2 working days", "2026-11-02T10:00");
    let moved = open.recompute(&changed).unwrap();
    assert_eq!(moved, Some(Moved { from: at("2026-11-05T00:00"), to: at("2026-11-06T00:00") }));
    assert_eq!(open.calendar.to_string(), "CN@2");
    let mut untouched = clock("2 working days", "2026-11-03T10:00");
    assert_eq!(untouched.recompute(&changed), Ok(None));
    for end in [Clock::meet, Clock::cancel, Clock::fall_due] {
        let mut closed = clock("2 working days", "2026-11-02T10:00");
        end(&mut closed, at("2026-11-05T00:00")).unwrap();
        let before = closed.clone();
        assert_eq!(closed.recompute(&changed), Ok(None));
        assert_eq!(closed, before, "closed and breached clocks never change");
    }
}

/// X-2, D5: a case bound to other rules keeps the start of its clocks.
#[test]
fn rebinding_keeps_the_start() {
    let mut clock = clock("end of same day", "2026-11-02T10:00");
    let moved = clock.rebind(&terms("2 working days"), &china()).unwrap();
    assert_eq!(moved.map(|moved| local(moved.to)), Some("2026-11-05T00:00:00".into()));
    assert_eq!(clock.started_at, at("2026-11-02T10:00"));
}

/// X-2, D5: a clock that stands still is bound anew only to terms that let
/// it stand.
#[test]
fn rebinding_a_paused_clock() {
    let mut clock = clock("24 h", "2026-11-02T10:00");
    clock.pause(at("2026-11-02T12:00"), "customer".into()).unwrap();
    let mut firm = terms("48 h");
    firm.pausable = false;
    assert_eq!(clock.rebind(&firm, &china()), Err(ClockError::Paused));
    clock.rebind(&terms("48 h"), &china()).unwrap();
    assert_eq!(clock.state(), ClockState::Paused);
    clock.resume(at("2026-11-02T13:00"), &china()).unwrap();
    assert_eq!(local(clock.due_at), "2026-11-04T11:00:00");
}

/// X-2, D5: an extension cannot be dated before the end of the last pause.
#[test]
fn turns_keep_their_order() {
    let calendar = china();
    let mut clock = clock("24 h", "2026-11-02T10:00");
    clock.pause(at("2026-11-02T12:00"), "customer".into()).unwrap();
    clock.resume(at("2026-11-02T14:00"), &calendar).unwrap();
    let before = clock.clone();
    let extended = clock.extend(at("2026-11-02T13:00"), at("2026-11-09T10:00"), String::new(), &calendar);
    assert_eq!(extended, Err(ClockError::TooEarly));
    assert_eq!(clock.pause(at("2026-11-02T13:59:59"), String::new()), Err(ClockError::TooEarly));
    assert_eq!(clock, before);
}
