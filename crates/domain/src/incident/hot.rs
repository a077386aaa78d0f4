//! When a complaint becomes hot (PROP-83; ): three different
//! complainants within a month, or three persons together.

use crate::clock::LimitRule;
use crate::ids::CaseId;
use crate::time::{Date, Timestamp, Zone};
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use utoipa::ToSchema;

wire_enum! {
    /// What "within one month" means.
    HotWindow {
        /// 滚动一个月: back to the same day of the month before, that day included.
        RollingMonth = "rolling_month",
        /// 自然月.
        CalendarMonth = "calendar_month",
    }
}

/// When something is hot and what is due then; the pack's values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HotRule {
    /// So many different complainants within the window, inclusive.
    pub complainants: u32,
    /// A collective complaint of so many persons, inclusive.
    pub group: u32,
    /// What a month is.
    pub window: HotWindow,
    /// The report to company and leader is due (PROP-84).
    pub report: LimitRule,
    /// The case report is due after completion (PROP-85).
    pub case_report: LimitRule,
    /// Source ids.
    pub source: Vec<String>,
}

/// One contact by which a customer complained.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct Record<K = CaseId> {
    /// Its case, or its id where it has no case yet.
    pub case: K,
    /// Position of the contact in the case's history, from 1.
    #[schema(minimum = 0)]
    pub seq: u64,
}

/// A complaint as the detector sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting<K = CaseId> {
    /// When it reached us.
    pub at: Timestamp,
    /// Who: the party, else the channel's identifier; nobody when neither is
    /// known, and then it is no different complainant.
    pub who: Option<String>,
    /// How many persons complain together; 1 for one.
    pub persons: u32,
    /// The contact.
    pub record: Record<K>,
}

/// On which ground something is hot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HotGround<K = CaseId> {
    /// When the contact came that made it hot.
    pub at: Timestamp,
    /// How many different complainants the window held.
    pub complainants: u32,
    /// How many persons complained together in one of them; 0 when that is not
    /// the ground.
    pub group: u32,
    /// The contacts that carry it, the first of each complainant in the window.
    pub records: Vec<Record<K>>,
}

/// Watches one incident: contacts in the order of time, one by one.
#[derive(Clone, Debug)]
pub struct Detector<K = CaseId> {
    complainants: u32,
    group: u32,
    window: HotWindow,
    seen: VecDeque<(Date, Sighting<K>)>,
    counts: BTreeMap<String, u32>,
}

impl<K: Clone> Detector<K> {
    /// Begins with nothing seen.
    #[must_use]
    pub fn new(rule: &HotRule) -> Self {
        Self {
            complainants: rule.complainants,
            group: rule.group,
            window: rule.window,
            seen: VecDeque::new(),
            counts: BTreeMap::new(),
        }
    }

    /// Takes the next contact; gives the ground when it is hot with it.
    ///
    /// Each contact enters and leaves the window once, whatever its length.
    pub fn see(&mut self, sighting: Sighting<K>, zone: &Zone) -> Option<HotGround<K>> {
        let day = zone.date(sighting.at);
        let from = window_start(day, self.window);
        while self.seen.front().is_some_and(|(seen, _)| *seen < from) {
            if let Some((_, gone)) = self.seen.pop_front()
                && let Some(who) = gone.who
                && let Some(count) = self.counts.get_mut(&who)
            {
                *count -= 1;
                if *count == 0 {
                    self.counts.remove(&who);
                }
            }
        }
        if let Some(who) = &sighting.who {
            *self.counts.entry(who.clone()).or_default() += 1;
        }
        let together = if sighting.persons >= self.group { sighting.persons } else { 0 };
        let at = sighting.at;
        let this = sighting.record.clone();
        self.seen.push_back((day, sighting));
        let complainants = u32::try_from(self.counts.len()).unwrap_or(u32::MAX);
        let many = complainants >= self.complainants;
        if !many && together == 0 {
            return None;
        }
        let records = if many { self.firsts() } else { vec![this] };
        Some(HotGround { at, complainants, group: together, records })
    }

    /// The first contact of each complainant in the window.
    fn firsts(&self) -> Vec<Record<K>> {
        let mut named = std::collections::BTreeSet::new();
        let first = |(_, sighting): &&(Date, Sighting<K>)| {
            sighting.who.as_ref().is_some_and(|who| named.insert(who.clone()))
        };
        self.seen.iter().filter(first).map(|(_, sighting)| sighting.record.clone()).collect()
    }
}

/// The first day of the window that ends with a day.
#[must_use]
pub fn window_start(day: Date, window: HotWindow) -> Date {
    match window {
        HotWindow::RollingMonth => day.month_before(),
        HotWindow::CalendarMonth => day.first_of_month(),
    }
}

/// Looks through contacts in the order of time; gives the first ground on
/// which they are hot.
#[must_use]
pub fn first_ground<K: Clone>(
    sightings: impl IntoIterator<Item = Sighting<K>>,
    rule: &HotRule,
    zone: &Zone,
) -> Option<HotGround<K>> {
    let mut sightings: Vec<Sighting<K>> = sightings.into_iter().collect();
    sightings.sort_by_key(|sighting| sighting.at);
    let mut detector = Detector::new(rule);
    sightings.into_iter().find_map(|sighting| detector.see(sighting, zone))
}

/// How an incident stood at the end of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HeatDay {
    /// The day.
    #[schema(value_type = String, format = Date)]
    pub day: Date,
    /// Contacts by which customers complained that day.
    pub contacts: u32,
    /// Different complainants in the window that ends with the day.
    pub in_window: u32,
}

/// Counts contacts and complainants day by day, from the first contact to a day,
/// at most so many last days (PROP-83).
#[must_use]
pub fn heat_by_day<K>(
    sightings: &[Sighting<K>],
    window: HotWindow,
    (zone, until): (&Zone, Date),
    most: usize,
) -> Vec<HeatDay> {
    let mut seen: Vec<(Date, Option<&str>)> =
        sightings.iter().map(|sighting| (zone.date(sighting.at), sighting.who.as_deref())).collect();
    seen.sort_unstable();
    let Some(first) = seen.first().map(|(day, _)| *day) else { return Vec::new() };
    let (mut days, mut day) = (Vec::new(), Some(until));
    while let Some(at) = day.filter(|day| *day >= first && days.len() < most) {
        let from = window_start(at, window);
        let within = seen.iter().filter(|(day, _)| *day >= from && *day <= at);
        let who: std::collections::BTreeSet<&str> = within.filter_map(|(_, who)| *who).collect();
        let contacts = seen.iter().filter(|(day, _)| *day == at).count();
        let count = |many: usize| u32::try_from(many).unwrap_or(u32::MAX);
        days.push(HeatDay { day: at, contacts: count(contacts), in_window: count(who.len()) });
        day = at.previous();
    }
    days.reverse();
    days
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rule(window: HotWindow) -> HotRule {
        HotRule {
            complainants: 3,
            group: 3,
            window,
            report: LimitRule::Days(7),
            case_report: LimitRule::Days(7),
            source: Vec::new(),
        }
    }

    fn at(day: &str, hour: i64) -> Timestamp {
        let midnight = Timestamp::parse(&format!("{day}T00:00:00+08:00")).expect("a day");
        Timestamp::from_micros(midnight.micros() + hour * 3_600_000_000)
    }

    fn seen(day: &str, who: Option<&str>, persons: u32) -> Sighting<u32> {
        let record = Record { case: persons, seq: 1 };
        Sighting { at: at(day, 9), who: who.map(str::to_owned), persons, record }
    }

    fn hot(window: HotWindow, contacts: &[(&str, Option<&str>, u32)]) -> Option<HotGround<u32>> {
        let sightings = contacts.iter().map(|(day, who, persons)| seen(day, *who, *persons));
        first_ground(sightings, &rule(window), &Zone::shanghai())
    }

    /// PROP-83, X-7, X-8: three different ones back to the same day of the month
    /// before, that day included, and the last day where it has none.
    #[test]
    fn the_window_is_a_month_back_to_the_same_day_included() {
        use HotWindow::{CalendarMonth, RollingMonth};
        let three = |first, last| [(first, Some("a"), 1), ("2026-03-20", Some("b"), 1), (last, Some("c"), 1)];
        let ground = hot(RollingMonth, &three("2026-03-02", "2026-04-02")).expect("the day itself counts");
        assert_eq!((ground.at, ground.complainants, ground.records.len()), (at("2026-04-02", 9), 3, 3));
        assert!(hot(RollingMonth, &three("2026-03-01", "2026-04-02")).is_none());
        assert!(hot(CalendarMonth, &three("2026-03-02", "2026-04-02")).is_none());
        assert!(hot(CalendarMonth, &three("2026-03-02", "2026-03-31")).is_some());
        let leap = [("2026-02-28", Some("a"), 1), ("2026-03-05", Some("b"), 1), ("2026-03-31", Some("c"), 1)];
        assert!(hot(RollingMonth, &leap).is_some(), "the last day of February stands for the 31st");
    }

    /// the same one again, or nobody knows who, is no different complainant.
    #[test]
    fn only_different_complainants_count_and_a_group_counts_at_once() {
        let day = "2026-03-02";
        let same =
            [(day, Some("a"), 1), (day, Some("a"), 1), (day, Some("b"), 1), (day, None, 1), (day, None, 1)];
        assert!(hot(HotWindow::RollingMonth, &same).is_none());
        let two = hot(HotWindow::RollingMonth, &[(day, Some("a"), 2)]);
        assert!(two.is_none());
        let group = hot(HotWindow::RollingMonth, &[(day, Some("a"), 3)]).expect("exactly three count (X-7)");
        assert_eq!((group.group, group.records.len()), (3, 1));
    }

    /// PROP-83, X-8: the heat of each day is what the window that ends with it holds.
    #[test]
    fn heat_is_told_day_by_day() {
        let contacts = [
            seen("2026-03-02", Some("a"), 1),
            seen("2026-03-02", Some("b"), 1),
            seen("2026-03-04", Some("a"), 1),
            seen("2026-03-04", None, 1),
        ];
        let until = Date::parse("2026-04-03").expect("a day");
        let days = heat_by_day(&contacts, HotWindow::RollingMonth, (&Zone::shanghai(), until), 400);
        let of = |at: usize| (days[at].day.to_string(), days[at].contacts, days[at].in_window);
        assert_eq!(days.len(), 33);
        assert_eq!(of(0), ("2026-03-02".to_owned(), 2, 2));
        assert_eq!(of(1), ("2026-03-03".to_owned(), 0, 2));
        assert_eq!(of(2), ("2026-03-04".to_owned(), 2, 2));
        assert_eq!(of(32), ("2026-04-03".to_owned(), 0, 1), "b is out of the window");
        let last = heat_by_day(&contacts, HotWindow::RollingMonth, (&Zone::shanghai(), until), 2);
        assert_eq!(last, days[31..]);
        assert!(heat_by_day::<u32>(&[], HotWindow::RollingMonth, (&Zone::shanghai(), until), 9).is_empty());
    }

    proptest! {
        /// PROP-83: one by one gives what a look over the whole window gives.
        #[test]
        fn the_incremental_count_is_the_slow_one(
            contacts in prop::collection::vec((0..90_i64, prop::option::of(0..5_u8), 1..4_u32), 0..40)
        ) {
            let zone = Zone::shanghai();
            let rule = rule(HotWindow::RollingMonth);
            let mut sorted = contacts;
            sorted.sort();
            let start = at("2026-01-01", 0).micros();
            let sightings: Vec<Sighting<u32>> = sorted.iter().zip(0..).map(|((day, who, persons), case)| Sighting {
                at: Timestamp::from_micros(start + day * 86_400_000_000),
                who: who.map(|who| who.to_string()),
                persons: *persons,
                record: Record { case, seq: 1 },
            }).collect();
            let mut detector = Detector::new(&rule);
            for (place, sighting) in sightings.iter().enumerate() {
                let from = window_start(zone.date(sighting.at), rule.window);
                let window = sightings[..=place].iter().filter(|seen| zone.date(seen.at) >= from);
                let who: std::collections::BTreeSet<_> = window.filter_map(|seen| seen.who.clone()).collect();
                let slow = who.len() >= 3 || sighting.persons >= 3;
                let found = detector.see(sighting.clone(), &zone);
                prop_assert_eq!(found.is_some(), slow);
                if let Some(ground) = found {
                    prop_assert_eq!(ground.complainants as usize, who.len());
                }
            }
        }
    }
}
