//! Small pieces of pages: columns, cells, hints, and what is worth telling.

use huiyin_domain::count::{Figure, Mark, Marks, MetricUnit, Month, Period};
use huiyin_reports::{Block, Cell, Column, Label};
use huiyin_store::report::ChangedRow;

use super::names::GroupNames;
use crate::count::{FigureLine, Figures};
use huiyin_domain::count::By;

/// Construction legacy stands under this company-wide top (X-26, PROP-66).
pub(super) const LEGACY_TOP: &str = "developer";
/// So many specialties are looked at closely (PROP-97).
pub(super) const HIGH_VOLUME: usize = 3;
/// The most items that a report lists one by one.
pub(super) const MOST_ITEMS: u32 = 2_000;
/// The most cases that are told as typical.
pub(super) const MOST_TYPICAL: u32 = 20;

/// What the first table shows, in order.
pub(super) const TOTALS: &[&str] = &[
    "complaints_received",
    "verified_in",
    "inclusion_undecided",
    "counted",
    "times",
    "complainants",
    "provisional",
    "closed",
    "open",
    "closing_rate",
    "closed_in_period",
    "closed_satisfied",
    "closed_exempt",
    "closed_not_established",
    "agreed_but_dissatisfied",
    "exempt",
    "handling_rate",
    "reply_in_time_rate",
    "first_reply_days",
    "repeat_share",
    "reopened",
    "visits_due",
    "visits_made",
    "visit_rate",
    "visit_rate_raw",
    "satisfaction",
    "promises_kept_rate",
    "important",
    "authority",
    "major",
    "hot",
    "demanding",
    "demanded",
    "agreed",
];

/// What makes a case worth telling, and how that is said (PROP-65, 102).
pub(super) const TYPICAL: &[(Mark, &str)] = &[
    (Mark::Important, "important"),
    (Mark::Major, "major"),
    (Mark::ClosedDissatisfied, "agreed_but_dissatisfied"),
    (Mark::VisitDissatisfied, "dissatisfied"),
    (Mark::Reopened, "reopened"),
    (Mark::Repeated, "repeated"),
    (Mark::Demanded, "demanded"),
    (Mark::Authority, "authority"),
];

/// Says why a case was chosen.
pub(super) fn why(reasons: &[&str]) -> Label {
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    for reason in reasons {
        let (chinese, english) = match *reason {
            "important" => ("重要投诉", "important"),
            "major" => ("重大投诉", "major"),
            "agreed_but_dissatisfied" => ("达成一致但不满意", "agreed but dissatisfied"),
            "dissatisfied" => ("回访不满意", "dissatisfied at the visit"),
            "reopened" => ("重新处理", "re-opened"),
            "repeated" => ("重复投诉", "repeated"),
            "demanded" => ("要求赔偿", "compensation demanded"),
            _ => ("涉及政府和有关单位", "waits for an authority"),
        };
        zh.push(chinese);
        en.push(english);
    }
    Label::both(zh.join("、"), en.join(", "))
}

/// Says what changed in a case after it was counted.
pub(super) fn changed(row: &ChangedRow, names: &GroupNames) -> Label {
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    let (before, after) = (row.before.0, row.after.0);
    let mut told = |mark: Mark, came: (&str, &str), went: (&str, &str)| {
        let has = |marks: Marks| marks.has(mark);
        let words = match (has(before), has(after)) {
            (false, true) => came,
            (true, false) => went,
            _ => return,
        };
        zh.push(words.0.to_owned());
        en.push(words.1.to_owned());
    };
    told(Mark::Counted, ("改为计入", "counts now"), ("不再计入", "counts no more"));
    told(Mark::Closed, ("已关闭", "closed"), ("重新打开", "open again"));
    told(
        Mark::ClosedNotEstablished,
        ("认定不成立", "found not established"),
        ("改为成立", "established after all"),
    );
    told(Mark::Repeated, ("发生重复投诉", "repeated"), ("重复关系已撤销", "no repeat after all"));
    told(
        Mark::VisitDissatisfied,
        ("回访不满意", "dissatisfied at the visit"),
        ("回访转为满意", "no longer dissatisfied"),
    );
    if row.before.1 != row.after.1 {
        let name = |group: Option<&str>, chinese: bool| match names.group(By::Category, group) {
            Label::Both { zh, en } => {
                if chinese {
                    zh
                } else {
                    en
                }
            }
            Label::Same(text) => text,
            Label::Word { word } => word,
        };
        let (old, new) = (row.before.1.as_deref(), row.after.1.as_deref());
        zh.push(format!("类别由“{}”改为“{}”", name(old, true), name(new, true)));
        en.push(format!("category changed from {} to {}", name(old, false), name(new, false)));
    }
    if zh.is_empty() {
        zh.push("其他事实变化".to_owned());
        en.push("other facts changed".to_owned());
    }
    Label::both(zh.join("；"), en.join("; "))
}

/// Says what people should write in a section.
pub(super) fn hint(section: &str) -> Label {
    match section {
        "specialties" => {
            Label::both("各专业的强项与弱项（PROP-96）", "Strong and weak points of each specialty (PROP-96)")
        }
        "focus" => Label::both(
            "高发专业按人、机、料、法、环说明原因（PROP-97）",
            "Causes in the specialties with high volume (PROP-97)",
        ),
        "cases" => Label::both(
            "要点与突出问题、原因、过程与结果、事件恶化的原因、教训与整改（PROP-102）",
            "Key points, causes, process and result, reasons for worsening, lessons and measures (PROP-102)",
        ),
        "measures" => {
            Label::both("整改措施及预防措施（PROP-95）", "Corrective and preventive measures (PROP-95)")
        }
        "relation" => Label::both(
            "与项目定位、客户群、服务标准、资源成本的关系（PROP-104）",
            "Relation to positioning, customer group, service standard and cost (PROP-104)",
        ),
        "causes" => Label::both("投诉原因与性质分析（PROP-95）", "Analysis of causes and nature (PROP-95)"),
        _ => Label::both("投诉情况总结及建议（PROP-103）", "Summary and suggestions (PROP-103)"),
    }
}

/// Says what of the complaints counted may still change (X-27, PROP-88).
pub(super) fn still_open(found: &[Figures]) -> Vec<Block> {
    let Some(counted) = found.iter().find(|one| one.metric.name == "counted") else { return Vec::new() };
    let FigureLine { provisional, undecided, .. } = counted.total;
    let mut notes = Vec::new();
    if undecided > 0 {
        notes.push(Label::both(
            format!("计入投诉件数为暂计：其中 {undecided} 件尚未核实是否计入（PROP-88）。"),
            format!("Complaints counted are provisional: of {undecided} it is not decided whether they count (PROP-88)."),
        ));
    }
    if provisional > 0 {
        notes.push(Label::both(
            format!("其中 {provisional} 件最终类别未定，暂按受理类别统计。"),
            format!("The final category of {provisional} is not decided; they stand under that of intake."),
        ));
    }
    notes.into_iter().map(|note| Block::Note { note }).collect()
}

/// Makes a column of names.
pub(super) fn name_column(zh: &str, en: &str) -> Column {
    Column { title: Label::both(zh, en), number: false }
}

/// Makes a column of numbers.
pub(super) fn number_column(zh: &str, en: &str) -> Column {
    Column { title: Label::both(zh, en), number: true }
}

/// Makes the column of a metric.
pub(super) fn metric_column(figures: &Figures) -> Column {
    number_column(figures.metric.zh, figures.metric.en)
}

/// Makes the cell of a whole figure.
pub(super) fn figure(figures: &Figures) -> Cell {
    Cell::Figure { unit: figures.metric.unit, figure: figures.total.figure }
}

/// Makes the cell of a group's figure; of nothing where it is not there.
pub(super) fn cell(figures: &Figures, line: Option<&FigureLine>) -> Cell {
    let nothing = if figures.metric.formula.is_share() { Figure::share(0, 0) } else { Figure::number(0) };
    Cell::Figure { unit: figures.metric.unit, figure: line.map_or(nothing, |line| line.figure) }
}

/// Makes the cell of a number of items.
pub(super) const fn items(number: i64) -> Cell {
    Cell::Figure { unit: MetricUnit::Items, figure: Figure::number(number) }
}

/// Gives the same months a year earlier.
pub(super) fn year_before(period: &Period) -> Option<Period> {
    let cut = period.first.day().unsigned_abs();
    let months = period.months();
    let (first, last) = (months.first()?.0.plus(-12).period(cut)?, months.last()?.0.plus(-12).period(cut)?);
    Some(Period { first: first.first, last: last.last })
}

/// Gives twelve months that end with the period, cut as it is.
pub(super) fn twelve_months(period: &Period) -> Period {
    let cut = period.first.day().unsigned_abs();
    let last = period.months().last().map_or_else(|| Month::of(period.last), |(month, _)| *month);
    let first = last.plus(-11).period(cut).map_or(period.first, |month| month.first);
    Period { first, last: period.last }
}
