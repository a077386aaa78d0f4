//! Who looks at a case at this moment, and who writes (issue 5).
//!
//! Nothing of it is stored: every process remembers what it heard for as long as
//! a browser would have said it again. What one process hears it tells the others
//! in the way of hints, so that all of them know.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use huiyin_domain::ids::{CaseId, OrgId, PersonId};
use huiyin_domain::time::Timestamp;
use huiyin_store::case::read;
use huiyin_store::sql::Tx;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::App;
use crate::case::{sight_of, visible};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::hints::Hint;
use crate::policy;

/// How long somebody is there after the last word, in microseconds.
const STAYS: i64 = 45 * 1_000_000;

/// Cases of which somebody is remembered before the old ones are swept out.
const SWEEP_FROM: usize = 1_000;

/// Most people remembered at one case.
const MOST: usize = 50;

/// What somebody does at a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Doing {
    /// Has it open.
    Viewing,
    /// Writes something.
    Typing,
    /// Has left it.
    Gone,
}

/// Somebody at a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Present {
    /// Who.
    pub person: PersonId,
    /// What they do.
    pub doing: Doing,
    /// Until when it holds, unless it is said again.
    pub until: Timestamp,
}

type Places = HashMap<(OrgId, CaseId), Vec<Present>>;

/// Who is where, as this process heard it.
#[derive(Clone, Default)]
pub struct Presences(Arc<Mutex<Places>>);

impl Presences {
    /// Takes note of somebody; gives whether others see a difference.
    pub(crate) fn note(&self, place: (OrgId, CaseId), new: Present, now: Timestamp) -> bool {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if places.len() >= SWEEP_FROM {
            places.retain(|_, there| there.iter().any(|one| one.until > now));
        }
        let there = places.entry(place).or_default();
        there.retain(|one| one.until > now);
        let before = there.iter().position(|one| one.person == new.person);
        let was = before.map(|at| there.swap_remove(at).doing);
        let stays = new.doing != Doing::Gone && there.len() < MOST;
        if stays {
            there.push(new);
        }
        let is = stays.then_some(new.doing);
        if there.is_empty() {
            places.remove(&place);
        }
        was != is
    }

    /// Lists who is at a case.
    fn at(&self, place: (OrgId, CaseId), now: Timestamp) -> Vec<Present> {
        let places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut there: Vec<Present> =
            places.get(&place).into_iter().flatten().filter(|one| one.until > now).copied().collect();
        there.sort_by_key(|one| one.person);
        there
    }
}

/// Lists who is at a case beside the actor.
///
/// # Errors
/// `not_found` when the case is not there or not for this person to know.
pub fn list(app: &App, tx: &mut Tx<'_>, ctx: &Ctx, id: CaseId) -> Result<Vec<Present>, Error> {
    visible(tx, ctx, id)?;
    let mut there = app.presences.at((ctx.org(), id), ctx.now);
    there.retain(|one| one.person != ctx.actor.person);
    Ok(there)
}

/// Says that the actor is at a case, and tells the other processes; gives the
/// hint for the listeners of this one, when others see a difference.
///
/// # Errors
/// `not_found` when the case is not there or not for this person to know.
pub fn note(app: &App, tx: &mut Tx<'_>, ctx: &Ctx, id: CaseId, doing: Doing) -> Result<Option<Hint>, Error> {
    let loaded = read::case(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    let sight = sight_of(tx, ctx, &loaded.case)?;
    policy::case_view(&ctx.actor, &sight)?;
    let until = Timestamp::from_micros(ctx.now.micros() + STAYS);
    let present = Present { person: ctx.actor.person, doing, until };
    // what is told by the database comes back to this process as well
    let differs = !app.hints.is_relayed() && app.presences.note((ctx.org(), id), present, ctx.now);
    let hint = Hint::presence(ctx.org(), id, present, sight);
    hint.tell(tx, ctx)?;
    Ok(differs.then_some(hint))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    fn present(person: u128, doing: Doing, seconds: i64) -> Present {
        Present { person: PersonId(Uuid::from_u128(person)), doing, until: at(seconds) }
    }

    /// Issue 5: others see who is there and who writes; whoever says nothing
    /// more is gone, and another organisation is another place.
    #[test]
    fn who_says_nothing_more_is_gone() {
        let presences = Presences::default();
        let place = (OrgId(1), CaseId(Uuid::from_u128(9)));
        assert!(presences.note(place, present(1, Doing::Viewing, 45), at(0)), "somebody new");
        assert!(!presences.note(place, present(1, Doing::Viewing, 60), at(15)), "the same again");
        assert!(presences.note(place, present(1, Doing::Typing, 65), at(20)), "begins to write");
        assert!(presences.note(place, present(2, Doing::Viewing, 70), at(25)));
        assert_eq!(presences.at(place, at(30)).len(), 2);
        assert_eq!(presences.at((OrgId(2), place.1), at(30)), []);
        assert_eq!(presences.at(place, at(65)).len(), 1, "the first said nothing for too long");
        assert!(presences.note(place, present(2, Doing::Gone, 100), at(66)));
        assert_eq!(presences.at(place, at(67)), []);
    }

    /// Issue 3 §6: nothing grows without bound.
    #[test]
    fn a_case_and_the_memory_hold_only_so_many() {
        let presences = Presences::default();
        let place = (OrgId(1), CaseId(Uuid::from_u128(9)));
        for person in 0..100 {
            presences.note(place, present(person, Doing::Viewing, 45), at(0));
        }
        assert_eq!(presences.at(place, at(1)).len(), MOST);
        for case in 0..3_000 {
            let other = (OrgId(1), CaseId(Uuid::from_u128(case + 100)));
            let now = i64::try_from(case).unwrap();
            presences.note(other, present(1, Doing::Viewing, now + 1), at(now));
        }
        assert!(presences.0.lock().unwrap().len() <= SWEEP_FROM + 1);
    }
}
