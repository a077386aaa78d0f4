//! The dictionary of call figures (CALL-10, CALL-21), as [`crate::count`] has it.
//!
//! *Invariants*: a formula stands in [`CALL_METRICS`] and nowhere else; a figure and
//! the calls behind it have the same [`CallTest`]; nothing is ever a float.

use super::facts::CallFacts;
use super::mark::CallMark as M;
use super::mark::{CallTest, marks};
use super::ring::RingRule;
use crate::case::FieldReason;
use crate::count::Figure;
use crate::paper::fault_unless;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the house aims at; figures are measured against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CallAims)]
pub struct Aims {
    /// Milliseconds of waiting within which a call is to be answered.
    pub answer_within_ms: i64,
    /// An abandoned call that waited less long than this is a short one.
    pub short_ms: i64,
    /// By which ring a call is to be answered.
    pub rings: RingRule,
    /// Milliseconds that a conversation is to last at most (TEL-8).
    pub talk_ms: i64,
}

impl Aims {
    /// Lists the fields that are not acceptable.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldReason> {
        let hour = |millis: i64| (0..=3_600_000).contains(&millis);
        let mut faults = fault_unless(hour(self.answer_within_ms), "answer_within_ms", "number_range");
        faults.extend(fault_unless(hour(self.short_ms), "short_ms", "number_range"));
        faults.extend(fault_unless(hour(self.talk_ms), "talk_ms", "number_range"));
        let rings = (1..=20).contains(&self.rings.latest);
        faults.extend(fault_unless(rings, "rings.latest", "number_range"));
        faults
    }
}

impl Default for Aims {
    /// Twenty seconds, five seconds, three rings, three minutes.
    fn default() -> Self {
        Self { answer_within_ms: 20_000, short_ms: 5_000, rings: RingRule::WITHIN_THREE, talk_ms: 180_000 }
    }
}

crate::wire::wire_enum! {
    /// A number of a call.
    CallAmount {
        /// 等待.
        Wait = "wait",
        /// 振铃.
        Rang = "rang",
        /// 通话.
        Talk = "talk",
        /// 保持.
        Hold = "hold",
        /// 话后处理.
        WrapUp = "wrap_up",
        /// 处理: talk, hold and wrap-up.
        Handle = "handle",
        /// 保持次数.
        Holds = "holds",
    }
}

impl CallAmount {
    /// Gives the number of a call; times in milliseconds.
    #[must_use]
    pub fn of(self, call: &CallFacts) -> i64 {
        match self {
            Self::Wait => call.wait_ms,
            Self::Rang => call.rang_ms.unwrap_or(0),
            Self::Talk => call.talk_ms,
            Self::Hold => call.hold_ms,
            Self::WrapUp => call.wrap_up_ms,
            Self::Handle => call.talk_ms.saturating_add(call.hold_ms).saturating_add(call.wrap_up_ms),
            Self::Holds => i64::from(call.holds),
        }
    }
}

crate::wire::wire_enum! {
    /// In what a figure of calls is given.
    CallUnit {
        /// 通.
        Calls = "calls",
        /// 次.
        Times = "times",
        /// 毫秒.
        Millis = "millis",
        /// 比率, in millionths.
        Share = "share",
    }
}

/// How a figure is made of calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallFormula {
    /// The number of calls.
    Count(CallTest),
    /// A number of each call, added up.
    Sum(CallTest, CallAmount),
    /// Calls of the first list among those of the second.
    Share(CallTest, CallTest),
    /// A number of each call on average, rounded half up.
    Mean(CallTest, CallAmount),
    /// The largest number of any call; none of no call.
    Most(CallTest, CallAmount),
}

impl CallFormula {
    /// Gives the calls that a reader sees first.
    #[must_use]
    pub const fn list(self) -> CallTest {
        match self {
            Self::Count(list)
            | Self::Sum(list, _)
            | Self::Share(list, _)
            | Self::Mean(list, _)
            | Self::Most(list, _) => list,
        }
    }
}

/// One figure of the dictionary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallMetric {
    /// Its name for programs; never changes.
    pub name: &'static str,
    /// Its name in Chinese.
    pub zh: &'static str,
    /// Its name in English.
    pub en: &'static str,
    /// In what it is given.
    pub unit: CallUnit,
    /// How it is made.
    pub formula: CallFormula,
    /// Requirement ids behind it.
    pub source: &'static [&'static str],
}

/// A metric as programs see it.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct CallMetricOut {
    /// Its name for programs.
    pub name: &'static str,
    /// Its name in Chinese.
    pub zh: &'static str,
    /// Its name in English.
    pub en: &'static str,
    /// In what it is given.
    pub unit: CallUnit,
    /// Requirement ids behind it.
    pub source: &'static [&'static str],
}

use CallFormula::{Count, Mean, Most, Share, Sum};

const fn calls(all: &[M], none: &[M]) -> CallTest {
    CallTest::new(all, none)
}

const OFFERED: CallTest = calls(&[M::Offered], &[]);
const ANSWERED: CallTest = calls(&[M::Offered, M::Answered], &[]);
const SPOKEN: CallTest = calls(&[M::Answered], &[]);

macro_rules! metrics {
    ($($name:ident $zh:literal $en:literal $unit:ident = $formula:expr, $source:expr;)+) => {
        /// Every metric of calls, in the order in which reports show them.
        pub static CALL_METRICS: &[CallMetric] = &[$(CallMetric {
            name: stringify!($name),
            zh: $zh,
            en: $en,
            unit: CallUnit::$unit,
            formula: $formula,
            source: &$source,
        }),+];
    };
}

metrics! {
    inbound "呼入" "Calls in" Calls = Count(calls(&[M::Inbound], &[])), ["CALL-10"];
    manual "人工服务" "Wanted a person" Calls = Count(calls(&[M::Manual], &[])), ["CALL-17", "CALL-21"];
    automatic "自动服务" "Served by the menu alone" Calls = Count(calls(&[M::Automatic], &[])), ["CALL-17", "CALL-21"];
    typed "手工登记" "Typed in by hand" Calls = Count(calls(&[M::Inbound, M::Typed], &[])), ["X-35"];
    offered "请求人工" "Offered to agents" Calls = Count(OFFERED), ["CALL-10"];
    answered "接通" "Answered" Calls = Count(ANSWERED), ["CALL-10", "CALL-15"];
    connect_rate "接通率" "Connect rate" Share = Share(ANSWERED, OFFERED), ["CALL-15"];
    answered_in_time "时限内接通" "Answered in time" Calls = Count(calls(&[M::Offered, M::InTime], &[])), ["CALL-10"];
    service_level "服务水平" "Service level" Share = Share(calls(&[M::Offered, M::InTime], &[M::Short]), calls(&[M::Offered], &[M::Short])), ["CALL-10"];
    abandoned_in_menu "菜单中挂断" "Abandoned in the menu" Calls = Count(calls(&[M::AbandonedInMenu], &[])), ["CALL-10"];
    abandoned "排队中挂断" "Abandoned while waiting" Calls = Count(calls(&[M::Abandoned], &[])), ["CALL-10"];
    abandoned_short "短时挂断" "Abandoned at once" Calls = Count(calls(&[M::Short], &[])), ["CALL-10"];
    abandon_rate "放弃率" "Abandon rate" Share = Share(calls(&[M::Abandoned], &[M::Short]), calls(&[M::Offered], &[M::Short])), ["CALL-10"];
    speed_of_answer "平均等待（接通）" "Average speed of answer" Millis = Mean(ANSWERED, CallAmount::Wait), ["CALL-10"];
    longest_wait "最长等待" "Longest wait" Millis = Most(OFFERED, CallAmount::Wait), ["CALL-10"];
    within_rings "三声内接听率" "Answered within the rings" Share = Share(calls(&[M::Rang, M::InRings], &[]), calls(&[M::Rang], &[])), ["X-1", "TEL-15", "TEL-26", "DESK-5"];
    early "首声内接听" "Answered at the first ring" Calls = Count(calls(&[M::Early], &[])), ["X-1", "TEL-15"];
    talk "平均通话" "Average talk" Millis = Mean(SPOKEN, CallAmount::Talk), ["CALL-10", "TEL-8"];
    over_three_minutes "超过三分钟" "Over three minutes" Share = Share(calls(&[M::Answered, M::Long], &[]), SPOKEN), ["TEL-8"];
    hold "平均保持" "Average hold" Millis = Mean(calls(&[M::Held], &[]), CallAmount::Hold), ["TEL-19"];
    held "有保持的通话" "Calls held" Calls = Count(calls(&[M::Held], &[])), ["TEL-19"];
    holds "保持次数" "Times held" Times = Sum(SPOKEN, CallAmount::Holds), ["TEL-19"];
    wrap_up "平均话后处理" "Average wrap-up" Millis = Mean(SPOKEN, CallAmount::WrapUp), ["CALL-10"];
    handle "平均处理" "Average handling" Millis = Mean(SPOKEN, CallAmount::Handle), ["CALL-10", "CALL-13"];
    transferred "转接" "Transferred" Calls = Count(calls(&[M::Transferred], &[])), ["TEL-23"];
    overflowed "溢出" "Overflowed" Calls = Count(calls(&[M::Overflowed], &[])), ["CALL-2"];
    beyond_limit "超过线路数" "Beyond the lines" Calls = Count(calls(&[M::BeyondLimit], &[])), ["CALL-2"];
    voicemail "语音留言" "Voicemail" Calls = Count(calls(&[M::Voicemail], &[])), ["CALL-8"];
    call_backs "要求回呼" "Call backs asked for" Calls = Count(calls(&[M::CallBackAsked], &[])), ["TEL-18", "TEL-33"];
    call_backs_kept "按时回呼率" "Call backs kept" Share = Share(calls(&[M::CallBackKept], &[]), calls(&[M::CallBackDue], &[])), ["TEL-18", "TEL-33"];
    outbound "呼出" "Calls out" Calls = Count(calls(&[M::Outbound], &[])), ["CALL-10"];
    outbound_answered "呼出接通" "Calls out answered" Calls = Count(calls(&[M::Outbound, M::Answered], &[])), ["CALL-10"];
    internal "内部通话" "Internal calls" Calls = Count(calls(&[M::Internal], &[])), ["CALL-10"];
    lost "中断" "Lost" Calls = Count(calls(&[M::Lost], &[])), ["CALL-5"];
    failed "线路故障" "Failed" Calls = Count(calls(&[M::Failed], &[])), ["CALL-5", "TEL-30"];
}

impl CallMetric {
    /// Finds a metric by its name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        CALL_METRICS.iter().find(|metric| metric.name == name)
    }

    /// Describes it.
    #[must_use]
    pub const fn out(&self) -> CallMetricOut {
        CallMetricOut { name: self.name, zh: self.zh, en: self.en, unit: self.unit, source: self.source }
    }
}

/// What calls of one group come to: enough for every figure, added call by call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallPile {
    sums: Vec<Sums>,
}

/// One metric's part of a pile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sums {
    part: i64,
    whole: i64,
    sum: i64,
    most: Option<i64>,
}

impl CallPile {
    /// Adds a call.
    pub fn add(&mut self, call: &CallFacts, aims: &Aims) {
        self.sums.resize(CALL_METRICS.len(), Sums::default());
        let marks = marks(call, aims);
        for (metric, sums) in CALL_METRICS.iter().zip(&mut self.sums) {
            if let Share(_, whole) = metric.formula {
                sums.whole += i64::from(whole.holds(marks));
            }
            if !metric.formula.list().holds(marks) {
                continue;
            }
            sums.part += 1;
            if let Sum(_, amount) | Mean(_, amount) | Most(_, amount) = metric.formula {
                let amount = amount.of(call);
                sums.sum = sums.sum.saturating_add(amount);
                sums.most = sums.most.max(Some(amount));
            }
        }
    }

    /// Gives a figure of the calls that were added.
    #[must_use]
    pub fn figure(&self, metric: &CallMetric) -> Figure {
        let place = CALL_METRICS.iter().position(|known| known.name == metric.name);
        let sums = place.and_then(|place| self.sums.get(place)).copied().unwrap_or_default();
        match metric.formula {
            Count(_) => Figure::number(sums.part),
            Sum(..) => Figure::number(sums.sum),
            Share(..) => Figure::share(sums.part, sums.whole),
            Mean(..) => Figure {
                value: (sums.part > 0).then(|| (sums.sum * 2 + sums.part).div_euclid(sums.part * 2)),
                part: sums.sum,
                whole: Some(sums.part),
            },
            Most(..) => Figure { value: sums.most, part: sums.most.unwrap_or(0), whole: None },
        }
    }
}
