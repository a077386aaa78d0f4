//! When a remedy may be proposed and given, and by whose word.

use super::super::agreement::PromisedItem;
use super::super::evaluate::{
    Facts, Reason, Sum, approval_waits, beyond, carries, deciders, reaches, sum_now, unapproved,
};
use super::super::judgement::Liability;
use super::super::state::{Approval, Case};
use super::super::words::{ApprovalOf, Decision, Responsibility};
use super::{Gives, Remedy};
use crate::money::Money;
use crate::pack::{By, GuideRule, Pack, RemedyDef};
use crate::people::Post;

/// Finds the approval by which so much of a remedy may be given now.
///
/// # Errors
/// `approval_missing`, or `approval_stale` where one was granted for another
/// content, a smaller amount, or before the sum of the party grew.
pub fn authority(remedy: &Remedy, fen: i64, case: &Case, facts: &Facts<'_>) -> Result<Option<u32>, Reason> {
    if !remedy.needs_approval() {
        return Ok(None);
    }
    let mut short = None;
    for round in case.rounds.iter().chain([&case.round]).rev() {
        let last = |of: ApprovalOf, fits: &dyn Fn(&Approval) -> bool| {
            let stands = |one: &&Approval| one.of == of && one.withdrawn_at.is_none() && fits(one);
            let found = round.approvals.iter().rev().find(stands);
            found.filter(|one| one.is_granted(facts.now) && reaches(one, case, facts))
        };
        let own = last(ApprovalOf::Remedy, &|one| one.is_of_remedy(remedy));
        let option = round.options.iter().find(|option| Some(option.id) == remedy.option);
        let of_option =
            option.and_then(|option| last(ApprovalOf::AcceptedOption, &|one| one.is_of_option(option)));
        let of_plan = last(ApprovalOf::Plan, &|_| true);
        for found in [own, of_option, of_plan].into_iter().flatten() {
            let whole = found.of != ApprovalOf::Remedy;
            let lacks = if whole && fen > found.amount.map_or(0, Money::fen) - case.paid_under(found.id) {
                Lacks::Amount
            } else if !carries(found, case, facts) {
                Lacks::Height
            } else {
                return Ok(Some(found.id));
            };
            short = short.or(Some((found, lacks)));
        }
    }
    Err(no_authority(remedy, (fen, short), case, facts))
}

/// What an approval lacks to pay by it.
#[derive(Clone, Copy)]
enum Lacks {
    /// Less was granted than is paid by it.
    Amount,
    /// The sum of the party has grown beyond who signed it.
    Height,
}

/// Says why nothing can be paid: what was granted, and whose word is missing.
fn no_authority(
    remedy: &Remedy,
    (fen, short): (i64, Option<(&Approval, Lacks)>),
    case: &Case,
    facts: &Facts<'_>,
) -> Reason {
    let of = ApprovalOf::Remedy;
    let asked = case.round.approvals.iter().rev().find(|one| one.is_of_remedy(remedy));
    if let Some(waits) = asked.filter(|one| one.is_open(facts.now)) {
        return unapproved("approval_missing", of, &approval_waits(waits, case, facts.house).1);
    }
    let was = |one: &Approval| {
        let about = one.remedy == Some(remedy.id) || (one.remedy.is_none() && one.amount.is_some());
        about && matches!(one.decision, Some((Decision::Granted, ..)))
    };
    let mut approvals = case.rounds.iter().chain([&case.round]).flat_map(|round| &round.approvals);
    let code = if approvals.any(was) { "approval_stale" } else { "approval_missing" };
    let mut missing = deciders(Sum { of, remedy: Some(remedy.id), amount: remedy.amount }, case, facts);
    let money = |fen: i64| Money::from_fen(fen).ok();
    match short {
        Some((found, Lacks::Height)) => {
            let signed: Vec<Post> = found.ladder().into_iter().flat_map(|step| step.posts).collect();
            if missing.iter().any(|post| !signed.contains(post)) {
                missing.retain(|post| !signed.contains(post));
            }
            let sums = (found.sum_fen.and_then(money), money(sum_now(found, case, facts)));
            beyond(unapproved("approval_stale", of, &missing), sums.0, sums.1)
                .params(&[("changed", "sum_grown")])
        }
        Some((found, Lacks::Amount)) if code == "approval_stale" => {
            let all = case.paid_under(found.id).saturating_add(fen);
            beyond(unapproved(code, of, &missing), found.amount, money(all))
        }
        _ => unapproved(code, of, &missing),
    }
}

/// Tells whether some body that gives a remedy is accepted now, else why not.
pub(in super::super) fn may_give(remedy: &Remedy, case: &Case, facts: &Facts<'_>) -> Result<(), Reason> {
    if !remedy.is_open() {
        return Err(Reason::new("no_open_remedy"));
    }
    let least = if remedy.gives == Gives::Money { 1 } else { whole_fen(remedy) };
    authority(remedy, least, case, facts)?;
    if remedy.gives == Gives::Money && case.attached.is_empty() {
        return Err(Reason::new("proof_missing"));
    }
    Ok(())
}

/// Gives the value of a remedy in fen; nothing counts as nothing.
fn whole_fen(remedy: &Remedy) -> i64 {
    remedy.amount.map_or(0, Money::fen)
}

/// Tells why no remedy can be given now; nothing where one can.
pub(in super::super) fn give_reasons(case: &Case, facts: &Facts<'_>) -> Vec<Reason> {
    let mut told: Option<Reason> = None;
    for remedy in case.remedies.iter().filter(|remedy| remedy.is_open()) {
        match may_give(remedy, case, facts) {
            Ok(()) => return Vec::new(),
            Err(reason) => drop(told.get_or_insert(reason)),
        }
    }
    vec![told.unwrap_or_else(|| Reason::new("no_open_remedy"))]
}

/// PROP-40: money follows the responsibility borne, so the basis comes first.
pub(in super::super) fn may_propose(def: &RemedyDef, case: &Case) -> bool {
    def.gives != Gives::Money || case.round.basis.is_some() || case.round.judgement.liability.is_some()
}

/// ASC-9, 22: gives the entry of the list by which an item of an agreement comes
/// into the ledger: what has a value and takes money or goods from the house.
pub(in super::super) fn promised<'a, T>(
    item: &PromisedItem<T>,
    case: &Case,
    pack: &'a Pack,
) -> Option<&'a RemedyDef> {
    let name = item.remedy.as_ref().filter(|_| item.amount.is_some_and(|amount| amount.fen() > 0))?;
    pack.remedies_of(case.kind).find(|def| def.name == *name && def.gives != Gives::Act)
}

/// Tells whether money that is agreed can be put into the ledger, where the
/// pack has a list for it.
pub(in super::super) fn promise_reasons(case: &Case, facts: &Facts<'_>) -> Vec<Reason> {
    let money = case.accepted_option().and_then(|option| option.amount).map_or(0, Money::fen) > 0;
    let mut valued = facts.pack.remedies_of(case.kind).filter(|def| def.gives != Gives::Act).peekable();
    if !money || valued.peek().is_none() || valued.any(|def| may_propose(def, case)) {
        return Vec::new();
    }
    vec![Reason::new("basis_missing").who(&[By::Handler, By::Post(Post::Lead)])]
}

/// Tells why nothing can be proposed; nothing where something can.
pub(in super::super) fn propose_reasons(case: &Case, facts: &Facts<'_>) -> Vec<Reason> {
    let listed: Vec<&RemedyDef> = facts.pack.remedies_of(case.kind).collect();
    if listed.is_empty() {
        return vec![Reason::new("no_remedies")];
    }
    if listed.iter().any(|def| may_propose(def, case)) {
        return Vec::new();
    }
    vec![Reason::new("basis_missing").who(&[By::Handler, By::Post(Post::Lead)])]
}

/// Gives the liability grade of the present round: as judged, else as the
/// stated basis has it.
#[must_use]
pub fn grade(case: &Case) -> Option<Liability> {
    let judged = case.round.judgement.liability.as_ref().map(|judged| judged.what.grade);
    let stated = case.round.basis.and_then(|(_, responsibility)| match responsibility {
        Responsibility::Ours => Some(Liability::Ours),
        Responsibility::Shared => Some(Liability::Shared),
        Responsibility::NotOurs => Some(Liability::Customer),
        Responsibility::Unclear => None,
    });
    judged.or(stated)
}

/// gives the pack's guide for the liability grade of the case.
#[must_use]
pub fn guided<'a>(case: &Case, pack: &'a Pack) -> Option<&'a GuideRule> {
    let grade = grade(case)?;
    pack.guide.iter().find(|rule| rule.grade == grade)
}

/// CP8-12: what was proposed is given or called off.
pub(in super::super) fn all_given(case: &Case) -> bool {
    !case.remedies.iter().any(Remedy::is_open)
}

/// CP8-12: one of the list is chosen in this round.
pub(in super::super) fn chosen(case: &Case) -> bool {
    case.remedies.iter().any(|remedy| remedy.round == case.round.number && remedy.dropped_at.is_none())
}
