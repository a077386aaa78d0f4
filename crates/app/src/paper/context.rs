//! What the rules of papers look at, gathered for one actor.

use std::sync::Arc;

use huiyin_domain::case::CaseActor;
use huiyin_domain::ids::{CaseId, UnitId};
use huiyin_domain::paper::{LineFacts, Paper, PaperFacts, PaperKind};
use huiyin_domain::time::WorkingCalendar;
use huiyin_store::paper::{self as rows, PaperRow, line};
use huiyin_store::people::{membership, unit};
use huiyin_store::sql::Tx;
use uuid::Uuid;

use super::around::Around;
use crate::App;
use crate::case::Held;
use crate::ctx::{Ctx, Via};
use crate::error::Error;
use crate::policy::{self, CaseSight, PaperView};

/// What one decision about a paper looks at.
pub struct Context {
    held: Arc<Held>,
    actor: CaseActor,
    places: Vec<UnitId>,
    outside: bool,
    unworded: u64,
    line: Option<LineFacts>,
    taken: bool,
}

impl Context {
    /// Gathers what concerns an actor at a unit.
    ///
    /// # Errors
    /// What the store gives.
    pub fn at(tx: &mut Tx<'_>, ctx: &Ctx, app: &App, at: UnitId, view: &PaperView) -> Result<Self, Error> {
        let actor = match ctx.actor.via {
            Via::System | Via::CommandLine | Via::Customer(_) => CaseActor::default(),
            Via::Session(_) | Via::Token(_) => {
                let posts = view.posts().iter().copied().collect();
                CaseActor { person: Some(ctx.actor.person), posts, customer: false }
            }
        };
        let places = places(tx, ctx)?;
        let mut outside = true;
        for place in &places {
            // SUP-1: a place at the unit or below it is inside
            outside &= !unit::path(tx, ctx.org(), *place, ctx.now)?.contains(&at);
        }
        Ok(Self {
            held: app.rules.of(tx, ctx.org())?,
            actor,
            places,
            outside,
            unworded: 0,
            line: None,
            taken: false,
        })
    }

    /// Adds what concerns one paper and, where a step is about one, a case on it.
    ///
    /// # Errors
    /// What the store gives.
    pub fn about(
        mut self,
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        (kind, id): (PaperKind, Uuid),
        case: Option<CaseId>,
    ) -> Result<Self, Error> {
        if kind == PaperKind::Stocktake {
            self.unworded = line::totals(tx, ctx.org(), id)?.unworded;
            if let Some(case) = case {
                let found = line::get(tx, ctx.org(), id, case)?;
                self.line = found.map(|line| LineFacts { owner: line.owner });
            }
        }
        Ok(self)
    }

    /// Adds whether another paper has what this one wants for itself (PROP-43).
    ///
    /// # Errors
    /// What the store gives.
    pub fn beside<P: Around>(
        mut self,
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        (id, paper): (Uuid, &P),
    ) -> Result<Self, Error> {
        self.taken = paper.taken(tx, ctx, id)?;
        Ok(self)
    }

    /// Gives it as the rules take it.
    #[must_use]
    pub fn facts<'a>(&'a self, ctx: &Ctx) -> PaperFacts<'a> {
        PaperFacts {
            actor: &self.actor,
            now: ctx.now,
            calendar: self.calendar(),
            places: &self.places,
            outside: self.outside,
            unworded: self.unworded,
            line: self.line,
            taken: self.taken,
        }
    }

    /// Gives the calendar of the house.
    #[must_use]
    pub fn calendar(&self) -> &WorkingCalendar {
        self.held.calendar()
    }
}

/// Lists the units in which the actor has a place now.
fn places(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<UnitId>, Error> {
    if !ctx.actor.identified() {
        return Ok(Vec::new());
    }
    let rows = membership::of_person(tx, ctx.org(), ctx.actor.person)?;
    let held = rows.into_iter().map(|row| row.membership).filter(|place| place.valid.holds(ctx.now));
    Ok(held.map(|place| place.unit).collect())
}

/// Loads a paper that the actor may see.
///
/// # Errors
/// `not_found` when it is not there or not for this person to know.
pub(super) fn visible<P: Paper>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: Uuid,
) -> Result<(PaperRow, P, PaperView), Error> {
    let row = rows::get(tx, ctx.org(), P::KIND, id)?.ok_or_else(Error::not_found)?;
    let paper: P = serde_json::from_str(&row.body).map_err(Error::internal)?;
    let mut people = rows::people(tx, ctx.org(), row.id)?;
    people.extend(row.opened_by);
    let mut paths = vec![unit::path(tx, ctx.org(), row.unit, ctx.now)?];
    for other in paper.seen_from() {
        paths.push(unit::path(tx, ctx.org(), other, ctx.now)?);
    }
    let sight = CaseSight { paths, people, opened: false };
    let view = if P::SEEN_BY_ALL {
        policy::house_view(&ctx.actor, &sight)?
    } else {
        policy::paper_view(&ctx.actor, &sight, P::CONFIDENTIAL)?
    };
    Ok((row, paper, view))
}
