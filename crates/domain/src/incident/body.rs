//! What people ask of an incident.

use super::membership::{Member, OperationKind};
use crate::case::ClosureKind;
use crate::case::body::Reply;
use crate::ids::{CaseId, PersonId};
use crate::special::SpecialFiled;
use crate::text::Text;
use crate::time::Timestamp;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The most members that one operation names.
pub(super) const MOST_MEMBERS: usize = 1_000;

/// An incident as somebody opens it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": "五号楼漏水", "building": "5",
    "members": [{"case": "0190f3e2-0000-7000-8000-000000000000"}], "reason": "同一处漏水"}))]
pub struct NewIncident {
    /// What happened, in short; no customer's name.
    pub title: Text,
    /// Why these belong together.
    pub reason: Text,
    /// The first members.
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub members: Vec<Member>,
    /// The unit; that of the first case, else the opener's own, when not said.
    #[serde(default)]
    pub unit: Option<crate::ids::UnitId>,
    /// The building, where it is about one.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub building: Option<String>,
    /// The category, until the lead case gives it.
    #[serde(default)]
    pub category: Option<String>,
}

/// Members to be joined, split or marked.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MembersOperated {
    /// What is to be done.
    pub kind: OperationKind,
    /// To whom; exactly one case to mark.
    #[schema(min_items = 1, max_items = 1000)]
    pub members: Vec<Member>,
    /// Why.
    pub reason: Text,
}

/// An operation to be taken back.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OperationUndone {
    /// Why.
    pub reason: Text,
}

/// One measure for the whole incident, however many complained (PROP-55, 90).
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": "更换五号楼落水管"}))]
pub struct NewMeasure {
    /// What is done.
    pub text: Text,
    /// Who answers for it; whoever answers for the incident when not said.
    #[serde(default)]
    pub person: Option<PersonId>,
    /// By when.
    #[serde(default)]
    pub due: Option<Timestamp>,
}

/// A measure that was done, or given up.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeasureResult {
    /// Number of the measure in this incident.
    pub measure: u32,
    /// What came of it, or why it was given up.
    pub result: Text,
    /// True when it was given up.
    #[serde(default)]
    pub dropped: bool,
}

/// One reply, prepared once and given to every member.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MembersReply {
    /// The reply, as each case records it.
    pub reply: Reply,
    /// To these members alone; to every open one when not said.
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub members: Option<Vec<CaseId>>,
}

/// The closing of every member that can be closed now, each by its own rules.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MembersClosing {
    /// How; the first way that is open for each case when not said.
    #[serde(default)]
    pub closure: Option<ClosureKind>,
    /// Why, where a way of closing asks for it.
    #[serde(default)]
    pub reason: Option<Text>,
    /// These members alone; every open one when not said.
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub members: Option<Vec<CaseId>>,
}

/// Why an incident is closed, opened again or no longer hot.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IncidentReason {
    /// Why.
    pub reason: Text,
}

wire_enum! {
    /// The name of an action on an incident.
    CommandKind {
        /// 并入.
        Join = "join",
        /// 拆出.
        Split = "split",
        /// 指定主案.
        Mark = "mark",
        /// 撤销操作.
        Undo = "undo",
        /// 定措施.
        AddMeasure = "add_measure",
        /// 措施完成或放弃.
        EndMeasure = "end_measure",
        /// 统一答复全部成员.
        ReplyMembers = "reply_members",
        /// 关闭全部可关闭的成员.
        CloseMembers = "close_members",
        /// 办结.
        Close = "close",
        /// 重新打开.
        Reopen = "reopen",
        /// 撤销热点.
        WithdrawHot = "withdraw_hot",
        /// 报告分管领导.
        FileReport = "file_report",
    }
}

/// An action on an incident with its body, texts still readable.
#[derive(Clone, Debug)]
pub enum Command {
    /// Join, split or mark.
    Operate(MembersOperated),
    /// Take an operation back.
    Undo(u32, OperationUndone),
    /// Fix a measure.
    AddMeasure(NewMeasure),
    /// End a measure.
    EndMeasure(MeasureResult),
    /// Close the incident itself.
    Close(IncidentReason),
    /// Open it again.
    Reopen(IncidentReason),
    /// Take the hot flag back.
    WithdrawHot(IncidentReason),
    /// Give a report about a hot incident (PROP-84, 85).
    FileReport(SpecialFiled),
}

impl Command {
    /// Gives the name of the action.
    #[must_use]
    pub const fn kind(&self) -> CommandKind {
        match self {
            Self::Operate(body) => match body.kind {
                OperationKind::Join => CommandKind::Join,
                OperationKind::Split => CommandKind::Split,
                OperationKind::Mark => CommandKind::Mark,
            },
            Self::Undo(..) => CommandKind::Undo,
            Self::AddMeasure(_) => CommandKind::AddMeasure,
            Self::EndMeasure(_) => CommandKind::EndMeasure,
            Self::Close(_) => CommandKind::Close,
            Self::Reopen(_) => CommandKind::Reopen,
            Self::WithdrawHot(_) => CommandKind::WithdrawHot,
            Self::FileReport(_) => CommandKind::FileReport,
        }
    }
}
