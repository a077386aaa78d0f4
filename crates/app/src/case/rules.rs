//! The packs, calendars and phrases in force, read once and shared.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use huiyin_domain::case::{Case, Kind, PackRef};
use huiyin_domain::ids::{OrgId, UnitId};
use huiyin_domain::pack::{self, Pack, PackFiles};
use huiyin_domain::time::{CalendarParts, Timestamp, WorkingCalendar};
use huiyin_store::case::{binding, rules as rows};
use huiyin_store::people::organisation;
use huiyin_store::sql::{Turn, Tx};

use crate::ctx::Ctx;
use crate::error::Error;
use crate::phrase::Phrases;

/// The rules of every organisation, kept in memory once read.
///
/// What a transaction read that began before the rules last changed is given
/// to it alone and never kept: it may have looked at the past.
#[derive(Clone, Default)]
pub struct Rules {
    kept: Arc<RwLock<Kept>>,
}

#[derive(Default)]
struct Kept {
    /// Rules by organisation, and when they were last forgotten.
    orgs: HashMap<OrgId, (Turn, Option<Arc<Held>>)>,
    /// When those of every organisation were.
    all: Turn,
}

/// The rules of one organisation.
#[derive(Debug)]
pub struct Held {
    packs: Vec<Arc<Pack>>,
    pack: String,
    calendar: Arc<WorkingCalendar>,
    phrases: Arc<Phrases>,
}

impl Rules {
    /// Gives the rules of an organisation, from memory or the database.
    ///
    /// # Errors
    /// `not_found` for an unknown organisation, `internal` for a broken pack.
    pub fn of(&self, tx: &mut Tx<'_>, org: OrgId) -> Result<Arc<Held>, Error> {
        let known = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, Some(held))) = known.orgs.get(&org) {
            return Ok(held.clone());
        }
        drop(known);
        let held = Arc::new(Held::read(tx, org)?);
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        let all = kept.all;
        let (forgotten, slot) = kept.orgs.entry(org).or_default();
        if tx.begun() > all.max(*forgotten) {
            slot.get_or_insert_with(|| held.clone());
        }
        Ok(held)
    }

    /// Forgets what is in memory, after something was activated.
    pub fn forget(&self, org: OrgId) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        kept.orgs.insert(org, (Turn::take(), None));
    }

    /// Forgets what is in memory of every organisation.
    pub fn forget_all(&self) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        *kept = Kept { orgs: HashMap::new(), all: Turn::take() };
    }
}

impl Held {
    fn read(tx: &mut Tx<'_>, org: OrgId) -> Result<Self, Error> {
        let organisation = organisation::get(tx, org)?.ok_or_else(Error::not_found)?;
        let mut packs = Vec::new();
        for (_, files) in pack::shipped() {
            packs.push(Arc::new(load(&files)?));
        }
        for row in rows::packs(tx, org)? {
            let files: PackFiles = serde_json::from_str(&row.files).map_err(Error::internal)?;
            let mut pack = load(&files)?;
            pack.effective =
                row.effective.parse().map_err(|_| Error::internal("a pack's first day is not readable"))?;
            packs.retain(|held| held.reference() != pack.reference());
            packs.push(Arc::new(pack));
        }
        let calendar = match rows::calendar(tx, org, &organisation.calendar)? {
            Some(parts) => {
                let parts: CalendarParts = serde_json::from_str(&parts).map_err(Error::internal)?;
                WorkingCalendar::new(parts).map_err(Error::internal)?
            }
            None => WorkingCalendar::china(),
        };
        let phrases = Arc::new(Phrases::read(tx, org)?);
        Ok(Self { packs, pack: organisation.pack, calendar: Arc::new(calendar), phrases })
    }

    /// Gives the phrases that are not said to customers, ready to be looked for.
    pub(crate) fn phrases(&self) -> &Phrases {
        &self.phrases
    }

    /// Gives the working calendar.
    #[must_use]
    pub fn calendar(&self) -> &WorkingCalendar {
        &self.calendar
    }

    /// Finds the newest version of a pack, or the one that is named.
    #[must_use]
    pub fn find(&self, name: &str, version: Option<u32>) -> Option<&Pack> {
        let known = self.packs().filter(|pack| pack.name == name);
        known
            .filter(|pack| version.is_none_or(|version| pack.version == version))
            .max_by_key(|pack| pack.version)
    }

    /// Finds a field by its name in some pack that there is.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&huiyin_domain::pack::FieldDef> {
        self.packs().find_map(|pack| pack.fields.iter().find(|field| field.name == name))
    }

    /// Finds the pack version that binds a case for life.
    ///
    /// # Errors
    /// `internal` when it is gone, which a migration must never do.
    pub fn pack(&self, reference: &PackRef) -> Result<&Pack, Error> {
        let found = self.packs.iter().find(|pack| pack.reference() == *reference);
        found.map(AsRef::as_ref).ok_or_else(|| Error::internal("the pack that binds a case is not there"))
    }

    /// Finds the version in force for a case received at a moment: of the pack
    /// bound to unit × kind there or above, else of the organisation's; cases
    /// older than the first version take the first (domain.md §4).
    ///
    /// # Errors
    /// `internal` when the pack has no version at all.
    pub fn in_force(
        &self,
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        (unit, kind): (UnitId, Kind),
        received_at: Timestamp,
    ) -> Result<&Pack, Error> {
        let bound = binding::nearest(tx, ctx.org(), (unit, kind), ctx.now)?;
        let name = bound.as_deref().unwrap_or(&self.pack);
        let day = self.calendar.zone().date(received_at);
        let mut versions: Vec<&Pack> =
            self.packs.iter().map(AsRef::as_ref).filter(|pack: &&Pack| pack.name == name).collect();
        versions.sort_by_key(|pack| (pack.effective, pack.version));
        let found = versions.iter().rev().find(|pack| pack.effective <= day).or(versions.first());
        found.copied().ok_or_else(|| Error::internal("the organisation's pack is not there"))
    }

    /// Finds the pack that would bind a case after a change of kind or unit.
    ///
    /// # Errors
    /// As [`Self::in_force`].
    pub fn rebound(
        &self,
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        case: &Case,
        to: (UnitId, Kind),
    ) -> Result<&Pack, Error> {
        self.in_force(tx, ctx, to, case.received_at)
    }

    /// Lists every pack version, shipped and activated.
    pub fn packs(&self) -> impl Iterator<Item = &Pack> {
        self.packs.iter().map(AsRef::as_ref)
    }
}

fn load(files: &PackFiles) -> Result<Pack, Error> {
    pack::load(files).map_err(|faults| Error::internal(format!("a pack has {} faults", faults.len())))
}
