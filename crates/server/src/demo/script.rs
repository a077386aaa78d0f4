//! Passages that stories are put together from, each a few steps.

use super::beat::{
    Beat, answer, beat, close, decide, exempt, go, group_task, handling_record, keep_promise, leads_task,
    offer, own_task, promise, reply, visit,
};
use super::scene::Role::{self, Group, Handler, Head, Lead, Owner, Statistics, Verifier, Visitor, Wrong};
use huiyin_domain::case::body::*;
use huiyin_domain::case::*;

/// 受理: what the customer wishes, a feedback time, accepted.
pub fn accept() -> Vec<Beat> {
    vec![
        beat(Owner, (1, 4), |s| {
            let (wish, object) = (s.matter.wish.clone(), s.matter.object.clone());
            let fields =
                [("wish", s.fill(&wish)?), ("object", s.fill(&object)?), ("feeling", s.say("feelings")?)];
            let fields = fields.into_iter().map(|(name, text)| (name.to_owned(), Some(text))).collect();
            Ok(Some(Command::SetFields(FieldsSet { fields })))
        }),
        beat(Owner, (1, 3), |s| promise(s, PromiseKind::Feedback, 28, "promise")),
        beat(Owner, (0, 2), |_| go(Stage::Accepted)),
    ]
}

/// 派单、接单, then the investigation is arranged.
pub fn dispatch() -> Vec<Beat> {
    vec![
        beat(Owner, (3, 40), |s| {
            let (to, note) = (s.handler()?, Some(s.say("transfer")?));
            Ok(Some(Command::Transfer(Transfer { note, to, department: None })))
        }),
        beat(Handler, (5, 120), |_| Ok(Some(Command::AcceptTransfer(Nothing {})))),
    ]
}

/// 派错部门: refused with the reason.
pub fn refused() -> Vec<Beat> {
    vec![
        beat(Owner, (3, 30), |s| {
            let (to, note) = (s.wrong_handler()?, Some(s.say("transfer")?));
            Ok(Some(Command::Transfer(Transfer { note, to, department: None })))
        }),
        beat(Wrong, (10, 90), |s| Ok(Some(Command::RejectTransfer(Because { reason: s.say("reject")? })))),
    ]
}

/// 接错单: accepted, then returned from the place.
pub fn returned() -> Vec<Beat> {
    vec![
        beat(Owner, (3, 30), |s| {
            let (to, note) = (s.wrong_handler()?, Some(s.say("transfer")?));
            Ok(Some(Command::Transfer(Transfer { note, to, department: None })))
        }),
        beat(Wrong, (5, 40), |_| Ok(Some(Command::AcceptTransfer(Nothing {})))),
        beat(Wrong, (30, 120), |s| Ok(Some(Command::ReturnTransfer(Because { reason: s.say("return")? })))),
    ]
}

/// 调查开始, and the customer hears that somebody is on the way.
pub fn investigate() -> Vec<Beat> {
    vec![
        beat(Lead, (5, 60), |_| go(Stage::Investigating)),
        beat(Owner, (5, 50), |s| {
            let text = s.say("progress")?;
            let (proof, next) = (None, Some(s.hours(26)));
            let (kind, carrier) = (ReplyKind::Progress, Carrier::Spoken);
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
    ]
}

/// 查明原因、说明依据、提出方案.
pub fn find_out() -> Vec<Beat> {
    vec![
        beat(Handler, (40, 600), |s| {
            let text = s.matter.finding.clone();
            Ok(Some(Command::RecordFinding(Entry { text: s.fill(&text)? })))
        }),
        beat(Handler, (5, 60), |s| {
            let Some((kind, responsibility, text)) = s.matter.basis.clone() else { return Ok(None) };
            let text = s.fill(&text)?;
            Ok(Some(Command::StateBasis(Basis { text, kind, responsibility })))
        }),
        beat(Handler, (5, 60), |s| offer(s, 0)),
    ]
}

/// 协商: the first option is turned down, or accepted at once.
pub fn negotiate(first_fails: bool) -> Vec<Beat> {
    let mut beats = vec![beat(Handler, (2, 30), |_| go(Stage::Negotiating))];
    if first_fails {
        beats.push(beat(Owner, (60, 900), |s| answer(s, OptionAnswer::Declined, "declined")));
        beats.push(beat(Handler, (30, 300), |s| offer(s, 1)));
    }
    beats.extend(agree());
    beats
}

/// 双方一致; money in it makes the yes provisional until the head approves (TXT-15).
pub fn agree() -> Vec<Beat> {
    vec![
        beat(Owner, (20, 400), |s| {
            let money = s.case.round.options.last().is_some_and(|option| option.amount.is_some());
            answer(s, if money { OptionAnswer::Provisional } else { OptionAnswer::Accepted }, "accepted")
        }),
        beat(Head, (30, 300), |s| decide(s, Decision::Granted, "approve")),
        beat(Owner, (10, 120), |s| {
            if s.case.accepted_option().is_some() {
                Ok(None)
            } else {
                answer(s, OptionAnswer::Accepted, "accepted")
            }
        }),
    ]
}

/// 执行到验证.
pub fn carry_out() -> Vec<Beat> {
    vec![
        beat(Handler, (5, 90), |_| go(Stage::Executing)),
        beat(Handler, (2, 20), |s| {
            let text = s.matter.measures.clone();
            let text = s.fill(&text)?;
            reply(ReplyKind::Measures, text)
        }),
        beat(Handler, (2, 20), |s| {
            let (title, person) = (s.say("task")?, Some(s.handler()?));
            let due = Some(s.hours(48));
            Ok(Some(Command::AddTask(TaskGiven { title, person, post: None, due, blocking: true })))
        }),
        beat(Handler, (200, 1_900), own_task),
        beat(Handler, (5, 30), handling_record),
        beat(Lead, (1, 10), leads_task),
        beat(Lead, (1, 10), leads_task),
        beat(Owner, (2, 60), keep_promise),
        beat(Handler, (5, 60), |_| go(Stage::Verifying)),
    ]
}

/// 验证通过，定最终类别，核实后计入统计.
pub fn verify() -> Vec<Beat> {
    vec![
        beat(Verifier, (30, 500), |s| {
            let note = Some(s.say("verified")?);
            Ok(Some(Command::Verify(Verified { note, in_order: true })))
        }),
        beat(Statistics, (5, 60), |s| {
            let (category, cause) = (s.matter.category.clone(), s.matter.cause.clone());
            Ok(Some(Command::Classify(Classified { category: None, final_category: Some(category), cause })))
        }),
        beat(Statistics, (1, 10), |s| {
            let decided = InclusionDecided { counted: true, reason: None };
            let asked = s.case.kind == Kind::Complaint && s.case.inclusion.is_none();
            Ok(asked.then_some(Command::DecideInclusion(decided)))
        }),
        beat(Handler, (2, 60), |s| {
            let text = s.matter.result.clone();
            let text = s.fill(&text)?;
            reply(ReplyKind::Final, text)
        }),
    ]
}

/// 验证不合格，返工.
pub fn fail_once() -> Vec<Beat> {
    vec![
        beat(Verifier, (30, 300), |s| {
            let note = Some(s.say("not_in_order")?);
            Ok(Some(Command::Verify(Verified { note, in_order: false })))
        }),
        beat(Verifier, (2, 10), |s| {
            let reason = Some(s.say("rework")?);
            Ok(Some(Command::Move(Target::Stage(Stage::Executing), Moved { reason })))
        }),
        beat(Handler, (120, 700), |_| go(Stage::Verifying)),
    ]
}

/// 回访满意，关闭; by whom says the story.
pub fn satisfied(by: Role) -> Vec<Beat> {
    vec![
        beat(Verifier, (5, 30), |_| go(Stage::Visiting)),
        beat(by, (120, 2_200), |s| visit(s, VisitResult::Satisfied, "visit_result")),
        beat(Group, (1, 10), group_task),
        beat(by, (2, 20), |_| close(ClosureKind::Satisfied)),
    ]
}

/// 回访不满意，退回调查.
pub fn dissatisfied() -> Vec<Beat> {
    vec![
        beat(Verifier, (5, 30), |_| go(Stage::Visiting)),
        beat(Visitor, (120, 1_500), |s| visit(s, VisitResult::Dissatisfied, "visit_bad")),
        beat(Visitor, (2, 20), |_| go(Stage::Investigating)),
    ]
}

/// 免回访，静置一周.
pub fn exempted(reason: ExemptionReason) -> Vec<Beat> {
    let recorded: super::beat::Make = match reason {
        ExemptionReason::Anonymous => |s| exempt(s, ExemptionReason::Anonymous, "exempt_anonymous"),
        ExemptionReason::NoUsableContact => |s| exempt(s, ExemptionReason::NoUsableContact, "exempt_contact"),
        _ => |s| exempt(s, ExemptionReason::Sensitive, "exempt_sensitive"),
    };
    vec![beat(Lead, (10, 200), recorded), beat(Verifier, (5, 60), |_| go(Stage::Settling))]
}
