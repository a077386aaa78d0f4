//! The shared machine: stages, phases and closure kinds (D1).

use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

wire_enum! {
    /// Step of the machine that every pack shares (环节).
    Stage {
        /// 已接收: somebody has it; exactly one owner from here on (PROP-14).
        Received = "received",
        /// 已受理: recorded, owner and feedback time fixed (PROP-46, 50).
        Accepted = "accepted",
        /// 判定中: established or not, liability, department.
        Assessing = "assessing",
        /// 调查中 (PROP-53).
        Investigating = "investigating",
        /// 协商中 (PROP-55).
        Negotiating = "negotiating",
        /// 待批: needs a decision above the handler (PROP-24, 56, 72).
        Deciding = "deciding",
        /// 执行中: measures and tasks (PROP-55).
        Executing = "executing",
        /// 验证中 (PROP-59).
        Verifying = "verifying",
        /// 回访中 (PROP-59, 62).
        Visiting = "visiting",
        /// 观察期: an exempt case waits its week (PROP-64).
        Settling = "settling",
        /// 已关闭.
        Closed = "closed",
    }
}

wire_enum! {
    /// The kind of a stage, on which clocks, lists and reports rely.
    Phase {
        /// 处理中: we work on it.
        Open = "open",
        /// 等待客户.
        WaitsForCustomer = "waits_for_customer",
        /// 等待第三方.
        WaitsForThirdParty = "waits_for_third_party",
        /// 已结束.
        Done = "done",
    }
}

wire_enum! {
    /// The way a case ended (X-13 and the short kinds).
    ClosureKind {
        /// 满意关闭: by the customer's word at the visit (PROP-64).
        Satisfied = "satisfied",
        /// 免回访期满关闭: one week without a repeat (PROP-64).
        ExemptElapsed = "exempt_elapsed",
        /// 投诉不成立.
        NotEstablished = "not_established",
        /// 客户撤回.
        Withdrawn = "withdrawn",
        /// 达成一致但不满意: only with the head's approval.
        AgreedButDissatisfied = "agreed_but_dissatisfied",
        /// 已答复.
        Answered = "answered",
        /// 已办结.
        Done = "done",
        /// 已转交.
        PassedOn = "passed_on",
        /// 重复登记.
        Duplicate = "duplicate",
        /// 作废.
        Void = "void",
    }
}

impl ClosureKind {
    /// Tells whether nothing may ever bring the case back.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Duplicate | Self::Void)
    }

    /// Tells whether it rests on a word, judgement or acceptance of its own, so
    /// that nobody closes many cases in this way at once.
    #[must_use]
    pub const fn needs_a_word(self) -> bool {
        matches!(self, Self::Withdrawn | Self::AgreedButDissatisfied | Self::NotEstablished | Self::PassedOn)
    }
}

impl Stage {
    /// Gives the phase of the stage, before side facts.
    #[must_use]
    pub const fn phase(self) -> Phase {
        match self {
            Self::Negotiating | Self::Visiting => Phase::WaitsForCustomer,
            Self::Closed => Phase::Done,
            Self::Received
            | Self::Accepted
            | Self::Assessing
            | Self::Investigating
            | Self::Deciding
            | Self::Executing
            | Self::Verifying
            | Self::Settling => Phase::Open,
        }
    }
}

/// Where a move leads: a stage, or closed in one of the ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A stage that is still open.
    Stage(Stage),
    /// Closed in this way.
    Closed(ClosureKind),
}

impl Target {
    /// Gives the stage that the target lies in.
    #[must_use]
    pub const fn stage(self) -> Stage {
        match self {
            Self::Stage(stage) => stage,
            Self::Closed(_) => Stage::Closed,
        }
    }
}
