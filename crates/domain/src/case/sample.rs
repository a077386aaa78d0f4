//! Bodies that the rules should accept, for tests over every action (D2).

use super::command::CommandKind;
use super::decide::remedy::RAISED;
use super::evaluate::{
    Facts, awaits_answer, before_offer, before_reply, extendable, may_ask_remedy, may_become, may_cancel,
    may_mark, pausable, still_matters,
};
use super::evaluate::{
    is_handed, kept_from_work, may_accept, may_ask, may_complete, may_decide, may_hand_over, may_pass,
    may_return, may_withdraw, may_write, needs_approval, on_the_spot,
};
use super::judgement::{Liability, Validity};
use super::kind::{Flag, Kind};
use super::major::{MajorStanding, is_completed, may_judge};
use super::remedy::{Gives, Remedy, authority, may_give, may_propose};
use super::state::{Case, Promise};
use super::task::Task;
use super::words::*;
use crate::ids::PersonId;
use crate::money::Money;
use crate::pack::{FieldKind, RemedyDef};
use crate::people::Post;
use crate::special::{SpecialKind, SpecialMatter, sections};
use crate::time::Timestamp;
use serde_json::{Value, json};

/// Words that stand in every text of a sample, so that a leak is found.
pub const MARKER: &str = "机密字样";

const HOUR: i64 = 3_600_000_000;

/// Makes a body that the rules accept where the action is open.
///
/// `choice` picks among the bodies that fit; nothing when none does, as when
/// nobody is left to whom something could be given.
#[must_use]
#[expect(clippy::too_many_lines, reason = "one arm for each action, and none may be forgotten")]
pub fn sample_body(kind: CommandKind, case: &Case, facts: &Facts<'_>, choice: usize) -> Option<Value> {
    use CommandKind as K;
    let text = MARKER;
    let soon = (facts.now.micros() / 1_000_000) * 1_000_000 + HOUR;
    let soon = Timestamp::from_micros(soon);
    let others = |fits: &dyn Fn(PersonId) -> bool| {
        let people: Vec<PersonId> =
            facts.people.iter().filter(|(id, named)| named.active && fits(**id)).map(|(id, _)| *id).collect();
        pick(&people, choice)
    };
    Some(match kind {
        K::Note | K::RecordFinding | K::RecordOpinion | K::RecordGroupSolution | K::Summarise => {
            json!({ "text": text })
        }
        K::Move(_) | K::DeclineHandOver | K::RejectTransfer | K::ReturnTransfer | K::Reopen => {
            json!({ "reason": text })
        }
        K::AcceptHandOver | K::AcceptTransfer => json!({}),
        K::Contact => json!({ "text": text, "direction": "inbound", "channel": "letter" }),
        K::SetFields => {
            let of = |field: &&crate::pack::FieldDef| field.of.contains(&case.kind);
            let fields: Vec<_> = facts.pack.fields.iter().filter(of).collect();
            let field = pick(&fields, choice)?;
            json!({ "fields": { &field.name: value(&field.kind, facts) } })
        }
        K::StateDemand => json!({ "amount": yuan("12000.00") }),
        K::Classify => {
            let category = pick(&facts.pack.categories, choice)?;
            json!({ "category": category.code, "final_category": category.code })
        }
        K::Mark => {
            let left: Vec<Flag> =
                Flag::ALL.iter().copied().filter(|flag| may_mark(*flag, case, facts)).collect();
            json!({ "flag": pick(&left, choice)?, "text": text })
        }
        K::Unmark => {
            let set: Vec<Flag> =
                case.flags.keys().copied().filter(|flag| still_matters(*flag, case)).collect();
            json!({ "flag": pick(&set, choice)?, "text": text })
        }
        K::HandOver => json!({ "to": others(&|id| id != case.owner)?, "reason": text }),
        K::Transfer => json!({ "to": others(&|id| may_work(id, case, facts))?, "note": text }),
        K::Promise => {
            let kinds = [PromiseKind::Feedback, PromiseKind::Measure, PromiseKind::CallBack];
            json!({ "kind": pick(&kinds, choice)?, "text": text, "due": soon })
        }
        K::KeepPromise | K::WithdrawPromise => {
            let open: Vec<u32> = case.promises.iter().filter(|p| Promise::is_open(p)).map(|p| p.id).collect();
            json!({ "promise": pick(&open, choice)?, "note": text })
        }
        K::ConfirmSlot => {
            let to = Timestamp::from_micros(soon.micros() + HOUR);
            json!({ "person": others(&|_| true)?, "from": soon, "to": to })
        }
        K::Reply => {
            let fits = |kind: &ReplyKind| before_reply(*kind, case, facts).is_empty();
            let open: Vec<ReplyKind> = ReplyKind::ALL.iter().copied().filter(fits).collect();
            let kind = pick(&open, choice)?;
            json!({ "kind": kind, "carrier": "letter", "text": text, "proof": text, "next": soon })
        }
        K::StateBasis => json!({ "kind": "contract", "responsibility": "ours", "text": text }),
        K::RankExpectations => {
            json!({ "items": [
                { "rank": 1, "answer": "can_meet", "text": text },
                { "rank": 2, "answer": "cannot_meet", "text": text },
            ] })
        }
        K::OfferOption => {
            let money = Money::parse("600.00").ok().filter(|_| !choice.is_multiple_of(2));
            let amount = money.filter(|_| before_offer(money, case, facts).is_empty());
            json!({ "text": text, "amount": amount })
        }
        K::AnswerOption => {
            let option = pick(&case.round.options, choice / 2)?;
            let beyond = needs_approval(&option, case, facts);
            let answer = match (choice % 4, beyond) {
                (3, _) => OptionAnswer::Declined,
                (_, true) => OptionAnswer::Provisional,
                (_, false) => OptionAnswer::Accepted,
            };
            json!({ "option": option.id, "answer": answer, "text": text })
        }
        K::RequestApproval => {
            let fits: Vec<ApprovalOf> =
                ApprovalOf::ALL.iter().copied().filter(|of| may_ask(*of, case, facts)).collect();
            let of = pick(&fits, choice)?;
            let mut body = json!({ "of": of, "text": text });
            if of == ApprovalOf::Plan && choice.is_multiple_of(3) {
                body["amount"] = yuan("6000.00");
            }
            let wanted = |remedy: &&Remedy| may_ask_remedy(remedy, case, facts);
            if let (ApprovalOf::Remedy, Some(remedy)) = (of, case.remedies.iter().find(wanted)) {
                body["remedy"] = json!(remedy.id);
                body["amount"] = json!(remedy.amount);
            }
            if let (ApprovalOf::AcceptedOption, Some(option)) = (of, case.agreed_option()) {
                body["option"] = json!(option.id);
                body["amount"] = json!(option.amount);
            }
            body
        }
        K::DecideApproval => {
            let mine: Vec<u32> = case
                .round
                .approvals
                .iter()
                .filter(|approval| may_decide(approval, case, facts))
                .map(|approval| approval.id)
                .collect();
            let decision = if choice.is_multiple_of(4) { Decision::Returned } else { Decision::Granted };
            json!({ "approval": pick(&mine, choice)?, "decision": decision, "comment": text })
        }
        K::WithdrawApproval => {
            let mine = case.round.approvals.iter().filter(|approval| may_withdraw(approval, facts));
            json!({ "approval": pick(&mine.map(|one| one.id).collect::<Vec<_>>(), choice)?, "reason": text })
        }
        K::DrawUpAgreement => {
            let mut item = json!({ "what": text, "due": soon });
            if !choice.is_multiple_of(2) {
                item["department"] = json!(id(501));
            }
            if let Some(amount) = case.accepted_option().and_then(|option| option.amount) {
                item["amount"] = json!(amount);
                let fits = |def: &&RemedyDef| def.gives != Gives::Act && may_propose(def, case);
                let fits: Vec<_> = facts.pack.remedies_of(case.kind).filter(fits).collect();
                if let Some(def) = pick(&fits, choice) {
                    item["remedy"] = json!(def.name);
                }
            }
            json!({ "items": [item], "terms": text })
        }
        K::SignAgreement => {
            let agreement = case.round.agreements.last()?;
            let file = case.attached.iter().next()?;
            json!({ "agreement": agreement.id, "attachment": file })
        }
        K::AcceptTask => {
            let mine = case.tasks.iter().filter(|task| may_accept(task, facts)).map(|task| task.id);
            json!({ "task": pick(&mine.collect::<Vec<_>>(), choice)? })
        }
        K::ReturnTask => {
            let mine = case.tasks.iter().filter(|task| may_return(task, facts)).map(|task| task.id);
            json!({ "task": pick(&mine.collect::<Vec<_>>(), choice)?, "reason": text })
        }
        K::PassTask => {
            let open = case.tasks.iter().filter(|task| may_pass(task)).map(|task| task.id);
            json!({ "task": pick(&open.collect::<Vec<_>>(), choice)?, "department": id(502 + choice) })
        }
        K::AgreeCorrective => {
            let later = Timestamp::from_micros(soon.micros() + 42 * 24 * HOUR);
            json!({ "text": text, "person": others(&|_| true)?, "due": soon, "check_at": later })
        }
        K::AddTask => json!({ "title": text, "post": "department", "blocking": choice.is_multiple_of(2) }),
        K::CompleteTask => {
            let ends = |task: &&Task| may_complete(task, case, facts) && !case.still_due(task);
            let mine = case.tasks.iter().filter(ends).map(|task| task.id);
            json!({ "task": pick(&mine.collect::<Vec<_>>(), choice)?, "result": text })
        }
        K::ReportTask => {
            let mine = case.tasks.iter().filter(|task| may_complete(task, case, facts)).map(|task| task.id);
            json!({ "task": pick(&mine.collect::<Vec<_>>(), choice)?, "what": "difficulty", "text": text })
        }
        K::CancelTask => {
            let open = case.tasks.iter().filter(|task| may_cancel(task, facts)).map(|task| task.id);
            json!({ "task": pick(&open.collect::<Vec<_>>(), choice)?, "result": text })
        }
        K::FileForm => {
            let forms: Vec<_> = facts.pack.forms.iter().filter(|form| form.of.contains(&case.kind)).collect();
            let form = pick(&forms, choice)?;
            let filled =
                form.fields.iter().map(|(field, _)| (field.name.clone(), json!(value(&field.kind, facts))));
            json!({ "form": form.name, "fields": filled.collect::<serde_json::Map<_, _>>() })
        }
        K::WaiveForm => {
            let left = facts.pack.forms.iter().filter(|form| {
                form.waivable && form.of.contains(&case.kind) && !case.forms.contains_key(&form.name)
            });
            json!({ "form": left.map(|form| &form.name).next()?, "reason": text })
        }
        K::Verify => json!({ "in_order": !choice.is_multiple_of(4), "note": text }),
        K::Visit => {
            let result = match choice % 8 {
                0 => VisitResult::NotReached,
                1 => VisitResult::Refused,
                2 | 3 => VisitResult::Dissatisfied,
                _ => VisitResult::Satisfied,
            };
            json!({ "result": result, "form": "phone", "acceptance": text, "measures": text, "result_opinion": text })
        }
        K::Exempt => {
            let lead = [Post::Lead, Post::Group].iter().any(|post| facts.actor.posts.contains(post));
            let reason = if !lead && on_the_spot(case) {
                ExemptionReason::OnTheSpot
            } else if choice.is_multiple_of(2) {
                ExemptionReason::Sensitive
            } else {
                ExemptionReason::BeyondAbility
            };
            json!({ "reason": reason, "text": text })
        }
        K::Escalate => json!({ "to": pick(EscalationLevel::ALL, choice)?, "reason": text }),
        K::Extend => {
            let clock = case.clocks.iter().find(|clock| extendable(clock, facts.now))?;
            let until = Timestamp::from_micros(clock.due_at.micros() + HOUR);
            json!({ "clock": clock.id, "until": until, "reason": text })
        }
        K::PauseClock => {
            let clock = case.clocks.iter().find(|clock| pausable(clock, facts.now))?;
            json!({ "clock": clock.id, "reason": text })
        }
        K::ResumeClock => {
            let clock = case.clocks.iter().find(|clock| clock.is_open() && clock.is_paused())?;
            json!({ "clock": clock.id, "reason": text })
        }
        K::Urge | K::Supervise => json!({ "text": text, "due": soon }),
        K::AnswerReminder => {
            let open: Vec<u32> =
                case.clocks.iter().filter(|clock| awaits_answer(clock)).map(|clock| clock.id).collect();
            json!({ "clock": pick(&open, choice)?, "text": text })
        }
        K::CorrectKind => {
            let fits: Vec<Kind> =
                Kind::ALL.iter().copied().filter(|kind| may_become(*kind, case, facts)).collect();
            json!({ "kind": pick(&fits, choice)?, "reason": text })
        }
        K::CorrectUnit => {
            let other = [901, 902].map(|first| id(choice + first));
            let unit = other.into_iter().find(|unit| *unit != case.unit.to_string())?;
            json!({ "unit": unit, "reason": text })
        }
        K::CorrectParty => {
            json!({ "to": id(choice + 801 + case.parties.len()), "role": "complainant", "reason": text })
        }
        K::Link => {
            let relation = pick(Relation::ALL, choice)?;
            json!({ "relation": relation, "other": id(701 + case.relations.len()), "text": text })
        }
        K::RecordCustomerWord => json!({ "meaning": pick(WordMeaning::ALL, choice)?, "text": text }),
        K::DecideValidity => json!({ "validity": pick(Validity::ALL, choice)?, "reason": text }),
        K::GradeLiability => json!({ "grade": pick(Liability::ALL, choice)?, "reason": text }),
        K::NameResponsible => json!({ "person": others(&|_| true)?, "reason": text }),
        K::HandOverForm => {
            let me = facts.actor.person;
            let forms = case.forms.iter().filter(|(_, form)| may_hand_over(form, me));
            let forms: Vec<&String> = forms.map(|(name, _)| name).collect();
            json!({ "form": pick(&forms, choice)?, "to": others(&|id| Some(id) != me)? })
        }
        K::TakeForm => {
            let me = facts.actor.person;
            let forms = case.forms.iter().filter(|(_, form)| is_handed(form, me));
            json!({ "form": forms.map(|(name, _)| name).next()? })
        }
        K::NoteEmotion => {
            let emotion = pick(&facts.pack.emotions, choice)?;
            json!({ "emotion": emotion.name, "sign": text })
        }
        K::JudgeMajor => {
            let fits = MajorStanding::ALL.iter().copied().filter(|one| may_judge(*one, case, facts));
            json!({ "standing": pick(&fits.collect::<Vec<_>>(), choice)?, "reason": text })
        }
        K::FileReport => {
            let done = is_completed(case) && choice.is_multiple_of(2);
            let kind = if done { SpecialKind::Closing } else { SpecialKind::First };
            let said =
                sections(SpecialMatter::Major, kind).iter().map(|s| (s.as_str().to_owned(), json!(text)));
            json!({ "kind": kind, "sections": said.collect::<serde_json::Map<_, _>>() })
        }
        K::DecideInclusion => {
            let counted = case.inclusion.as_ref().is_none_or(|known| !known.counted);
            json!({ "counted": counted, "reason": text })
        }
        K::PlanHomeVisit => json!({ "plan": text, "at": soon, "person": others(&|_| true)? }),
        K::SendConfirmation => {
            let agreement = case.round.agreements.last()?;
            json!({ "agreement": agreement.id, "link": id(choice + 651), "until": soon })
        }
        K::ConfirmAgreement => {
            let agreement = case.round.agreements.last()?;
            let link = agreement.sent?.link;
            json!({ "name": text, "agreement": agreement.id, "link": link, "digest": agreement.digest() })
        }
        K::OpenThread if choice.is_multiple_of(2) => json!({ "subject": text, "with": "dealer" }),
        K::OpenThread => json!({ "subject": text, "with": "salesperson", "person": others(&|_| true)? }),
        K::WriteMessage => {
            let mine = case.threads.iter().filter(|one| may_write(one, case, facts)).map(|one| one.id);
            let thread = pick(&mine.collect::<Vec<_>>(), choice)?;
            json!({ "text": text, "thread": thread, "direction": "inbound", "channel": "phone" })
        }
        K::ProposeRemedy => {
            let fits = facts.pack.remedies_of(case.kind).filter(|def| may_propose(def, case));
            let def = pick(&fits.collect::<Vec<_>>(), choice)?;
            let mut body = json!({ "remedy": def.name, "what": text, "reason": text });
            if def.gives == Gives::Money {
                body["amount"] = yuan(if choice.is_multiple_of(3) { "6000.00" } else { "300.00" });
            }
            body
        }
        K::GiveRemedy => {
            let ready = case.remedies.iter().filter(|remedy| may_give(remedy, case, facts).is_ok());
            let remedy = pick(&ready.collect::<Vec<_>>(), choice)?;
            let mut body = json!({ "remedy": remedy.id, "note": text });
            if remedy.gives == Gives::Money {
                // a plan may cover no more than a part of it
                let whole = authority(remedy, remedy.rest()?.fen(), case, facts).is_ok();
                if !whole || choice.is_multiple_of(2) {
                    body["amount"] = yuan("0.01");
                }
                body["proof"] = json!(case.attached.iter().next());
            }
            body
        }
        K::DropRemedy => {
            let open = case.remedies.iter().filter(|remedy| remedy.is_open()).map(|remedy| remedy.id);
            json!({ "remedy": pick(&open.collect::<Vec<_>>(), choice)?, "reason": text })
        }
        K::ChangeSetting if choice.is_multiple_of(2) => {
            json!({ "reason": text, "place": text, "at": soon })
        }
        K::ChangeSetting => json!({ "reason": text, "person": others(&|id| id != case.talks())? }),
        K::RaiseLevel => {
            json!({ "reason": text, "post": pick(&RAISED, choice)?, "way": "visit", "due": soon })
        }
        K::Attach => json!({
            "name": text, "attachment": id(choice + 601), "bytes": 12, "media_type": "image/png",
            "digest": "d0c5",
        }),
    })
}

/// Tells whether the work could be given to this person.
fn may_work(person: PersonId, case: &Case, facts: &Facts<'_>) -> bool {
    let speaks = facts.people.get(&person).is_some_and(|named| named.posts.contains(&Post::Spokesperson));
    case.handler != Some(person)
        && kept_from_work(person, case, facts).is_none()
        && (case.kind != Kind::Media || speaks)
}

fn pick<T: Clone>(list: &[T], choice: usize) -> Option<T> {
    list.get(choice.checked_rem(list.len())?).cloned()
}

fn yuan(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "CNY" })
}

fn id(number: usize) -> String {
    format!("01890000-0000-7000-8000-{number:012}")
}

/// Writes a value that a field of this kind takes.
fn value(kind: &FieldKind, facts: &Facts<'_>) -> String {
    match kind {
        FieldKind::Text => MARKER.to_owned(),
        FieldKind::Integer => "3".to_owned(),
        FieldKind::Money => "12.50".to_owned(),
        FieldKind::Date => "2026-03-02".to_owned(),
        FieldKind::Time => facts.now.to_string(),
        FieldKind::Flag => "true".to_owned(),
        FieldKind::Choice(choices) => choices.first().cloned().unwrap_or_default(),
    }
}
