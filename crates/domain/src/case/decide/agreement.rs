//! Bodies of agreements and of the tasks that follow from them.

use super::super::agreement::{
    AgreementConfirmed, AgreementDrawnUp, AgreementSigned, ConfirmationSent, PromisedItem, stands,
};
use super::super::evaluate::{Facts, Reason, may_write};
use super::super::remedy::{Gives, may_propose};
use super::super::state::Case;
use super::super::task::Task;
use super::super::thread::{MessageWritten, ThreadOpened, ThreadWith};
use super::body::{in_future, named_person};
use super::{FieldReason, Refused};
use crate::money::Money;

/// The most things that one agreement promises.
const MOST_ITEMS: usize = 50;

impl Case {
    /// ASC-9, 10: the items are the accepted option, taken apart.
    pub(super) fn check_agreement(&self, body: &AgreementDrawnUp, facts: &Facts<'_>) -> Result<(), Refused> {
        if body.items.is_empty() || body.items.len() > MOST_ITEMS {
            return Err(Refused::field("items", "between_1_and_50"));
        }
        for (index, item) in body.items.iter().enumerate() {
            self.check_item(index, item, facts)?;
            if let Some(due) = item.due {
                in_future(&format!("items[{index}].due"), due, facts)?;
            }
        }
        let total: i64 = body.items.iter().filter_map(|item| item.amount).map(Money::fen).sum();
        let agreed = self.accepted_option().and_then(|option| option.amount).map_or(0, Money::fen);
        if total == agreed { Ok(()) } else { Err(Refused::field("items", "differs_from_option")) }
    }

    /// ASC-22, PROP-40: what has a value is of the list, and on the same conditions
    /// as when it is proposed: it goes into the ledger when the customer signs.
    fn check_item(&self, index: usize, item: &PromisedItem, facts: &Facts<'_>) -> Result<(), Refused> {
        let wrong =
            |field: &str, code: &'static str| Err(Refused::field(&format!("items[{index}].{field}"), code));
        let mut listed = facts.pack.remedies_of(self.kind);
        let valued = item.amount.is_some_and(|amount| amount.fen() > 0);
        let Some(name) = &item.remedy else {
            let ledger = listed.any(|def| def.gives != Gives::Act);
            return if valued && ledger { wrong("remedy", "required") } else { Ok(()) };
        };
        match listed.find(|def| def.name == *name) {
            None => wrong("remedy", "unknown_remedy"),
            Some(def) if def.gives == Gives::Act && valued => wrong("amount", "no_amount_here"),
            Some(def) if def.gives == Gives::Money && !valued => wrong("amount", "required"),
            Some(def) if !may_propose(def, self) => Err(Refused::Closed(vec![Reason::new("basis_missing")])),
            Some(_) => Ok(()),
        }
    }

    pub(super) fn check_signature(&self, body: &AgreementSigned) -> Result<(), Refused> {
        let last = self.round.agreements.last();
        let mut wrong = Vec::new();
        match last.filter(|agreement| agreement.id == body.agreement) {
            None => wrong.push(FieldReason::new("agreement", "unknown_agreement")),
            Some(agreement) if agreement.is_signed() => {
                wrong.push(FieldReason::new("agreement", "agreement_signed_already"));
            }
            Some(agreement) if body.digest.as_ref().is_some_and(|digest| *digest != agreement.digest()) => {
                wrong.push(FieldReason::new("digest", "agreement_stale"));
            }
            Some(_) => {}
        }
        if !self.attached.contains(&body.attachment) {
            wrong.push(FieldReason::new("attachment", "unknown_attachment"));
        }
        if wrong.is_empty() { Ok(()) } else { Err(Refused::Body(wrong)) }
    }

    /// a link is made for the agreement as it is, and for a limited time.
    pub(super) fn check_sent(&self, body: &ConfirmationSent, facts: &Facts<'_>) -> Result<(), Refused> {
        let last = self.round.agreements.last().filter(|agreement| agreement.id == body.agreement);
        match last {
            None => Err(Refused::field("agreement", "unknown_agreement")),
            Some(agreement) if agreement.is_signed() => {
                Err(Refused::field("agreement", "agreement_signed_already"))
            }
            Some(_) => in_future("until", body.until, facts),
        }
    }

    /// what was confirmed is what is agreed, by the link that is good now.
    pub(super) fn check_confirmed(
        &self,
        body: &AgreementConfirmed,
        facts: &Facts<'_>,
    ) -> Result<(), Refused> {
        let shut = |code: &'static str| Err(Refused::Closed(vec![Reason::new(code)]));
        let last = self.round.agreements.last().filter(|agreement| agreement.id == body.agreement);
        let Some(agreement) = last else { return shut("agreement_stale") };
        if agreement.is_signed() {
            return shut("agreement_signed_already");
        }
        if agreement.digest() != body.digest || !stands(self) {
            return shut("agreement_stale");
        }
        match agreement.sent.filter(|sent| sent.link == body.link) {
            Some(sent) if facts.now < sent.until => Ok(()),
            _ => shut("code_expired"),
        }
    }

    /// DEPT-4: with a party of the case, or with one of our own in the field.
    pub(super) fn check_thread(&self, body: &ThreadOpened, facts: &Facts<'_>) -> Result<(), Refused> {
        if body.party.is_some_and(|party| !self.parties.iter().any(|known| known.party == party)) {
            return Err(Refused::field("party", "unknown_party"));
        }
        match (body.with, body.person) {
            (ThreadWith::Salesperson, None) => Err(Refused::field("person", "required")),
            (ThreadWith::Salesperson, Some(person)) => named_person("person", person, facts),
            (_, Some(_)) => Err(Refused::field("person", "not_of_this")),
            (_, None) => Ok(()),
        }
    }

    pub(super) fn check_message(&self, body: &MessageWritten, facts: &Facts<'_>) -> Result<(), Refused> {
        let found = self.thread(body.thread).filter(|one| may_write(one, self, facts));
        if found.is_none() {
            return Err(Refused::field("thread", "no_thread_of_yours"));
        }
        self.check_attached(&body.attachments)
    }

    pub(super) fn check_of_task(&self, id: u32, fits: impl Fn(&Task) -> bool) -> Result<(), Refused> {
        let found = self.tasks.iter().any(|task| task.id == id && fits(task));
        if found { Ok(()) } else { Err(Refused::field("task", "no_task_of_yours")) }
    }
}
