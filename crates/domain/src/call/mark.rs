//! What is true of a call, measured against the house's aims.

use super::facts::{CallDirection, CallFacts, CallResult, ServedBy};
use super::figures::Aims;
use super::ring::Answer;

crate::wire::wire_enum! {
    /// What is true of a call.
    CallMark {
        /// 呼入.
        Inbound = "inbound",
        /// 呼出.
        Outbound = "outbound",
        /// 内部通话: among colleagues; nothing else is true of it that figures count.
        Internal = "internal",
        /// 手工登记.
        Typed = "typed",
        /// 人工.
        Manual = "manual",
        /// 自动.
        Automatic = "automatic",
        /// 请求人工: it waited for an agent.
        Offered = "offered",
        /// 接通: an agent spoke.
        Answered = "answered",
        /// 时限内接通.
        InTime = "in_time",
        /// 三声内接听.
        InRings = "in_rings",
        /// 首声内接听: a tip, no violation.
        Early = "early",
        /// 排队中放弃.
        Abandoned = "abandoned",
        /// 短放弃.
        Short = "short",
        /// 菜单中放弃.
        AbandonedInMenu = "abandoned_in_menu",
        /// 溢出.
        Overflowed = "overflowed",
        /// 超过线路数.
        BeyondLimit = "beyond_limit",
        /// 留言.
        Voicemail = "voicemail",
        /// 要求回电.
        CallBackAsked = "call_back_asked",
        /// 回电到期.
        CallBackDue = "call_back_due",
        /// 按时回电.
        CallBackKept = "call_back_kept",
        /// 超过三分钟.
        Long = "long",
        /// 有保持.
        Held = "held",
        /// 有转接.
        Transferred = "transferred",
        /// 中断.
        Lost = "lost",
        /// 线路故障.
        Failed = "failed",
        /// 有振铃时间.
        Rang = "rang",
    }
}

/// The marks of one call, as bits in the order of [`CallMark::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct CallMarks(u32);

impl CallMarks {
    const fn of(marks: &[CallMark]) -> Self {
        let (mut bits, mut at) = (0, 0);
        while at < marks.len() {
            bits |= 1 << marks[at] as u32;
            at += 1;
        }
        Self(bits)
    }

    /// Tells whether a mark is there.
    #[must_use]
    pub const fn has(self, mark: CallMark) -> bool {
        self.0 & (1 << mark as u32) != 0
    }

    fn put(&mut self, mark: CallMark, holds: bool) {
        if holds {
            self.0 |= 1 << mark as u32;
        }
    }
}

/// Says what is true of a call, measured against the aims.
#[must_use]
pub fn marks(call: &CallFacts, aims: &Aims) -> CallMarks {
    let mut marks = CallMarks::default();
    // what colleagues say to each other is no work with a customer
    if call.direction == CallDirection::Internal {
        marks.put(CallMark::Internal, true);
        return marks;
    }
    let inbound = call.direction == CallDirection::In;
    let answered = inbound && call.answered;
    let offered = inbound && !call.typed && (call.queued || call.answered);
    let abandoned = offered && call.result == CallResult::Abandoned;
    let result = |result| inbound && !call.typed && call.result == result;
    let by = |by| inbound && call.served_by() == by;
    let rings = call.rang_ms.filter(|_| answered).map(|millis| aims.rings.judge(millis));
    for (mark, holds) in [
        (CallMark::Inbound, inbound),
        (CallMark::Outbound, call.direction == CallDirection::Out),
        (CallMark::Typed, call.typed),
        (CallMark::Manual, by(ServedBy::Manual)),
        (CallMark::Automatic, by(ServedBy::Automatic)),
        (CallMark::Offered, offered),
        (CallMark::Answered, call.answered),
        (CallMark::InTime, answered && offered && call.wait_ms <= aims.answer_within_ms),
        (CallMark::Rang, rings.is_some()),
        (CallMark::InRings, rings.is_some_and(|answer| answer != Answer::Late)),
        (CallMark::Early, rings == Some(Answer::Early)),
        (CallMark::Abandoned, abandoned),
        (CallMark::Short, abandoned && call.wait_ms < aims.short_ms),
        (CallMark::AbandonedInMenu, result(CallResult::AbandonedInMenu)),
        (CallMark::Overflowed, inbound && call.overflowed),
        (CallMark::BeyondLimit, inbound && call.beyond_limit),
        (CallMark::Voicemail, result(CallResult::Voicemail)),
        (CallMark::CallBackAsked, call.call_back_asked),
        (CallMark::CallBackDue, call.call_back_asked && call.call_back_kept.is_some()),
        (CallMark::CallBackKept, call.call_back_asked && call.call_back_kept == Some(true)),
        (CallMark::Long, call.answered && call.talk_ms > aims.talk_ms),
        (CallMark::Held, call.answered && call.holds > 0),
        (CallMark::Transferred, call.transfers > 0),
        (CallMark::Lost, call.result == CallResult::Lost),
        (CallMark::Failed, call.result == CallResult::Failed),
    ] {
        marks.put(mark, holds);
    }
    marks
}

/// Which calls belong to a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallTest {
    all: CallMarks,
    none: CallMarks,
}

impl CallTest {
    pub(super) const fn new(all: &[CallMark], none: &[CallMark]) -> Self {
        Self { all: CallMarks::of(all), none: CallMarks::of(none) }
    }

    /// Tells whether a call with such marks belongs to it.
    #[must_use]
    pub const fn holds(self, marks: CallMarks) -> bool {
        marks.0 & self.all.0 == self.all.0 && marks.0 & self.none.0 == 0
    }
}
