//! The ways that stories take, from the first message to their end.

use super::beat::{
    Beat, ask, beat, close, close_because, decide, exempt, go, leads_task, link, mark, reply, visit,
};
use super::scene::Role::{Group, Handler, Head, Lead, Owner, Spokesperson, Supervision, Verifier, Visitor};
use super::script::{
    accept, agree, carry_out, dispatch, dissatisfied, exempted, fail_once, find_out, investigate, negotiate,
    refused, returned, satisfied, verify,
};
use huiyin_domain::case::body::*;
use huiyin_domain::case::*;

/// A way that a story may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// 查明、协商、执行、验证、回访满意.
    Plain,
    /// 派错部门被拒单.
    Refused,
    /// 接单后退单.
    Returned,
    /// 第一个方案不同意.
    SecondOption,
    /// 验证不合格一次.
    Rework,
    /// 回访不满意，再来一轮.
    Dissatisfied,
    /// 由负责人定方案.
    Decided,
    /// 上报集团.
    Escalated,
    /// 当场办结.
    OnTheSpot,
    /// 匿名来信，免回访.
    Anonymous,
    /// 敏感，免回访.
    Sensitive,
    /// 回访时拒绝回访.
    VisitRefused,
    /// 客户撤回.
    Withdrawn,
    /// 同意了结但不满意.
    Unhappy,
    /// 作废.
    Void,
    /// 关闭后重复，重新处理.
    Repeated,
    /// 与另一件重复登记.
    Duplicate,
    /// 等供电等外单位.
    Waiting,
    /// 报修.
    Repair,
    /// 答复即办结.
    Answered,
    /// 转达即办结.
    Noted,
    /// 转市政等外单位.
    PassedOn,
    /// 媒体采访.
    Media,
}

impl Way {
    /// Gives the steps after the message was recorded.
    pub fn beats(self) -> Vec<Beat> {
        let until_verified = || [found(), negotiate(false), carry_out(), verify()].concat();
        match self {
            Self::Plain => [until_verified(), satisfied(Visitor)].concat(),
            Self::Refused => {
                let work = [dispatch(), investigate(), find_out(), negotiate(false), carry_out(), verify()];
                [[accept(), refused()].concat(), work.concat(), satisfied(Lead)].concat()
            }
            Self::Returned => {
                let work = [dispatch(), investigate(), find_out(), negotiate(false), carry_out(), verify()];
                [[accept(), returned()].concat(), work.concat(), satisfied(Visitor)].concat()
            }
            Self::SecondOption => {
                [found(), urged(), negotiate(true), carry_out(), verify(), satisfied(Visitor)].concat()
            }
            Self::Rework => {
                [found(), negotiate(false), carry_out(), fail_once(), verify(), satisfied(Visitor)].concat()
            }
            Self::Dissatisfied => {
                let again = [find_out(), negotiate(false), carry_out(), verify(), satisfied(Lead)].concat();
                [until_verified(), dissatisfied(), again].concat()
            }
            Self::Decided => [found(), by_the_head(), carry_out(), verify(), satisfied(Visitor)].concat(),
            Self::Escalated => [found(), by_the_group(), carry_out(), verify(), satisfied(Group)].concat(),
            Self::OnTheSpot => on_the_spot(),
            Self::Anonymous => {
                let begin = vec![beat(Owner, (2, 20), |_| go(Stage::Accepted))];
                let work = [dispatch(), investigate(), find_out(), negotiate(false), carry_out(), verify()];
                [begin, work.concat(), exempted(ExemptionReason::Anonymous)].concat()
            }
            Self::Sensitive => [until_verified(), exempted(ExemptionReason::Sensitive)].concat(),
            Self::VisitRefused => [until_verified(), refused_visit()].concat(),
            Self::Withdrawn => [accept(), dispatch(), investigate(), withdrawn()].concat(),
            Self::Unhappy => [found(), unhappy()].concat(),
            Self::Void => void(),
            Self::Repeated => {
                let again = [find_out(), negotiate(false), carry_out(), verify(), satisfied(Lead)].concat();
                [until_verified(), satisfied(Visitor), repeated(), again].concat()
            }
            Self::Duplicate => duplicate(),
            Self::Waiting => [found(), waiting()].concat(),
            Self::Repair => repair(),
            Self::Answered => answered(),
            Self::Noted => ended(ClosureKind::Done),
            Self::PassedOn => ended(ClosureKind::PassedOn),
            Self::Media => media(),
        }
    }
}

/// The common beginning up to an option on the table.
fn found() -> Vec<Beat> {
    [accept(), dispatch(), investigate(), find_out()].concat()
}

fn urged() -> Vec<Beat> {
    vec![
        beat(Owner, (30, 300), |s| Ok(Some(Command::Urge(Reminder { text: s.say("urge")?, due: None })))),
        beat(Supervision, (30, 300), |s| {
            Ok(Some(Command::Supervise(Reminder { text: s.say("supervise")?, due: None })))
        }),
    ]
}

fn by_the_head() -> Vec<Beat> {
    let mut beats = vec![
        beat(Handler, (5, 30), |s| Ok(Some(Command::RecordOpinion(Entry { text: s.say("opinion")? })))),
        beat(Handler, (2, 20), |s| {
            let text = s.matter.option.first().cloned().unwrap_or_default();
            let text = s.fill(&text)?;
            ask(ApprovalOf::Plan, text)
        }),
        beat(Handler, (1, 10), |_| go(Stage::Deciding)),
        beat(Head, (60, 900), |s| decide(s, Decision::Granted, "approve")),
        beat(Head, (1, 10), |_| go(Stage::Negotiating)),
    ];
    beats.extend(agree());
    beats
}

fn by_the_group() -> Vec<Beat> {
    let mut beats = vec![
        beat(Handler, (5, 30), |s| Ok(Some(Command::RecordOpinion(Entry { text: s.say("group_opinion")? })))),
        beat(Lead, (5, 60), |s| {
            let (reason, to) = (s.say("escalate")?, EscalationLevel::Group);
            Ok(Some(Command::Escalate(Escalated { reason, to })))
        }),
        beat(Handler, (1, 10), |_| go(Stage::Deciding)),
        beat(Group, (300, 2_500), |s| {
            Ok(Some(Command::RecordGroupSolution(Entry { text: s.say("group_solution")? })))
        }),
        beat(Group, (2, 20), |_| go(Stage::Negotiating)),
    ];
    beats.extend(agree());
    beats
}

fn on_the_spot() -> Vec<Beat> {
    vec![
        beat(Owner, (5, 40), |s| mark(Flag::SettledAtOnce, s.say("spot")?)),
        beat(Owner, (1, 5), |s| mark(Flag::SatisfiedOnTheSpot, s.say("exempt_spot")?)),
        beat(Owner, (1, 5), |s| {
            let text = s.matter.result.clone();
            let text = s.fill(&text)?;
            reply(ReplyKind::Final, text)
        }),
        beat(Owner, (1, 5), super::beat::handling_record),
        beat(Owner, (1, 5), |_| go(Stage::Accepted)),
        beat(Owner, (1, 5), |s| exempt(s, ExemptionReason::OnTheSpot, "exempt_spot")),
        beat(Owner, (1, 5), |_| go(Stage::Settling)),
    ]
}

fn refused_visit() -> Vec<Beat> {
    vec![
        beat(Verifier, (5, 30), |_| go(Stage::Visiting)),
        beat(Visitor, (200, 1_500), |s| visit(s, VisitResult::Refused, "visit_refused")),
        beat(Lead, (10, 90), |s| exempt(s, ExemptionReason::RefusedAtVisit, "exempt_refused")),
        beat(Lead, (1, 5), |_| go(Stage::Settling)),
    ]
}

fn withdrawn() -> Vec<Beat> {
    vec![
        beat(Owner, (200, 2_000), |s| {
            let (text, meaning) = (s.say("withdraw")?, WordMeaning::Withdraws);
            Ok(Some(Command::RecordCustomerWord(CustomerWord { text, meaning })))
        }),
        beat(Owner, (1, 5), super::beat::handling_record),
        beat(Lead, (1, 5), leads_task),
        beat(Owner, (1, 5), |_| close(ClosureKind::Withdrawn)),
    ]
}

fn unhappy() -> Vec<Beat> {
    vec![
        beat(Handler, (2, 30), |_| go(Stage::Negotiating)),
        beat(Owner, (300, 1_500), |s| super::beat::answer(s, OptionAnswer::Declined, "declined")),
        beat(Owner, (300, 1_500), |s| {
            let (text, meaning) = (s.say("agree_unhappy")?, WordMeaning::AgreesDissatisfied);
            Ok(Some(Command::RecordCustomerWord(CustomerWord { text, meaning })))
        }),
        beat(Lead, (10, 100), |s| {
            let text = s.say("closure_ask")?;
            ask(ApprovalOf::Closure, text)
        }),
        beat(Head, (100, 900), |s| decide(s, Decision::Granted, "approve")),
        beat(Owner, (1, 5), super::beat::handling_record),
        beat(Lead, (1, 5), leads_task),
        beat(Head, (2, 30), |s| close_because(ClosureKind::AgreedButDissatisfied, s.say("closure_reason")?)),
    ]
}

fn void() -> Vec<Beat> {
    vec![
        beat(Lead, (20, 300), |s| {
            let text = s.say("void_ask")?;
            ask(ApprovalOf::Void, text)
        }),
        beat(Head, (30, 600), |s| decide(s, Decision::Granted, "approve")),
        beat(Lead, (2, 30), |_| close(ClosureKind::Void)),
    ]
}

/// PROP-64: the same customer comes again; `play` records that second message.
fn repeated() -> Vec<Beat> {
    vec![
        beat(Lead, (1_000, 5_000), |s| link(s, Relation::RepeatedBy, "repeat_link")),
        beat(Lead, (2, 20), |s| Ok(Some(Command::Reopen(Because { reason: s.say("reopen")? })))),
    ]
}

fn duplicate() -> Vec<Beat> {
    vec![
        beat(Lead, (10, 90), |s| link(s, Relation::DuplicateOf, "duplicate")),
        beat(Lead, (2, 20), |_| close(ClosureKind::Duplicate)),
    ]
}

fn waiting() -> Vec<Beat> {
    vec![beat(Handler, (30, 200), |s| mark(Flag::WaitsForAuthority, s.say("waits")?))]
}

fn repair() -> Vec<Beat> {
    let come = vec![
        beat(Owner, (2, 20), |_| go(Stage::Accepted)),
        beat(Handler, (10, 60), |s| {
            let (note, person) = (Some(s.say("slot")?), s.handler()?);
            let (from, to) = (s.hours(2), s.hours(30));
            Ok(Some(Command::ConfirmSlot(SlotConfirmed { note, person, from, to })))
        }),
        beat(Owner, (2, 20), |s| {
            let Some(slot) = s.case.slots.last().cloned() else { return Ok(None) };
            let (text, due, slot) = (s.say("visit_promise")?, slot.to, Some(slot.id));
            Ok(Some(Command::Promise(PromiseMade {
                text,
                kind: PromiseKind::Visit,
                due,
                slot,
                acknowledged_phrases: Vec::new(),
            })))
        }),
        beat(Owner, (2, 20), |_| go(Stage::Executing)),
        beat(Handler, (120, 900), super::beat::keep_promise),
        beat(Handler, (5, 60), |_| go(Stage::Verifying)),
        beat(Verifier, (20, 400), |s| {
            let note = Some(s.say("verified")?);
            Ok(Some(Command::Verify(Verified { note, in_order: true })))
        }),
        beat(Verifier, (2, 10), |_| close(ClosureKind::Done)),
    ];
    let [accepted, rest @ ..] = come.as_slice() else { return come };
    [vec![*accepted], dispatch(), rest.to_vec()].concat()
}

fn answered() -> Vec<Beat> {
    vec![
        beat(Owner, (5, 200), |s| {
            let text = s.matter.result.clone();
            let text = s.fill(&text)?;
            reply(ReplyKind::Final, text)
        }),
        beat(Owner, (1, 10), |_| close(ClosureKind::Answered)),
    ]
}

fn ended(kind: ClosureKind) -> Vec<Beat> {
    let closing: super::beat::Make = if kind == ClosureKind::PassedOn {
        |s| close_because(ClosureKind::PassedOn, s.say("passed_on")?)
    } else {
        |s| close_because(ClosureKind::Done, s.say("done")?)
    };
    vec![beat(Owner, (10, 90), |_| go(Stage::Investigating)), beat(Owner, (60, 900), closing)]
}

fn media() -> Vec<Beat> {
    vec![
        beat(Owner, (3, 30), |s| {
            let (reason, to) = (s.say("to_spokesperson")?, s.actor(Spokesperson)?.person);
            Ok(Some(Command::HandOver(HandOver { reason, to })))
        }),
        beat(Spokesperson, (10, 90), |_| Ok(Some(Command::AcceptHandOver(Nothing {})))),
        beat(Spokesperson, (60, 600), |_| go(Stage::Investigating)),
        beat(Spokesperson, (300, 1_500), |s| {
            let text = s.matter.result.clone();
            let text = s.fill(&text)?;
            ask(ApprovalOf::MediaStatement, text)
        }),
        beat(Head, (60, 900), |s| decide(s, Decision::Granted, "approve")),
        beat(Spokesperson, (30, 600), |s| {
            let text = s.matter.result.clone();
            let (text, proof) = (s.fill(&text)?, None);
            let (kind, carrier, next) = (ReplyKind::Final, Carrier::Email, None);
            Ok(Some(Command::Reply(Reply {
                text,
                proof,
                addressee: None,
                kind,
                carrier,
                next,
                attachments: Vec::new(),
                acknowledged_phrases: Vec::new(),
            })))
        }),
        beat(Spokesperson, (2, 20), |_| close(ClosureKind::Answered)),
    ]
}
