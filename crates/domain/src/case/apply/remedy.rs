//! Remedies and settings, folded into the state.

use super::super::event::TaskKind;
use super::super::remedy::*;
use super::super::state::Case;
use super::number;
use crate::clock::ClockKind;
use crate::ids::PersonId;
use crate::text::Sealed;
use crate::time::Timestamp;

impl Case {
    pub(super) fn remedy_proposed(
        &mut self,
        proposed: &RemedyProposed<Sealed>,
        at: Timestamp,
        by: Option<PersonId>,
    ) {
        self.remedies.push(Remedy {
            id: number(self.remedies.len()),
            kind: proposed.remedy.clone(),
            gives: proposed.gives.unwrap_or(Gives::Act),
            what: proposed.what.clone(),
            amount: proposed.amount,
            option: proposed.option,
            party: proposed.party.or_else(|| self.compensated()),
            budget: proposed.budget.clone(),
            invoice: proposed.invoice,
            round: self.round.number,
            at,
            by,
            given: Vec::new(),
            dropped_at: None,
        });
    }

    pub(super) fn remedy_given(&mut self, given: &RemedyGiven<Sealed>, at: Timestamp, by: Option<PersonId>) {
        if let Some(remedy) = self.remedies.iter_mut().find(|remedy| remedy.id == given.remedy) {
            let (amount, proof, approval) = (given.amount, given.proof, given.approval);
            remedy.given.push(Payment { amount, proof, approval, at, by });
        }
    }

    pub(super) fn remedy_dropped(&mut self, id: u32, at: Timestamp) {
        if let Some(remedy) = self.remedies.iter_mut().find(|remedy| remedy.id == id) {
            remedy.dropped_at = Some(at);
        }
    }

    pub(super) fn setting_changed(
        &mut self,
        changed: &SettingChanged<Sealed>,
        at: Timestamp,
        by: Option<PersonId>,
    ) {
        self.settings.push(SettingMade {
            person: changed.person,
            place: changed.place.clone(),
            time: changed.at,
            reason: changed.reason.clone(),
            at,
            by,
        });
    }

    pub(super) fn level_raised(&mut self, raised: &LevelRaised<Sealed>, at: Timestamp, by: Option<PersonId>) {
        let (post, person, way) = (raised.post, raised.person, raised.way);
        self.levels.push(LevelSeen { post, person, way, at, by });
    }

    /// PROP-95: the effect was looked at, or nobody needs to any more.
    pub(super) fn effect_ended(&mut self, task: u32, at: Timestamp, done: bool) {
        let found = self.tasks.iter().find(|one| one.id == task && one.kind == TaskKind::EffectCheck);
        let Some(due) = found.and_then(|task| task.due) else { return };
        let watches = |clock: &&crate::clock::Clock| {
            clock.kind == ClockKind::EffectCheck && clock.is_open() && clock.due_at == due
        };
        let Some(id) = self.clocks.iter().find(watches).map(|clock| clock.id) else { return };
        self.with_clock(id, |clock| if done { clock.meet(at) } else { clock.cancel(at) });
    }
}
