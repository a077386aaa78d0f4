//! What people ask of an incident.

use super::membership::{Member, OperationKind};
use crate::text::Text;
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
    }
}

/// An action on an incident with its body, texts still readable.
#[derive(Clone, Debug)]
pub enum Command {
    /// Join, split or mark.
    Operate(MembersOperated),
    /// Take an operation back.
    Undo(u32, OperationUndone),
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
        }
    }
}
