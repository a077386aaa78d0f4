//! When a remedy may be proposed and given, and by whose word.

use super::super::evaluate::{Facts, Reason, reaches};
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
/// content or a smaller amount.
pub fn authority(remedy: &Remedy, fen: i64, case: &Case, facts: &Facts<'_>) -> Result<Option<u32>, Reason> {
    if !remedy.needs_approval() {
        return Ok(None);
    }
    let rounds = || case.rounds.iter().chain([&case.round]);
    for round in rounds().rev() {
        let last = |of: ApprovalOf, fits: &dyn Fn(&Approval) -> bool| {
            let stands = |one: &&Approval| one.of == of && one.withdrawn_at.is_none() && fits(one);
            let found = round.approvals.iter().rev().find(stands);
            found.filter(|one| one.is_granted(facts.now) && reaches(one, case, facts))
        };
        let own = last(ApprovalOf::Remedy, &|one| one.is_of_remedy(remedy));
        if let Some(own) = own {
            return Ok(Some(own.id));
        }
        let option = round.options.iter().find(|option| Some(option.id) == remedy.option);
        let of_option =
            option.and_then(|option| last(ApprovalOf::AcceptedOption, &|one| one.is_of_option(option)));
        let of_plan = last(ApprovalOf::Plan, &|_| true);
        for whole in [of_option, of_plan].into_iter().flatten() {
            let left = whole.amount.map_or(0, Money::fen) - case.paid_under(whole.id);
            if fen <= left {
                return Ok(Some(whole.id));
            }
        }
    }
    let was = |one: &Approval| {
        let about = one.remedy == Some(remedy.id) || (one.remedy.is_none() && one.amount.is_some());
        about && matches!(one.decision, Some((Decision::Granted, ..)))
    };
    let stale = rounds().flat_map(|round| &round.approvals).any(was);
    let code = if stale { "approval_stale" } else { "approval_missing" };
    let who = [By::Post(Post::Head), By::Post(Post::Manager)];
    Err(Reason::new(code).who(&who).params(&[("of", ApprovalOf::Remedy.as_str())]))
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
