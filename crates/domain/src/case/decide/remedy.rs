//! Bodies of remedies, of payments, and of changed settings.

use super::super::evaluate::*;
use super::super::remedy::*;
use super::super::state::Case;
use super::body::{in_future, named_person};
use super::{FieldReason, Refused};
use crate::ids::AttachmentId;
use crate::money::Money;

/// The longest code of a budget, in characters.
const LONGEST_BUDGET: usize = 40;
/// The most remedies of one case.
const MOST_REMEDIES: usize = 200;

impl Case {
    /// CP8-12, ASC-22, 23: from the list, with its proof, within the guide.
    pub(super) fn check_remedy(&self, body: &RemedyProposed, facts: &Facts<'_>) -> Result<(), Refused> {
        let listed = facts.pack.remedies_of(self.kind).find(|def| def.name == body.remedy);
        let Some(def) = listed else { return Err(Refused::field("remedy", "unknown_remedy")) };
        if !may_propose(def, self) {
            return Err(Refused::Closed(vec![Reason::new("basis_missing")]));
        }
        let mut wrong = Vec::new();
        let mut fault = |path: &str, code: &'static str| wrong.push(FieldReason::new(path, code));
        let fen = body.amount.map(Money::fen);
        match (def.gives, fen) {
            (Gives::Money, None) => fault("amount", "required"),
            (Gives::Act, Some(_)) => fault("amount", "no_amount_here"),
            (_, Some(0)) => fault("amount", "not_positive"),
            _ => {}
        }
        if def.gives != Gives::Act && body.invoice.is_none() && body.reason.is_none() {
            fault("invoice", "invoice_or_reason");
        }
        if body.invoice.is_some_and(|file| !self.attached.contains(&file)) {
            fault("invoice", "unknown_attachment");
        }
        let outside = guided(self, facts.pack).filter(|_| def.gives == Gives::Money).is_some_and(|guide| {
            fen.is_some_and(|fen| fen < guide.least_fen || guide.most_fen.is_some_and(|most| fen > most))
        });
        if outside && body.reason.is_none() {
            fault("reason", "beyond_guide");
        }
        if body.party.is_some_and(|party| !self.parties.iter().any(|known| known.party == party)) {
            fault("party", "unknown_party");
        }
        if body.option.is_some_and(|id| !self.round.options.iter().any(|option| option.id == id)) {
            fault("option", "unknown_option");
        }
        if body.budget.as_deref().is_some_and(|code| !is_budget(code)) {
            fault("budget", "wrong_value");
        }
        if self.remedies.len() >= MOST_REMEDIES {
            fault("remedy", "too_many");
        }
        if wrong.is_empty() { Ok(()) } else { Err(Refused::Body(wrong)) }
    }

    /// CP8-12, ASC-23: only within an approval bound to what is paid.
    pub(super) fn check_given(&self, body: &RemedyGiven, facts: &Facts<'_>) -> Result<(), Refused> {
        let open = self.remedies.iter().find(|remedy| remedy.id == body.remedy && remedy.is_open());
        let Some(remedy) = open else { return Err(Refused::field("remedy", "no_open_remedy")) };
        let fen = self.given_fen(remedy, body.amount)?;
        authority(remedy, fen, self, facts).map_err(|reason| Refused::Closed(vec![reason]))?;
        let known = |file: AttachmentId| self.attached.contains(&file);
        match body.proof {
            None if remedy.gives == Gives::Money => Err(Refused::field("proof", "required")),
            Some(file) if !known(file) => Err(Refused::field("proof", "unknown_attachment")),
            _ => Ok(()),
        }
    }

    /// Gives how much a payment is, in fen; money comes in parts, goods do not.
    fn given_fen(&self, remedy: &Remedy, asked: Option<Money>) -> Result<i64, Refused> {
        let rest = remedy.rest().map_or(0, Money::fen);
        match (remedy.gives, asked.map(Money::fen)) {
            (_, None) => Ok(rest),
            (Gives::Money, Some(0)) => Err(Refused::field("amount", "not_positive")),
            (Gives::Money, Some(fen)) if fen > rest => Err(Refused::field("amount", "beyond_rest")),
            (Gives::Money, Some(fen)) => Ok(fen),
            (Gives::Goods, Some(fen)) if fen == rest => Ok(fen),
            (Gives::Goods | Gives::Act, Some(_)) => Err(Refused::field("amount", "no_amount_here")),
        }
    }

    /// Writes into a payment what was paid, and by which approval.
    pub(super) fn paid(&self, mut body: RemedyGiven, facts: &Facts<'_>) -> RemedyGiven {
        if let Some(remedy) = self.remedies.iter().find(|remedy| remedy.id == body.remedy) {
            body.amount = body.amount.or_else(|| remedy.rest());
            let fen = body.amount.map_or(0, Money::fen);
            body.approval = authority(remedy, fen, self, facts).ok().flatten();
        }
        body
    }

    pub(super) fn check_dropped(&self, body: &RemedyDropped) -> Result<(), Refused> {
        let open = self.remedies.iter().any(|remedy| remedy.id == body.remedy && remedy.is_open());
        if open { Ok(()) } else { Err(Refused::field("remedy", "no_open_remedy")) }
    }

    /// CP8-16: at least one of the three really changes.
    pub(super) fn check_setting(&self, body: &SettingChanged, facts: &Facts<'_>) -> Result<(), Refused> {
        if body.person.is_none() && body.place.is_none() && body.at.is_none() {
            return Err(Refused::field("person", "person_place_or_time"));
        }
        if let Some(person) = body.person {
            if person == self.talks() {
                return Err(Refused::field("person", "unchanged"));
            }
            named_person("person", person, facts)?;
        }
        body.at.map_or(Ok(()), |at| in_future("at", at, facts))
    }

    /// ASC-24: who is called in stands higher than the desk.
    pub(super) fn check_level(&self, body: &LevelRaised, facts: &Facts<'_>) -> Result<(), Refused> {
        if !RAISED.contains(&body.post) {
            return Err(Refused::field("post", "not_higher"));
        }
        if let Some(person) = body.person {
            named_person("person", person, facts)?;
            let holds = facts.people.get(&person).is_some_and(|named| named.posts.contains(&body.post));
            if !holds {
                return Err(Refused::field("person", "post_not_held"));
            }
        }
        body.due.map_or(Ok(()), |due| in_future("due", due, facts))
    }
}

/// Posts to which the talks can be raised (ASC-24).
pub(in super::super) const RAISED: [crate::people::Post; 6] = {
    use crate::people::Post;
    [Post::Lead, Post::Head, Post::Manager, Post::DeputyGm, Post::Gm, Post::Group]
};

/// Tells whether a text is the code of a budget: letters, digits, `.`, `_`, `-`.
fn is_budget(code: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
    !code.is_empty() && code.chars().count() <= LONGEST_BUDGET && code.chars().all(fits)
}
