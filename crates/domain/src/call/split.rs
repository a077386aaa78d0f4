//! By what figures of calls are split, and how busy agents were (CALL-10, CALL-21).

use super::facts::{CallDirection, CallFacts};
use super::figures::{Aims, CallMetricOut, CallPile, CallUnit};
use crate::count::Figure;
use crate::time::{Timestamp, Zone};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

crate::wire::wire_enum! {
    /// By what figures of calls are split.
    CallsBy {
        /// 时段.
        Interval = "interval",
        /// 队列.
        Queue = "queue",
        /// 坐席.
        Agent = "agent",
        /// 服务项目 (CALL-21).
        Service = "service",
        /// 热线号码.
        Line = "line",
        /// 人工与自动, 呼出 (CALL-21).
        Channel = "channel",
        /// 日.
        Day = "day",
    }
}

/// Minutes of an interval.
pub const INTERVALS: [u32; 4] = [15, 30, 60, 120];

/// How calls are put into groups.
#[derive(Clone, Copy, Debug)]
pub struct Split<'a> {
    /// By what.
    pub by: CallsBy,
    /// Minutes of an interval, one of [`INTERVALS`].
    pub minutes: u32,
    /// The zone in which days begin.
    pub zone: &'a Zone,
}

impl Split<'_> {
    /// Gives the group of a call; empty where it belongs to none.
    ///
    /// Intervals and days are named by their beginning, so that they sort by time.
    #[must_use]
    pub fn group(&self, call: &CallFacts) -> String {
        match self.by {
            CallsBy::Interval => {
                let (date, seconds) = self.zone.civil(call.arrived_at);
                let length = self.minutes.clamp(1, 24 * 60) * 60;
                let from = seconds / length * length;
                format!("{date}T{:02}:{:02}", from / 3600, from / 60 % 60)
            }
            CallsBy::Day => self.zone.date(call.arrived_at).to_string(),
            CallsBy::Queue => call.queue.map(|queue| queue.to_string()).unwrap_or_default(),
            CallsBy::Agent => call.agent.map(|agent| agent.to_string()).unwrap_or_default(),
            CallsBy::Service => call.service.clone().unwrap_or_default(),
            CallsBy::Line => call.line.clone().unwrap_or_default(),
            CallsBy::Channel => match call.direction {
                CallDirection::In => call.served_by().to_string(),
                other => other.to_string(),
            },
        }
    }

    /// Adds calls up in their groups, in order of the groups' names.
    #[must_use]
    pub fn piles<'c>(
        &self,
        calls: impl IntoIterator<Item = &'c CallFacts>,
        aims: &Aims,
    ) -> BTreeMap<String, CallPile> {
        let mut piles: BTreeMap<String, CallPile> = BTreeMap::new();
        for call in calls {
            piles.entry(self.group(call)).or_default().add(call, aims);
        }
        piles
    }
}

crate::wire::wire_enum! {
    /// What an agent did for a while.
    Spent {
        /// 空闲.
        Ready = "ready",
        /// 振铃.
        Ringing = "ringing",
        /// 通话.
        Talking = "talking",
        /// 话后处理.
        WrapUp = "wrap_up",
        /// 示忙.
        NotReady = "not_ready",
    }
}

impl Spent {
    /// Tells whether it is work on a call.
    #[must_use]
    pub const fn is_busy(self) -> bool {
        matches!(self, Self::Ringing | Self::Talking | Self::WrapUp)
    }
}

/// A while of an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = AgentWhile)]
pub struct While {
    /// What it was.
    pub spent: Spent,
    /// From when.
    pub from: Timestamp,
    /// The first instant after it; none while it lasts.
    pub to: Option<Timestamp>,
}

/// Adds up the milliseconds of each state within a period; what lasts ends now.
#[must_use]
pub fn spent(whiles: &[While], (from, to): (Timestamp, Timestamp), now: Timestamp) -> BTreeMap<Spent, i64> {
    let mut sums = BTreeMap::new();
    for one in whiles {
        let (begin, end) = (one.from.max(from), one.to.unwrap_or(now).min(to));
        let micros = end.micros().saturating_sub(begin.micros()).max(0);
        *sums.entry(one.spent).or_insert(0) += micros / 1_000;
    }
    sums
}

/// The occupancy as programs see it; agents bring it, not calls.
pub const OCCUPANCY: CallMetricOut = CallMetricOut {
    name: "occupancy",
    zh: "工时利用率",
    en: "Occupancy",
    unit: CallUnit::Share,
    source: &["CALL-10", "CALL-13"],
};

/// Gives the occupancy: work on calls as a share of the time when calls could come.
///
/// Time not ready counts for neither side.
#[must_use]
pub fn occupancy(sums: &BTreeMap<Spent, i64>) -> Figure {
    let sum = |busy: Option<bool>| {
        let counted = sums.iter().filter(|(spent, _)| **spent != Spent::NotReady);
        counted.filter(|(spent, _)| busy.is_none_or(|busy| spent.is_busy() == busy)).map(|(_, ms)| ms).sum()
    };
    Figure::share(sum(Some(true)), sum(None))
}
