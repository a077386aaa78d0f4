//! Which incidents a person may see: by their unit, or their own.

use huiyin_domain::ids::IncidentId;
use huiyin_domain::incident::Incident;
use huiyin_store::incident::read::{self, Loaded};
use huiyin_store::people::unit;
use huiyin_store::sql::Tx;

use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, CaseSight, CaseView};

/// Gathers what decides whether somebody may see an incident.
pub(super) fn sight_of(tx: &mut Tx<'_>, ctx: &Ctx, incident: &Incident) -> Result<CaseSight, Error> {
    let paths = vec![unit::path(tx, ctx.org(), incident.unit, ctx.now)?];
    Ok(CaseSight { paths, people: vec![incident.owner], opened: false })
}

/// Loads an incident that the actor may see.
///
/// # Errors
/// `not_found` when it is not there or not for this person to know.
pub fn visible(tx: &mut Tx<'_>, ctx: &Ctx, id: IncidentId) -> Result<(Loaded, CaseView), Error> {
    let loaded = read::incident(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    let sight = sight_of(tx, ctx, &loaded.incident)?;
    let view = policy::case_view(&ctx.actor, &sight)?;
    Ok((loaded, view))
}
