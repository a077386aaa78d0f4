//! Bodies of approvals, and of answers that are bound to one.

use super::super::body::*;
use super::super::command::CommandKind;
use super::super::evaluate::*;
use super::super::gate::Gate;
use super::super::state::{Approval, Case};
use super::super::words::*;
use super::Refused;
use crate::ids::AttachmentId;
use crate::money::Money;
use crate::pack::{BeforeRule, GateRule};
use std::collections::BTreeSet;

impl Case {
    pub(super) fn check_approval(&self, body: &ApprovalAsked, facts: &Facts<'_>) -> Result<(), Refused> {
        if !may_ask(body.of, self, facts) {
            return Err(Refused::field("of", "nothing_to_approve"));
        }
        if body.of == ApprovalOf::Remedy {
            self.check_asked_remedy(body, facts)?;
        } else if body.remedy.is_some() {
            return Err(Refused::field("remedy", "not_of_this"));
        } else if let Some(option) = body.option {
            let found = self.agreed_option().filter(|agreed| agreed.id == option);
            let Some(agreed) = found else { return Err(Refused::field("option", "option_not_accepted")) };
            if body.amount != agreed.amount {
                return Err(Refused::field("amount", "differs_from_option"));
            }
        } else if body.of == ApprovalOf::AcceptedOption {
            return Err(Refused::field("option", "option_not_accepted"));
        }
        let amount = amount_asked(body.of, body.amount, self);
        let agreed = if body.of == ApprovalOf::Plan { amount_of(body.of, self) } else { None };
        if agreed.map(Money::fen) > amount.map(Money::fen) {
            return Err(Refused::field("amount", "below_agreed"));
        }
        let sum = Sum { of: body.of, remedy: body.remedy, amount };
        if policy(body.of, sum_fen(sum, self, facts), self, facts).is_none() {
            return Err(Refused::field("amount", "nothing_to_approve"));
        }
        self.check_attached(&body.attachments)
    }

    /// Writes into a request for a plan the money that it stands for.
    pub(super) fn asked(&self, mut body: ApprovalAsked) -> ApprovalAsked {
        body.amount = amount_asked(body.of, body.amount, self);
        body
    }

    /// ASC-23: a remedy is decided as it was proposed, number, words and amount.
    fn check_asked_remedy(&self, body: &ApprovalAsked, facts: &Facts<'_>) -> Result<(), Refused> {
        let Some(id) = body.remedy else { return Err(Refused::field("remedy", "required")) };
        let found = self.remedies.iter().find(|remedy| remedy.id == id);
        let Some(remedy) = found else { return Err(Refused::field("remedy", "unknown_remedy")) };
        if body.amount != remedy.amount {
            return Err(Refused::field("amount", "differs_from_remedy"));
        }
        let open = may_ask_remedy(remedy, self, facts);
        if open { Ok(()) } else { Err(Refused::field("remedy", "nothing_to_approve")) }
    }

    /// Files that go with a content must be attached to the case, each once.
    pub(super) fn check_attached(&self, files: &[AttachmentId]) -> Result<(), Refused> {
        let mut seen = BTreeSet::new();
        match files.iter().find(|file| !self.attached.contains(file) || !seen.insert(**file)) {
            Some(_) => Err(Refused::field("attachments", "unknown_attachment")),
            None => Ok(()),
        }
    }

    pub(super) fn check_decision(&self, body: &ApprovalDecided, facts: &Facts<'_>) -> Result<(), Refused> {
        let found = self.round.approvals.iter().find(|approval| approval.id == body.approval);
        let Some(approval) = found else { return Err(Refused::field("approval", "unknown_approval")) };
        if self.seat(approval, body, facts).is_none() {
            return Err(Refused::field("approval", why_not(approval, self, facts)));
        }
        if body.decision != Decision::Granted && body.comment.is_none() {
            return Err(Refused::field("comment", "required"));
        }
        // Contracts §4: what was added since asking may need somebody higher.
        if body.decision == Decision::Granted && !routed_as_asked(approval, self, facts) {
            return Err(Refused::field("approval", "needs_higher_approval"));
        }
        Ok(())
    }

    /// Finds the seat that a decision takes.
    fn seat(
        &self,
        approval: &Approval,
        body: &ApprovalDecided,
        facts: &Facts<'_>,
    ) -> Option<crate::approval::Seat> {
        my_seats(approval, self, facts).into_iter().find(|seat| {
            body.step.is_none_or(|step| step == seat.step)
                && body.post.is_none_or(|post| post == seat.post)
                && body.stands_for.is_none_or(|person| seat.stands_for == Some(person))
        })
    }

    /// Writes into a decision which step was signed, as what and for whom.
    pub(super) fn signed(&self, mut body: ApprovalDecided, facts: &Facts<'_>) -> ApprovalDecided {
        let found = self.round.approvals.iter().find(|approval| approval.id == body.approval);
        if let Some(seat) = found.and_then(|approval| self.seat(approval, &body, facts)) {
            body.step = Some(seat.step);
            body.post = Some(seat.post);
            body.stands_for = seat.stands_for;
        }
        body
    }

    /// ASC-8, PROP-72: where the pack has an answer approved, it leaves the
    /// house only as it was approved, to the letter.
    pub(super) fn check_reply_approved(&self, body: &Reply, facts: &Facts<'_>) -> Result<(), Refused> {
        self.check_attached(&body.attachments)?;
        let Some(of) = self.reply_decided_as(body, facts) else { return Ok(()) };
        approved(of, self, facts).map_err(|reason| Refused::Closed(vec![reason]))?;
        let files: BTreeSet<AttachmentId> = body.attachments.iter().copied().collect();
        let same = |approval: &&Approval| {
            let to = match (&approval.addressee, &body.addressee) {
                (None, None) => true,
                (Some(sealed), Some(text)) => facts.house.is_text(sealed, text.as_str()),
                _ => false,
            };
            to && facts.house.is_text(&approval.content, body.text.as_str())
                && approval.attachments.iter().copied().collect::<BTreeSet<_>>() == files
        };
        let granted = self.round.approvals.iter().rev().find(|one| one.of == of && one.is_granted(facts.now));
        if granted.as_ref().is_some_and(same) {
            return Ok(());
        }
        let reason = Reason::new("approval_stale").params(&[("of", of.as_str())]);
        Err(Refused::Closed(vec![reason]))
    }
}

impl Case {
    /// Gives the content as which an answer is decided, if it must be: what the pack
    /// names before such an answer (MEDIA-1), else an answer like any other.
    fn reply_decided_as(&self, body: &Reply, facts: &Facts<'_>) -> Option<ApprovalOf> {
        let here = |rule: &&BeforeRule| {
            let kinds = rule.replies.is_empty() || rule.replies.contains(&body.kind);
            rule.action == CommandKind::Reply && rule.of.contains(&self.kind) && kinds
        };
        let named = facts.pack.before.iter().filter(here).flat_map(|rule| &rule.gates);
        let mut worded = named.filter_map(|gate| match gate {
            GateRule::One(Gate::Approved(of)) if of.is_wording() => Some(*of),
            _ => None,
        });
        let public = matches!(body.carrier, Carrier::PublicPage | Carrier::Post);
        let usual = if public { ApprovalOf::PublicReply } else { ApprovalOf::Reply };
        let asked = matches!(body.kind, ReplyKind::Measures | ReplyKind::Final)
            && policy(usual, 0, self, facts).is_some();
        worded.next_back().or(asked.then_some(usual))
    }
}

/// Says why an approval does not wait for the actor.
fn why_not(approval: &Approval, case: &Case, facts: &Facts<'_>) -> &'static str {
    let Some(me) = facts.actor.person else { return "no_approval_of_yours" };
    if approval.is_expired(facts.now) {
        "approval_expired"
    } else if approval.decision.is_some() || approval.withdrawn_at.is_some() {
        "decided_already"
    } else if barred(approval, case).contains(&me) {
        "own_request"
    } else if approval.signed.iter().any(|one| one.person == me || one.stands_for == Some(me)) {
        "signed_already"
    } else {
        "no_approval_of_yours"
    }
}
