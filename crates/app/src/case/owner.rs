//! What leaves with a person: owned cases, tasks and promises.

use huiyin_domain::case::{Event, Ruled, WorkTakenOver};
use huiyin_domain::ids::{OrgId, PersonId};
use huiyin_store::case::read;
use huiyin_store::sql::Tx;

use super::commit::{Decided, commit, record};
use super::sight::sight_of;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::obligations::{HandOver, Obligations, OpenWork};
use crate::policy;

/// The cases' part in what a person must hand over before leaving (PROP-14).
#[derive(Clone, Copy, Debug, Default)]
pub struct Leaving;

impl Obligations for Leaving {
    fn open(&self, tx: &mut Tx<'_>, org: OrgId, person: PersonId) -> Result<OpenWork, Error> {
        let (cases, tasks, promises) = read::obligations(tx, org, person)?;
        Ok(OpenWork { cases, tasks, promises, ..OpenWork::default() })
    }

    fn hand_over(&self, tx: &mut Tx<'_>, ctx: &Ctx, step: HandOver) -> Result<OpenWork, Error> {
        let before = self.open(tx, ctx.org(), step.from)?;
        for id in read::involving(tx, ctx.org(), step.from)? {
            let Some(loaded) = read::case_to_change(tx, ctx.org(), id)? else { continue };
            let sight = sight_of(tx, ctx, &loaded.case)?;
            let permit = policy::case_handover(&ctx.actor, &sight)?;
            let event = Event::Ruled(Ruled::WorkTakenOver(WorkTakenOver { from: step.from, to: step.to }));
            let events = record(ctx, loaded.case.version, ctx.now, vec![event]);
            let mut after = loaded.case.clone();
            events.iter().for_each(|recorded| after.apply(recorded));
            let decided = Decided {
                before: Some(loaded),
                after,
                events,
                sealed: Vec::new(),
                action: "take_over",
                tell: true,
            };
            commit(tx, ctx, &permit, &decided)?;
        }
        Ok(before)
    }
}
