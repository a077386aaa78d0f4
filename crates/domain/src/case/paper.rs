//! What a form shows of the case: each value found in one place.

use super::judgement::Judged;
use super::kind::{Flag, PartyRole};
use super::remedy::Remedy;
use super::state::Case;
use super::words::PromiseKind;
use crate::ids::{PartyId, PersonId, UnitId};
use crate::money::Money;
use crate::pack::{CaseValue, FieldDef, FormDef, FormSource, Names, Pack};
use crate::text::Sealed;
use crate::time::Timestamp;

/// A value of the case before names are looked up and texts are opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Not known yet.
    Nothing,
    /// As it stands.
    Plain(String),
    /// A text that is kept sealed.
    Text(Sealed),
    /// A name of the wire, which each language has a word for.
    Word(&'static str),
    /// A title of the pack.
    Title(Names),
    /// An instant.
    At(Timestamp),
    /// A person of the house.
    Person(PersonId),
    /// A unit.
    Unit(UnitId),
    /// An amount.
    Money(Money),
    /// What is known of a customer.
    Party(PartyId, PartyPart),
}

/// A part of a customer's identity, each masked by its own rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartyPart {
    /// Name.
    Name,
    /// Telephone numbers.
    Telephone,
    /// Addresses.
    Address,
}

/// Gives what stands for a field of the pack.
///
/// That is the case's own value, else that of the newest form that was filed with a
/// place for it (ASC-6, ASC-9).
#[must_use]
pub fn field_text<'c>(name: &str, case: &'c Case, pack: &Pack) -> Option<&'c Sealed> {
    let of_field = |field: &&FieldDef| field.from == Some(FormSource::Field(name.to_owned()));
    let filed = |form: &FormDef| {
        let state = case.forms.get(&form.name).filter(|state| !state.waived)?;
        let values = form.fields.iter().map(|(field, _)| field).filter(of_field);
        let value = values.filter_map(|field| state.fields.get(&field.name)).next()?;
        Some((state.at, value))
    };
    let newest = || pack.forms.iter().filter_map(filed).max_by_key(|(at, _)| *at).map(|(_, value)| value);
    case.fields.get(name).or_else(newest)
}

/// Finds what a form's field shows of a case (appendix A).
#[must_use]
pub fn shown(value: CaseValue, case: &Case, pack: &Pack) -> Shown {
    identity(value, case, pack).or_else(|| handling(value, case)).unwrap_or(Shown::Nothing)
}

fn identity(value: CaseValue, case: &Case, pack: &Pack) -> Option<Shown> {
    let at = |at: Option<Timestamp>| at.map(Shown::At);
    let party = |part: PartyPart| {
        let found = case.parties.iter().find(|party| party.role == PartyRole::Complainant);
        found.map(|party| Shown::Party(party.party, part))
    };
    match value {
        CaseValue::Number => Some(Shown::Plain(case.number.clone())),
        CaseValue::ReceivedAt => Some(Shown::At(case.received_at)),
        CaseValue::AcceptedAt => at(case.accepted_at),
        CaseValue::ClosedAt => at(case.closed_at),
        CaseValue::Closure => case.closure.map(|closure| Shown::Word(closure.as_str())),
        CaseValue::Channel => Some(Shown::Word(case.channel.as_str())),
        CaseValue::Text => Some(Shown::Text(case.text.clone())),
        CaseValue::Title => case.title.clone().map(Shown::Text),
        CaseValue::Category => {
            pack.category(case.category_now()?).map(|category| Shown::Title(category.title.clone()))
        }
        CaseValue::Cause => pack.cause(case.cause.as_deref()?).map(|cause| Shown::Title(cause.title.clone())),
        CaseValue::Complainant => party(PartyPart::Name),
        CaseValue::Telephone => party(PartyPart::Telephone),
        CaseValue::Address => party(PartyPart::Address),
        CaseValue::Anonymous => Some(Shown::Word(if case.has(Flag::Anonymous) { "true" } else { "false" })),
        CaseValue::Receiver => case.receiver.map(Shown::Person),
        CaseValue::Owner => Some(Shown::Person(case.owner)),
        CaseValue::Handler => case.handler.map(Shown::Person),
        CaseValue::Department => case.department.map(Shown::Unit),
        CaseValue::Demand => case.demand.map(Shown::Money),
        CaseValue::Remedy => {
            let last = of_round(case).next_back()?;
            let listed = pack.remedies_of(case.kind).find(|def| def.name == last.kind)?;
            Some(Shown::Title(listed.title.clone()))
        }
        CaseValue::RemedyAmount => of_round(case).next_back()?.amount.map(Shown::Money),
        CaseValue::Paid => {
            let paid = case.paid_fen();
            crate::money::Money::from_fen(paid).ok().filter(|_| paid > 0).map(Shown::Money)
        }
        CaseValue::FeedbackAt
        | CaseValue::Validity
        | CaseValue::Liability
        | CaseValue::Responsible
        | CaseValue::Finding
        | CaseValue::Opinion
        | CaseValue::Option
        | CaseValue::Decision
        | CaseValue::Reply
        | CaseValue::Measures
        | CaseValue::Visitor
        | CaseValue::VisitedAt
        | CaseValue::VisitResult
        | CaseValue::VisitOpinion
        | CaseValue::Summary => None,
    }
}

/// Lists the remedies of this round that were not called off.
fn of_round(case: &Case) -> impl DoubleEndedIterator<Item = &Remedy> {
    let round = case.round.number;
    case.remedies.iter().filter(move |remedy| remedy.round == round && remedy.dropped_at.is_none())
}

fn handling(value: CaseValue, case: &Case) -> Option<Shown> {
    let round = &case.round;
    let judged = &round.judgement;
    let visit = round.visits.last();
    let text = |sealed: Option<&Sealed>| sealed.cloned().map(Shown::Text);
    match value {
        CaseValue::FeedbackAt => {
            let feedback = case.promises.iter().rev().find(|p| p.kind == PromiseKind::Feedback);
            feedback.map(|promise| Shown::At(promise.due))
        }
        CaseValue::Validity => judged.validity.as_ref().map(|j| Shown::Word(j.what.validity.as_str())),
        CaseValue::Liability => judged.liability.as_ref().map(|j| Shown::Word(j.what.grade.as_str())),
        CaseValue::Responsible => match judged.responsible.as_ref() {
            Some(Judged { what, .. }) => what.department.map(Shown::Unit).or(what.person.map(Shown::Person)),
            None => case.handler.map(Shown::Person),
        },
        CaseValue::Finding => text(round.finding.as_ref()),
        CaseValue::Opinion => text(round.opinion.as_ref()),
        CaseValue::Option => {
            let option = case.agreed_option().or(round.options.last());
            text(option.map(|option| &option.text))
        }
        CaseValue::Decision => {
            let decided = round.approvals.iter().rev().find_map(|approval| approval.decision);
            decided.map(|(decision, ..)| Shown::Word(decision.as_str()))
        }
        CaseValue::Reply => text(case.replies.last().and_then(|reply| reply.text.as_ref())),
        CaseValue::Measures => {
            let option = case.accepted_option().map(|option| &option.text);
            text(
                option.or(case
                    .promises
                    .iter()
                    .rev()
                    .find(|p| p.kind == PromiseKind::Measure)
                    .map(|p| &p.text)),
            )
        }
        CaseValue::Visitor => visit.and_then(|visit| visit.by).map(Shown::Person),
        CaseValue::VisitedAt => visit.map(|visit| Shown::At(visit.at)),
        CaseValue::VisitResult => visit.map(|visit| Shown::Word(visit.visit.result.as_str())),
        CaseValue::VisitOpinion => text(visit.and_then(|visit| visit.visit.result_opinion.as_ref())),
        CaseValue::Summary => text(judged.summary.as_ref().map(|judged| &judged.what.text)),
        _ => None,
    }
}
