//! What leaves with a person: incidents and their open measures.

use huiyin_domain::ids::{OrgId, PersonId};
use huiyin_store::incident::read;
use huiyin_store::sql::Tx;

use super::commit::{Decided, commit};
use super::sight::sight_of;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::obligations::{HandOver, Obligations, OpenWork};
use crate::policy;

/// The incidents' part in what a person must hand over before leaving (PROP-14).
#[derive(Clone, Copy, Debug, Default)]
pub struct Leaving;

impl Obligations for Leaving {
    fn open(&self, tx: &mut Tx<'_>, org: OrgId, person: PersonId) -> Result<OpenWork, Error> {
        let incidents = read::owed_by(tx, org, person)?.len() as u64;
        Ok(OpenWork { incidents, ..OpenWork::default() })
    }

    fn hand_over(&self, tx: &mut Tx<'_>, ctx: &Ctx, step: HandOver) -> Result<OpenWork, Error> {
        let mut incidents = 0;
        for id in read::owed_by(tx, ctx.org(), step.from)? {
            let Some(loaded) = read::incident_to_change(tx, ctx.org(), id)? else { continue };
            if !loaded.incident.is_owed_by(step.from) {
                continue;
            }
            let permit = policy::case_handover(&ctx.actor, &sight_of(tx, ctx, &loaded.incident)?)?;
            let events = loaded.incident.taken_over(step.from, step.to);
            commit(tx, ctx, &permit, &Decided::of(ctx, loaded, events, Vec::new(), "take_over"))?;
            incidents += 1;
        }
        Ok(OpenWork { incidents, ..OpenWork::default() })
    }
}
