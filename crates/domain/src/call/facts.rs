//! One call as figures need it: a flat row, from the call record and nothing else.

use crate::ids::{PersonId, QueueId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ring::ring_number;

crate::wire::wire_enum! {
    /// Which way a call went.
    CallDirection {
        /// 呼入.
        In = "in",
        /// 呼出.
        Out = "out",
        /// 内部.
        Internal = "internal",
    }
}

crate::wire::wire_enum! {
    /// How a call ended.
    CallResult {
        /// 已接听.
        Answered = "answered",
        /// 语音菜单中挂断.
        AbandonedInMenu = "abandoned_in_menu",
        /// 排队中挂断.
        Abandoned = "abandoned",
        /// 溢出: led on because nobody could take it.
        Overflowed = "overflowed",
        /// 语音留言.
        Voicemail = "voicemail",
        /// 回电登记.
        CallBack = "call_back",
        /// 对方忙.
        Busy = "busy",
        /// 无人接听.
        NoAnswer = "no_answer",
        /// 线路故障.
        Failed = "failed",
        /// 超限: beyond the calls that may be there at once (CALL-2).
        Rejected = "rejected",
        /// 中断: the process that held it died.
        Lost = "lost",
        /// 已转出.
        Transferred = "transferred",
    }
}

crate::wire::wire_enum! {
    /// Who served a call (CALL-17, CALL-21).
    ServedBy {
        /// 人工: it wanted, or had, an agent.
        Manual = "manual",
        /// 自动: the voice menu served it alone.
        Automatic = "automatic",
    }
}

/// One call, flat; times in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CallFacts {
    /// Which way it went.
    pub direction: CallDirection,
    /// True when somebody typed it in, where there was no line.
    pub typed: bool,
    /// When it arrived or was dialled.
    pub arrived_at: Timestamp,
    /// The queue in which it waited last.
    pub queue: Option<QueueId>,
    /// The agent who spoke first, or dialled.
    pub agent: Option<PersonId>,
    /// The digits of the line.
    pub line: Option<String>,
    /// The service of the line (CALL-18…20).
    pub service: Option<String>,
    /// How it ended.
    pub result: CallResult,
    /// True once it waited for an agent.
    pub queued: bool,
    /// True once an agent spoke.
    pub answered: bool,
    /// Time in the queue until an agent answered or it ended.
    pub wait_ms: i64,
    /// Time from the first ring at an agent to the answer; none without one.
    pub rang_ms: Option<i64>,
    /// Time in conversation, holding left out.
    pub talk_ms: i64,
    /// Time on hold.
    pub hold_ms: i64,
    /// How often it was held.
    pub holds: u32,
    /// Time of work after it.
    pub wrap_up_ms: i64,
    /// True when a queue led it on (overflow), whatever came of it.
    pub overflowed: bool,
    /// True when it came while all lines were taken (CALL-2).
    pub beyond_limit: bool,
    /// True when a call back was asked for.
    pub call_back_asked: bool,
    /// Whether the promised call was made in time; none while it still can be.
    pub call_back_kept: Option<bool>,
    /// How often it was transferred.
    pub transfers: u32,
}

impl CallFacts {
    /// Tells who served it: a menu alone, or a person was wanted (CALL-21).
    #[must_use]
    pub const fn served_by(&self) -> ServedBy {
        let person = self.queued || self.answered || self.typed || self.transfers > 0;
        match self.direction {
            CallDirection::In if !person => ServedBy::Automatic,
            _ => ServedBy::Manual,
        }
    }

    /// Gives the ring at which it was answered.
    #[must_use]
    pub fn ring(&self) -> Option<u32> {
        self.rang_ms.map(ring_number)
    }
}
