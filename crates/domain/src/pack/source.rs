//! Where a field of a form takes its value from when it is filled from the case.

use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};

wire_enum! {
    /// What every case knows of itself, whatever its pack.
    CaseValue {
        /// 案件编号.
        Number = "number",
        /// 收到时间.
        ReceivedAt = "received_at",
        /// 受理时间.
        AcceptedAt = "accepted_at",
        /// 来件渠道.
        Channel = "channel",
        /// 来件内容.
        Text = "text",
        /// 标题.
        Title = "title",
        /// 类别: the final one, else that of the intake.
        Category = "category",
        /// 原因.
        Cause = "cause",
        /// 投诉人姓名.
        Complainant = "complainant",
        /// 投诉人电话.
        Telephone = "telephone",
        /// 投诉人地址.
        Address = "address",
        /// 是否匿名.
        Anonymous = "anonymous",
        /// 登记人.
        Receiver = "receiver",
        /// 首问责任人.
        Owner = "owner",
        /// 承办人.
        Handler = "handler",
        /// 承办部门.
        Department = "department",
        /// 要求金额.
        Demand = "demand",
        /// 约定反馈时间.
        FeedbackAt = "feedback_at",
        /// 成立与否.
        Validity = "validity",
        /// 责任划分.
        Liability = "liability",
        /// 责任部门或责任人.
        Responsible = "responsible",
        /// 调查结果.
        Finding = "finding",
        /// 处理意见.
        Opinion = "opinion",
        /// 客户接受的方案, else the last one offered.
        Option = "option",
        /// 补救措施: of this round, by its title.
        Remedy = "remedy",
        /// 补偿金额: proposed in this round.
        RemedyAmount = "remedy_amount",
        /// 已付金额.
        Paid = "paid",
        /// 最近一次审批意见.
        Decision = "decision",
        /// 最近一次答复.
        Reply = "reply",
        /// 措施.
        Measures = "measures",
        /// 回访人.
        Visitor = "visitor",
        /// 回访时间.
        VisitedAt = "visited_at",
        /// 回访结果.
        VisitResult = "visit_result",
        /// 客户意见.
        VisitOpinion = "visit_opinion",
        /// 总结.
        Summary = "summary",
        /// 结案时间.
        ClosedAt = "closed_at",
        /// 结案方式.
        Closure = "closure",
    }
}

/// Where a form's field takes its value from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormSource {
    /// Something that every case knows.
    Case(CaseValue),
    /// A field of the case that the pack defines.
    Field(String),
}
