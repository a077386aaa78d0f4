//! The rules of house papers.

use super::rhythm::{DeskRhythm, LineRhythm, Opening, Rhythm};
use super::rule::OPEN;
use super::*;
use crate::ids::UnitId;
use crate::time::Date;
use uuid::Uuid;

/// SUP-1, issue 4: each kind has a rule for its opening and for every step, in
/// states that it has, and names nobody for nothing.
#[test]
fn every_step_has_its_rule() {
    fn held<P: Paper>(states: &[&str]) {
        let kind = P::KIND.as_str();
        assert!(P::RULES.iter().any(|rule| rule.step == OPEN), "{kind} cannot be opened");
        for step in P::Step::NAMES {
            assert!(P::RULES.iter().any(|rule| rule.step == *step), "{kind}: {step} has no rule");
        }
        for rule in P::RULES {
            assert!(rule.step == OPEN || P::Step::NAMES.contains(&rule.step), "{kind}: {}", rule.step);
            assert!(!rule.by.is_empty() && !rule.sources.is_empty(), "{kind}: {}", rule.step);
            assert_eq!(rule.states.is_empty(), rule.step == OPEN, "{kind}: {}", rule.step);
            for state in rule.states {
                assert!(states.contains(state), "{kind}: {} in {state}", rule.step);
            }
        }
    }
    fn names<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str) -> Vec<&'static str> {
        all.iter().map(|state| name(*state)).collect()
    }
    held::<stocktake::Stocktake>(&names(stocktake::StocktakeState::ALL, stocktake::StocktakeState::as_str));
    held::<line_report::LineReport>(&names(
        line_report::LineReportState::ALL,
        line_report::LineReportState::as_str,
    ));
    held::<online_post::OnlinePost>(&names(
        online_post::OnlinePostState::ALL,
        online_post::OnlinePostState::as_str,
    ));
    held::<authority_file::AuthorityFile>(&names(
        authority_file::AuthorityFileState::ALL,
        authority_file::AuthorityFileState::as_str,
    ));
    held::<visit_record::VisitRecord>(&names(
        visit_record::VisitRecordState::ALL,
        visit_record::VisitRecordState::as_str,
    ));
    held::<scorecard::Scorecard>(&names(scorecard::ScorecardState::ALL, scorecard::ScorecardState::as_str));
    held::<arbitration::Arbitration>(&names(
        arbitration::ArbitrationState::ALL,
        arbitration::ArbitrationState::as_str,
    ));
    held::<digest::Digest>(&names(digest::DigestState::ALL, digest::DigestState::as_str));
    held::<misconduct::Misconduct>(&names(
        misconduct::MisconductState::ALL,
        misconduct::MisconductState::as_str,
    ));
    held::<fault::Fault>(&names(fault::FaultState::ALL, fault::FaultState::as_str));
    held::<crate::knowledge::article::Article>(&names(
        crate::knowledge::article::ArticleState::ALL,
        crate::knowledge::article::ArticleState::as_str,
    ));
    held::<publication::Publication>(&names(
        publication::PublicationState::ALL,
        publication::PublicationState::as_str,
    ));
}

fn unit() -> UnitId {
    UnitId(Uuid::from_u128(7))
}

fn at(calendar: &WorkingCalendar, day: &str, hour: u32) -> Timestamp {
    calendar.zone().at(Date::parse(day).unwrap(), hour * 3600)
}

/// PROP-16: a list for every day, holidays too, and for days that were missed up
/// to a month back; PROP-15: reports on working days only.
#[test]
fn days_are_made_up_for_and_lines_rest_on_holidays() {
    let calendar = WorkingCalendar::china();
    let rhythm = Rhythm {
        lines: vec![LineRhythm { unit: unit(), times: vec!["10:00".into()] }],
        ..Rhythm::standard(unit())
    };
    assert_eq!(rhythm.faults(), []);
    let (from, to) = (at(&calendar, "2026-10-01", 0), at(&calendar, "2026-10-09", 0));
    let openings = rhythm.openings(from, to, &calendar);
    let lists = openings.iter().filter(|one| matches!(one, Opening::Stocktake(_))).count();
    let reports = openings.len() - lists;
    assert_eq!((lists, reports), (8, 2), "1 to 8 October; the 8th and the 9th are worked");
    let long = rhythm.openings(at(&calendar, "2025-01-01", 0), to, &calendar);
    assert!(long.len() < 100, "{}", long.len());
    assert_eq!(
        rhythm.next(from, &calendar),
        Some(calendar.zone().at(Date::parse("2026-10-01").unwrap(), 59_400))
    );
    assert_eq!(Rhythm::default().next(from, &calendar), None);
}

/// PROP-16: openings of neighbouring spans never overlap and leave nothing out.
#[test]
fn spans_join_without_a_gap() {
    let calendar = WorkingCalendar::china();
    let rhythm = Rhythm {
        desks: vec![DeskRhythm {
            unit: unit(),
            opens: "00:00".into(),
            remind: "12:00".into(),
            sign_by: "23:59".into(),
        }],
        lines: vec![LineRhythm { unit: unit(), times: vec!["00:00".into(), "23:59".into()] }],
        ..Rhythm::default()
    };
    let (from, to) = (at(&calendar, "2026-03-01", 5), at(&calendar, "2026-03-12", 7));
    let whole = rhythm.openings(from, to, &calendar);
    let mut parts = Vec::new();
    let mut last = from;
    while last < to {
        let next = Timestamp::from_micros(last.micros() + 7 * 3_600_000_000 + 1).min(to);
        parts.extend(rhythm.openings(last, next, &calendar));
        last = next;
    }
    assert_eq!(parts.len(), whole.len());
    assert!(whole.iter().all(|one| parts.contains(one)));
}
