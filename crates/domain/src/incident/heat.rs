//! The hot flag of an incident: raised, kept on other grounds, withdrawn
//! (PROP-83, 84; ).

use super::event::{BecameHot, Event, HotWithdrawn};
use super::hot::{Detector, HotGround, HotRule, Sighting};
use super::state::Incident;
use crate::case::Recipient;
use crate::clock::{Clock, ClockKind, LimitRule, Terms};
use crate::people::Post;
use crate::special::{ReportOwed, SpecialKind};
use crate::time::{Timestamp, WorkingCalendar};

impl Incident {
    /// Makes the events of what its contacts say about its being hot.
    ///
    /// While it is hot, `sightings` must be all contacts of its members; while
    /// it is not, those since the window of the newest one are enough.
    #[must_use]
    pub fn heat(
        &self,
        mut sightings: Vec<Sighting>,
        rule: &HotRule,
        (calendar, now): (&WorkingCalendar, Timestamp),
    ) -> Vec<Event> {
        sightings.sort_by_key(|sighting| (sighting.at, sighting.record.clone()));
        let carried = |ground: &HotGround| {
            ground.records.iter().all(|record| sightings.iter().any(|sighting| sighting.record == *record))
        };
        if self.hot().is_some_and(|hot| carried(&hot.ground)) {
            return Vec::new();
        }
        // whoever took the flag back knew of every contact until then
        let taken_back = self.hots.last().filter(|hot| hot.withdrawn_by.is_some());
        let after = taken_back.and_then(|hot| hot.withdrawn_at);
        let mut detector = Detector::new(rule);
        let zone = calendar.zone();
        let ground = sightings
            .into_iter()
            .filter_map(|sighting| detector.see(sighting, zone))
            .find(|ground| after.is_none_or(|after| ground.at > after));
        let sources = || rule.source.clone();
        match (self.hot(), ground) {
            (None, None) => Vec::new(),
            (None, Some(ground)) => {
                let mut events = vec![Event::BecameHot(BecameHot { ground, sources: sources() })];
                events.extend(self.owed((SpecialKind::First, rule.report), rule, (calendar, now)));
                events.extend(self.leaders("hot_raised"));
                events
            }
            (Some(_), Some(ground)) => vec![Event::HotRebased(BecameHot { ground, sources: sources() })],
            (Some(_), None) => {
                let mut events = vec![Event::HotWithdrawn(HotWithdrawn { reason: None })];
                events.extend(self.called_off(|_| true));
                events.extend(self.leaders("hot_withdrawn"));
                events
            }
        }
    }

    /// A report with the clock that watches it.
    pub(super) fn owed(
        &self,
        (kind, due): (SpecialKind, LimitRule),
        rule: &HotRule,
        (calendar, now): (&WorkingCalendar, Timestamp),
    ) -> Vec<Event> {
        let sources = rule.source.clone();
        let terms = Terms {
            kind: ClockKind::Report,
            due,
            warn: "1 working day before".parse().ok(),
            pausable: false,
            source: sources.clone(),
        };
        let clock = u32::try_from(self.clocks.len()).unwrap_or(u32::MAX).saturating_add(1);
        let Ok(started) = Clock::start(clock, 1, &terms, calendar, now) else { return Vec::new() };
        vec![Event::ReportOwed(ReportOwed { kind, clock, sources }), Event::ClockStarted(started)]
    }

    /// Who hears of a hot incident: its owner, the lead, the leader in charge.
    pub(super) fn leaders(&self, why: &str) -> Vec<Event> {
        let posts = [Post::Lead, Post::Manager].map(Recipient::Post);
        let to = [Recipient::Person(self.owner)].into_iter().chain(posts);
        to.map(|to| Self::tells(to, why, true, &["PROP-83", "PROP-84"])).collect()
    }
}
