//! Table: the metric dictionary, every figure of the product with its formula.
//!
//! API, exports, reports and charts take figures from here and nowhere else
//! (PROP-87…104). A figure is the number of rows of its list, the sum of a
//! column over them, or the share of one list in another; the list behind it
//! can always be opened.

use super::amount::Amount;
use super::mark::Mark as M;
use super::mark::Test;
use serde::Serialize;
use utoipa::ToSchema;

crate::wire::wire_enum! {
    /// In what a figure is given.
    MetricUnit {
        /// 件.
        Items = "items",
        /// 次.
        Times = "times",
        /// 人.
        People = "people",
        /// 个.
        Pieces = "pieces",
        /// 分 (money, in fen).
        Fen = "fen",
        /// 比率, in millionths; never rounded before it is shown.
        Share = "share",
        /// 天.
        Days = "days",
        /// 工作日, in hundredths.
        WorkingDays = "working_days",
    }
}

crate::wire::wire_enum! {
    /// The date that puts a row into a period.
    Dating {
        /// 按来件时间: of an incident, that of its first counted case (contracts §4).
        Received = "received",
        /// 按关闭时间.
        Closed = "closed",
        /// 按回访时间.
        Visited = "visited",
    }
}

crate::wire::wire_enum! {
    /// What one row of a list is.
    Subject {
        /// 每个案件: everything recorded.
        Case = "case",
        /// 每一件: an incident is one row, whatever number of cases (PROP-90).
        Item = "item",
        /// 每个投诉人: the same person once; each unnamed one for himself.
        Complainant = "complainant",
    }
}

/// The rows behind a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct List {
    /// What one row is.
    pub of: Subject,
    /// What puts a row into a period.
    pub dated: Dating,
    /// Which cases belong to it.
    pub test: Test,
}

/// How a figure is made of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Formula {
    /// The number of rows.
    Count(List),
    /// A number of each row, added up.
    Sum(List, Amount),
    /// Rows of the first list among those of the second.
    Share(List, List),
    /// Two sums of one list, the first as a share of the second.
    ShareOf(List, Amount, Amount),
    /// Working days from receipt to the first reply, on average.
    MeanReplyDays(List),
}

impl Formula {
    /// Gives the list whose rows a reader sees first: the part of a share.
    #[must_use]
    pub const fn list(self) -> List {
        match self {
            Self::Count(list)
            | Self::Sum(list, _)
            | Self::Share(list, _)
            | Self::ShareOf(list, ..)
            | Self::MeanReplyDays(list) => list,
        }
    }

    /// Gives the list behind the whole of a share; the same list otherwise.
    #[must_use]
    pub const fn whole(self) -> List {
        match self {
            Self::Share(_, whole) => whole,
            other => other.list(),
        }
    }

    /// Gives what is added up, for the part and for the whole.
    #[must_use]
    pub const fn amounts(self) -> (Option<Amount>, Option<Amount>) {
        match self {
            Self::Sum(_, amount) => (Some(amount), None),
            Self::ShareOf(_, part, whole) => (Some(part), Some(whole)),
            _ => (None, None),
        }
    }

    /// Tells whether it is one number among another.
    #[must_use]
    pub const fn is_share(self) -> bool {
        matches!(self, Self::Share(..) | Self::ShareOf(..))
    }
}

/// One figure of the dictionary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Its name for programs; never changes.
    pub name: &'static str,
    /// Its name in Chinese.
    pub zh: &'static str,
    /// Its name in English.
    pub en: &'static str,
    /// In what it is given.
    pub unit: MetricUnit,
    /// How it is made.
    pub formula: Formula,
    /// Requirement ids behind it.
    pub source: &'static [&'static str],
}

/// A metric as programs see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MetricOut {
    /// Its name for programs.
    pub name: &'static str,
    /// Its name in Chinese.
    pub zh: &'static str,
    /// Its name in English.
    pub en: &'static str,
    /// In what it is given.
    pub unit: MetricUnit,
    /// The date that puts a row into a period.
    pub period_by: Dating,
    /// What one row of its list is.
    pub row: Subject,
    /// True when it is a share, with part and whole.
    pub share: bool,
    /// Requirement ids behind it.
    pub source: &'static [&'static str],
}

impl Metric {
    /// Finds a metric by its name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        METRICS.iter().find(|metric| metric.name == name)
    }

    /// Describes it.
    #[must_use]
    pub const fn out(&self) -> MetricOut {
        let list = self.formula.list();
        MetricOut {
            name: self.name,
            zh: self.zh,
            en: self.en,
            unit: self.unit,
            period_by: list.dated,
            row: list.of,
            share: self.formula.is_share(),
            source: self.source,
        }
    }
}

/// What each complainant is owed or gets for himself, joined or not: a reply, a
/// visit, a closing of his own (D3).
const fn cases(all: &[M], none: &[M]) -> List {
    List { of: Subject::Case, dated: Dating::Received, test: Test::new(all, none) }
}

/// What is counted once for an incident: it has what one of its counted cases has,
/// see [`super::item_marks`] (PROP-81, PROP-90).
const fn items(all: &[M], none: &[M]) -> List {
    List { of: Subject::Item, dated: Dating::Received, test: Test::new(all, none) }
}

const fn dated(dated: Dating, list: List) -> List {
    List { dated, ..list }
}

const COUNTED: List = items(&[M::Counted], &[]);

macro_rules! metrics {
    ($($name:ident $zh:literal $en:literal $unit:ident = $formula:expr, $source:expr;)+) => {
        /// Every metric, in the order in which reports show them.
        pub static METRICS: &[Metric] = &[$(Metric {
            name: stringify!($name),
            zh: $zh,
            en: $en,
            unit: MetricUnit::$unit,
            formula: $formula,
            source: &$source,
        }),+];
    };
}

use Formula::{Count, MeanReplyDays, Share, ShareOf, Sum};

metrics! {
    received "来件总数" "Cases received" Items = Count(cases(&[], &[])), ["PROP-87"];
    complaints_received "投诉登记数" "Complaints recorded" Items = Count(cases(&[M::Complaint], &[])), ["PROP-87", "PROP-88"];
    inclusion_undecided "待核实是否计入" "Inclusion not decided" Items = Count(cases(&[M::Undecided], &[])), ["PROP-88"];
    verified_in "已核实计入" "Verified in" Items = Count(items(&[M::Counted], &[M::Undecided])), ["PROP-88"];
    counted "计入投诉件数" "Complaints counted" Items = Count(COUNTED), ["PROP-87", "PROP-88", "PROP-89", "PROP-90", "PROP-91"];
    times "投诉次数" "Times complained" Times = Sum(cases(&[M::Counted], &[]), Amount::Times), ["PROP-90", "X-9"];
    complainants "投诉人数" "Complainants" People = Count(List { of: Subject::Complainant, ..cases(&[M::Counted], &[]) }), ["PROP-90", "X-9"];
    provisional "类别待定（暂计）" "Category provisional" Items = Count(items(&[M::Counted, M::Provisional], &[])), ["PROP-92", "X-27"];
    closed "已关闭" "Closed" Items = Count(items(&[M::Counted, M::Closed], &[])), ["PROP-93"];
    open "未关闭" "Open" Items = Count(items(&[M::Counted], &[M::Closed])), ["PROP-93"];
    closing_rate "关闭率" "Closing rate" Share = Share(items(&[M::Counted, M::Closed], &[]), COUNTED), ["PROP-93"];
    closed_in_period "本期关闭" "Closed in the period" Items = Count(dated(Dating::Closed, cases(&[M::Counted, M::Closed], &[]))), ["PROP-93", "PROP-95"];
    closed_satisfied "满意关闭" "Closed satisfied" Items = Count(items(&[M::Counted, M::Closed, M::ClosedSatisfied], &[])), ["PROP-64", "PROP-93"];
    closed_exempt "免回访期满关闭" "Closed after the exempt week" Items = Count(items(&[M::Counted, M::Closed, M::ClosedExempt], &[])), ["PROP-60", "PROP-64"];
    closed_not_established "投诉不成立" "Not established" Items = Count(items(&[M::Counted, M::Closed, M::ClosedNotEstablished], &[])), ["X-13"];
    closed_withdrawn "客户撤回" "Withdrawn" Items = Count(items(&[M::Counted, M::Closed, M::ClosedWithdrawn], &[])), ["X-13"];
    agreed_but_dissatisfied "达成一致但不满意" "Agreed but dissatisfied" Items = Count(items(&[M::Counted, M::Closed, M::ClosedDissatisfied], &[])), ["X-13"];
    unmet "未满足要求而关闭" "Closed without what was asked for" Items = Count(cases(&[M::Counted, M::Unmet], &[])), ["DEPT-8"];
    customers_lost "流失客户的投诉" "Customers lost since" Items = Count(cases(&[M::Counted, M::CustomerLost], &[])), ["DEPT-8"];
    lost_after_unmet "拒绝后流失率" "Lost after a refusal" Share = Share(cases(&[M::Counted, M::Unmet, M::CustomerLost], &[]), cases(&[M::Counted, M::Unmet], &[])), ["DEPT-8"];
    exempt "免回访" "Exempt from the visit" Items = Count(cases(&[M::Counted, M::Exempt], &[])), ["PROP-60", "PROP-61"];
    handling_rate "处理率（已有最终答复）" "Handling rate (final answer given)" Share = Share(items(&[M::Counted, M::FinallyAnswered], &[]), COUNTED), ["DESK-12", "X-21"];
    reply_due "有答复时限" "With a reply limit" Items = Count(cases(&[M::Counted, M::ReplyDue], &[])), ["PROP-79"];
    reply_in_time "时限内答复" "Replied within the limit" Items = Count(cases(&[M::Counted, M::ReplyInTime], &[])), ["PROP-79", "X-3"];
    reply_late "答复超时" "Reply late" Items = Count(cases(&[M::Counted, M::ReplyLate], &[])), ["PROP-79"];
    reply_in_time_rate "及时答复率" "Replies within the limit" Share = Share(cases(&[M::Counted, M::ReplyDue, M::ReplyInTime], &[]), cases(&[M::Counted, M::ReplyDue], &[])), ["PROP-79", "X-3"];
    first_reply_days "首次答复平均工作日" "Working days to the first reply" WorkingDays = MeanReplyDays(cases(&[M::Counted, M::Replied], &[])), ["PROP-79", "X-5"];
    repeated "重复投诉" "Repeated" Items = Count(items(&[M::Counted, M::Repeated], &[])), ["PROP-64", "PROP-90"];
    repeat_share "重复投诉率" "Share repeated" Share = Share(items(&[M::Counted, M::Repeated], &[]), COUNTED), ["PROP-64", "PROP-90"];
    reopened "重新处理" "Re-opened" Items = Count(items(&[M::Counted, M::Reopened], &[])), ["PROP-64"];
    visits_due "应回访" "Return visits due" Items = Count(cases(&[M::Counted, M::Verified], &[M::Exempt])), ["PROP-59", "X-21"];
    visits_made "已回访" "Return visits made" Items = Count(cases(&[M::Counted, M::Verified, M::Visited], &[M::Exempt])), ["PROP-59", "PROP-62"];
    visit_rate "回访率（扣除免回访）" "Visit rate, exempt ones left out" Share = Share(cases(&[M::Counted, M::Verified, M::Visited], &[M::Exempt]), cases(&[M::Counted, M::Verified], &[M::Exempt])), ["DESK-12", "X-21"];
    visit_rate_raw "回访率（全部）" "Visit rate of all" Share = Share(cases(&[M::Counted, M::Verified, M::Visited], &[]), cases(&[M::Counted, M::Verified], &[])), ["DESK-12", "X-21"];
    visited_in_period "本期回访" "Visits in the period" Items = Count(dated(Dating::Visited, cases(&[M::Counted, M::Visited], &[]))), ["PROP-62"];
    visit_satisfied "回访满意" "Satisfied at the visit" Items = Count(cases(&[M::Counted, M::VisitSatisfied], &[])), ["PROP-64"];
    visit_dissatisfied "回访不满意" "Dissatisfied at the visit" Items = Count(cases(&[M::Counted, M::VisitDissatisfied], &[])), ["PROP-64"];
    satisfaction "回访满意率" "Satisfaction at the visit" Share = Share(cases(&[M::Counted, M::Visited, M::VisitSatisfied], &[]), cases(&[M::Counted, M::Visited], &[])), ["PROP-62", "PROP-64", "X-13"];
    promises_made "承诺数" "Promises made" Pieces = Sum(cases(&[M::Counted, M::Promised], &[]), Amount::PromisesMade), ["PROP-37"];
    promises_kept "按时兑现" "Promises kept in time" Pieces = Sum(cases(&[M::Counted, M::Promised], &[]), Amount::PromisesKept), ["PROP-37"];
    promises_kept_rate "承诺兑现率" "Promises kept" Share = ShareOf(cases(&[M::Counted, M::Promised], &[]), Amount::PromisesKept, Amount::PromisesMade), ["PROP-37"];
    promises_broken "失信承诺（误区：说到不做到）" "Promises broken" Pieces = Sum(cases(&[M::Counted, M::Promised], &[]), Amount::PromisesBroken), ["CP8-14"];
    no_reaction "超时未答复（误区：没有反应）" "No reaction" Items = Count(cases(&[M::Counted, M::ReplyLate], &[M::Replied])), ["CP8-14"];
    reassigned "转手次数（三忌：推诿）" "Times passed on" Times = Sum(cases(&[M::Counted], &[]), Amount::Reassigned), ["CP8-17"];
    idle_days "最长无进展天数合计（三忌：拖延）" "Longest days without progress, added up" Days = Sum(cases(&[M::Counted], &[]), Amount::IdleDays), ["CP8-17"];
    progress_misses "客户主动来问（漏报进展）" "Customer had to ask" Times = Sum(cases(&[M::Missed], &[]), Amount::Misses), ["MOB-15"];
    late_information "信息迟报" "Late information" Items = Count(cases(&[M::Late], &[])), ["PROP-12"];
    important "重要投诉" "Important" Items = Count(items(&[M::Counted, M::Important], &[])), ["PROP-65", "X-10"];
    authority "涉及政府和有关单位" "Waiting for an authority" Items = Count(items(&[M::Counted, M::Authority], &[])), ["PROP-18", "PROP-61"];
    major "重大投诉" "Major complaints" Items = Count(items(&[M::Counted, M::Major], &[])), ["PROP-81", "X-11"];
    hot "热点投诉" "Hot complaints" Items = Count(items(&[M::Counted, M::Hot], &[])), ["PROP-83", "X-8", "X-9"];
    hot_cases "热点涉及案件" "Cases in hot complaints" Items = Count(cases(&[M::Counted, M::Hot], &[])), ["PROP-83", "PROP-90", "X-9"];
    demanding "要求赔偿件数" "With a demand" Items = Count(items(&[M::Counted, M::Demanded], &[])), ["PROP-81"];
    demanded "要求赔偿金额" "Compensation demanded" Fen = Sum(cases(&[M::Counted, M::Demanded], &[]), Amount::Demanded), ["PROP-81"];
    agreed "协商同意金额" "Compensation agreed" Fen = Sum(cases(&[M::Counted], &[]), Amount::Agreed), ["PROP-55"];
    compensated "已补偿件数" "Compensated" Items = Count(items(&[M::Counted, M::Paid], &[])), ["CP8-12", "ASC-22"];
    paid "已付补偿金额" "Compensation paid" Fen = Sum(cases(&[M::Counted, M::Paid], &[]), Amount::Paid), ["CP8-12", "ASC-22", "PROP-40"];
    paid_share "已付占要求金额" "Paid of what was demanded" Share = ShareOf(cases(&[M::Counted, M::Demanded], &[]), Amount::Paid, Amount::Demanded), ["ASC-22", "X-18"];
    follow_up_points "跟帖新诉点（单独计）" "New points in follow-up posts" Items = Count(items(&[M::Counted, M::FollowsFrom], &[])), ["PROP-91"];
    anonymous "匿名投诉" "Anonymous" Items = Count(items(&[M::Counted, M::Anonymous], &[])), ["PROP-60", "X-38"];
    cause_found "已查明原因" "Cause recorded" Items = Count(items(&[M::Counted, M::HasCause], &[])), ["PROP-97"];
}

crate::wire::wire_enum! {
    /// By what a figure can be split.
    By {
        /// 组织单元.
        Unit = "unit",
        /// 公司, as the unit belonged to it when the case was received.
        Company = "company",
        /// 类别: final, the intake category while there is none.
        Category = "category",
        /// 人机料法环原因 (PROP-97).
        Cause = "cause",
        /// 渠道 (PROP-87).
        Channel = "channel",
        /// 类型.
        Kind = "kind",
        /// 制度包.
        Pack = "pack",
        /// 关闭方式.
        Closure = "closure",
        /// 免回访原因 (PROP-60).
        Exemption = "exemption",
        /// 项目定位, of the unit or the nearest above that says it (PROP-104).
        Positioning = "positioning",
        /// 客户群 (PROP-104).
        CustomerGroup = "customer_group",
        /// 服务标准 (PROP-104).
        ServiceStandard = "service_standard",
        /// 资源成本 (PROP-104).
        ResourceCost = "resource_cost",
        /// 月份, cut as the period begins.
        Month = "month",
    }
}
