//! The wallboard (大屏): what is now, what alarms (CALL-15, CALL-16, X-34).

use super::agent::{Agent, State};
use super::split::Spent;
use super::trunk::{TrunkNow, TrunkState};
use crate::case::FieldReason;
use crate::count::{Figure, WHOLE};
use crate::paper::fault_unless;
use crate::time::{Period, Timestamp, Zone};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// How many seats must be on line in a part of the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SeatBand)]
pub struct Band {
    /// The part of the day, such as `09:00-20:00`.
    pub period: Period,
    /// The fewest seats.
    #[schema(minimum = 0, maximum = 10000)]
    pub seats: u32,
}

/// What must hold of the call centre.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WallboardRule)]
pub struct Rule {
    /// Parts of the day; where several hold, the highest counts.
    #[schema(max_items = 24)]
    pub bands: Vec<Band>,
    /// The lowest connect rate, in millionths.
    #[schema(minimum = 0, maximum = 1000000)]
    pub connect_rate: i64,
    /// The fewest offered calls of which a rate says anything.
    pub least_calls: i64,
    /// Milliseconds that nobody is to wait.
    pub longest_wait_ms: i64,
}

impl Default for Rule {
    /// 8 from 9 to 20; from 8 to 9 and from 20 to 21 a value of its own, the
    /// single day shift with its leader; 2 at night; CALL-15: 90 %.
    fn default() -> Self {
        let band = |from: u32, to: u32, seats| Band { period: Period::of(from * 3600, to * 3600), seats };
        Self {
            bands: vec![band(9, 20, 8), band(8, 9, 4), band(20, 21, 4), band(20, 32, 2)],
            connect_rate: 900_000,
            least_calls: 10,
            longest_wait_ms: 60_000,
        }
    }
}

/// An agent, as the wallboard sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    /// What they do.
    pub spent: Spent,
}

impl Seat {
    /// Sees an agent; nothing where they are no seat: signed out, or serving no queue.
    ///
    /// Whoever speaks is on line; else a telephone must be there that can ring, or the
    /// seat counts as away (CALL-15, CALL-16).
    #[must_use]
    pub fn of(agent: &Agent, serves: bool) -> Option<Self> {
        let spent = match agent.state {
            State::Offline => return None,
            State::Talking { .. } => Spent::Talking,
            _ if !agent.device => Spent::NotReady,
            State::Ready => Spent::Ready,
            State::NotReady { .. } => Spent::NotReady,
            State::Reserved { .. } => Spent::Ringing,
            State::WrapUp { .. } => Spent::WrapUp,
        };
        serves.then_some(Self { spent })
    }
}

/// What is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Now {
    /// Agents who are signed in and serve a queue.
    pub seats: Vec<Seat>,
    /// Since when each waiting call waits.
    pub waiting: Vec<Timestamp>,
    /// The connect rate of the day so far.
    pub connect_rate: Figure,
    /// How the lines to carriers stand.
    pub trunks: Vec<TrunkNow>,
}

crate::wire::wire_enum! {
    /// What is wrong.
    AlarmKind {
        /// 座席不足 (CALL-15, CALL-16).
        Seats = "seats",
        /// 接通率不足 (CALL-15).
        ConnectRate = "connect_rate",
        /// 等待过长.
        Waiting = "waiting",
        /// 线路中断 (CALL-5).
        Trunks = "trunks",
    }
}

/// An alarm that explains itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = WallboardAlarm)]
pub struct Alarm {
    /// What is wrong.
    pub kind: AlarmKind,
    /// What is: seats, millionths, milliseconds, or trunks that are not down.
    pub is: i64,
    /// What it should be at least, or at most for waiting.
    pub limit: i64,
    /// Which it is about, where they have names: the trunks that are down.
    pub about: Vec<String>,
    /// Requirement ids behind it.
    pub source: &'static [&'static str],
}

/// What the wallboard shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = WallboardView)]
pub struct View {
    /// Calls that wait.
    pub waiting: i64,
    /// The longest of them, in milliseconds.
    pub longest_wait_ms: i64,
    /// Agents by what they do; whoever no telephone reaches is not ready.
    #[schema(value_type = BTreeMap<String, i64>)]
    pub agents: BTreeMap<Spent, i64>,
    /// Seats on line: signed in, reached by telephone and not away.
    pub on_line: i64,
    /// Seats that must be on line now.
    pub wanted: i64,
    /// The connect rate of the day so far.
    pub connect_rate: Figure,
    /// What is wrong, the most pressing first.
    pub alarms: Vec<Alarm>,
}

impl Rule {
    /// Lists the fields that are not acceptable.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldReason> {
        let mut faults = fault_unless(self.bands.len() <= 24, "bands", "list_length");
        for (at, _) in self.bands.iter().enumerate().filter(|(_, band)| band.seats > 10_000) {
            faults.push(FieldReason::new(&format!("bands[{at}].seats"), "number_range"));
        }
        let share = (0..=WHOLE).contains(&self.connect_rate);
        faults.extend(fault_unless(share, "connect_rate", "number_range"));
        faults.extend(fault_unless(self.least_calls >= 0, "least_calls", "number_range"));
        faults.extend(fault_unless(self.longest_wait_ms >= 0, "longest_wait_ms", "number_range"));
        faults
    }

    /// Gives the seats that must be on line at a time.
    #[must_use]
    pub fn wanted(&self, at: Timestamp, zone: &Zone) -> u32 {
        let (_, time) = zone.civil(at);
        let within = |period: Period| {
            let inside = |time: u32| (period.from()..period.to()).contains(&time);
            inside(time) || inside(time + crate::time::DAY_SECONDS)
        };
        self.bands.iter().filter(|band| within(band.period)).map(|band| band.seats).max().unwrap_or(0)
    }

    /// Judges what is now.
    #[must_use]
    pub fn view(&self, now: &Now, at: Timestamp, zone: &Zone) -> View {
        let mut agents = BTreeMap::new();
        for seat in &now.seats {
            *agents.entry(seat.spent).or_insert(0) += 1;
        }
        let away = agents.get(&Spent::NotReady).copied().unwrap_or(0);
        let on_line = agents.values().sum::<i64>() - away;
        let millis = |since: &Timestamp| (at.micros() - since.micros()).max(0) / 1_000;
        let longest = now.waiting.iter().map(millis).max().unwrap_or(0);
        let wanted = i64::from(self.wanted(at, zone));
        let mut alarms = Vec::new();
        alarms.extend(dead_trunks(&now.trunks));
        let mut alarm =
            |kind, is, limit, source| alarms.push(Alarm { kind, is, limit, about: Vec::new(), source });
        if on_line < wanted {
            alarm(AlarmKind::Seats, on_line, wanted, &["CALL-15", "CALL-16", "X-34"]);
        }
        if longest > self.longest_wait_ms {
            alarm(AlarmKind::Waiting, longest, self.longest_wait_ms, &["CALL-10"]);
        }
        let rate = now.connect_rate;
        let enough = rate.whole.is_some_and(|whole| whole >= self.least_calls.max(1));
        if enough && is_below(rate, self.connect_rate) {
            alarm(AlarmKind::ConnectRate, rate.value.unwrap_or(0), self.connect_rate, &["CALL-15"]);
        }
        let waiting = i64::try_from(now.waiting.len()).unwrap_or(i64::MAX);
        View { waiting, longest_wait_ms: longest, agents, on_line, wanted, connect_rate: rate, alarms }
    }
}

/// Alarms when a line is down (CALL-5); of what nobody knows nothing is said.
fn dead_trunks(trunks: &[TrunkNow]) -> Option<Alarm> {
    let down: Vec<String> =
        trunks.iter().filter(|one| one.state == TrunkState::Down).map(|one| one.name.clone()).collect();
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    (!down.is_empty()).then(|| Alarm {
        kind: AlarmKind::Trunks,
        is: count(trunks.len() - down.len()),
        limit: count(trunks.len()),
        about: down,
        source: &["CALL-5"],
    })
}

/// Compares exactly: a rate that is only rounded up to the limit is below it.
fn is_below(rate: Figure, limit: i64) -> bool {
    let whole = i128::from(rate.whole.unwrap_or(0));
    i128::from(rate.part) * i128::from(WHOLE) < whole * i128::from(limit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::tests::at;
    use proptest::prelude::*;

    fn view(time: &str, seats: usize, waiting: &[&str], rate: (i64, i64)) -> View {
        let seats = [Spent::Ready, Spent::Talking, Spent::WrapUp].into_iter().cycle().take(seats);
        let away = [Spent::NotReady].into_iter().map(|spent| Seat { spent });
        let now = Now {
            seats: seats.map(|spent| Seat { spent }).chain(away).collect(),
            waiting: waiting.iter().map(|time| at(time)).collect(),
            connect_rate: Figure::share(rate.0, rate.1),
            trunks: Vec::new(),
        };
        Rule::default().view(&now, at(time), &Zone::shanghai())
    }

    fn kinds(view: &View) -> Vec<AlarmKind> {
        view.alarms.iter().map(|alarm| alarm.kind).collect()
    }

    /// CALL-15, CALL-16, X-34: 8 seats from 9 to 20, another minimum in the hours beside
    /// it, 2 all night; who is away is not on line.
    #[test]
    fn seats_below_the_minimum_alarm() {
        for (time, wanted) in [
            ("2026-11-24T07:59", 2),
            ("2026-11-24T08:00", 4),
            ("2026-11-24T08:59", 4),
            ("2026-11-24T09:00", 8),
            ("2026-11-24T19:59", 8),
            ("2026-11-24T20:00", 4),
            ("2026-11-24T20:59", 4),
            ("2026-11-24T21:00", 2),
            ("2026-11-24T03:00", 2),
        ] {
            let below = view(time, usize::try_from(wanted - 1).unwrap(), &[], (0, 0));
            assert_eq!((below.wanted, kinds(&below)), (wanted, vec![AlarmKind::Seats]), "{time}");
            assert_eq!((below.alarms[0].is, below.alarms[0].limit), (wanted - 1, wanted));
            assert_eq!(kinds(&view(time, usize::try_from(wanted).unwrap(), &[], (0, 0))), [], "{time}");
        }
    }

    /// CALL-15, CALL-16, X-34, TEL-35: a seat whose telephones are all gone is not on line
    /// and alarms, and so is whoever serves no queue; who speaks counts.
    #[test]
    fn a_seat_that_cannot_be_reached_is_not_on_line() {
        let mut agent = Agent::new(crate::ids::PersonId(uuid::Uuid::nil()), at("2026-11-24T10:00"));
        let spent = |agent: &Agent, serves| Seat::of(agent, serves).map(|seat| seat.spent);
        assert_eq!(spent(&agent, true), None, "signed out");
        agent.state = State::Ready;
        assert_eq!(spent(&agent, true), Some(Spent::NotReady), "no telephone");
        agent.device = true;
        assert_eq!((spent(&agent, true), spent(&agent, false)), (Some(Spent::Ready), None));
        let call = crate::ids::CallId(uuid::Uuid::nil());
        (agent.device, agent.state) = (false, State::Talking { call });
        assert_eq!(spent(&agent, true), Some(Spent::Talking));
        agent.state = State::WrapUp { call, until: at("2026-11-24T10:01") };
        let seats = std::iter::repeat_n(Seat::of(&agent, true), 9).flatten().collect();
        let connect_rate = Figure::share(0, 0);
        let now = Now { seats, waiting: Vec::new(), connect_rate, trunks: Vec::new() };
        let seen = Rule::default().view(&now, at("2026-11-24T10:00"), &Zone::shanghai());
        assert_eq!((seen.on_line, kinds(&seen)), (0, vec![AlarmKind::Seats]));
    }

    /// CALL-15: a connect rate below 90 % alarms, once enough calls say it.
    #[test]
    fn a_low_connect_rate_alarms() {
        let alarms = |part, whole| kinds(&view("2026-11-24T10:00", 8, &[], (part, whole)));
        assert_eq!(alarms(90, 100), []);
        assert_eq!(alarms(89, 100), [AlarmKind::ConnectRate]);
        assert_eq!(alarms(899_999_999, 1_000_000_000), [AlarmKind::ConnectRate], "rounded up is not enough");
        assert_eq!(alarms(0, 9), [], "nine calls say nothing");
    }

    /// CALL-10: the wallboard counts who waits and how long.
    #[test]
    fn who_waits_is_counted() {
        let seen = view("2026-11-24T10:01:05", 8, &["2026-11-24T10:01", "2026-11-24T10:00"], (0, 0));
        assert_eq!((seen.waiting, seen.longest_wait_ms), (2, 65_000));
        assert_eq!(kinds(&seen), [AlarmKind::Waiting]);
        assert_eq!((seen.on_line, seen.agents[&Spent::NotReady], seen.agents[&Spent::Ready]), (8, 1, 3));
    }

    /// CALL-5: a line that is down alarms before all else and is named; one of which nothing
    /// is known does not.
    #[test]
    fn a_line_that_is_down_alarms() {
        let seen = |states: &[TrunkState]| {
            let named = |(at, state): (usize, &TrunkState)| TrunkNow {
                state: *state,
                ..TrunkNow::unknown(format!("line {at}"))
            };
            let trunks = states.iter().enumerate().map(named).collect();
            let now =
                Now { seats: Vec::new(), waiting: Vec::new(), connect_rate: Figure::share(0, 0), trunks };
            Rule::default().view(&now, at("2026-11-24T10:00"), &Zone::shanghai()).alarms
        };
        let alarms = seen(&[TrunkState::Up, TrunkState::Down, TrunkState::Unknown]);
        let first = alarms.first().unwrap();
        assert_eq!((first.kind, first.is, first.limit), (AlarmKind::Trunks, 2, 3));
        assert_eq!(first.about, ["line 1"]);
        let well = seen(&[TrunkState::Up, TrunkState::Unknown]);
        assert!(well.iter().all(|alarm| alarm.kind != AlarmKind::Trunks), "{well:?}");
    }

    /// a rule of a house's own is within its bounds.
    #[test]
    fn a_rule_is_within_its_bounds() {
        assert_eq!(Rule::default().faults(), []);
        let mut odd =
            Rule { connect_rate: WHOLE + 1, least_calls: -1, longest_wait_ms: -1, ..Rule::default() };
        odd.bands[0].seats = 10_001;
        let paths: Vec<String> = odd.faults().into_iter().map(|fault| fault.path).collect();
        assert_eq!(paths, ["bands[0].seats", "connect_rate", "least_calls", "longest_wait_ms"]);
    }

    proptest! {
        /// at every minute of the day somebody must be there, and two at least.
        #[test]
        fn somebody_is_always_wanted(minute in 0_i64..1_440) {
            let at = Timestamp::from_micros(1_790_000_000_000_000 + minute * 60_000_000);
            let wanted = Rule::default().wanted(at, &Zone::shanghai());
            prop_assert!((2..=8).contains(&wanted));
        }
    }
}
