//! Bodies of agreements and of the tasks that follow from them.

use super::super::agreement::{AgreementDrawnUp, AgreementSigned};
use super::super::evaluate::Facts;
use super::super::state::{Case, Task};
use super::body::in_future;
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
            if let Some(due) = item.due {
                in_future(&format!("items[{index}].due"), due, facts)?;
            }
        }
        let total: i64 = body.items.iter().filter_map(|item| item.amount).map(Money::fen).sum();
        let agreed = self.accepted_option().and_then(|option| option.amount).map_or(0, Money::fen);
        if total == agreed { Ok(()) } else { Err(Refused::field("items", "differs_from_option")) }
    }

    pub(super) fn check_signature(&self, body: &AgreementSigned) -> Result<(), Refused> {
        let last = self.round.agreements.last();
        let mut wrong = Vec::new();
        match last.filter(|agreement| agreement.id == body.agreement) {
            None => wrong.push(FieldReason::new("agreement", "unknown_agreement")),
            Some(agreement) if agreement.signed.is_some() => {
                wrong.push(FieldReason::new("agreement", "signed_already"));
            }
            Some(_) => {}
        }
        if !self.attached.contains(&body.attachment) {
            wrong.push(FieldReason::new("attachment", "unknown_attachment"));
        }
        if wrong.is_empty() { Ok(()) } else { Err(Refused::Body(wrong)) }
    }

    pub(super) fn check_of_task(&self, id: u32, fits: impl Fn(&Task) -> bool) -> Result<(), Refused> {
        let found = self.tasks.iter().any(|task| task.id == id && fits(task));
        if found { Ok(()) } else { Err(Refused::field("task", "no_task_of_yours")) }
    }
}
