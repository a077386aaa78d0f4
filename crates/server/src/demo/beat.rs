//! The steps of a story, each made into a command when its time comes.

use super::scene::{Role, Scene};
use huiyin_app::Error;
use huiyin_domain::case::body::*;
use huiyin_domain::case::*;
use huiyin_domain::money::Money;
use huiyin_domain::people::Post;
use huiyin_domain::text::Text;

/// Makes the command of a step; nothing when the step is not needed.
pub type Make = fn(&mut Scene<'_>) -> Result<Option<Command>, Error>;

/// One step: who does it, how long after the one before, and what.
#[derive(Clone, Copy)]
pub struct Beat {
    /// Who.
    pub by: Role,
    /// Minutes after the step before, from and to.
    pub wait: (u32, u32),
    /// What.
    pub make: Make,
}

/// Writes a step.
pub const fn beat(by: Role, wait: (u32, u32), make: Make) -> Beat {
    Beat { by, wait, make }
}

type Made = Result<Option<Command>, Error>;

/// A move without a reason.
pub fn go(stage: Stage) -> Made {
    Ok(Some(Command::Move(Target::Stage(stage), Moved { reason: None })))
}

/// A closing without a reason.
pub fn close(kind: ClosureKind) -> Made {
    Ok(Some(Command::Move(Target::Closed(kind), Moved { reason: None })))
}

/// A closing with its reason.
pub fn close_because(kind: ClosureKind, reason: Text) -> Made {
    Ok(Some(Command::Move(Target::Closed(kind), Moved { reason: Some(reason) })))
}

/// A flag set, with what was seen.
pub fn mark(flag: Flag, text: Text) -> Made {
    Ok(Some(Command::Mark(Marked { text: Some(text), flag })))
}

/// An answer to the customer, spoken.
pub fn reply(kind: ReplyKind, text: Text) -> Made {
    let (proof, carrier, next) = (None, Carrier::Spoken, None);
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
}

/// The customer's answer to the last option.
pub fn answer(s: &mut Scene<'_>, answer: OptionAnswer, occasion: &str) -> Made {
    let Some(option) = s.case.round.options.last().map(|option| option.id) else { return Ok(None) };
    let text = Some(s.say(occasion)?);
    Ok(Some(Command::AnswerOption(OptionAnswered { text, option, answer })))
}

/// An option of the matter, or another one where the matter knows no more.
pub fn offer(s: &mut Scene<'_>, place: usize) -> Made {
    let text = match s.matter.option.get(place).cloned() {
        Some(sentence) => s.fill(&sentence)?,
        None => s.say("option_more")?,
    };
    let amount = s.matter.amount.filter(|_| place == 0).map(|yuan| Money::from_fen(yuan * 100)).transpose();
    let amount = amount.map_err(Error::internal)?;
    Ok(Some(Command::OfferOption(OptionOffered { text, amount, acknowledged_phrases: Vec::new() })))
}

/// A decision asked for.
pub fn ask(of: ApprovalOf, text: Text) -> Made {
    Ok(Some(Command::RequestApproval(ApprovalAsked {
        remedy: None,
        text,
        addressee: None,
        of,
        option: None,
        amount: None,
        attachments: Vec::new(),
    })))
}

/// The decision on what waits for one; nothing when nothing waits.
pub fn decide(s: &mut Scene<'_>, decision: Decision, occasion: &str) -> Made {
    let waiting = s.case.round.approvals.iter().rev().find(|approval| approval.decision.is_none());
    let Some(approval) = waiting.map(|approval| approval.id) else { return Ok(None) };
    let comment = Some(s.say(occasion)?);
    Ok(Some(Command::DecideApproval(ApprovalDecided {
        comment,
        approval,
        decision,
        step: None,
        post: None,
        stands_for: None,
    })))
}

/// The first open promise kept; nothing when none is open.
pub fn keep_promise(s: &mut Scene<'_>) -> Made {
    let open = s.case.promises.iter().find(|promise| promise.is_open());
    let Some(promise) = open.map(|promise| promise.id) else { return Ok(None) };
    let note = s.say("promise_kept")?;
    Ok(Some(Command::KeepPromise(PromiseEnded { note, promise })))
}

/// The handler's own first task done; nothing when none is open.
pub fn own_task(s: &mut Scene<'_>) -> Made {
    let handler = s.handler()?;
    let open = s.case.tasks.iter().find(|task| task.is_open() && task.person == Some(handler));
    let found = open.map(|task| task.id);
    finish(s, found)
}

/// The lead's first open task done; nothing when none is open.
pub fn leads_task(s: &mut Scene<'_>) -> Made {
    let open = s.case.tasks.iter().find(|task| task.is_open() && task.post == Some(Post::Lead));
    let found = open.map(|task| task.id);
    finish(s, found)
}

/// The group's task to visit done; nothing when none is open (PROP-57).
pub fn group_task(s: &mut Scene<'_>) -> Made {
    let open = s.case.tasks.iter().find(|task| task.is_open() && task.kind == TaskKind::GroupVisit);
    let found = open.map(|task| task.id);
    finish(s, found)
}

fn finish(s: &mut Scene<'_>, task: Option<u32>) -> Made {
    let Some(task) = task else { return Ok(None) };
    let result = s.say("task_done")?;
    Ok(Some(Command::CompleteTask(TaskEnded { result, task })))
}

/// A promise of a kind, so many hours ahead.
pub fn promise(s: &mut Scene<'_>, kind: PromiseKind, hours: u32, occasion: &str) -> Made {
    let (text, due) = (s.say(occasion)?, s.hours(hours));
    Ok(Some(Command::Promise(PromiseMade { text, kind, due, slot: None, acknowledged_phrases: Vec::new() })))
}

/// The prescribed record of handling; nothing when it was filed before.
pub fn handling_record(s: &mut Scene<'_>) -> Made {
    if s.case.forms.contains_key(HANDLING_RECORD) {
        return Ok(None);
    }
    let (complaint, measures) = (s.matter.title.clone(), s.matter.measures.clone());
    let responsible = s.actor(Role::Handler)?.name;
    let fields = [
        ("complaint", s.fill(&complaint)?),
        ("responsible", s.fill(&responsible)?),
        ("measures", s.fill(&measures)?),
        ("feedback", s.say("record")?),
    ];
    let fields = fields.into_iter().map(|(name, text)| (name.to_owned(), text)).collect();
    Ok(Some(Command::FileForm(FormFiled { form: HANDLING_RECORD.to_owned(), fields })))
}

/// A return visit by telephone.
pub fn visit(s: &mut Scene<'_>, result: VisitResult, opinion: &str) -> Made {
    let reached = matches!(result, VisitResult::Satisfied | VisitResult::Dissatisfied);
    let acceptance = if reached { Some(s.say("visit_acceptance")?) } else { None };
    let measures = if result == VisitResult::Satisfied { Some(s.say("visit_measures")?) } else { None };
    let result_opinion = Some(s.say(opinion)?);
    let form = VisitForm::Phone;
    Ok(Some(Command::Visit(Visited { acceptance, measures, result_opinion, result, form })))
}

/// No return visit, with the reason.
pub fn exempt(s: &mut Scene<'_>, reason: ExemptionReason, occasion: &str) -> Made {
    Ok(Some(Command::Exempt(Exempted { text: s.say(occasion)?, reason })))
}

/// A relation to the other case of the story; nothing without one.
pub fn link(s: &mut Scene<'_>, relation: Relation, occasion: &str) -> Made {
    let Some(other) = s.other else { return Ok(None) };
    Ok(Some(Command::Link(Linked { text: Some(s.say(occasion)?), relation, other })))
}
