//! The columns of a table of cases; names for programs never change.

use huiyin_tabular::Column;
use huiyin_tabular::write::ColumnKind;
use huiyin_tabular::write::ColumnKind::{Bool, Int, LongText, Text, Time};

const fn column(key: &'static str, zh: &'static str, en: &'static str, kind: ColumnKind) -> Column {
    Column { key, zh, en, kind }
}

/// What every table has in front of the clocks.
const CASE: [Column; 21] = [
    column("external_source", "来源系统", "Source", Text),
    column("external_id", "来源编号", "External id", Text),
    column("number", "编号", "Number", Text),
    column("kind", "类型", "Kind", Text),
    column("channel", "渠道", "Channel", Text),
    column("unit", "组织", "Unit", Text),
    column("stage", "环节", "Stage", Text),
    column("phase", "状态", "Phase", Text),
    column("closure", "关闭方式", "Closure", Text),
    column("owner", "首问责任人", "Owner", Text),
    column("handler", "承办人", "Handler", Text),
    column("category", "受理类别", "Category", Text),
    column("final_category", "核实类别", "Final category", Text),
    column("cause", "原因", "Cause", Text),
    column("anonymous", "匿名", "Anonymous", Bool),
    column("round", "轮次", "Round", Int),
    column("received_at", "受理时间", "Received", Time),
    column("accepted_at", "接受时间", "Accepted", Time),
    column("first_reply_at", "首次答复时间", "First reply", Time),
    column("reply_working_days", "答复工作日数", "Working days to reply", Int),
    column("closed_at", "关闭时间", "Closed", Time),
];

/// Due and met time of the first clock of each kind, in their declared order.
const CLOCKS: [Column; 32] = [
    column("acknowledge_due", "告知受理时限", "Acknowledge due", Time),
    column("acknowledge_met", "告知受理完成", "Acknowledge met", Time),
    column("reply_due", "答复时限", "Reply due", Time),
    column("reply_met", "答复完成", "Reply met", Time),
    column("measures_due", "具体措施时限", "Measures due", Time),
    column("measures_met", "具体措施完成", "Measures met", Time),
    column("resolve_due", "办结时限", "Resolve due", Time),
    column("resolve_met", "办结完成", "Resolve met", Time),
    column("visit_due", "回访时限", "Visit due", Time),
    column("visit_met", "回访完成", "Visit met", Time),
    column("promise_due", "承诺时限", "Promise due", Time),
    column("promise_met", "承诺完成", "Promise met", Time),
    column("report_due", "上报时限", "Report due", Time),
    column("report_met", "上报完成", "Report met", Time),
    column("record_due", "处理记录时限", "Record due", Time),
    column("record_met", "处理记录完成", "Record met", Time),
    column("hand_over_due", "移交时限", "Hand over due", Time),
    column("hand_over_met", "移交完成", "Hand over met", Time),
    column("attend_due", "到场时限", "Attend due", Time),
    column("attend_met", "到场完成", "Attend met", Time),
    column("settle_due", "免回访期时限", "Settle due", Time),
    column("settle_met", "免回访期完成", "Settle met", Time),
    column("target_due", "目标时限", "Target due", Time),
    column("target_met", "目标完成", "Target met", Time),
    column("effect_check_due", "效果检查时限", "Effect check due", Time),
    column("effect_check_met", "效果检查完成", "Effect check met", Time),
    column("task_due", "任务时限", "Task due", Time),
    column("task_met", "任务完成", "Task met", Time),
    column("urge_due", "催办时限", "Urge due", Time),
    column("urge_met", "催办答复", "Urge met", Time),
    column("supervise_due", "督办时限", "Supervise due", Time),
    column("supervise_met", "督办答复", "Supervise met", Time),
];

/// What was said.
const TEXTS: [Column; 2] =
    [column("title", "标题", "Title", Text), column("text", "内容", "Message", LongText)];

/// Who the customer is; leaves only when asked for.
const CUSTOMER: [Column; 3] = [
    column("party_name", "客户姓名", "Customer", Text),
    column("party_phone", "客户电话", "Telephone", Text),
    column("party_address", "客户地址", "Address", Text),
];

/// Lists the columns of a table of cases.
#[must_use]
pub fn columns(personal: bool) -> Vec<Column> {
    let mut all: Vec<Column> = [&CASE[..], &CLOCKS, &TEXTS].concat();
    if personal {
        all.extend(CUSTOMER);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use huiyin_domain::clock::ClockKind;

    /// Issue 3, §7
    #[test]
    fn every_kind_of_clock_has_its_two_columns() {
        let keys: Vec<String> = ClockKind::ALL
            .iter()
            .flat_map(|kind| [format!("{}_due", kind.word()), format!("{}_met", kind.word())])
            .collect();
        assert_eq!(CLOCKS.map(|column| column.key.to_owned()).to_vec(), keys);
        let mut all: Vec<_> = columns(true).iter().map(|column| column.key).collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), columns(true).len(), "a name stands twice");
    }
}
